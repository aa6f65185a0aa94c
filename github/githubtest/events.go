package githubtest

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
)

// emit queues a webhook. It adds the fields that every event has. The App hears
// nothing of repositories in which it is not installed. The lock is held.
func (s *Server) emit(event, action string, r *Repo, sender *account, more object) {
	payload := object{"sender": s.userJSON(sender)}
	if action != "" {
		payload["action"] = action
	}
	if r != nil {
		if r.Installation == 0 {
			return
		}
		payload["repository"] = r.json()
		payload["installation"] = s.briefInstallation(r.Installation)
		if owner := s.known(r.Owner); owner.kind == "Organization" {
			payload["organization"] = s.orgJSON(owner)
		}
	}
	maps.Copy(payload, more)
	s.enqueue(event, action, payload)
}

// emitOrg queues a webhook about an organisation or its teams. Only Apps that may
// read members get them.
func (s *Server) emitOrg(event, action string, org *account, more object) {
	if org.installation == 0 || !s.granted("members:read") {
		return
	}
	payload := object{
		"organization": s.orgJSON(org), "installation": s.briefInstallation(org.installation),
	}
	maps.Copy(payload, more)
	s.emit(event, action, nil, org, payload)
}

func (s *Server) briefInstallation(id int64) object {
	return object{"id": id, "node_id": nodeID("Installation", id)}
}

func (s *Server) orgJSON(org *account) object {
	return urls(object{
		"login":       org.login,
		"id":          org.id,
		"node_id":     nodeID("Organization", org.id),
		"description": nil,
		"url":         s.url + "/orgs/" + org.login,
	}, s.url+"/orgs/"+org.login, "repos events hooks issues members public_members avatar")
}

func (r *Repo) emitPull(p *pull, action string, sender *account, more object) {
	p.updated = r.s.now()
	payload := object{"number": p.Number, "pull_request": r.fullPullJSON(p)}
	maps.Copy(payload, more)
	r.s.emit("pull_request", action, r, sender, payload)
}

func (r *Repo) emitReview(p *pull, v Review, action string, sender *account) {
	p.updated = r.s.now()
	review := r.reviewJSON(p, v)
	review["state"] = lowerState(v.State)
	r.s.emit("pull_request_review", action, r, sender, object{
		"review":       review,
		"pull_request": r.pullJSON(p),
	})
}

func (r *Repo) emitInline(p *pull, c *ReviewComment, action string, sender *account) {
	p.updated = r.s.now()
	comment := r.inlineJSON(c)
	comment["reactions"] = reactions(fmt.Sprintf("%s/pulls/comments/%d/reactions", r.api(), c.ID))
	comment["original_line"] = comment["line"]
	for _, name := range []string{"start_line", "original_start_line", "start_side"} {
		comment[name] = nil
	}
	r.s.emit("pull_request_review_comment", action, r, sender, object{
		"comment": comment, "pull_request": r.pullJSON(p),
	})
}

// lowerState is the state of a review as events spell it. The API uses
// capitals.
func lowerState(state string) string {
	return map[string]string{
		"APPROVED":          "approved",
		"CHANGES_REQUESTED": "changes_requested",
		"COMMENTED":         "commented",
		"DISMISSED":         "dismissed",
	}[state]
}

func (r *Repo) emitComment(p *pull, c *Comment, action string, sender *account) {
	issue := fmt.Sprintf("%s/issues/%d", r.api(), p.Number)
	p.updated = r.s.now()
	comment := r.commentJSON(c)
	comment["reactions"] = reactions(fmt.Sprintf("%s/issues/comments/%d/reactions", r.api(), c.ID))
	r.s.emit("issue_comment", action, r, sender, object{
		"comment": comment,
		"issue": urls(object{
			"id":       p.id,
			"node_id":  nodeID("Issue", p.id),
			"number":   p.Number,
			"title":    p.Title,
			"body":     p.Body,
			"state":    p.State,
			"locked":   p.locked,
			"user":     r.s.userJSON(r.s.known(p.Author)),
			"labels":   []any{},
			"url":      issue,
			"html_url": fmt.Sprintf("%s/%s/pull/%d", r.s.url, r.fullName(), p.Number), "comments": 0,
			"pull_request": object{"url": fmt.Sprintf("%s/pulls/%d", r.api(), p.Number)},
			"assignee":     nil, "assignees": []any{}, "milestone": nil, "active_lock_reason": nil,
			"repository_url":     r.api(),
			"author_association": "MEMBER",
			"created_at":         stamp(p.Created),
			"updated_at":         stamp(r.s.now()),
			"closed_at":          r.nowIf(p.State == "closed"),
			"reactions":          reactions(issue + "/reactions"),
		}, issue, "comments events labels timeline"),
	})
}

