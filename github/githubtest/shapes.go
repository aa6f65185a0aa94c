package githubtest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// object is a JSON object as GitHub's description defines it.
type object = map[string]any

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

func nodeID(kind string, id any) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s:%v", kind, id))
}

// urls adds the links that many objects have: name_url for every name.
func urls(o object, base, names string) object {
	for name := range strings.FieldsSeq(names) {
		o[name+"_url"] = base + "/" + name
	}
	return o
}

func (s *Server) userJSON(a *account) any {
	if a == nil {
		return nil
	}
	api := s.url + "/users/" + a.login
	return urls(object{
		"login": a.login, "id": a.id, "node_id": nodeID("User", a.id), "gravatar_id": "", "type": a.kind,
		"url": api, "html_url": s.url + "/" + a.login, "site_admin": false,
	}, api, "avatar followers following gists starred subscriptions organizations repos events "+
		"received_events")
}

func (s *Server) appJSON() object {
	return object{
		"id":           s.AppID,
		"slug":         s.Slug,
		"node_id":      nodeID("App", s.AppID),
		"owner":        s.userJSON(s.bot()),
		"name":         s.Slug,
		"description":  nil,
		"external_url": s.url,
		"html_url":     s.url + "/apps/" + s.Slug,
		"created_at":   stamp(epoch()),
		"updated_at":   stamp(epoch()),
		"permissions":  s.opts.Permissions,
		"events":       []string{"pull_request", "check_run"},
	}
}

// epoch is the creation time of objects whose age does not matter.
func epoch() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

func (s *Server) installationJSON(a *account) object {
	api := fmt.Sprintf("%s/app/installations/%d", s.url, a.installation)
	return object{
		"id":                   a.installation,
		"account":              s.userJSON(a),
		"app_id":               s.AppID,
		"app_slug":             s.Slug,
		"target_id":            a.id,
		"target_type":          a.kind,
		"repository_selection": s.selection(a),
		"permissions":          s.opts.Permissions,
		"events":               []string{},
		"access_tokens_url":    api + "/access_tokens",
		"repositories_url":     s.url + "/installation/repositories",
		"html_url":             fmt.Sprintf("%s/settings/installations/%d", s.url, a.installation),
		"created_at":           stamp(epoch()),
		"updated_at":           stamp(epoch()),
		"single_file_name":     nil,
		"suspended_at":         nil,
		"suspended_by":         nil,
	}
}

func (r *Repo) api() string { return r.s.url + "/repos/" + r.fullName() }

// brief is a repository in the list of an event.
func (r *Repo) brief() object {
	return object{
		"id":        r.ID,
		"node_id":   nodeID("Repository", r.ID),
		"name":      r.Name,
		"full_name": r.fullName(),
		"private":   r.Private,
	}
}

func (r *Repo) json() object {
	o := r.brief()
	html := r.s.url + "/" + r.fullName()
	urls(o, r.api(),
		"archive assignees blobs branches collaborators comments commits compare contents contributors "+
			"deployments downloads events forks git_commits git_refs git_tags hooks issue_comment "+
			"issue_events issues keys "+
			"labels languages merges milestones notifications pulls releases stargazers statuses "+
			"subscribers subscription "+
			"tags teams trees clone git ssh svn")
	for name := range strings.FieldsSeq("has_issues has_downloads") {
		o[name] = true
	}
	for name := range strings.FieldsSeq("fork has_projects has_wiki has_pages has_discussions " +
		"disabled") {
		o[name] = false
	}
	for name := range strings.FieldsSeq("forks forks_count open_issues open_issues_count size " +
		"stargazers_count watchers " +
		"watchers_count network_count subscribers_count") {
		o[name] = 0
	}
	for name := range strings.FieldsSeq("description homepage language mirror_url license") {
		o[name] = nil
	}
	visibility := "public"
	if r.Private {
		visibility = "private"
	}
	o["owner"], o["html_url"], o["url"] = r.s.userJSON(r.s.known(r.Owner)), html, r.api()
	o["archived"] = r.archived
	o["default_branch"], o["visibility"], o["topics"] = "main", visibility, []any{}
	o["created_at"], o["updated_at"], o["pushed_at"] = stamp(epoch()), stamp(epoch()), stamp(epoch())
	return o
}

