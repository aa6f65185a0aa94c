package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/openapi"
	"github.com/assent-dev/assent/github"
)

// compared is what came of comparing one contract.
type compared struct {
	report *diff.Report
	notes  []string // for people
}

// compareOne compares a contract with its base, and with the versions that a
// schema registry holds of it.
func (j *job) compareOne(ctx context.Context, policy *config.Repository, c contract, t revisions) (compared, error) {
	base, head := j.source(t.base, c.oldPath, c.oldFiles), j.source(t.head, c.newPath, c.newFiles)
	var h History
	var err error
	switch {
	case head.Absent():
	case c.Registry != nil:
		if c, err = j.named(policy, c, t); err == nil {
			h, err = j.history(ctx, c, base, head)
		}
		if err != nil {
			return j.unread(c, err)
		}
	case c.Versions != "":
		if h, err = j.tagged(ctx, c); err != nil {
			return compared{}, err
		}
	}
	compatibility, err := c.format.Compatibility(cmp.Or(c.Compatibility, h.Level))
	profile, noProfile := c.format.Profile(c.Profile)
	switch {
	case err != nil:
	case noProfile != nil:
		err = noProfile
	case compatibility.Transitive && c.Registry == nil && c.Versions == "":
		err = fmt.Errorf("compatibility %s needs earlier versions: name a registry that has them, or the tags, in versions", compatibility.Name)
	}
	if err != nil {
		return compared{report: unreadable(c, c.configured(), err)}, nil
	}
	compatibility.Transitive = false // which versions count is settled
	var found []diff.Change
	if c.format == openapi.Format {
		if found, err = (validator{j.Cache, mostValidated}).changes(ctx, base, head); err != nil {
			return compared{}, fmt.Errorf("validate %s: %w", c.Name, err)
		}
	}
	report, known, err := diff.CompareHistory(ctx, diff.Contract{
		Name: c.Name, Format: c.format, Compatibility: compatibility, Policy: policy.Policy(c.Contract, j.Now()), Named: c.Line,
		Options: policy.Options(profile, diff.Day(j.Now().UTC().Format(time.DateOnly))), Found: found,
		Renamed: c.oldPath != "" && c.newPath != "" && c.oldPath != c.newPath, Refusals: h.Refusals,
	}, base, h.Versions, head)
	if large, ok := tooLarge(err); ok {
		return compared{report: unreadable(c, diff.Location{File: large.File}, errors.New(large.Message))}, nil
	}
	if report != nil {
		h.relocate(report, c.configured())
	}
	if known > 0 {
		h.Notes = append(h.Notes, fmt.Sprintf("%s: findings against registered versions that the base branch has already, and that nobody is asked about here: %d.", c.Name, known))
	}
	return compared{report, h.Notes}, err
}

func (j *job) source(tree *github.Tree, path string, files []string) diff.Source {
	switch {
	case path == "":
		return diff.Source{}
	case files == nil:
		return diff.Source{FS: tree, Paths: []string{path}, Cache: j.Cache}
	}
	return diff.Source{FS: tree, Paths: files, Whole: true, Cache: j.Cache}
}

// unread is what becomes of a contract whose registry could not be read. The
// review is tried again; when that ends, the contract's entry tells of it and
// the other contracts are decided on.
func (j *job) unread(c contract, err error) (compared, error) {
	var unread *registryError
	if isMistake(err) || errors.As(err, &unread) && j.lease.Ends(err) {
		return compared{report: unreadable(c, c.configured(), err)}, nil
	}
	return compared{}, err
}

// configured is where the configuration names the contract.
func (c *contract) configured() diff.Location {
	at := c.Line
	at.File = config.Path
	return at
}

// tooLarge turns the refusal to read a huge file into a mistake of its author.
func tooLarge(err error) (approval.Mistake, bool) {
	if !errors.Is(err, github.ErrTooLarge) {
		return approval.Mistake{}, false
	}
	m := mistake(diff.Location{}, "%v", err)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		m.File, m.Message = at.Path, at.Err.Error()
	}
	return m, true
}

// unreadable is the report on a contract that could not be compared at all.
func unreadable(c contract, at diff.Location, err error) *diff.Report {
	at.Line, at.Column, at.EndLine = max(at.Line, 1), max(at.Column, 1), max(at.EndLine, 1)
	return &diff.Report{
		Contract: c.Name, Path: c.newPath, Format: c.format.Name, Errors: []*diff.Error{{Location: at, Message: err.Error()}},
	}
}
