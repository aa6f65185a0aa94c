package github

import (
	"context"
	"fmt"

	gh "github.com/google/go-github/v66/github"
)

// Comment is a comment on a pull request's conversation.
type Comment struct {
	ID     int64
	Author string
	Ours   bool // written by the App itself
	Body   string
}

// ReviewComment is a comment on a line of the diff. Side is RIGHT, or LEFT for
// a deleted line. Line 0 means the whole file.
type ReviewComment struct {
	ID      int64
	Author  string
	Ours    bool
	ReplyTo int64 // the comment that it answers, 0 for the first of a thread
	Path    string
	Line    int
	Side    string
	Commit  string
	Body    string
}

// Comments lists all comments of the conversation, oldest first.
func (c *Client) Comments(ctx context.Context, repo Repo, number int) ([]Comment, error) {
	login, err := c.app.Login(ctx)
	if err != nil {
		return nil, err
	}
	found, err := allPages(func(o gh.ListOptions) ([]*gh.IssueComment, *gh.Response, error) {
		return c.rest.Issues.ListComments(ctx, repo.Owner, repo.Name, number,
			&gh.IssueListCommentsOptions{ListOptions: o})
	})
	return convert(found, func(i *gh.IssueComment) Comment {
		return Comment{
			ID:     i.GetID(),
			Author: i.GetUser().GetLogin(),
			Ours:   i.GetUser().GetLogin() == login,
			Body:   i.GetBody(),
		}
	}), wrap(ctx, err, "comments of %s#%d", repo, number)
}

// CreateComment adds a comment to the conversation. GitHub accepts at most
// 65,536 characters.
func (c *Client) CreateComment(ctx context.Context, repo Repo, number int,
	body string) (id int64, err error) {
	made, _, err := c.rest.Issues.CreateComment(ctx, repo.Owner, repo.Name, number,
		&gh.IssueComment{Body: gh.String(body)})
	return made.GetID(), wrap(ctx, err, "comment on %s#%d", repo, number)
}

// EditComment replaces the text of a comment. GitHub notifies nobody.
func (c *Client) EditComment(ctx context.Context, repo Repo, id int64, body string) error {
	_, _, err := c.rest.Issues.EditComment(ctx, repo.Owner, repo.Name, id,
		&gh.IssueComment{Body: gh.String(body)})
	return wrap(ctx, err, "edit comment %d of %s", id, repo)
}

// ReviewComments lists the comments on the diff.
func (c *Client) ReviewComments(ctx context.Context, repo Repo, number int) ([]ReviewComment, error) {
	login, err := c.app.Login(ctx)
	if err != nil {
		return nil, err
	}
	found, err := allPages(func(o gh.ListOptions) ([]*gh.PullRequestComment, *gh.Response, error) {
		opts := &gh.PullRequestListCommentsOptions{ListOptions: o}
		return c.rest.PullRequests.ListComments(ctx, repo.Owner, repo.Name, number, opts)
	})
	return convert(found, reviewComments(login)), wrap(ctx, err, "review comments of %s#%d", repo, number)
}

func reviewComments(login string) func(*gh.PullRequestComment) ReviewComment {
	return func(p *gh.PullRequestComment) ReviewComment {
		return ReviewComment{
			ID:      p.GetID(),
			Author:  p.GetUser().GetLogin(),
			Ours:    p.GetUser().GetLogin() == login,
			ReplyTo: p.GetInReplyTo(),
			Path:    p.GetPath(),
			Line:    p.GetLine(),
			Side:    p.GetSide(),
			Commit:  p.GetCommitID(),
			Body:    p.GetBody(),
		}
	}
}

// CreateReview comments on many lines of the diff at once, which notifies people
// once. It neither approves nor rejects. All comments must be on lines: one that is
// outside the diff fails the whole call with [ErrUnprocessable], and GitHub does
// not say which. The review comes back as an event whose sender is the App.
func (c *Client) CreateReview(ctx context.Context, repo Repo, number int, commit, body string,
	comments []ReviewComment) (id int64, err error) {
	review := &gh.PullRequestReviewRequest{
		CommitID: gh.String(commit), Body: gh.String(body), Event: gh.String("COMMENT"),
	}
	for _, rc := range comments {
		if rc.Line == 0 {
			return 0, fmt.Errorf("review of %s#%d: a comment on all of %s can only be made on its own", repo,
				number, rc.Path)
		}
		review.Comments = append(review.Comments, &gh.DraftReviewComment{
			Path: gh.String(rc.Path), Line: gh.Int(rc.Line), Side: gh.String(rc.Side),
			Body: gh.String(rc.Body),
		})
	}
	made, _, err := c.rest.PullRequests.CreateReview(ctx, repo.Owner, repo.Name, number, review)
	return made.GetID(), wrap(ctx, err, "review of %s#%d", repo, number)
}

// CommentsOfReview lists the comments that were made with a review. GitHub may
// leave out their lines here, so they are told apart by their bodies.
func (c *Client) CommentsOfReview(ctx context.Context, repo Repo, number int,
	review int64) ([]ReviewComment, error) {
	login, err := c.app.Login(ctx)
	if err != nil {
		return nil, err
	}
	found, err := allPages(func(o gh.ListOptions) ([]*gh.PullRequestComment, *gh.Response, error) {
		return c.rest.PullRequests.ListReviewComments(ctx, repo.Owner, repo.Name, number, review, &o)
	})
	return convert(found, reviewComments(login)),
		wrap(ctx, err, "comments of review %d of %s#%d", review, repo, number)
}

// CreateReviewComment comments on a line of the diff, or on the file if Line is
// 0. If the line is outside the diff, the error is [ErrUnprocessable]: comment
// on the file then.
func (c *Client) CreateReviewComment(ctx context.Context, repo Repo, number int,
	rc ReviewComment) (id int64, err error) {
	comment := &gh.PullRequestComment{
		Body:     gh.String(rc.Body),
		Path:     gh.String(rc.Path),
		CommitID: gh.String(rc.Commit),
	}
	if rc.Line > 0 {
		comment.Line, comment.Side = gh.Int(rc.Line), gh.String(rc.Side)
	} else {
		comment.SubjectType = gh.String("file")
	}
	made, _, err := c.rest.PullRequests.CreateComment(ctx, repo.Owner, repo.Name, number, comment)
	return made.GetID(), wrap(ctx, err, "review comment on %s#%d", repo, number)
}

// DeleteReviewComment deletes one of the App's comments on the diff.
func (c *Client) DeleteReviewComment(ctx context.Context, repo Repo, id int64) error {
	_, err := c.rest.PullRequests.DeleteComment(ctx, repo.Owner, repo.Name, id)
	return wrap(ctx, err, "delete review comment %d of %s", id, repo)
}