func (r *Repo) pullJSON(p *pull) object {
	api, issue := fmt.Sprintf("%s/pulls/%d", r.api(), p.Number),
		fmt.Sprintf("%s/issues/%d", r.api(), p.Number)
	html := fmt.Sprintf("%s/%s/pull/%d", r.s.url, r.fullName(), p.Number)
	statuses := r.api() + "/statuses/" + p.Head
	links := object{}
	for name, href := range map[string]string{
		"self":            api,
		"html":            html,
		"issue":           issue,
		"comments":        issue + "/comments",
		"commits":         api + "/commits",
		"statuses":        statuses,
		"review_comments": api + "/comments",
		"review_comment":  r.api() + "/pulls/comments{/number}",
	} {
		links[name] = object{"href": href}
	}
	people, teams := r.requestedJSON(p)
	return object{
		"id":      p.id,
		"node_id": nodeID("PullRequest", p.id),
		"number":  p.Number,
		"title":   p.Title,
		"body":    p.Body,
		"state":   p.State, "locked": p.locked, "draft": p.Draft, "user": r.s.userJSON(r.s.known(p.Author)),
		"url":          api,
		"html_url":     html,
		"diff_url":     html + ".diff",
		"patch_url":    html + ".patch",
		"issue_url":    issue,
		"comments_url": issue + "/comments", "commits_url": api + "/commits", "statuses_url": statuses,
		"review_comments_url": api + "/comments", "review_comment_url": r.api() + "/pulls/comments{/number}",
		"_links":              links,
		"active_lock_reason":  nil,
		"labels":              []any{},
		"assignee":            nil,
		"assignees":           []any{},
		"milestone":           nil,
		"auto_merge":          nil,
		"requested_reviewers": people, "requested_teams": teams, "author_association": "MEMBER",
		"created_at": stamp(p.Created),
		"updated_at": stamp(p.updated),
		"closed_at":  r.nowIf(p.State == "closed"),
		"merged_at":  r.nowIf(p.Merged), "merge_commit_sha": optional(p.merge), "head": r.headJSON(p),
		"base": object{"label": r.Owner + ":" + p.BaseRef, "ref": p.BaseRef, "sha": p.base, "repo": r.json(),
			"user": r.s.userJSON(r.s.known(r.Owner))},
	}
}

// fullPullJSON adds the fields that listings of pull requests leave out.
func (r *Repo) fullPullJSON(p *pull) object {
	o := r.pullJSON(p)
	const counts = "additions changed_files comments commits deletions review_comments"
	for name := range strings.FieldsSeq(counts) {
		o[name] = 0
	}
	o["mergeable"], o["mergeable_state"], o["merged"], o["merged_by"] = nil, "unknown", p.Merged, nil
	o["maintainer_can_modify"] = false
	return o
}

func (r *Repo) headJSON(p *pull) object {
	owner, repo := r.s.known(r.Owner), r.json()
	if p.Fork != "" {
		owner = r.s.account(p.Fork, "User")
		repo["id"], repo["fork"], repo["full_name"] = r.ID+1_000_000, true, p.Fork+"/"+r.Name
		repo["owner"] = r.s.userJSON(owner)
	}
	return object{"label": owner.login + ":" + p.HeadRef, "ref": p.HeadRef, "sha": p.Head, "repo": repo,
		"user": r.s.userJSON(owner)}
}

func (r *Repo) nowIf(happened bool) any {
	if happened {
		return stamp(r.s.now())
	}
	return nil
}

func (r *Repo) requestedJSON(p *pull) (people, teams []any) {
	people, teams = []any{}, []any{}
	for _, who := range p.asked {
		if who.team == 0 {
			people = append(people, r.s.userJSON(r.s.known(who.user)))
		} else if t := r.s.teams[who.team]; t != nil {
			o := r.s.teamJSON(t)
			o["parent"] = nil
			teams = append(teams, o)
		}
	}
	return people, teams
}

func (s *Server) teamJSON(t *team) object {
	privacy := "closed"
	if t.Secret {
		privacy = "secret"
	}
	api := fmt.Sprintf("%s/organizations/%d/team/%d", s.url, s.known(t.Org).id, t.id)
	return object{
		"id": t.id, "node_id": nodeID("Team", t.id), "name": t.Slug, "slug": t.Slug, "description": nil,
		"privacy":         privacy,
		"permission":      "pull",
		"type":            "organization",
		"organization_id": s.known(t.Org).id,
		"url":             api, "members_url": api + "/members{/member}", "repositories_url": api + "/repos",
		"html_url":             s.url + "/orgs/" + t.Org + "/teams/" + t.Slug,
		"notification_setting": "notifications_enabled",
	}
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}
