package contracts

import (
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
}

// configurations reads the policy, and the head's file to check it. A policy
// that cannot be read is replaced by the head's: then the pull request mends
// it, or is told of it.
func (f *Finder) configurations() (c configurations, mistakes []*diff.Error, err error) {
	policy, broken, err := f.readConfig(f.Policy)
	if err != nil {
		return c, nil, err
	}
	base, _, err := f.readConfig(f.Base)
	if err != nil {
		return c, nil, err
	}
	head, wrong, err := f.readConfig(f.Head)
	if err != nil {
		return c, nil, err
	}
	c = configurations{policy: policy, base: base, head: head}
	c.edited = slices.ContainsFunc(slices.Concat([]string{config.Path}, base.Files, head.Files), f.changes)
	if len(broken) > 0 {
		c.policy = head
	}
	if len(wrong) == 0 {
		return c, nil, nil
	}
	if c.edited || len(broken) > 0 {
		for _, e := range wrong {
			mistakes = append(mistakes, mistake(e.Location, "%s", e.Message))
		}
	}
	c.base, c.head = c.policy, c.policy // what the broken file lists may be incomplete
	return c, mistakes, nil
}

func (f *Finder) readConfig(tree fs.FS) (*config.Repository, []*diff.Error, error) {
	data, err := fs.ReadFile(tree, config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return config.Default(), nil, nil
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
func (f *Finder) tooLarge(err error) (*diff.Error, bool) {
	if err == nil || !errors.Is(err, f.TooLarge) {
		return nil, false
	}
	m := mistake(diff.Location{}, "%v", err)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		m.File, m.Message = at.Path, at.Err.Error()
	}
	return m, true
}
