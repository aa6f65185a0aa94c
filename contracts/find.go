// Package contracts finds the contracts that differ between two revisions of a
// repository, reads their earlier versions and compares them: a report for each
// contract.
//
// Revisions come in as trees of files, and earlier versions from tags or from
// schema registries. The package knows neither GitHub nor the database, and
// nothing of who must agree to a change. It names no format either: what is
// special about one stands in its diff.Format. The App calls it through Finder,
// the command line through Match.
package contracts

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/usage"
)

// Tree is the files of one revision.
type Tree interface {
	fs.FS
	// Files yields the paths of all files, sorted.
	Files() iter.Seq[string]
	// Blob returns an identity of a file's content without reading the file:
	// equal identities mean equal contents. It reports whether the file exists.
	Blob(file string) (id string, exists bool)
}

// Repository gives access to the tagged revisions of a repository.
type Repository interface {
	// Tags returns the commit of each tag, by the tag's name.
	Tags(ctx context.Context) (map[string]string, error)
	// Tree returns the files of a commit.
	Tree(ctx context.Context, commit string) (Tree, error)
	// Versions returns the commits up to a given one that changed a file, the
	// newest first and at most that many.
	Versions(ctx context.Context, commit, file string, most int) ([]string, error)
}

// Finder finds and compares the contracts that a pull request changes.
type Finder struct {
	Formats    formats.List // that contracts may have
	Base, Head Tree
	// Policy is the tip of the base branch. What decides is read there, so that
	// a pull request cannot excuse itself. Where its configuration cannot be read,
	// Compare replaces it by the last revision before Tip whose can.
	Policy     Tree
	Tip        string // the commit of Policy
	Repository Repository
	// Registries are the schema registries that the contracts may name, as far
	// as Owner, who owns the repository, may use them.
	Registries Registries
	Owner      string
	Cache      *tree.Cache // of parsed documents
	Index      Index       // of the repository's files; nil: they are read
	Now        time.Time
	// TooLarge is the error with which a Tree refuses to read a file. It becomes
	// a mistake of the file's author.
	TooLarge error
	// GivesUp reports whether an error of a schema registry is final. The
	// report shows it then; if not, Compare returns it for another try, as it
	// does without a function.
	GivesUp func(error) bool

	outlines        *outlines     // that were asked for
	base, head, tip *Revision     // Base, Head and Policy
	described       []description // on the base branch
}

// Result is what Finder.Compare found.
type Result struct {
	// Policy is the configuration that decides. Head is that of the head, and
	// Edited reports whether the pull request changed it without a mistake.
	Policy, Head *config.Repository
	Edited       bool
	Contracts    []*Contract     // those that differ
	Reports      []*diff.Report  // one for each contract
	Readers      []*usage.Reader // one for each consumer of the policy; nil if it has no schema of its own
	// PolicyChanges are what the pull request changes of the policy.
	PolicyChanges []PolicyChange
	Mistakes      []*diff.Error // in the configuration, and of files that are too large
	Notes         []string      // for people
}

// Contract is a contract with its revisions.
type Contract struct {
	config.Contract
	Format *diff.Format
	Olds   []diff.Source // oldest first; a contract that did not exist is absent there
	New    diff.Source

	file      string // its root, at the earliest revision that has it
	stood     bool   // the base has that file, whatever it was
	stands    bool   // the head has that file, whatever it is
	renamed   bool   // the newest revision has it under another path
	unchanged bool   // it consists of no file that differs
	err       error  // why its files could not be found
}

// Old returns the last of the earlier revisions.
func (c *Contract) Old() diff.Source { return c.Olds[len(c.Olds)-1] }

// Compare finds the contracts that differ between Base and Head and compares
// each with its base and with its earlier versions.
func (f *Finder) Compare(ctx context.Context) (*Result, error) {
	c, mistakes, err := f.configurations(ctx)
	if err != nil {
		return nil, err
	}
	f.open(ctx)
	r := &Result{Policy: c.policy, Head: c.head, Edited: c.edited && len(mistakes) == 0, Mistakes: mistakes}
	unseen, err := f.find(ctx, c, r)
	if err != nil {
		return nil, fmt.Errorf("find the contracts: %w", err)
	}
	if c.note != "" {
		r.Notes = append(r.Notes, c.note)
	}
	for _, note := range c.policy.Notes {
		r.Notes = append(r.Notes, note.Error())
	}
	if len(r.Contracts) > 0 {
		if f.described, err = f.descriptions(ctx, f.tip, c.policy); err != nil {
			return nil, err
		}
		unreadable, err := f.compareAll(ctx, r)
		if err != nil {
			return nil, err
		}
		unseen = append(unseen, unreadable...)
		if err := f.resolveReaders(ctx, r); err != nil {
			return nil, err
		}
	}
	if err := f.comparePolicy(ctx, c, r); err != nil {
		return nil, fmt.Errorf("compare the policy: %w", err)
	}
	if err := f.addUnseen(ctx, unseen, r); err != nil {
		return nil, err
	}
	return r, nil
}

