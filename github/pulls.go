package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"
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

// Reviewers are the teams and the people whose reviews are asked for. People are
// named by their logins.
type Reviewers struct {
	Teams  []Team
	People []string
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
	return c.request(ctx, repo, number, gh.ReviewersRequest{TeamReviewers: []string{slug}})
}

// RequestPerson asks one person for a review. [ErrUnprocessable] means that the
// person may not read the repository, is the author or was asked already.
func (c *Client) RequestPerson(ctx context.Context, repo Repo, number int, login string) error {
	return c.request(ctx, repo, number, gh.ReviewersRequest{Reviewers: []string{login}})
}

func (c *Client) request(ctx context.Context, repo Repo, number int, whom gh.ReviewersRequest) error {
	_, _, err := c.rest.PullRequests.RequestReviewers(ctx, repo.Owner, repo.Name, number, whom)
	return wrap(ctx, err, "request %v for %s#%d", append(whom.Reviewers, whom.TeamReviewers...), repo,
		number)
}

// Requested lists who is asked now. GitHub takes a person or a team away when
// they review.
func (c *Client) Requested(ctx context.Context, repo Repo, number int) (asked Reviewers, err error) {
	pages, err := allPages(func(o gh.ListOptions) ([]*gh.Reviewers, *gh.Response, error) {
		page, resp, err := c.rest.PullRequests.ListReviewers(ctx, repo.Owner, repo.Name, number, &o)
		return []*gh.Reviewers{page}, resp, err
	})
	for _, page := range pages {
		asked.Teams = append(asked.Teams, convert(page.Teams, team)...)
		asked.People = append(asked.People, convert(page.Users, (*gh.User).GetLogin)...)
	}
	return asked, wrap(ctx, err, "requested reviewers of %s#%d", repo, number)
}

// Timeline is what the timeline of a pull request keeps.
type Timeline struct {
	// Requested are the teams and people whom the App has ever asked, once for
	// each time.
	Requested Reviewers
	// Dismissed has the state that each dismissed review had before, by its id.
	Dismissed map[int64]string
}

// event is an event of a timeline. The type of go-github v66 lacks the dismissed
// review.
type event struct {
	Event     string   `json:"event"`
	Requester *gh.User `json:"review_requester"`
	Team      *gh.Team `json:"requested_team"`
	Person    *gh.User `json:"requested_reviewer"`
	Dismissed *struct {
		State    string `json:"state"`
		ReviewID int64  `json:"review_id"`
	} `json:"dismissed_review"`
}

// Timeline reads the timeline of a pull request.
func (c *Client) Timeline(ctx context.Context, repo Repo, number int) (t Timeline, err error) {
	login, err := c.app.Login(ctx)
	if err != nil {
		return t, err
	}
	events, err := allPages(func(o gh.ListOptions) ([]event, *gh.Response, error) {
		path := fmt.Sprintf("repos/%s/issues/%d/timeline?per_page=%d&page=%d", repo, number, o.PerPage,
			max(1, o.Page))
		req, err := c.rest.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			return nil, nil, err
		}
		var page []event
		resp, err := c.rest.Do(ctx, req, &page)
		return page, resp, err
	})
	t.Dismissed = map[int64]string{}
	for _, e := range events {
		ours := e.Requester.GetLogin() == login
		switch {
		case e.Event == "review_requested" && ours && e.Team != nil:
			t.Requested.Teams = append(t.Requested.Teams, team(e.Team))
		case e.Event == "review_requested" && ours && e.Person != nil:
			t.Requested.People = append(t.Requested.People, e.Person.GetLogin())
		case e.Event == "review_dismissed" && e.Dismissed != nil:
			t.Dismissed[e.Dismissed.ReviewID] = strings.ToUpper(e.Dismissed.State)
		}
	}
	return t, wrap(ctx, err, "timeline of %s#%d", repo, number)
}
