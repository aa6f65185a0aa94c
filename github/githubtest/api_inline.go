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

// inlineRequest is a comment on a line that the diff shows, or on a file that it
// changes.
type inlineRequest struct {
	Body, Path, Side string
	CommitID         string `json:"commit_id"`
	Line             int
	SubjectType      string `json:"subject_type"`
}

// check returns the reason why a comment is refused, "" if there is none.
func (in *inlineRequest) check(changed []fileDiff) string {
	if in.Body == "" || len([]rune(in.Body)) > maxCommentBody {
		return fmt.Sprintf("Body is too long (maximum is %d characters) or blank", maxCommentBody)
	}
	i := slices.IndexFunc(changed, func(f fileDiff) bool { return f.path == in.Path })
	switch {
	case i < 0:
		return "pull_request_review_thread.path is invalid"
	case in.SubjectType == "file":
		in.Line, in.Side = 0, ""
	case !changed[i].shows(in.Line, in.Side):
		return "pull_request_review_thread.line must be part of the diff"
	case in.Side == "":
		in.Side = "RIGHT"
	}
	return ""
}

// commentable returns the diff that comments on a commit may be on.
func (s *Server) commentable(c *call, commit string) (changed []fileDiff, refusal answer, ok bool) {
	if c.pull.locked {
		return nil, lockedAnswer(), false
	}
	if c.repo.commitOf(commit) != commit {
		return nil, invalid("No commit found for SHA: %s", commit), false
	}
	changed, err := c.repo.diff(c.pull)
	if err != nil {
		return nil, refuse(http.StatusUnprocessableEntity, "the diff is not available"), false
	}
	return changed, answer{}, true
}

func (s *Server) createInline(c *call) answer {
	var in inlineRequest
	if err := json.Unmarshal(c.body, &in); err != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	changed, refusal, ok := s.commentable(c, in.CommitID)
	if !ok {
		return refusal
	}
	if problem := in.check(changed); problem != "" {
		return invalid("%s", problem)
	}
	return created(c.repo.inlineJSON(c.repo.addInline(c.pull, in, 0)))
}

func (r *Repo) addInline(p *pull, in inlineRequest, review int64) *ReviewComment {
	comment := &ReviewComment{
		ID: r.s.id(), Review: review, Pull: p.Number, User: r.s.bot().login, Path: in.Path, Line: in.Line,
		Side: in.Side, Commit: in.CommitID, Body: in.Body, Created: r.s.now(),
	}
	r.inline = append(r.inline, comment)
	return comment
}

// createReview submits a review with comments on lines. One comment that cannot be
// made refuses all, and GitHub does not say which.
func (s *Server) createReview(c *call) answer {
	var in struct {
		Body, Event string
		CommitID    string `json:"commit_id"`
		Comments    []inlineRequest
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if in.Event != "COMMENT" || in.Body == "" {
		return invalid("only reviews with the event COMMENT and a body are served here")
	}
	changed, refusal, ok := s.commentable(c, in.CommitID)
	if !ok {
		return refusal
	}
	for i := range in.Comments {
		if problem := in.Comments[i].check(changed); problem != "" {
			return invalid("%s", problem)
		}
	}
	review := Review{
		ID: s.id(), User: s.bot().login, State: "COMMENTED", Body: in.Body, Commit: in.CommitID,
		Submitted: s.now(),
	}
	c.pull.reviews = append(c.pull.reviews, review)
	c.repo.emitReview(c.pull, review, "submitted", s.bot())
	for _, one := range in.Comments {
		one.CommitID = in.CommitID
		c.repo.emitInline(c.pull, c.repo.addInline(c.pull, one, review.ID), "created", s.bot())
	}
	return found(c.repo.reviewJSON(c.pull, review))
}

// listReviewComments lists the comments of a review. GitHub's answer has positions
// in the diff here, and the lines only sometimes.
func (s *Server) listReviewComments(c *call) answer {
	var out []object
	for _, comment := range c.repo.inline {
		if comment.Pull == c.pull.Number && c.PathValue("review_id") == fmt.Sprint(comment.Review) {
			o := c.repo.inlineJSON(comment)
			delete(o, "line")
			delete(o, "side")
			out = append(out, o)
		}
	}
	return found(orEmpty(pageOf(c, out)))
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
		"pull_request_review_id": nil, "position": 1, "original_position": 1,
		"diff_hunk":          "",
		"path":               c.Path,
		"commit_id":          c.Commit,
		"original_commit_id": c.Commit, "user": r.s.userJSON(r.s.known(c.User)), "body": c.Body,
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
	if c.Review > 0 {
		o["pull_request_review_id"] = c.Review
	}
	if c.InReplyTo > 0 {
		o["in_reply_to_id"] = c.InReplyTo
	}
	return o
}
