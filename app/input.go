package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/github"
)

// input compares the contracts between two commits and gathers what a decision
// needs, except for the reviews.
func (j *job) input(ctx context.Context, basis approval.Basis) (approval.Input, error) {
	in := approval.Input{Basis: basis}
	finder, err := j.finder(ctx, basis)
	if err != nil {
		return in, err
	}
	result, err := finder.Compare(ctx)
	if err != nil {
		return in, err
	}
	if result.Edited {
		if in.Mistakes, err = j.unknownTeams(ctx, basis, result.Head); err != nil {
			return in, err
		}
	}
	for _, m := range result.Mistakes {
		in.Mistakes = append(in.Mistakes, mistake(m))
	}
	in.Notes, in.Reports = result.Notes, result.Reports
	if len(result.Contracts)+len(result.PolicyChanges) == 0 {
		return in, nil
	}
	for i, consumer := range result.Policy.Consumers {
		for _, contract := range result.Contracts {
			if contract.IsCalled(consumer.Contract) {
				in.Consumers = append(in.Consumers, approval.Consumer{
					Team:     consumer.Team,
					Contract: contract.Name,
					Uses:     consumer.Parsed,
					Reader:   result.Readers[i],
				})
			}
		}
	}
	owners, err := config.ReadCodeOwners(finder.Policy)
	if err != nil {
		return in, err
	}
	if in.Terms, err = terms(finder, result, owners); err != nil {
		return in, err
	}
	addPolicyChanges(&in, result, owners)
	in.Notes = append(in.Notes, owners.Notes()...)
	return in, nil
}

// finder reads the trees of a comparison.
func (j *job) finder(ctx context.Context, basis approval.Basis) (*contracts.Finder, error) {
	r := repository{j.client, j.repo}
	f := &contracts.Finder{
		Formats:    formats.All,
		Tip:        basis.Policy,
		Repository: r,
		Registries: j.Registries,
		Owner:      j.repo.Owner,
		Cache:      j.Cache,
		Index:      index{j},
		Now:        j.began,
		TooLarge:   github.ErrTooLarge,
		GivesUp:    j.lease.GivesUp,
	}
	for _, read := range []struct {
		tree   *contracts.Tree
		commit string
	}{{&f.Base, basis.Base}, {&f.Head, basis.Head}, {&f.Policy, basis.Policy}} {
		tree, err := r.Tree(ctx, read.commit)
		if err != nil {
			return nil, fmt.Errorf("read the files of %s: %w", read.commit, err)
		}
		*read.tree = tree
	}
	return f, nil
}

// repository is a repository on GitHub as package contracts reads it.
type repository struct {
	client *github.Client
	repo   github.Repo
}

// Tree returns the files of a commit.
func (r repository) Tree(ctx context.Context, commit string) (contracts.Tree, error) {
	tree, err := r.client.Tree(ctx, r.repo, commit)
	if err != nil {
		return nil, err
	}
	return tree, nil
}

// Tags returns the commits of the tags.
func (r repository) Tags(ctx context.Context) (map[string]string, error) {
	tags, err := r.client.Tags(ctx, r.repo)
	if err != nil {
		return nil, err
	}
	commits := map[string]string{}
	for _, tag := range tags {
		commits[tag.Name] = tag.Commit
	}
	return commits, nil
}

// Versions returns the commits that changed a file.
func (r repository) Versions(ctx context.Context, commit, file string, most int) ([]string, error) {
	found, err := r.client.CommitsOf(ctx, r.repo, commit, file, most)
	if err != nil {
		return nil, err
	}
	var commits []string
	for _, c := range found {
		commits = append(commits, c.SHA)
	}
	return commits, nil
}

func mistake(e *diff.Error) approval.Mistake {
	return approval.Mistake{File: e.File, Line: e.Line, Column: e.Column, Message: e.Message}
}

// unknownTeams finds teams that do not exist before a pull request depends on
// them. A name that the base branch has may be an old one of a team.
func (j *job) unknownTeams(
	ctx context.Context, basis approval.Basis, head *config.Repository,
) ([]approval.Mistake, error) {
	var mistakes []approval.Mistake
	teams := head.Teams()
	for _, name := range slices.Sorted(maps.Keys(teams)) {
		org, slug, _ := strings.Cut(name, "/")
		_, err := j.client.Team(ctx, org, slug)
		if errors.Is(err, fs.ErrNotExist) {
			former, err := j.team(ctx, basis, strings.ToLower(name))
			if err != nil {
				return nil, err
			}
			if former.ID != 0 {
				continue
			}
			unknown := &diff.Error{Location: teams[name], Message: "there is no team " + name}
			mistakes = append(mistakes, mistake(unknown))
		} else if err != nil {
			return nil, fmt.Errorf("look up team %s: %w", name, err)
		}
	}
	return mistakes, nil
}