// reactions counts none of each kind.
func reactions(url string) object {
	o := object{"url": url, "total_count": 0}
	for kind := range strings.FieldsSeq("+1 -1 laugh hooray confused heart rocket eyes") {
		o[kind] = 0
	}
	return o
}

func (r *Repo) emitRun(run *CheckRun, action string, sender *account, more object) {
	payload := object{"check_run": r.runJSON(run)}
	payload["check_run"].(object)["check_suite"] = r.suiteJSON(run.Head)
	maps.Copy(payload, more)
	r.s.emit("check_run", action, r, sender, payload)
}

func (r *Repo) emitSuite(sha, action string, sender *account) {
	r.s.emit("check_suite", action, r, sender, object{"check_suite": r.suiteJSON(sha)})
}

func (r *Repo) suiteJSON(sha string) object {
	id, branch := r.suite(sha), any(nil)
	for _, p := range r.pulls {
		if p.Head == sha && p.Fork == "" {
			branch = p.HeadRef
		}
	}
	api := fmt.Sprintf("%s/check-suites/%d", r.api(), id)
	return object{
		"id":            id,
		"node_id":       nodeID("CheckSuite", id),
		"head_branch":   branch,
		"head_sha":      sha,
		"status":        "completed",
		"conclusion":    nil,
		"url":           api,
		"before":        nil,
		"after":         sha,
		"pull_requests": r.pullsAt(sha),
		"app":           r.s.appJSON(),
		"created_at":    stamp(epoch()), "updated_at": stamp(epoch()), "latest_check_runs_count": 1,
		"check_runs_url": api + "/check-runs", "head_commit": r.headCommit(sha),
	}
}

// headCommit is the short form of a commit in events.
func (r *Repo) headCommit(sha string) object {
	commits, err := r.git.log("-1", sha)
	if err != nil || len(commits) == 0 {
		return nil
	}
	g := commits[0]
	return object{
		"id": g.sha, "tree_id": g.tree, "message": g.message, "timestamp": stamp(g.at),
		"author":    object{"name": g.author, "email": g.author},
		"committer": object{"name": g.committer, "email": g.committer},
	}
}

func (r *Repo) emitGroup(ref, baseRef, base, head string) {
	r.s.emit("merge_group", "checks_requested", r, r.s.bot(), object{"merge_group": object{
		"head_sha":    head,
		"head_ref":    "refs/heads/" + ref,
		"base_sha":    base,
		"base_ref":    "refs/heads/" + baseRef,
		"head_commit": r.headCommit(head),
	}})
}

// emitPush tells that a branch moved. An empty SHA stands for a branch that is
// not there: before it is created, or after it is deleted.
func (r *Repo) emitPush(branch, before, after string, sender *account) {
	const none = "0000000000000000000000000000000000000000"
	created, deleted := before == "", after == ""
	before, after = cmp.Or(before, none), cmp.Or(after, none)
	payload := object{
		"ref": "refs/heads/" + branch, "before": before, "after": after, "created": created,
		"deleted": deleted, "forced": !created && !deleted && !r.git.contains(after, before), "base_ref": nil,
		"compare":     r.api() + "/compare/" + before + "..." + after,
		"head_commit": nil,
		"commits":     []object{},
		"pusher":      object{"name": sender.login, "email": sender.login + mailDomain},
	}
	if !deleted {
		commit := r.headCommit(after)
		commit["url"], commit["distinct"] = r.api()+"/commits/"+after, true
		payload["head_commit"], payload["commits"] = commit, []object{commit}
	}
	r.s.emit("push", "", r, sender, payload)
}