// find finds the contracts that differ, and the entries that lead to none. A
// contract is a file: one that the policy lists, or that is recognised if the policy
// lists none, and what the head lists beside them.
func (f *Finder) find(ctx context.Context, c configurations, r *Result) ([]unseen, error) {
	d := &discovery{
		finder: f, result: r, base: f.base, head: f.head,
		changed: changedFiles(f.base, f.head),
		found:   map[string]*Contract{}, wrong: map[string]wrongEntry{}, unreadable: map[string]bool{},
	}
	if len(d.changed) > 0 {
		if err := d.findAll(ctx, c); err != nil {
			return nil, err
		}
	}
	if err := d.reportUnmatched(ctx, c); err != nil {
		return nil, err
	}
	return d.unseen, nil
}

// findAll finds the contracts, and leaves to be compared those that differ.
func (d *discovery) findAll(ctx context.Context, c configurations) error {
	if len(c.policy.Contracts) == 0 {
		if err := d.addRecognised(ctx); err != nil {
			return err
		}
	}
	if err := d.addListed(ctx, c); err != nil {
		return err
	}
	var all []*Contract
	for _, file := range slices.Sorted(maps.Keys(d.found)) {
		c := d.found[file]
		_, c.stands = d.head.Tree.Blob(file)
		_, c.stood = d.base.Tree.Blob(file)
		all = append(all, c)
	}
	all = followMoves(all)
	d.label(all)
	if err := leaveUnchanged(all, d.changed, d.head, d.base); err != nil {
		return err
	}
	for _, contract := range all {
		if !contract.unchanged {
			contract.findFiles([]*Revision{d.base}, d.head)
			d.result.Contracts = append(d.result.Contracts, contract)
		}
	}
	return d.noteUnreadable()
}

// discovery looks for the contracts that a pull request changes.
type discovery struct {
	finder     *Finder
	result     *Result
	base, head *Revision
	changed    map[string]bool       // the files that differ
	found      map[string]*Contract  // by file
	wrong      map[string]wrongEntry // by file: entries that lead to no contract
	unseen     []unseen
	unreadable map[string]bool // files of contracts, as Wrong.In says them
}

// open prepares to look into the trees.
func (f *Finder) open(ctx context.Context) {
	index := f.Index
	if index == nil {
		index = &Reading{f.Formats, f.Cache, f.TooLarge}
	}
	f.outlines = newOutlines(index)
	f.base, f.head, f.tip = f.revision(ctx, f.Base), f.revision(ctx, f.Head), f.revision(ctx, f.Policy)
}

// revision returns the revision of a tree of the repository.
func (f *Finder) revision(ctx context.Context, t Tree) *Revision {
	known := f.outlines
	return &Revision{Tree: t, Path: ".", Cache: f.Cache, outlines: func(files []string) (
		map[string]diff.Outline, error,
	) {
		return known.of(ctx, t, files)
	}}
}

// mostUnreadable bounds the files that are named because they cannot be read.
const mostUnreadable = 5

// noteUnreadable names the files that are part of contracts, or may be one, that
// cannot be read and that the pull request did not touch: what lies behind them was
// not looked at.
func (d *discovery) noteUnreadable() error {
	for _, r := range []*Revision{d.base, d.head} {
		for _, g := range r.graphs {
			for _, file := range g.Files() {
				o, err := r.outline(file)
				if err != nil {
					return err
				}
				if o.Wrong != nil && !d.changed[file] {
					d.unreadable[o.Wrong.In(file)] = true
				}
			}
		}
	}
	all := slices.Sorted(maps.Keys(d.unreadable))
	for i, name := range all {
		if i == mostUnreadable {
			d.note("%d more files that belong to contracts, or may, cannot be read.", len(all)-i)
			break
		}
		d.note("%s. Which contracts consist of it, and of what it refers to, is not known.", name)
	}
	return nil
}

// note tells people something.
func (d *discovery) note(format string, args ...any) {
	d.result.Notes = append(d.result.Notes, fmt.Sprintf(format, args...))
}
