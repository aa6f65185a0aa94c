package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

const (
	// mostSwept bounds the repositories of a sweep. With two points for each fifty
	// of them, six sweeps an hour take less than a tenth of GitHub's 5,000 points.
	mostSwept   = 1000
	sweptAtOnce = 50
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
	for batch := range slices.Chunk(lanes, sweptAtOnce) {
		repos := make([]github.Repo, len(batch))
		for i, lane := range batch {
			repos[i] = repoOf(lane)
		}
		open, err := j.client.OpenPullsOf(ctx, repos)
		if err != nil {
			return fmt.Errorf("list open pull requests: %w", err)
		}
		for _, lane := range batch {
			pulls, readable := open[lane.RepoID]
			if !readable { // archived, deleted, or taken out of the installation
				err = j.Store.Sweep(ctx, lane.RepoID)
			} else {
				err = j.sweepRepository(ctx, lane, pulls)
			}
			if tried.failed(err, "sweep %s/%s", lane.Owner, lane.Name) {
				return tried.err()
			}
		}
	}
	return tried.err()
}

func (j *job) sweepRepository(ctx context.Context, lane store.Lane, open []github.OpenPull) error {
	here := *j
	here.repo = repoOf(lane)
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
	ctx context.Context, open []github.OpenPull, decisions []store.Decision,
) ([]int, error) {
	byTip := map[string][]stored{} // those that may depend on where the base is now
	var stale []int
	for _, d := range decisions {
		s, err := decode(d, nil)
		if err != nil {
			return nil, err
		}
		b := s.Decision.Basis
		i := slices.IndexFunc(open, func(p github.OpenPull) bool {
			return p.Number == b.Pull && p.Head == b.Head && p.BaseRef == b.BaseRef
		})
		switch {
		case i < 0, s.Trouble != nil && s.Trouble.Final,
			s.Decision.State == approval.Approved && j.began.Sub(d.Updated) > oldApproval:
			stale = append(stale, b.Pull)
		case open[i].Tip != "":
			byTip[open[i].Tip] = append(byTip[open[i].Tip], s)
		}
	}
	for tip, pulls := range byTip {
		concerned, err := j.concerned(ctx, pulls, tip)
		if err != nil {
			return nil, err
		}
		for _, s := range concerned {
			stale = append(stale, s.Decision.Basis.Pull)
		}
	}
	for _, p := range open {
		isKnown := func(d store.Decision) bool { return d.Key == store.PullKey(p.Number) }
		if !slices.ContainsFunc(decisions, isKnown) {
			stale = append(stale, p.Number)
		}
	}
	return stale, nil
}
