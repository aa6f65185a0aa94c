package githubtest

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// git is a bare repository. Objects with a SHA never change, so answers about
// them are cached.
type git struct {
	dir   string
	known map[string][]byte
}

func newGit(dir string) *git {
	g := &git{dir: dir, known: map[string][]byte{}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		panic(fmt.Sprintf("githubtest: %v", err))
	}
	g.must("init", "--quiet", "--bare", "--initial-branch=main")
	return g
}

// run runs git without the configuration of the machine and of the user.
func (g *git) run(input []byte, env []string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = g.dir
	cmd.Stdin = bytes.NewReader(input)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_DIR="+g.dir, "LC_ALL=C", "TZ=UTC")
	cmd.Env = append(cmd.Env, env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}

func (g *git) must(args ...string) string {
	out, err := g.run(nil, nil, args...)
	if err != nil {
		panic(fmt.Sprintf("githubtest: %s: %v", filepath.Base(g.dir), err))
	}
	return strings.TrimSpace(string(out))
}

// cached runs git with arguments that name objects by SHA, and keeps the
// result.
func (g *git) cached(args ...string) ([]byte, error) {
	key := strings.Join(args, "\x00")
	if out, ok := g.known[key]; ok {
		return out, nil
	}
	out, err := g.run(nil, nil, args...)
	if err == nil {
		g.known[key] = out
	}
	return out, err
}

// tip returns a branch's commit, "" if there is no such branch.
func (g *git) tip(branch string) string {
	out, err := g.run(nil, nil, "rev-parse", "--verify", "--quiet", "refs/heads/"+branch+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// signature is the name and e-mail address of an account in commits. The
// address identifies the account.
func signature(login string) string { return login + " <" + login + mailDomain + ">" }

const mailDomain = "@users.noreply.github.test"

// newCommit is a commit to make. The first commit of a branch starts at from.
type newCommit struct {
	branch, from   string
	message, login string
	at             time.Time
	files          map[string]string
	deletes        []string
}

// commit adds a commit to a branch. It takes one process, with git's import
// stream.
func (g *git) commit(c newCommit) string {
	var in bytes.Buffer
	fmt.Fprintf(&in, "commit refs/heads/%s\nmark :1\n", c.branch)
	for _, role := range []string{"author", "committer"} {
		fmt.Fprintf(&in, "%s %s %d +0000\n", role, signature(c.login), c.at.Unix())
	}
	fmt.Fprintf(&in, "data %d\n%s\n", len(c.message), c.message)
	if c.from != "" {
		fmt.Fprintf(&in, "from %s\n", c.from)
	}
	for _, name := range c.deletes {
		fmt.Fprintf(&in, "D %s\n", name)
	}
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		fmt.Fprintf(&in, "M 100644 inline %s\ndata %d\n%s\n", name, len(c.files[name]), c.files[name])
	}
	in.WriteString("\nget-mark :1\ndone\n")
	out, err := g.run(in.Bytes(), nil, "fast-import", "--quiet", "--done", "--force")
	if err != nil {
		panic(fmt.Sprintf("githubtest: commit on %s: %v", c.branch, err))
	}
	return strings.TrimSpace(string(out))
}

// merge returns a merge commit of two commits, on no branch.
func (g *git) merge(into, from, message, login string, at time.Time) (string, error) {
	tree, err := g.mergedTree(into, from)
	if err != nil {
		return "", err
	}
	return g.commitTree(tree, message, login, login, at, into, from)
}

// mergedTree returns the tree of a merge without conflicts.
func (g *git) mergedTree(into, from string) (string, error) {
	tree, err := g.run(nil, nil, "merge-tree", "--write-tree", into, from)
	return strings.TrimSpace(string(tree)), err
}

// pick repeats a commit on another one. Git 2.39 finds merge bases by itself
// alone, so the other tree gets a commit with the same parent.
func (g *git) pick(c gitCommit, onto, committer string, at time.Time) (string, error) {
	author := strings.TrimSuffix(c.author, mailDomain)
	beside, err := g.commitTree(onto+"^{tree}", "beside", committer, committer, at, c.parents[0])
	if err != nil {
		return "", err
	}
	tree, err := g.mergedTree(beside, c.sha)
	if err != nil {
		return "", err
	}
	return g.commitTree(tree, c.message, author, committer, at, onto)
}

// commitTree returns a commit of a tree, on no branch.
func (g *git) commitTree(tree, message, author, committer string, at time.Time,
	parents ...string) (string, error) {
	date := fmt.Sprintf("%d +0000", at.Unix())
	args := []string{"commit-tree", tree}
	for _, p := range parents {
		args = append(args, "-p", p)
	}
	out, err := g.run([]byte(message), []string{
		"GIT_AUTHOR_NAME=" + author, "GIT_AUTHOR_EMAIL=" + author + mailDomain, "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_NAME=" + committer, "GIT_COMMITTER_EMAIL=" + committer + mailDomain,
		"GIT_COMMITTER_DATE=" + date,
	}, args...)
	return strings.TrimSpace(string(out)), err
}

// contains reports whether a commit is an ancestor of another, or the same.
func (g *git) contains(sha, ancestor string) bool {
	_, err := g.cached("merge-base", "--is-ancestor", ancestor, sha)
	return err == nil
}

// mergeBase returns the merge base, "" if there is none.
func (g *git) mergeBase(a, b string) string {
	out, err := g.cached("merge-base", a, b)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// gitCommit is a commit as the log shows it.
type gitCommit struct {
	sha, tree, message string
	author, committer  string // e-mail addresses
	at                 time.Time
	parents            []string
}

// log lists commits, oldest first; arguments are those of git log.
func (g *git) log(args ...string) ([]gitCommit, error) {
	format := "--format=%H%x1f%T%x1f%ae%x1f%ce%x1f%ct%x1f%P%x1f%B%x1e"
	out, err := g.cached(append([]string{"log", "--reverse", "--topo-order", format}, args...)...)
	if err != nil {
		return nil, err
	}
	var commits []gitCommit
	for _, record := range strings.Split(string(out), "\x1e") {
		f := strings.SplitN(strings.TrimLeft(record, "\n"), "\x1f", 7)
		if len(f) < 7 {
			continue
		}
		var seconds int64
		fmt.Sscan(f[4], &seconds)
		commits = append(commits, gitCommit{
			sha: f[0], tree: f[1], author: f[2], committer: f[3], at: time.Unix(seconds, 0).UTC(),
			parents: strings.Fields(f[5]), message: strings.TrimRight(f[6], "\n"),
		})
	}
	return commits, nil
}
