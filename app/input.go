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
	policy, head, mistakes, err := j.configurations(ctx, t)
	if err != nil {
		return in, err
	}
	in.Mistakes = mistakes
	contracts, mistakes, err := discover(policy, head, t)
	if err != nil {
		return in, fmt.Errorf("find the contracts: %w", err)
	}
	in.Mistakes = append(in.Mistakes, mistakes...)
	if in.Reports, err = j.compare(ctx, policy, contracts, t); err != nil {
		return in, err
	}
	in.Consumers = policy.Registered()
	in.Terms, err = terms(policy, contracts, t)
	return in, err
}

// configurations reads the policy, and the head's file to check it. A policy
// that cannot be read is replaced by the head's if that one can: then the pull
// request mends it.
func (j *job) configurations(ctx context.Context, t revisions) (policy, head *config.Repository, mistakes []approval.Mistake, err error) {
	policy, broken, err := readConfig(t.policy)
	if err != nil {
		return nil, nil, nil, err
	}
	head, errs, err := readConfig(t.head)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, e := range errs {
		mistakes = append(mistakes, mistake(e))
	}
	before, _ := t.policy.Blob(config.Path)
	if after, there := t.head.Blob(config.Path); there && after != before && len(errs) == 0 {
		unknown, err := j.unknownTeams(ctx, head)
		if err != nil {
			return nil, nil, nil, err
		}
		mistakes = append(mistakes, unknown...)
	}
	if len(broken) > 0 {
		policy = head
		if len(mistakes) == 0 && len(errs) > 0 {
			mistakes = append(mistakes, mistake(broken[0]))
		}
	}
	return policy, head, mistakes, nil
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
	return r, errs, nil
}

func mistake(e *diff.Error) approval.Mistake {
	return approval.Mistake{File: e.File, Line: e.Line, Column: e.Column, Message: e.Message}
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
			at := teams[name]
			mistakes = append(mistakes, approval.Mistake{File: config.Path, Line: at.Line, Column: at.Column, Message: "there is no team " + name})
		} else if err != nil {
			return nil, fmt.Errorf("look up team %s: %w", name, err)
		}
	}
	return mistakes, nil
}

// compare compares the contracts in parallel, bounded by the cores.
func (j *job) compare(ctx context.Context, policy *config.Repository, contracts []contract, t revisions) ([]*diff.Report, error) {
	reports := make([]*diff.Report, len(contracts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range contracts {
		group.Go(func() (err error) {
			reports[i], err = j.compareOne(ctx, policy, c, t)
			return err
		})
	}
	return reports, group.Wait()
}

func (j *job) compareOne(ctx context.Context, policy *config.Repository, c contract, t revisions) (*diff.Report, error) {
	source := func(tree *github.Tree, path string) diff.Source {
		if path == "" {
			return diff.Source{}
		}
		return diff.Source{FS: tree, Paths: []string{path}, Cache: j.Cache}
	}
	compatibility, err := c.format.Compatibility(c.Compatibility)
	if err == nil && compatibility.Transitive {
		err = fmt.Errorf("compatibility %s needs earlier versions, and none are configured", compatibility.Name)
	}
	if err != nil {
		report := &diff.Report{Contract: c.Name, Path: c.newPath, Format: c.format.Name}
		report.Errors = []*diff.Error{{Location: c.Line, Message: err.Error()}}
		return report, nil
	}
	return diff.Compare(ctx, diff.Contract{
		Name: c.Name, Format: c.format, Compatibility: compatibility, Policy: policy.Policy(c.Contract, j.Now()), Named: c.Line,
		Renamed: c.oldPath != "" && c.newPath != "" && c.oldPath != c.newPath,
	}, []diff.Source{source(t.base, c.oldPath)}, source(t.head, c.newPath))
}
