package githubtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

func (s *Server) listPulls(c *call) answer {
	state := c.URL.Query().Get("state")
	if state == "" {
		state = "open"
	}
	var pulls []object
	for _, p := range slices.Backward(c.repo.pulls) { // newest first
		if state == "all" || p.State == state {
			pulls = append(pulls, c.repo.pullJSON(c.repo.seen(p)))
		}
	}
	return found(orEmpty(pageOf(c, pulls)))
}

func (s *Server) readPull(c *call) answer { return found(c.repo.fullPullJSON(c.repo.seen(c.pull))) }

func (s *Server) listReviews(c *call) answer {
	reviews := mapped(c.pull.reviews, func(v Review) object { return c.repo.reviewJSON(c.pull, v) })
	return found(orEmpty(pageOf(c, reviews)))
}

func (r *Repo) reviewJSON(p *pull, v Review) object {
	api, html := fmt.Sprintf("%s/pulls/%d", r.api(), p.Number),
		fmt.Sprintf("%s/%s/pull/%d", r.s.url, r.fullName(), p.Number)
	return object{
		"id": v.ID, "node_id": nodeID("PullRequestReview", v.ID), "user": r.s.userJSON(r.s.known(v.User)),
		"body": v.Body, "state": v.State, "commit_id": v.Commit, "submitted_at": stamp(v.Submitted),
		"html_url": fmt.Sprintf("%s#pullrequestreview-%d", html, v.ID), "pull_request_url": api,
		"_links":             object{"html": object{"href": html}, "pull_request": object{"href": api}},
		"author_association": "MEMBER",
	}
}

func (s *Server) listRequested(c *call) answer {
	people, teams := c.repo.requestedJSON(c.pull)
	return found(object{"users": people, "teams": teams})
}

