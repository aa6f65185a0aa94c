package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

func (s *Server) listInline(c *call) answer {
	var out []object
	for _, comment := range c.repo.inline {
		if comment.Pull == c.pull.Number {
			out = append(out, c.repo.inlineJSON(comment))
		}
	}
	return found(orEmpty(pageOf(c, out)))
}

// createInline adds a comment on a line that the diff shows, or on a file that
// it changes.
func (s *Server) createInline(c *call) answer {
	var in struct {
		Body, Path, Side string
		CommitID         string `json:"commit_id"`
		Line             int
		SubjectType      string `json:"subject_type"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if c.pull.locked {
		return lockedAnswer()
	}
	if in.Body == "" || len([]rune(in.Body)) > maxCommentBody {
		return invalid("Body is too long (maximum is %d characters) or blank", maxCommentBody)
	}
	if c.repo.commitOf(in.CommitID) != in.CommitID {
		return invalid("No commit found for SHA: %s", in.CommitID)
	}
	changed, err := c.repo.diff(c.pull)
	if err != nil {
		return refuse(http.StatusUnprocessableEntity, "the diff is not available")
	}
	i := slices.IndexFunc(changed, func(f fileDiff) bool { return f.path == in.Path })
	switch {
	case i < 0:
		return invalid("pull_request_review_thread.path is invalid")
	case in.SubjectType == "file":
		in.Line, in.Side = 0, ""
	case !changed[i].shows(in.Line, in.Side):
		return invalid("pull_request_review_thread.line must be part of the diff")
	case in.Side == "":
		in.Side = "RIGHT"
	}
	comment := &ReviewComment{
		ID: s.id(), Pull: c.pull.Number, User: s.bot().login, Path: in.Path, Line: in.Line, Side: in.Side,
		Commit: in.CommitID, Body: in.Body, Created: s.now(),
	}
	c.repo.inline = append(c.repo.inline, comment)
	return created(c.repo.inlineJSON(comment))
}

func (s *Server) deleteInline(c *call) answer {
	id, _ := strconv.ParseInt(c.PathValue("comment_id"), 10, 64)
	before := len(c.repo.inline)
	c.repo.inline = slices.DeleteFunc(c.repo.inline, func(r *ReviewComment) bool { return r.ID == id })
	if len(c.repo.inline) == before {
		return refuse(http.StatusNotFound, "Not Found")
	}
	return answer{status: http.StatusNoContent}
}

func (r *Repo) inlineJSON(c *ReviewComment) object {
	api := fmt.Sprintf("%s/pulls/comments/%d", r.api(), c.ID)
	pull := fmt.Sprintf("%s/pulls/%d", r.api(), c.Pull)
	html := fmt.Sprintf("%s/%s/pull/%d#discussion_r%d", r.s.url, r.fullName(), c.Pull, c.ID)
	subject := "line"
	if c.Line == 0 {
		subject = "file"
	}
	o := object{
		"id": c.ID, "node_id": nodeID("PullRequestReviewComment", c.ID), "url": api, "html_url": html,
		"pull_request_url":       pull,
		"pull_request_review_id": nil,
		"diff_hunk":              "",
		"path":                   c.Path,
		"commit_id":              c.Commit,
		"original_commit_id":     c.Commit, "user": r.s.userJSON(r.s.known(c.User)), "body": c.Body,
		"created_at": stamp(c.Created), "updated_at": stamp(c.Created), "author_association": "MEMBER",
		"subject_type": subject,
		"_links": object{
			"self":         object{"href": api},
			"html":         object{"href": html},
			"pull_request": object{"href": pull},
		},
	}
	if c.Line > 0 {
		o["line"], o["side"] = c.Line, c.Side
	}
	if c.InReplyTo > 0 {
		o["in_reply_to_id"] = c.InReplyTo
	}
	return o
}
