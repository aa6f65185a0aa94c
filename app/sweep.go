package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

const (
	mostSwept = 1000 // repositories at once
	// oldApproval is how long a decision with approvals stands before it is decided
	// anew without a cause: the event that would be the cause may be lost.
	oldApproval = time.Hour
)

// sweepsOfLanes is how many sweeps of the lanes, which the store does, come to one
// of the installations.
const sweepsOfLanes = 20

// sweepUntil has every installation swept now, as webhooks may have been lost
// meanwhile, and again and again until ctx ends.
func (r *Reviewer) sweepUntil(ctx context.Context) {
	tick := time.NewTicker(sweepsOfLanes * r.Store.SweepInterval())
	defer tick.Stop()
	for {
		if err := r.sweepAll(ctx); err != nil && ctx.Err() == nil {
			r.Log.Error("sweep the installations", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *Reviewer) sweepAll(ctx context.Context) error {
	installations, err := r.Store.Installations(ctx)
	if err != nil {
		return err
	}
	lanes := make([]store.Lane, len(installations))
	for i, id := range installations {
		lanes[i] = store.Lane{Installation: id, Key: store.SweepKey(id)}
	}
	return r.Store.DirtyLater(ctx, lanes...)
}

// sweep compares what was decided in an installation with its open pull requests,
// and wakes the reviews of those that differ. It heals what lost webhooks left
// behind. The repositories that were not swept for the longest time come first.
func (j *job) sweep(ctx context.Context, installation int64) error {
	lanes, err := j.Store.Unswept(ctx, installation, mostSwept)
	if err != nil {
		return err
	}
	var tried attempts
	for _, lane := range lanes {
		if tried.failed(j.sweepRepository(ctx, lane), "sweep %s/%s", lane.Owner, lane.Name) {
			break
		}
	}
	return tried.err()
}

func (j *job) sweepRepository(ctx context.Context, lane store.Lane) error {
	here := *j
	here.repo = repoOf(lane)
	open, err := j.client.OpenPulls(ctx, here.repo)
	if errors.Is(err, fs.ErrNotExist) {
		return j.Store.Sweep(ctx, lane.RepoID) // it was deleted, or taken out of the installation
	}
	if err != nil {
		return err
	}
	known, err := j.Store.OpenDecisions(ctx, lane.RepoID)
	if err != nil {
		return err
	}
	stale, err := here.stale(ctx, open, known)
	if err != nil {
		return err
	}
	for _, number := range stale {
		lane.Key = store.PullKey(number)
		if err := j.Store.DirtyLater(ctx, lane); err != nil {
			return err
		}
	}
	return j.Store.Sweep(ctx, lane.RepoID)
}

// stale returns the numbers of the pull requests about which something else was
// decided than what they are now, or nothing.
func (j *job) stale(
	ctx context.Context, open []github.PullRequest, decisions []store.Decision,
) ([]int, error) {
	byBase := map[string][]stored{} // those that may depend on a push to the base
	var stale []int
	for _, d := range decisions {
		s, err := decode(d, nil)
		if err != nil {
			return nil, err
		}
		b := s.Decision.Basis
		isSame := func(p github.PullRequest) bool {
			return p.Number == b.Pull && p.Head == b.Head && p.BaseRef == b.BaseRef
		}
		switch {
		case !slices.ContainsFunc(open, isSame), s.Trouble != nil && s.Trouble.Final,
			s.Decision.State == approval.Approved && j.began.Sub(d.Updated) > oldApproval:
			stale = append(stale, b.Pull)
		default:
			byBase[b.BaseRef] = append(byBase[b.BaseRef], s)
		}
	}
	for branch, pulls := range byBase {
		moved, err := j.moved(ctx, branch, pulls)
		if err != nil {
			return nil, err
		}
		stale = append(stale, moved...)
	}
	for _, p := range open {
		isKnown := func(d store.Decision) bool { return d.Key == store.PullKey(p.Number) }
		if !slices.ContainsFunc(decisions, isKnown) {
			stale = append(stale, p.Number)
		}
	}
	return stale, nil
}

// moved returns the numbers of the pull requests for which it matters where their
// base branch is now.
func (j *job) moved(ctx context.Context, branch string, pulls []stored) ([]int, error) {
	tip, err := j.client.Branch(ctx, j.repo, branch)
	if err != nil {
		return nil, fmt.Errorf("read the branch: %w", err)
	}
	concerned, err := j.concerned(ctx, pulls, tip)
	var numbers []int
	for _, s := range concerned {
		numbers = append(numbers, s.Decision.Basis.Pull)
	}
	return numbers, err
}
