package contracts

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

// entry is a file that a configuration lists, by itself or by a glob.
type entry struct {
	config.Contract
	file string
}

// entries returns what the configuration lists of the files of a tree.
func entries(r *config.Repository, in Tree) []entry {
	var all []entry
	for _, c := range r.Contracts {
		for _, file := range matchingFiles(in, c.Path) {
			if isGlob(c.Path) {
				c.Name = config.DefaultName(file)
			}
			all = append(all, entry{c, file})
		}
	}
	return all
}

// matchingFiles returns the files that a path or a glob selects: * stands for
// anything within a folder, ** for any folders.
func matchingFiles(in Tree, pattern string) []string {
	if !isGlob(pattern) {
		if _, exists := in.Blob(pattern); exists {
			return []string{pattern}
		}
		return nil
	}
	var all []string
	for file := range in.Files() {
		if config.Matches(pattern, file) {
			all = append(all, file)
		}
	}
	return all
}

func isGlob(pattern string) bool { return strings.ContainsAny(pattern, "*?[") }

// addListed adds the union of what both sides list. What the base says of a
// contract counts; what the head alone lists is new. What the pull request
// takes off the list is gone, whether its file exists or not: nobody would
// watch over it.
func (d *discovery) addListed(c configurations) error {
	for _, e := range entries(c.policy, d.base.Tree) {
		e.Line = diff.Location{} // the head's line is shown, if it has one
		if err := d.add(e, d.base, func(k *Contract) { k.Olds[0] = d.base.source(e.file) }); err != nil {
			return err
		}
	}
	for _, e := range entries(c.head, d.head.Tree) {
		e.Registry, e.Versions = registrationOf(c.policy, e)
		set := func(k *Contract) { k.New, k.Line = d.head.source(e.file), e.Line }
		if err := d.add(e, d.head, set); err != nil {
			return err
		}
	}
	before := entries(c.base, d.base.Tree)
	for _, k := range d.found {
		old := k.Old().Root()
		wasListed := slices.ContainsFunc(before, func(e entry) bool { return e.file == old })
		if _, exists := d.head.Tree.Blob(old); exists && k.New.Absent() && !wasListed {
			k.New = d.head.source(old) // listed since the pull request began
		}
		k.renamed = !k.Old().Absent() && !k.New.Absent() && k.Old().Root() != k.New.Root()
	}
	d.reportUnmatched(c)
	return nil
}

// registrationOf returns where the policy says that a contract's versions are. It
// says nothing of an entry that the head alone has.
func registrationOf(policy *config.Repository, e entry) (*config.Registration, string) {
	for _, c := range policy.Contracts {
		if config.Matches(c.Path, e.file) {
			return c.Registry, c.Versions
		}
	}
	return nil, ""
}

// reportUnmatched complains of entries that match no file, unless they matched none
// before and the pull request did not touch them.
func (d *discovery) reportUnmatched(c configurations) {
	for _, e := range c.head.Contracts {
		wasUnmatched := len(matchingFiles(d.base.Tree, e.Path)) == 0
		if len(matchingFiles(d.head.Tree, e.Path)) > 0 || !c.edited && wasUnmatched {
			continue
		}
		d.complain(mistake(e.Line, "no file matches %s", e.Path))
		if k := d.found[e.Name]; k != nil {
			k.Line = e.Line
		}
	}
}

// complain records a mistake of an author.
func (d *discovery) complain(m *diff.Error) { d.result.Mistakes = append(d.result.Mistakes, m) }

// add finds or makes the contract that a listed file belongs to: that of the
// same name, or that of the same file before its entry was renamed.
func (d *discovery) add(e entry, in *Revision, set func(*Contract)) error {
	for _, k := range d.found {
		if k.Name == e.Name || k.New.Absent() && k.Old().Root() == e.file {
			set(k)
			return nil
		}
	}
	format, err := d.formatOf(e, in)
	var wrong *diff.Error
	if errors.As(err, &wrong) {
		d.complain(wrong)
		return nil
	}
	if err != nil {
		return err
	}
	k := &Contract{Contract: e.Contract, Format: format, Olds: make([]diff.Source, 1)}
	d.found[e.Name] = k
	set(k)
	return nil
}

// formatOf returns the format of a listed file. A mistake of an author's is a
// *diff.Error.
func (d *discovery) formatOf(e entry, in *Revision) (*diff.Format, error) {
	known := d.finder.Formats
	if e.Format != "" {
		format, err := known.Named(e.Format)
		if err != nil {
			return nil, mistake(e.Line, "%v", err)
		}
		return format, nil
	}
	format, err := recognise(known, in.Tree, e.file)
	if large, ok := d.finder.tooLarge(err); ok {
		return nil, large
	}
	if err == nil && format == nil {
		return nil, mistake(e.Line, "%s is not recognised as a contract: give its format", e.file)
	}
	return format, err
}

// recognise returns the format that claims a file, nil if none does.
func recognise(known formats.List, in fs.FS, file string) (*diff.Format, error) {
	f, err := in.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, formats.HeadSize))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return known.Recognise(file, head), nil
}
