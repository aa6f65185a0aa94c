package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/store"
)

// openPulls returns what was decided on the open pull requests of a repository.
func (j *job) openPulls(ctx context.Context, repo int64) ([]stored, error) {
	decisions, err := j.Store.OpenDecisions(ctx, repo)
	if err != nil {
		return nil, err
	}
	return decodeAll(decisions)
}

// reviewThose wakes the reviews of pull requests of a repository.
func (j *job) reviewThose(ctx context.Context, repo int64, pulls []stored) error {
	lanes := make([]store.Lane, len(pulls))
	for i, p := range pulls {
		lanes[i] = store.Lane{
			Installation: j.lease.Installation, RepoID: repo, Key: store.PullKey(p.Decision.Basis.Pull),
		}
	}
	return j.Store.Dirty(ctx, lanes...)
}

// pushed wakes the reviews of the pull requests into a branch for which a push to
// it may matter: because the policy changed, or a contract that they change, too.
func (j *job) pushed(ctx context.Context, branch string) error {
	open, err := j.openPulls(ctx, j.repo.ID)
	if err != nil {
		return err
	}
	open = slices.DeleteFunc(open, func(s stored) bool { return s.Decision.Basis.BaseRef != branch })
	if len(open) == 0 {
		return nil
	}
	tip, err := j.client.Branch(ctx, j.repo, branch)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the branch: %w", err)
	}
	concerned, err := j.concerned(ctx, open, tip)
	if err != nil {
		return err
	}
	return j.reviewThose(ctx, j.repo.ID, concerned)
}

// concerned returns the pull requests for which it may matter that their base
// branch is at another commit now than when they were decided.
func (j *job) concerned(ctx context.Context, pulls []stored, tip string) ([]stored, error) {
	moves := map[string]contracts.Move{} // by the commit of the policy so far
	var concerned []stored
	for _, p := range pulls {
		before := p.Decision.Basis.Policy
		if before == "" || before == tip { // undecided pull requests have lanes that are at work
			continue
		}
		move, known := moves[before]
		if !known {
			finder, err := j.finder(ctx, approval.Basis{Base: before, Head: tip, Policy: tip})
			if errors.Is(err, fs.ErrNotExist) {
				move.Policy, err = true, nil // the commit is gone: nothing of it can be relied on
			} else if err == nil {
				move, err = finder.Move(ctx)
			}
			if err != nil {
				return nil, fmt.Errorf("compare with %s: %w", before, err)
			}
			moves[before] = move
		}
		isTheirs := func(name string) bool { return move.Contracts[name] }
		if move.Policy || slices.ContainsFunc(p.Decision.Contracts, isTheirs) {
			concerned = append(concerned, p)
		}
	}
	return concerned, nil
}

// teamChanged wakes the reviews of the pull requests that a team is asked about.
func (j *job) teamChanged(ctx context.Context, id int64) error {
	names, err := j.Store.TeamsOf(ctx, id)
	if err != nil {
		return err
	}
	for _, team := range names {
		open, err := j.openPulls(ctx, team.RepoID)
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(s stored) bool {
			return s.Decision.Basis.BaseRef != team.Branch || !asks(&s.Decision, team.Name)
		})
		if err := j.reviewThose(ctx, team.RepoID, open); err != nil {
			return err
		}
	}
	return nil
}

// asks reports whether a decision depends on a team, whether or not the team has
// agreed.
func asks(d *approval.Decision, team string) bool {
	return slices.ContainsFunc(d.Demands, func(demand approval.Demand) bool {
		return slices.ContainsFunc(demand.Party.Teams, func(name string) bool {
			return strings.EqualFold(name, team)
		})
	})
}

// membersChanged wakes the reviews of an installation that depend on who may
// agree.
func (j *job) membersChanged(ctx context.Context) error {
	repos, err := j.Store.Repositories(ctx, j.lease.Installation)
	if err != nil {
		return err
	}
	for _, repo := range repos {
		open, err := j.openPulls(ctx, repo.RepoID)
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(s stored) bool { return len(s.Decision.Demands) == 0 })
		if err := j.reviewThose(ctx, repo.RepoID, open); err != nil {
			return err
		}
	}
	return nil
}

// installed has the open pull requests of all repositories listed, so that each
// has the check that a ruleset may require.
func (j *job) installed(ctx context.Context) error {
	repos, err := j.client.Repositories(ctx)
	if err != nil {
		return fmt.Errorf("list repositories: %w", err)
	}
	var lanes []store.Lane
	for _, repo := range repos {
		if repo.Archived {
			continue
		}
		lanes = append(lanes, store.Lane{
			Installation: repo.Installation, RepoID: repo.ID, Owner: repo.Owner, Name: repo.Name,
			Key: store.ListKey,
		})
	}
	return j.Store.DirtyLater(ctx, lanes...)
}

// listPulls has each open pull request of the repository reviewed.
func (j *job) listPulls(ctx context.Context) error {
	pulls, err := j.client.OpenPulls(ctx, j.repo)
	if err != nil {
		return fmt.Errorf("list open pull requests: %w", err)
	}
	lanes := make([]store.Lane, len(pulls))
	for i, p := range pulls {
		lanes[i] = j.lane(store.PullKey(p.Number))
	}
	return j.Store.DirtyLater(ctx, lanes...)
}
