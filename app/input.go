package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/github"
)

// revisions are the three trees that a review reads.
type revisions struct {
	base, head *github.Tree
	policy     *github.Tree // the tip of the base branch: a pull request cannot excuse itself
}

// input compares the contracts between two commits and gathers what a decision
// needs but for the reviews.
func (j *job) input(ctx context.Context, basis approval.Basis) (approval.Input, error) {
	in := approval.Input{Basis: basis}
	var t revisions
	for _, read := range []struct {
		tree   **github.Tree
		commit string
	}{{&t.base, basis.Base}, {&t.head, basis.Head}, {&t.policy, basis.Policy}} {
		tree, err := j.client.Tree(ctx, j.repo, read.commit)
		if err != nil {
			return in, fmt.Errorf("read the files of %s: %w", read.commit, err)
		}
		*read.tree = tree
	}
	c, mistakes, err := j.configurations(ctx, t)
	if err != nil {
		return in, err
	}
	in.Mistakes = mistakes
	found, err := discover(c, t, j.Cache)
	if err != nil {
		return in, fmt.Errorf("find the contracts: %w", err)
	}
	in.Mistakes, in.Notes = append(in.Mistakes, found.mistakes...), found.notes
	for _, note := range c.policy.Notes {
		in.Notes = append(in.Notes, note.Error())
	}
	if len(found.contracts) == 0 {
		return in, nil
	}
	reports, notes, err := j.compare(ctx, c.policy, found.contracts, t)
	if err != nil {
		return in, err
	}
	in.Reports, in.Notes = reports, append(in.Notes, notes...)
	in.Consumers, mistakes, err = j.consumers(ctx, c.policy, found.contracts, reports, t)
	if err != nil {
		return in, err
	}
	in.Mistakes = append(in.Mistakes, mistakes...)
	in.Terms, err = j.terms(c.policy, found.contracts, t)
	return in, err
}

// configurations are what .github/assent.yml says at the three revisions.
type configurations struct {
	policy, base, head *config.Repository
	touched            bool // the pull request changes the file
}

// configurations reads the policy, and the head's file to check it. A policy
// that cannot be read is replaced by the head's: then the pull request mends
// it, or is told of it.
func (j *job) configurations(ctx context.Context, t revisions) (c configurations, mistakes []approval.Mistake, err error) {
	policy, broken, err := readConfig(t.policy)
	if err != nil {
		return c, nil, err
	}
	base, _, err := readConfig(t.base)
	if err != nil {
		return c, nil, err
	}
	head, errs, err := readConfig(t.head)
	if err != nil {
		return c, nil, err
	}
	before, _ := t.base.Blob(config.Path)
	after, _ := t.head.Blob(config.Path)
	c = configurations{policy: policy, base: base, head: head, touched: before != after}
	if len(broken) > 0 {
		c.policy = head
	}
	if len(errs) > 0 && (c.touched || len(broken) > 0) {
		for _, e := range errs {
			mistakes = append(mistakes, mistake(e.Location, "%s", e.Message))
		}
	}
	if len(errs) > 0 { // what it lists may be incomplete
		c.base, c.head = c.policy, c.policy
		return c, mistakes, nil
	}
	if c.touched {
		mistakes, err = j.unknownTeams(ctx, head)
	}
	return c, mistakes, err
}

func readConfig(tree fs.FS) (*config.Repository, []*diff.Error, error) {
	data, err := fs.ReadFile(tree, config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return config.Default(), nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", config.Path, err)
	}
	r, errs := config.Read(config.Path, data, formats.Rules())
	more, err := r.ImportOasdiff(tree, formats.Rules())
	if err != nil {
		return nil, nil, fmt.Errorf("read the files that %s names: %w", config.Path, err)
	}
	return r, append(errs, more...), nil
}

// mistake is one in the configuration; without a place, it is one of the whole
// file.
func mistake(at diff.Location, format string, args ...any) approval.Mistake {
	return approval.Mistake{File: config.Path, Line: max(at.Line, 1), Column: max(at.Column, 1), Message: fmt.Sprintf(format, args...)}
}

// unknownTeams finds teams that do not exist before a pull request depends on
// them.
func (j *job) unknownTeams(ctx context.Context, head *config.Repository) ([]approval.Mistake, error) {
	var mistakes []approval.Mistake
	teams := head.Teams()
	for _, name := range slices.Sorted(maps.Keys(teams)) {
		org, slug, _ := strings.Cut(name, "/")
		_, err := j.client.Team(ctx, org, slug)
		if errors.Is(err, fs.ErrNotExist) {
			mistakes = append(mistakes, mistake(teams[name], "there is no team %s", name))
		} else if err != nil {
			return nil, fmt.Errorf("look up team %s: %w", name, err)
		}
	}
	return mistakes, nil
}

// compare compares the contracts in parallel, bounded by the cores.
func (j *job) compare(ctx context.Context, policy *config.Repository, contracts []contract, t revisions) (reports []*diff.Report, notes []string, err error) {
	all := make([]compared, len(contracts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range contracts {
		group.Go(func() (err error) {
			all[i], err = guarded(func() (compared, error) { return j.compareOne(ctx, policy, c, t) })
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for _, c := range all {
		reports, notes = append(reports, c.report), append(notes, c.notes...)
	}
	return reports, notes, nil
}
