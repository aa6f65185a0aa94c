package github

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// sweepBatch is how many repositories one query asks for. Each may answer with a
// hundred pull requests.
const sweepBatch = 50

// OpenPull is an open pull request as a sweep sees it.
type OpenPull struct {
	Number       int
	Head         string
	BaseRef, Tip string // the base branch and its newest commit
	Draft        bool
	Updated      time.Time
}

const sweepFragment = `
fragment sweep on Repository {
  databaseId isArchived
}
fragment pulls on PullRequestConnection {
  nodes { number isDraft updatedAt headRefOid baseRefName baseRef { target { oid } } }
  pageInfo { hasNextPage endCursor }
}`

type sweepAnswer struct {
	DatabaseID   int64
	IsArchived   bool
	PullRequests struct {
		Nodes    []pullFields
		PageInfo pageInfo
	}
}

// OpenPullsOf lists the open pull requests of many repositories, by the
// repository's ID. Those that are archived, or gone, or that the App cannot read
// any more, are left out; a repository without open pull requests has none.
func (c *Client) OpenPullsOf(ctx context.Context, repos []Repo) (map[int64][]OpenPull, error) {
	out := map[int64][]OpenPull{}
	todo := make([]sweepPage, len(repos))
	for i, r := range repos {
		todo[i] = sweepPage{repo: r}
	}
	for len(todo) > 0 {
		batch := todo[:min(len(todo), sweepBatch)]
		more, err := c.sweep(ctx, batch, out)
		if err != nil {
			return nil, wrap(ctx, err, "open pull requests of %d repositories", len(batch))
		}
		todo = append(todo[len(batch):], more...)
	}
	return out, nil
}

// sweepPage is a page of the open pull requests of a repository.
type sweepPage struct {
	repo  Repo
	after string // the first page has none
	page  int
}

// sweep reads one page of each repository, and returns the pages that follow.
func (c *Client) sweep(ctx context.Context, pages []sweepPage,
	out map[int64][]OpenPull) ([]sweepPage, error) {
	text, variables := sweepText(pages)
	var answer map[string]*sweepAnswer
	q := query{text: text, needs: "contents=read,pull_requests=read"}
	if err := onlyMissing(c.query(ctx, q, variables, &answer)); err != nil {
		return nil, err
	}
	var more []sweepPage
	for i, p := range pages {
		found := answer[fmt.Sprintf("r%d", i)]
		// Another repository may have the name by now.
		if found == nil || found.IsArchived || found.DatabaseID != p.repo.ID {
			continue
		}
		pulls := out[p.repo.ID]
		for _, pr := range found.PullRequests.Nodes {
			pulls = append(pulls, OpenPull{
				Number: pr.Number, Head: pr.HeadRefOID, BaseRef: pr.BaseRefName, Tip: pr.BaseRef.sha(),
				Draft: pr.IsDraft, Updated: pr.UpdatedAt,
			})
		}
		out[p.repo.ID] = pulls
		if next := found.PullRequests.PageInfo; next.HasNextPage && p.page < maxPages {
			more = append(more, sweepPage{repo: p.repo, after: next.EndCursor, page: p.page + 1})
		}
	}
	return more, nil
}

// sweepText is a query for one page of each repository.
func sweepText(pages []sweepPage) (text string, variables map[string]any) {
	variables = map[string]any{}
	var parameters, body strings.Builder
	for i, p := range pages {
		fmt.Fprintf(&parameters, "$o%[1]d: String!, $n%[1]d: String!, $a%[1]d: String, ", i)
		fmt.Fprintf(&body, "  r%[1]d: repository(owner: $o%[1]d, name: $n%[1]d) {\n    ...sweep\n", i)
		fmt.Fprintf(&body, "    pullRequests(states: OPEN, first: 100, after: $a%d) { ...pulls }\n  }\n", i)
		variables[fmt.Sprintf("o%d", i)] = p.repo.Owner
		variables[fmt.Sprintf("n%d", i)] = p.repo.Name
		if p.after != "" {
			variables[fmt.Sprintf("a%d", i)] = p.after
		}
	}
	return fmt.Sprintf("query(%s) {\n%s}%s", parameters.String(), body.String(), sweepFragment), variables
}

// onlyMissing drops an error if it only says that something is not there or may
// not be read.
func onlyMissing(err error) error {
	var failed *graphErrors
	if !errors.As(err, &failed) {
		return err
	}
	for _, kind := range failed.kinds {
		if !errors.Is(kind, fs.ErrNotExist) && !errors.Is(kind, fs.ErrPermission) {
			return kind
		}
	}
	return nil
}
