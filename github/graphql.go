package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v66/github"
)

// query is a query of GitHub's GraphQL API, where one request reads what takes
// many by REST.
type query struct {
	text  string
	needs string // the permissions that it takes, as GitHub names them
}

// graphError is one of the errors that come with status 200. The path leads to
// the field that is null because of it.
type graphError struct {
	Type, Message string
	Path          []any
}

// at reports whether the error is about a field with a name.
func (e graphError) at(field string) bool {
	return len(e.Path) > 0 && e.Path[len(e.Path)-1] == field
}

// graphErrors are the errors of one answer. What the answer has is decoded in
// spite of them, and the caller decides whether it is enough.
type graphErrors struct {
	all   []graphError
	kinds []error
}

func (e *graphErrors) Error() string   { return e.kinds[0].Error() }
func (e *graphErrors) Unwrap() []error { return e.kinds }

// query asks and decodes the answer.
func (c *Client) query(ctx context.Context, q query, variables map[string]any, into any) error {
	var answer struct {
		Data   json.RawMessage
		Errors []graphError
	}
	req, err := c.rest.NewRequest(http.MethodPost, c.app.graphURL(), map[string]any{
		"query": q.text, "variables": variables,
	})
	if err != nil {
		return err
	}
	resp, err := c.rest.Do(ctx, req, &answer)
	if err != nil {
		return err
	}
	if len(answer.Data) > 0 {
		if err := json.Unmarshal(answer.Data, into); err != nil {
			return fmt.Errorf("GitHub's answer to a query: %w", err)
		}
	}
	if len(answer.Errors) == 0 {
		return nil
	}
	failed := &graphErrors{all: answer.Errors}
	for _, e := range answer.Errors {
		kind := e.classify(q, resp)
		if _, later := kind.(*temporary); later {
			return kind
		}
		failed.kinds = append(failed.kinds, kind)
	}
	return failed
}

// graphURL is relative to the address of the REST API. On an own server the REST
// API is at /api/v3/, and this one at /api/graphql.
func (a *App) graphURL() string {
	if strings.HasSuffix(a.base.Path, "/v3/") {
		return "../graphql"
	}
	return "graphql"
}

func (e graphError) classify(q query, resp *gh.Response) error {
	text := fmt.Errorf("GitHub answers a query with %s %s", e.Type, e.Message)
	switch {
	case e.Type == "RATE_LIMITED", strings.Contains(e.Message, "secondary rate limit"):
		after := headerSeconds(resp.Header, "Retry-After")
		if after == 0 {
			after = secondaryPause
		}
		return &temporary{err: text, after: after}
	case e.Type == "" && strings.HasPrefix(e.Message, "Something went wrong"): // such as its time being over
		return &temporary{err: text, after: serverPause}
	case e.Type == "FORBIDDEN":
		return &PermissionError{Needs: q.needs, message: e.Message}
	case e.Type == "NOT_FOUND":
		return &refusal{http.StatusNotFound, e.Message}
	}
	return text
}

// actor is who did something.
type actor struct {
	Kind  string `json:"__typename"`
	Login string
}

// name is the login as the REST API spells it. The names of Apps lack their
// "[bot]" here.
func (a *actor) name() string {
	switch {
	case a == nil: // the account was deleted
		return ""
	case a.Kind == "Bot" && !strings.HasSuffix(a.Login, botSuffix):
		return a.Login + botSuffix
	}
	return a.Login
}

func (a *actor) kind() string {
	if a == nil {
		return ""
	}
	return a.Kind
}

const botSuffix = "[bot]"

// target is the commit that something leads to.
type target struct{ OID string }

func (t *target) sha() string {
	if t == nil {
		return ""
	}
	return t.OID
}

// tip is a branch with its newest commit; nil if the branch is gone.
type tip struct{ Target *target }

func (t *tip) sha() string {
	if t == nil {
		return ""
	}
	return t.Target.sha()
}

// pageInfo tells where the next page of a list begins.
type pageInfo struct {
	HasNextPage bool
	EndCursor   string
}

// next returns the cursor of the next page, nil for the first one.
func (p pageInfo) next() any {
	if p.EndCursor == "" {
		return nil
	}
	return p.EndCursor
}

// pullFields are the fields of a pull request as an answer has them.
type pullFields struct {
	Number                  int
	Title, State            string
	IsDraft, Merged, Locked bool
	CreatedAt, UpdatedAt    time.Time
	HeadRefOID, HeadRefName string
	BaseRefOID, BaseRefName string
	BaseRef                 *tip
	Author                  *actor
}

func (p *pullFields) pullRequest() PullRequest {
	return PullRequest{
		Number: p.Number, Title: p.Title, Author: p.Author.name(), AuthorType: p.Author.kind(),
		Draft: p.IsDraft, Open: p.State == "OPEN", Merged: p.Merged, Created: p.CreatedAt,
		Head: p.HeadRefOID, HeadRef: p.HeadRefName, Base: p.BaseRefOID, BaseRef: p.BaseRefName,
	}
}
