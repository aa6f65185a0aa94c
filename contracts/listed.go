package contracts

import (
	"errors"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
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
			all = append(all, entry{c.For(file), file})
		}
	}
	return all
}

// matchingFiles returns the files that a path or a glob selects.
func matchingFiles(in Tree, pattern string) []string {
	if !config.IsGlob(pattern) {
		if _, exists := in.Blob(pattern); exists {
			return []string{pattern}
		}
		return nil
	}
	var all []string
	selects := config.Glob(pattern)
	for file := range in.Files() {
		if selects(file) {
			all = append(all, file)
		}
	}
	return all
}

// addListed adds what the configurations list. What the policy says of a file
// counts; what the head alone lists is new. What the pull request takes off the
// list is compared all the same: that it did so is a change of the policy.
func (d *discovery) addListed(c configurations) error {
	lines := map[string]diff.Location{}
	for _, e := range entries(c.head, d.head.Tree) {
		lines[e.file] = e.Line
	}
	for _, e := range entries(c.policy, d.base.Tree) {
		e.Line = lines[e.file] // the author sees the head's
		k, err := d.add(e, d.base)
		if err != nil {
			return err
		}
		if k != nil {
			k.Olds[0] = d.base.source(e.file)
		}
	}
	for _, e := range append(entries(c.head, d.head.Tree), entries(c.policy, d.head.Tree)...) {
		e.Registry, e.Versions = registrationOf(c.policy, e)
		k, err := d.add(e, d.head)
		if err != nil {
			return err
		}
		if k == nil {
			continue
		}
		k.New = d.head.source(e.file)
		if k.neverExisted() && len(c.policy.Contracts) == 0 { // recognised, and listed now
			k.Contract = e.Contract
		}
	}
	d.locate(c)
	d.reportUnmatched(c)
	return nil
}

// locate notes where the head's configuration still names a contract that is
// gone: its removal is shown there.
func (d *discovery) locate(c configurations) {
	for _, e := range c.head.Contracts {
		selects := config.Glob(e.Path)
		for _, k := range d.found {
			if k != nil && k.New.Absent() && (k.Name == e.Name || selects(k.file)) {
				k.Line = e.Line
			}
		}
	}
}

// registrationOf returns where the policy says that a contract's versions are. It
// says nothing of an entry that the head alone has.
func registrationOf(policy *config.Repository, e entry) (*config.Registration, string) {
	said, _ := policy.Entry(e.file)
	return said.Registry, said.Versions
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
	}
}

// complain records a mistake of an author.
func (d *discovery) complain(m *diff.Error) { d.result.Mistakes = append(d.result.Mistakes, m) }

// add finds or makes the contract of a listed file. It returns nil if the file
// is not a contract: that is a mistake of the author's.
func (d *discovery) add(e entry, in *Revision) (*Contract, error) {
	if k, known := d.found[e.file]; known {
		return k, nil
	}
	format, err := d.formatOf(e, in)
	var wrong *diff.Error
	if errors.As(err, &wrong) {
		d.complain(wrong)
		d.found[e.file] = nil // it is told once
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return d.create(e.Contract, format, e.file), nil
}

// create makes the contract of a file.
func (d *discovery) create(entry config.Contract, format *diff.Format, file string) *Contract {
	k := &Contract{Contract: entry, Format: format, Olds: make([]diff.Source, 1), file: file}
	d.found[file] = k
	return k
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
	format, err := known.RecogniseFile(in.Tree, e.file)
	if large, ok := d.finder.tooLarge(err); ok {
		return nil, large
	}
	if err == nil && format == nil {
		return nil, mistake(e.Line, "%s is not recognised as a contract: give its format", e.file)
	}
	return format, err
}
