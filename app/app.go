// Package app holds the use cases: it reviews pull requests, publishes what came
// of it, answers events, and wires a server together. It is the only package
// that knows all the others.
//
// Everything is a lane of package store: a pull request, a merge group, the head
// that a check run belongs to. Work on a lane reads the present state of things
// and may be done again at any time.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// Reviewer reviews pull requests and publishes decisions.
type Reviewer struct {
	GitHub *github.App
	Store  *store.Store
	Cache  *tree.Cache // of parsed documents
	// Registries are the schema registries that contracts may name.
	Registries contracts.Registries
	Log        *slog.Logger
	Now        func() time.Time
	// Patience is how long a review may take before the check says that it is
	// in progress.
	Patience time.Duration
}

// Handle does the work of one lane. It is a store.Handler.
func (r *Reviewer) Handle(ctx context.Context, l *store.Lease) error {
	j := &job{
		Reviewer: r, lease: l, client: r.GitHub.Installation(l.Installation), repo: repoOf(l.Lane),
		key: l.Key,

		compared: map[[2]string]github.Comparison{},
		began:    r.Now().Truncate(time.Millisecond), // as it is stored
	}
	err := j.work(ctx)
	r.Log.Info("lane done", "repo", j.repo.String(), "lane", l.Key, "attempt", l.Attempt,
		"took", r.Now().Sub(j.began), "error", err)
	return err
}

// What one review reads of a repository's files.
const (
	mostRequests  = 500 // for files
	mostBytesRead = 512 << 20
)

// work does what the lane's key stands for.
func (j *job) work(ctx context.Context) error {
	key := j.lease.Key
	if number, ok := key.Pull(); ok {
		return j.reviewPull(github.WithBudget(ctx, github.NewBudget(mostRequests, mostBytesRead)), number)
	}
	if head, base, ok := key.Group(); ok {
		return j.reviewGroup(ctx, head, base)
	}
	if head, ok := key.Head(); ok {
		return j.publish(ctx, head)
	}
	if j.lease.Died {
		return errDied
	}
	if branch, ok := key.Base(); ok {
		return j.pushed(ctx, branch)
	}
	if id, ok := key.Team(); ok {
		return j.teamChanged(ctx, id)
	}
	if _, ok := key.Members(); ok {
		return j.membersChanged(ctx)
	}
	if _, ok := key.Installation(); ok {
		return j.installed(ctx)
	}
	if key == store.IndexKey {
		return j.fillIndex(ctx)
	}
	if id, ok := key.Sweep(); ok {
		return j.sweep(ctx, id)
	}
	if key == store.ListKey {
		return j.listPulls(ctx)
	}
	return fmt.Errorf("no work is known for lane %q", key)
}

// job is the work on one lane.
type job struct {
	*Reviewer
	lease  *store.Lease
	client *github.Client
	repo   github.Repo
	key    store.Key // whose decisions are read: that of the lane, or of a group's member
	began  time.Time

	compared map[[2]string]github.Comparison // what Compare answered, by base and head
}

func repoOf(l store.Lane) github.Repo {
	return github.Repo{Installation: l.Installation, ID: l.RepoID, Owner: l.Owner, Name: l.Name}
}

// lane returns another lane of the same repository.
func (j *job) lane(key store.Key) store.Lane {
	l := j.lease.Lane
	l.Key = key
	return l
}
