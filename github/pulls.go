package github

import (
	"context"
	"time"

	gh "github.com/google/go-github/v66/github"
)

// PullRequest is the present state of a pull request.
type PullRequest struct {
	Number             int
	Title              string
	Author, AuthorType string // the type is User, Bot or Organization
	Draft              bool
	Open, Merged       bool
	Head, HeadRef      string // the newest commit, which may be in a fork, and its branch
	Base, BaseRef      string // Base may be older than the tip of the branch: see [Client.Branch]
	Created            time.Time
}

// Review is a submitted review. State is APPROVED, CHANGES_REQUESTED,
// COMMENTED, DISMISSED or PENDING. Commit is the head that the reviewer saw.
type Review struct {
	ID             int64
	User, UserType string
	State, Commit  string
	Submitted      time.Time
	Body           string
}

// PullRequest returns one pull request.
func (c *Client) PullRequest(ctx context.Context, repo Repo, number int) (PullRequest, error) {
	pr, _, err := c.rest.PullRequests.Get(ctx, repo.Owner, repo.Name, number)
	return pullRequest(pr), wrap(ctx, err, "pull request %s#%d", repo, number)
}

// OpenPulls lists the open pull requests of a repository.
func (c *Client) OpenPulls(ctx context.Context, repo Repo) ([]PullRequest, error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.PullRequest, *gh.Response, error) {
		opts := &gh.PullRequestListOptions{State: "open", ListOptions: o}
		return c.rest.PullRequests.List(ctx, repo.Owner, repo.Name, opts)
	})
	return convert(found, pullRequest), wrap(ctx, err, "open pull requests of %s", repo)
}

// PullsOf lists the pull requests that a commit belongs to, for example to find
// the members of a merge group by its commits.
func (c *Client) PullsOf(ctx context.Context, repo Repo, sha string) ([]PullRequest, error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.PullRequest, *gh.Response, error) {
		return c.rest.PullRequests.ListPullRequestsWithCommit(ctx, repo.Owner, repo.Name, sha, &o)
	})
	return convert(found, pullRequest), wrap(ctx, err, "pull requests of commit %s in %s", sha, repo)
}

func pullRequest(pr *gh.PullRequest) PullRequest {
	return PullRequest{
		Number: pr.GetNumber(), Title: pr.GetTitle(),
		Author: pr.GetUser().GetLogin(), AuthorType: pr.GetUser().GetType(),
		Draft: pr.GetDraft(), Open: pr.GetState() == "open", Merged: !pr.GetMergedAt().IsZero(),
		Head: pr.GetHead().GetSHA(), HeadRef: pr.GetHead().GetRef(),
		Base: pr.GetBase().GetSHA(), BaseRef: pr.GetBase().GetRef(),
		Created: pr.GetCreatedAt().Time,
	}
}

// Reviews lists all reviews of a pull request, oldest first.
func (c *Client) Reviews(ctx context.Context, repo Repo, number int) ([]Review, error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.PullRequestReview, *gh.Response, error) {
		return c.rest.PullRequests.ListReviews(ctx, repo.Owner, repo.Name, number, &o)
	})
	return convert(found, review), wrap(ctx, err, "reviews of %s#%d", repo, number)
}

func review(r *gh.PullRequestReview) Review {
	return Review{
		ID: r.GetID(), User: r.GetUser().GetLogin(), UserType: r.GetUser().GetType(),
		State: r.GetState(), Commit: r.GetCommitID(), Submitted: r.GetSubmittedAt().Time, Body: r.GetBody(),
	}
}

// RequestTeam asks one team for its review. One team that cannot be asked fails
// a whole call, so teams are asked one by one. [ErrUnprocessable] means that
// the team is not visible, has no direct access or was asked already.
func (c *Client) RequestTeam(ctx context.Context, repo Repo, number int, slug string) error {
	_, _, err := c.rest.PullRequests.RequestReviewers(ctx, repo.Owner, repo.Name, number,
		gh.ReviewersRequest{TeamReviewers: []string{slug}})
	return wrap(ctx, err, "request %s for %s#%d", slug, repo, number)
}

// Requested lists the slugs of the teams that are asked now. GitHub removes a
// team when a member reviews.
func (c *Client) Requested(ctx context.Context, repo Repo, number int) (teams []string, err error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.Team, *gh.Response, error) {
		page, resp, err := c.rest.PullRequests.ListReviewers(ctx, repo.Owner, repo.Name, number, &o)
		if err != nil {
			return nil, resp, err
		}
		return page.Teams, resp, nil
	})
	return convert(found, (*gh.Team).GetSlug), wrap(ctx, err, "requested reviewers of %s#%d", repo, number)
}

// TimelineRequested lists the slugs of all teams that the App has ever asked,
// once for each time.
func (c *Client) TimelineRequested(ctx context.Context, repo Repo, number int) (teams []string, err error) {
	login, err := c.app.Login(ctx)
	if err != nil {
		return nil, err
	}
	events, err := allPages(func(o gh.ListOptions) ([]*gh.Timeline, *gh.Response, error) {
		return c.rest.Issues.ListIssueTimeline(ctx, repo.Owner, repo.Name, number, &o)
	})
	for _, e := range events {
		team := e.GetRequestedTeam().GetSlug()
		if e.GetEvent() == "review_requested" && e.GetRequester().GetLogin() == login && team != "" {
			teams = append(teams, team)
		}
	}
	return teams, wrap(ctx, err, "timeline of %s#%d", repo, number)
}
