package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// teams finds teams by their names, and returns them by the names in lower case.
// It looks them up at the same time, and all of them even if one fails.
func (j *job) teams(
	ctx context.Context, basis approval.Basis, names []string,
) (map[string]store.Team, error) {
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(mostAtOnce)
	all := map[string]store.Team{}
	for _, name := range names {
		group.Go(func() error {
			team, err := j.team(ctx, basis, strings.ToLower(name))
			mu.Lock()
			defer mu.Unlock()
			all[strings.ToLower(name)] = team
			return err
		})
	}
	return all, group.Wait()
}

// mostAtOnce bounds the requests that one review sends at the same time.
const mostAtOnce = 8

// team finds the team that a name stands for in the policy of a branch. The team
// is zero if there is none.
//
// A name stands for the team that had it when somebody was first asked by it: a
// new team that takes the name of a renamed or deleted one must not inherit its
// say. The name of a deleted team is free for another one after the policy was
// edited, which its owners had to approve.
func (j *job) team(ctx context.Context, basis approval.Basis, name string) (store.Team, error) {
	tree, err := j.client.Tree(ctx, j.repo, basis.Policy)
	if err != nil {
		return store.Team{}, fmt.Errorf("read the files of %s: %w", basis.Policy, err)
	}
	policy := policyVersion(tree)
	known, err := j.Store.Team(ctx, j.repo.ID, basis.BaseRef, name)
	if err == nil && known.Policy == policy {
		return known, nil
	}
	var found github.Team
	if err == nil {
		found, err = j.client.TeamByID(ctx, known.Org, known.ID)
	}
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		org, slug := teamOf(name)
		found, err = j.client.Team(ctx, org, slug)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return store.Team{}, nil
	}
	if err != nil {
		return store.Team{}, fmt.Errorf("look up team %s: %w", name, err)
	}
	known = store.Team{
		RepoID: j.repo.ID, Branch: basis.BaseRef, Name: name, Org: found.Org, ID: found.ID, Slug: found.Slug,
		Policy: policy, Seen: j.began,
	}
	return known, j.Store.SaveTeam(ctx, j.lease, known)
}

// slug returns how a team is called since a decision on it was begun. The error
// is fs.ErrNotExist if the team was deleted.
func (j *job) slug(ctx context.Context, t store.Team, decided time.Time) (string, error) {
	if !t.Seen.Before(decided) {
		return t.Slug, nil
	}
	found, err := j.client.TeamByID(ctx, t.Org, t.ID)
	return found.Slug, err
}

// policyVersion identifies the files of a revision that name teams.
func policyVersion(tree *github.Tree) string {
	var blobs []string
	for _, file := range append(slices.Clone(config.CodeOwnerFiles), config.Path) {
		blob, _ := tree.Blob(file)
		blobs = append(blobs, blob)
	}
	return digest(blobs)
}

// speaksFor looks up now whether the user is of the parties that are asked.
func (j *job) speaksFor(ctx context.Context, user string, asked []approval.Demand,
	teams map[string]store.Team) (func(approval.Party) bool, error) {
	member := map[string]bool{}
	for name, team := range teams {
		if team.ID == 0 {
			continue
		}
		is, err := j.client.TeamMember(ctx, team.Org, team.ID, user)
		if err != nil {
			return nil, fmt.Errorf("look up who is in %s: %w", name, err)
		}
		member[name] = is
	}
	writes := false
	if slices.ContainsFunc(asked, func(d approval.Demand) bool { return d.Party.Writers }) {
		can, err := j.client.CanWrite(ctx, j.repo, user)
		if err != nil {
			return nil, fmt.Errorf("look up who may write: %w", err)
		}
		writes = can
	}
	return func(p approval.Party) bool {
		return p.Writers && writes ||
			slices.ContainsFunc(p.Teams, func(team string) bool { return member[strings.ToLower(team)] }) ||
			slices.ContainsFunc(p.Users, func(u string) bool { return strings.EqualFold(u, user) })
	}, nil
}

// teamOf splits "org/team".
func teamOf(name string) (org, slug string) {
	org, slug, _ = strings.Cut(name, "/")
	return org, slug
}
