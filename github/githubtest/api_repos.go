package githubtest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) listRepos(c *call) answer {
	var repos []object
	for _, r := range s.repos {
		if r.Installation == c.installation {
			repos = append(repos, r.json())
		}
	}
	return found(object{"total_count": len(repos), "repositories": orEmpty(pageOf(c, repos))})
}

func (s *Server) readRepo(c *call) answer { return found(c.repo.json()) }

func (s *Server) readPermission(c *call) answer {
	a := s.known(c.PathValue("username"))
	if a == nil {
		return refuse(http.StatusNotFound, "%s is not a user", c.PathValue("username"))
	}
	role := c.repo.role(a.login)
	legacy := map[string]string{"maintain": "write", "triage": "read"}[role]
	if legacy == "" {
		legacy = role
	}
	user := s.userJSON(a).(object)
	user["role_name"] = role
	return found(object{"permission": legacy, "role_name": role, "user": user})
}

func (s *Server) readRef(c *call) answer {
	branch, ok := strings.CutPrefix(c.PathValue("ref"), "heads/")
	sha := c.repo.git.tip(branch)
	if !ok || sha == "" {
		return refuse(http.StatusNotFound, "Not Found")
	}
	api := c.repo.api() + "/git/"
	return found(object{
		"ref": "refs/heads/" + branch, "node_id": nodeID("Ref", branch), "url": api + "refs/heads/" + branch,
		"object": object{"type": "commit", "sha": sha, "url": api + "commits/" + sha},
	})
}

func (s *Server) listTags(c *call) answer {
	var tags []object
	for line := range strings.Lines(c.repo.git.must("for-each-ref", "--format=%(refname:short) %(objectname)",
		"refs/tags")) {
		name, sha, _ := strings.Cut(strings.TrimSpace(line), " ")
		tags = append(tags, object{
			"name":        name,
			"node_id":     nodeID("Ref", name),
			"commit":      object{"sha": sha, "url": c.repo.api() + "/commits/" + sha},
			"zipball_url": c.repo.api() + "/zipball/refs/tags/" + name,
			"tarball_url": c.repo.api() + "/tarball/refs/tags/" + name,
		})
	}
	return found(orEmpty(pageOf(c, tags)))
}

func (s *Server) readTree(c *call) answer {
	args := []string{"ls-tree", "-z", "--long", "--full-tree"}
	recursive := c.URL.Query().Has("recursive") // whatever its value, as on GitHub
	if recursive {
		args = append(args, "-r", "-t")
	}
	out, err := c.repo.git.cached(append(args, "--end-of-options", c.PathValue("tree_sha"))...)
	if err != nil {
		return refuse(http.StatusNotFound, "Not Found")
	}
	entries := []object{}
	truncated := false
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		meta, name, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		if truncated = recursive && len(entries) == s.opts.TreeLimit; truncated {
			break
		}
		f := strings.Fields(meta) // mode, type, SHA, size
		e := object{"path": name, "mode": f[0], "type": f[1], "sha": f[2],
			"url": fmt.Sprintf("%s/git/%ss/%s", c.repo.api(), f[1], f[2])}
		if size, err := strconv.Atoi(f[3]); err == nil {
			e["size"] = size
		}
		entries = append(entries, e)
	}
	sha := c.repo.git.must("rev-parse", c.PathValue("tree_sha")+"^{tree}")
	return found(object{
		"sha":       sha,
		"url":       c.repo.api() + "/git/trees/" + sha,
		"truncated": truncated,
		"tree":      entries,
	})
}

func (s *Server) readBlob(c *call) answer {
	blob, err := c.repo.git.cached("cat-file", "blob", c.PathValue("file_sha"))
	if err != nil {
		return refuse(http.StatusNotFound, "Not Found")
	}
	if !strings.Contains(c.Header.Get("Accept"), "raw") {
		return refuse(http.StatusNotImplemented, "only raw blobs are served here")
	}
	return answer{status: http.StatusOK, raw: append([]byte{}, blob...)}
}