// requestReviewers asks nobody at all if one of them cannot be asked.
func (s *Server) requestReviewers(c *call) answer {
	var in struct {
		Reviewers     []string
		TeamReviewers []string `json:"team_reviewers"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if len(in.TeamReviewers) > 0 && !s.granted("members:read") {
		return invalid("Could not resolve to a node with the global id of '%s'.", in.TeamReviewers[0])
	}
	asked, entries := slices.Clone(c.pull.asked), len(c.pull.timeline)
	refusal := ""
	for _, slug := range in.TeamReviewers {
		refusal = cmp.Or(refusal, c.repo.requestTeam(c.pull, s.bot(), slug))
	}
	for _, login := range in.Reviewers {
		refusal = cmp.Or(refusal, c.repo.requestPerson(c.pull, s.bot(), login))
	}
	if refusal != "" {
		c.pull.asked, c.pull.timeline = asked, c.pull.timeline[:entries]
		return invalid("%s", refusal)
	}
	return created(c.repo.pullJSON(c.pull))
}

func (s *Server) listTimeline(c *call) answer {
	events := mapped(c.pull.timeline, func(t timed) object {
		by := s.userJSON(s.known(t.by))
		e := object{
			"id":         t.id,
			"node_id":    nodeID("TimelineEvent", t.id),
			"actor":      by,
			"commit_id":  nil,
			"commit_url": nil,
			"created_at": stamp(t.at),
			"url":        fmt.Sprintf("%s/issues/events/%d", c.repo.api(), t.id),

			"performed_via_github_app": nil,
		}
		if t.dismissed != nil {
			e["event"] = "review_dismissed"
			e["dismissed_review"] = object{
				"state": lowerState(t.dismissed.State), "review_id": t.dismissed.ID, "dismissal_message": "",
			}
			return e
		}
		e["event"], e["review_requester"] = "review_requested", by
		if team := s.teams[t.reviewer.team]; team != nil {
			e["requested_team"] = s.teamJSON(team)
		} else if t.reviewer.user != "" {
			e["requested_reviewer"] = s.userJSON(s.known(t.reviewer.user))
		}
		return e
	})
	return found(orEmpty(pageOf(c, events)))
}

func (s *Server) readTeam(c *call) answer {
	t := s.team(c.PathValue("org"), c.PathValue("team_slug"))
	if t == nil {
		return refuse(http.StatusNotFound, "Not Found")
	}
	o := s.teamJSON(t)
	org := s.userJSON(s.known(t.Org)).(object)
	urls(org, s.url+"/orgs/"+t.Org, "hooks issues members public_members")
	for _, name := range []string{"public_repos", "public_gists", "followers", "following"} {
		org[name] = 0
	}
	org["has_organization_projects"], org["has_repository_projects"], org["description"] = false, false, nil
	org["created_at"], org["updated_at"], org["archived_at"] = stamp(epoch()), stamp(epoch()), nil
	o["organization"], o["members_count"], o["repos_count"] = org, len(t.Members), len(t.Repos)
	o["created_at"], o["updated_at"], o["parent"] = stamp(epoch()), stamp(epoch()), nil
	return found(o)
}

func (s *Server) readMembership(c *call) answer {
	t, user := s.team(c.PathValue("org"), c.PathValue("team_slug")), c.PathValue("username")
	state := ""
	switch {
	case t != nil && t.has(user):
		state = "active"
	case t != nil && containsName(t.Pending, user):
		state = "pending"
	default:
		return refuse(http.StatusNotFound, "Not Found")
	}
	return found(object{"url": s.url + c.URL.Path, "role": "member", "state": state})
}

func (s *Server) listComments(c *call) answer {
	var out []object
	for _, comment := range c.repo.comments {
		if comment.Pull == c.pull.Number {
			out = append(out, c.repo.commentJSON(comment))
		}
	}
	return found(orEmpty(pageOf(c, out)))
}

// lockedAnswer refuses a comment: only people who may write can still comment.
func lockedAnswer() answer {
	return refuse(http.StatusForbidden, "Unable to create comment because issue is locked.")
}

// maxCommentBody is GitHub's limit, in characters.
const maxCommentBody = 65_536

func commentBody(c *call) (body string, refusal answer, ok bool) {
	var in struct{ Body string }
	if err := json.Unmarshal(c.body, &in); err != nil {
		return "", refuse(http.StatusBadRequest, "Problems parsing JSON"), false
	}
	if n := len([]rune(in.Body)); n == 0 || n > maxCommentBody {
		return "", invalid("Body is too long (maximum is %d characters) or blank", maxCommentBody), false
	}
	return in.Body, answer{}, true
}

func (s *Server) createComment(c *call) answer {
	body, refusal, ok := commentBody(c)
	switch {
	case c.pull.locked:
		return lockedAnswer()
	case !ok:
		return refusal
	}
	return created(c.repo.commentJSON(c.repo.comment(c.pull, s.bot(), body)))
}

func (s *Server) editComment(c *call) answer {
	body, refusal, ok := commentBody(c)
	if !ok {
		return refusal
	}
	id, _ := strconv.ParseInt(c.PathValue("comment_id"), 10, 64)
	for _, comment := range c.repo.comments {
		if comment.ID == id {
			comment.Body, comment.Updated = body, s.now()
			return found(c.repo.commentJSON(comment))
		}
	}
	return refuse(http.StatusNotFound, "Not Found")
}

func (r *Repo) commentJSON(c *Comment) object {
	author := r.s.known(c.User)
	var app any
	if author.kind == "Bot" {
		app = r.s.appJSON()
	}
	return object{
		"id": c.ID, "node_id": nodeID("IssueComment", c.ID), "body": c.Body, "user": r.s.userJSON(author),
		"url":        fmt.Sprintf("%s/issues/comments/%d", r.api(), c.ID),
		"html_url":   fmt.Sprintf("%s/%s/pull/%d#issuecomment-%d", r.s.url, r.fullName(), c.Pull, c.ID),
		"issue_url":  fmt.Sprintf("%s/issues/%d", r.api(), c.Pull),
		"created_at": stamp(c.Created), "updated_at": stamp(c.Updated), "author_association": "MEMBER",
		"performed_via_github_app": app,
	}
}
