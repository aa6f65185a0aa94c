package contracts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// configurations are what .github/assent.yml says at the three revisions.
type configurations struct {
	policy, base, head *config.Repository
	edited             bool // the pull request changes the file, or one that it names

	brokenTip  Tree          // the tip of the base branch, if another version decides because of it
	brokenBase bool          // the base cannot be read
	brokenHead []*diff.Error // why the head cannot be read
	note       string        // for people: which version decides
}

// configurations reads the policy, and the head's file to check it. What the
// head says never stands in for a policy that cannot be read.
func (f *Finder) configurations(ctx context.Context) (c configurations, mistakes []*diff.Error, err error) {
	policy, broken, err := f.readConfig(f.Policy)
	if err != nil {
		return c, nil, err
	}
	if len(broken) > 0 {
		var earlier Tree
		if earlier, policy, c.note, err = f.readEarlier(ctx, broken[0]); err != nil {
			return c, nil, err
		}
		if earlier != nil {
			c.brokenTip, f.Policy = f.Policy, earlier
		}
	}
	base, broken, err := f.readConfig(f.Base)
	if err != nil {
		return c, nil, err
	}
	c.brokenBase = len(broken) > 0
	head, wrong, err := f.readConfig(f.Head)
	if err != nil {
		return c, nil, err
	}
	for _, e := range wrong {
		c.brokenHead = append(c.brokenHead, mistake(e.Location, "%s", e.Message))
	}
	c.policy, c.base, c.head = policy, base, head
	c.edited = slices.ContainsFunc(slices.Concat([]string{config.Path}, base.Files, head.Files), f.changes)
	if c.edited {
		mistakes = c.brokenHead
	}
	// What a broken file lists may be incomplete.
	if c.brokenBase || len(wrong) > 0 {
		c.base = policy
	}
	if len(wrong) > 0 {
		c.head = policy
	}
	return c, mistakes, nil
}

// mostVersions bounds the versions of the configuration that are tried; each is a
// tree that has to be fetched.
const mostVersions = 20

// readEarlier reads the last version of the configuration on the base branch that
// can be read, with the files of its revision. Where there is none, the defaults
// hold. The note says so.
func (f *Finder) readEarlier(
	ctx context.Context, broken *diff.Error,
) (files Tree, r *config.Repository, note string, err error) {
	const unreadable = "The configuration on the base branch cannot be read (%s). "
	commits, err := f.Repository.Versions(ctx, f.Tip, config.Path, mostVersions)
	if err != nil {
		return nil, nil, "", fmt.Errorf("list the versions of %s: %w", config.Path, err)
	}
	for _, commit := range commits {
		earlier, err := f.Repository.Tree(ctx, commit)
		if err != nil {
			return nil, nil, "", fmt.Errorf("read the files of %s: %w", commit, err)
		}
		r, wrong, err := f.readConfig(earlier)
		if err != nil {
			return nil, nil, "", err
		}
		if len(wrong) == 0 {
			return earlier, r, fmt.Sprintf(unreadable+"That of commit %s decides.", broken, commit), nil
		}
	}
	return nil, config.Default(), fmt.Sprintf(unreadable+"The defaults decide.", broken), nil
}

func (f *Finder) readConfig(tree fs.FS) (*config.Repository, []*diff.Error, error) {
	data, err := fs.ReadFile(tree, config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return config.Default(), nil, nil
	}
	if large, ok := f.tooLarge(err); ok {
		return config.Default(), []*diff.Error{large}, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", config.Path, err)
	}
	rules := f.Formats.Rules()
	r, wrong := config.Read(config.Path, data, rules)
	more, err := r.ImportOasdiff(tree, rules)
	if err != nil {
		return nil, nil, fmt.Errorf("read the files that %s names: %w", config.Path, err)
	}
	return r, append(wrong, more...), nil
}

// mistake returns a mistake in the configuration. Without a line it concerns
// the whole file.
func mistake(at diff.Location, format string, args ...any) *diff.Error {
	at = firstLine(at)
	at.File = config.Path
	return &diff.Error{Location: at, Message: fmt.Sprintf(format, args...)}
}

// firstLine completes a location that has no line.
func firstLine(at diff.Location) diff.Location {
	at.Line, at.Column, at.EndLine = max(at.Line, 1), max(at.Column, 1), max(at.EndLine, 1)
	return at
}

// tooLarge turns the refusal to read a huge file into a mistake of its author.
func (f *Finder) tooLarge(err error) (*diff.Error, bool) { return tooLarge(err, f.TooLarge) }