func (s *Server) compare(c *call) answer {
	base, head, _ := strings.Cut(c.PathValue("basehead"), "...")
	base, head = c.repo.commitOf(base), c.repo.commitOf(head)
	if base == "" || head == "" {
		return refuse(http.StatusNotFound, "Not Found")
	}
	common := c.repo.git.mergeBase(base, head)
	if common == "" {
		return refuse(http.StatusNotFound, "No common ancestor between %s and %s.", base, head)
	}
	commits, err := c.repo.git.log(base + ".." + head)
	behind, err2 := c.repo.git.log(head + ".." + base)
	if err != nil || err2 != nil {
		return refuse(http.StatusNotFound, "Not Found")
	}
	status := "diverged"
	switch {
	case len(commits) == 0 && len(behind) == 0:
		status = "identical"
	case len(behind) == 0:
		status = "ahead"
	case len(commits) == 0:
		status = "behind"
	}
	api := c.repo.api() + "/compare/" + base + "..." + head
	return found(object{
		"url":               api,
		"html_url":          api,
		"permalink_url":     api,
		"diff_url":          api + ".diff",
		"patch_url":         api + ".patch",
		"base_commit":       c.repo.commitJSON(base),
		"merge_base_commit": c.repo.commitJSON(common),
		"status":            status,
		"ahead_by":          len(commits), "behind_by": len(behind), "total_commits": len(commits),
		"commits": orEmpty(mapped(pageOf(c, commits), c.repo.gitCommitJSON)), "files": []any{},
	})
}

// listCommits lists the history of a commit, the newest first; with a path, the
// commits that changed it.
func (s *Server) listCommits(c *call) answer {
	query := c.URL.Query()
	sha := c.repo.commitOf(query.Get("sha"))
	if sha == "" {
		return refuse(http.StatusNotFound, "Not Found")
	}
	args := []string{sha}
	if query.Has("path") {
		args = append(args, "--", query.Get("path"))
	}
	commits, err := c.repo.git.log(args...)
	if err != nil {
		return refuse(http.StatusNotFound, "Not Found")
	}
	slices.Reverse(commits)
	return found(orEmpty(mapped(pageOf(c, commits), c.repo.gitCommitJSON)))
}

// commitOf returns the commit of a branch or a SHA.
func (r *Repo) commitOf(name string) string {
	if sha := r.git.tip(name); sha != "" {
		return sha
	}
	out, err := r.git.run(nil, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func (r *Repo) commitJSON(sha string) any {
	commits, err := r.git.log("-1", sha)
	if err != nil || len(commits) == 0 {
		return nil
	}
	return r.gitCommitJSON(commits[0])
}

func (r *Repo) gitCommitJSON(g gitCommit) object {
	api := r.api() + "/commits/" + g.sha
	person := func(email string) object {
		return object{"name": strings.TrimSuffix(email, mailDomain), "email": email, "date": stamp(g.at)}
	}
	return object{
		"sha":          g.sha,
		"node_id":      nodeID("Commit", g.sha),
		"url":          api,
		"html_url":     api,
		"comments_url": api + "/comments",
		"author":       r.s.userJSON(r.accountOf(g.author)),
		"committer":    r.s.userJSON(r.accountOf(g.committer)),
		"parents": mapped(g.parents, func(sha string) object {
			return object{
				"sha":      sha,
				"url":      r.api() + "/commits/" + sha,
				"html_url": r.api() + "/commits/" + sha,
			}
		}),
		"commit": object{
			"author":        person(g.author),
			"committer":     person(g.committer),
			"comment_count": 0,
			"verification":  verification(g),
			"message":       g.message,
			"tree":          object{"sha": g.tree, "url": r.api() + "/git/trees/" + g.tree},
			"url":           r.api() + "/git/commits/" + g.sha,
		},
	}
}

// listPullsOf finds the pull requests that contain or contained a commit.
func (s *Server) listPullsOf(c *call) answer {
	sha := c.repo.commitOf(c.PathValue("commit_sha"))
	if sha == "" {
		return refuse(http.StatusUnprocessableEntity, "No commit found for SHA: %s",
			c.PathValue("commit_sha"))
	}
	var pulls []object
	for _, p := range c.repo.pulls {
		commits, err := c.repo.git.log(p.base + ".." + p.Head)
		contains := func(g gitCommit) bool { return g.sha == sha }
		if err == nil && (p.merge == sha || slices.ContainsFunc(commits, contains)) {
			pulls = append(pulls, c.repo.pullJSON(p))
		}
	}
	return found(orEmpty(pageOf(c, pulls)))
}

func mapped[T, U any](in []T, f func(T) U) []U {
	out := make([]U, 0, len(in))
	for _, v := range in {
		out = append(out, f(v))
	}
	return out
}

// orEmpty returns an empty list for nil, which would be written as null.
func orEmpty[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
