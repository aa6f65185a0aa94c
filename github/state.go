package github

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// PullState is what the review of a pull request begins with, as one request
// reads it.
type PullState struct {
	PullRequest
	Tip     string   // the newest commit of the base branch, empty if the branch is gone
	Reviews []Review // oldest first
	Locked  bool     // the App cannot comment
	Queued  bool     // in a merge queue; false if the App may not read merge queues
}

// mergeQueueEntry is null for an App that may not read merge queues, where
// isInMergeQueue would leave out the whole pull request.
var stateQuery = query{needs: "contents=read,pull_requests=read", text: `
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      number title state isDraft merged locked createdAt
      headRefOid headRefName baseRefOid baseRefName
      baseRef { target { oid } }
      author { __typename login }
      mergeQueueEntry { position }
      reviews(first: 100, after: $after) {
        nodes { fullDatabaseId state body submittedAt commit { oid } author { __typename login } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`}

type stateAnswer struct {
	Repository struct {
		PullRequest *struct {
			pullFields
			MergeQueueEntry *struct{ Position int }
			Reviews         struct {
				Nodes    []reviewFields
				PageInfo pageInfo
			}
		}
	}
}

type reviewFields struct {
	FullDatabaseID string
	State, Body    string
	SubmittedAt    time.Time
	Commit         *target
	Author         *actor
}

// PullState reads a pull request, its reviews and the tip of its base branch, by
// one request for each hundred reviews.
func (c *Client) PullState(ctx context.Context, repo Repo, number int) (PullState, error) {
	var out PullState
	variables := map[string]any{"owner": repo.Owner, "name": repo.Name, "number": number}
	for range maxPages {
		var answer stateAnswer
		err := c.query(ctx, stateQuery, variables, &answer)
		pr := answer.Repository.PullRequest
		if err = tolerate(err, "mergeQueueEntry"); err == nil && pr == nil {
			err = errors.New("GitHub's answer lacks it")
		}
		if err != nil {
			return PullState{}, wrap(ctx, err, "state of pull request %s#%d", repo, number)
		}
		if variables["after"] == nil {
			out = PullState{
				PullRequest: pr.pullRequest(), Tip: pr.BaseRef.sha(), Locked: pr.Locked,
				Queued: pr.MergeQueueEntry != nil,
			}
		}
		for _, r := range pr.Reviews.Nodes {
			one, err := r.review()
			if err != nil {
				return PullState{}, err
			}
			out.Reviews = append(out.Reviews, one)
		}
		if !pr.Reviews.PageInfo.HasNextPage {
			return out, nil
		}
		variables["after"] = pr.Reviews.PageInfo.next()
	}
	return PullState{}, fmt.Errorf("reviews of %s#%d: more than %d pages", repo, number, maxPages)
}

func (r reviewFields) review() (Review, error) {
	id, err := strconv.ParseInt(r.FullDatabaseID, 10, 64)
	if err != nil {
		return Review{}, fmt.Errorf("review with the id %q: %w", r.FullDatabaseID, err)
	}
	return Review{
		ID: id, User: r.Author.name(), UserType: r.Author.kind(), State: r.State, Commit: r.Commit.sha(),
		Submitted: r.SubmittedAt, Body: r.Body,
	}, nil
}

// tolerate drops an error if it is only about fields that the caller can do
// without.
func tolerate(err error, fields ...string) error {
	var failed *graphErrors
	if !errors.As(err, &failed) {
		return err
	}
	for _, e := range failed.all {
		if !slices.ContainsFunc(fields, e.at) {
			return err
		}
	}
	return nil
}

// QueueEntry is a pull request in a merge queue. Base and Head are the commits
// between which GitHub has merged it for the checks, empty before it has.
type QueueEntry struct {
	Number     int
	PullHead   string // the pull request's own head
	Base, Head string
}

var queueQuery = query{needs: "contents=read,merge_queues=read,pull_requests=read", text: `
query($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100, after: $after) {
        nodes { headCommit { oid } baseCommit { oid } pullRequest { number headRefOid } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`}

type queueAnswer struct {
	Repository struct {
		MergeQueue *struct {
			Entries struct {
				Nodes []struct {
					HeadCommit, BaseCommit *target
					PullRequest            *pullFields
				}
				PageInfo pageInfo
			}
		}
	}
}

// QueueEntries lists the merge queue of a branch, the next to be merged first. A
// branch without a queue has none.
func (c *Client) QueueEntries(ctx context.Context, repo Repo, branch string) ([]QueueEntry, error) {
	var out []QueueEntry
	variables := map[string]any{"owner": repo.Owner, "name": repo.Name, "branch": branch}
	for range maxPages {
		var answer queueAnswer
		if err := c.query(ctx, queueQuery, variables, &answer); err != nil {
			return nil, wrap(ctx, err, "merge queue of %s in %s", branch, repo)
		}
		queue := answer.Repository.MergeQueue
		if queue == nil {
			return nil, nil
		}
		for _, e := range queue.Entries.Nodes {
			if e.PullRequest != nil {
				out = append(out, QueueEntry{
					Number: e.PullRequest.Number, PullHead: e.PullRequest.HeadRefOID,
					Base: e.BaseCommit.sha(), Head: e.HeadCommit.sha(),
				})
			}
		}
		if !queue.Entries.PageInfo.HasNextPage {
			return out, nil
		}
		variables["after"] = queue.Entries.PageInfo.next()
	}
	return nil, fmt.Errorf("merge queue of %s in %s: more than %d pages", branch, repo, maxPages)
}
