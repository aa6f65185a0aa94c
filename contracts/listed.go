package contracts

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// addListed adds what the configurations list. What the policy says of a file
// counts; what the head alone lists is new. What the pull request takes off the
// list is compared all the same: that it did so is a change of the policy.
func (d *discovery) addListed(ctx context.Context, c configurations) error {
	before, err := d.base.entries(ctx, c.policy)
	if err != nil {
		return err
	}
	now, err := d.head.entries(ctx, c.head)
	if err != nil {
		return err
	}
	lines := map[string]diff.Location{}
	for _, e := range now {
		lines[e.File] = e.Line
	}
	still, err := d.head.entries(ctx, c.policy)
	if err != nil {
		return err
	}
	for i := range before {
		before[i].Line = lines[before[i].File] // the author sees the head's
	}
	if err := d.addBefore(before); err != nil {
		return err
	}
	if err := d.addNow(c, slices.Concat(now, still)); err != nil {
		return err
	}
	d.locate(c)
	d.reportWrong(c)
	return nil
}

// addBefore adds what the policy lists of the base.
func (d *discovery) addBefore(entries []config.Selected) error {
	if err := d.base.load(filesOf(entries)); err != nil {
		return err
	}
	for _, e := range entries {
		k, err := d.add(e, d.base)
		if err != nil {
			return err
		}
		if k != nil {
			k.Olds[0] = d.base.source(e.File)
		}
	}
	return nil
}

// addNow adds what is listed of the head.
func (d *discovery) addNow(c configurations, entries []config.Selected) error {
	if err := d.head.load(filesOf(entries)); err != nil {
		return err
	}
	policy := c.policy.Selection()
	for _, e := range entries {
		e.Registry, e.Versions = registrationOf(policy, e)
		k, err := d.add(e, d.head)
		if err != nil {
			return err
		}
		if k == nil {
			continue
		}
		k.New = d.head.source(e.File)
		if k.neverExisted() && len(c.policy.Contracts) == 0 { // recognised, and listed now
			k.Contract = e.Contract
		}
	}
	return nil
}

func filesOf(entries []config.Selected) []string {
	var files []string
	for _, e := range entries {
		files = append(files, e.File)
	}
	return files
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
func registrationOf(policy *config.Selection, e config.Selected) (*config.Registration, string) {
	said, _ := policy.Entry(e.File)
	return said.Registry, said.Versions
}

// complain records a mistake of an author.
func (d *discovery) complain(m *diff.Error) { d.result.Mistakes = append(d.result.Mistakes, m) }

// add finds or makes the contract of a listed file. It returns nil if the file is
// no contract in this revision.
func (d *discovery) add(e config.Selected, in *Revision) (*Contract, error) {
	if k, known := d.found[e.File]; known {
		return k, nil
	}
	format, err := d.formatOf(e, in)
	var wrong *diff.Error
	if errors.As(err, &wrong) {
		d.wrong[e.File] = wrongEntry{e.Contract, wrong} // the head's comes last
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return d.create(e.Contract, format, e.File), nil
}

// create makes the contract of a file.
func (d *discovery) create(entry config.Contract, format *diff.Format, file string) *Contract {
	k := &Contract{Contract: entry, Format: format, Olds: make([]diff.Source, 1), file: file}
	d.found[file] = k
	return k
}

// formatOf returns the format of a listed file. A mistake of an author's is a
// *diff.Error.
func (d *discovery) formatOf(e config.Selected, in *Revision) (*diff.Format, error) {
	name := e.Format
	if name == "" {
		o, err := in.outline(e.File)
		switch {
		case err != nil:
			return nil, err
		case o.Format != "":
			name = o.Format
		case o.Unread:
			at := firstLine(diff.Location{File: e.File})
			return nil, &diff.Error{Location: at, Message: o.Wrong.Message}
		default:
			return nil, mistake(e.Line, "%s is not recognised as a contract: give its format", e.File)
		}
	}
	format, err := d.finder.Formats.Named(name)
	if err != nil {
		return nil, mistake(e.Line, "%v", err)
	}
	return format, nil
}

// wrongEntry is an entry of a file that is no contract.
type wrongEntry struct {
	entry config.Contract
	err   *diff.Error
}

// reportWrong tells of the listed files that are no contract. Those that the base
// branch has so, and the pull request does not touch, its author cannot help.
func (d *discovery) reportWrong(c configurations) {
	policy, head := c.policy.Selection(), c.head.Selection()
	for _, file := range slices.Sorted(maps.Keys(d.wrong)) {
		w := d.wrong[file]
		_, exists := d.head.Tree.Blob(file)
		before, stood := policy.Entry(file)
		now, stands := head.Entry(file)
		switch {
		case !exists:
			// That it is gone is a change of the policy, or the entry matches nothing.
		case d.found[file] != nil:
			d.unseen = append(d.unseen, unseen{w.entry, w.err.Message + corrected})
		case !stood, d.changed[file], stands && now.Format != before.Format:
			d.complain(w.err)
		case stands || !c.edited:
			d.unseen = append(d.unseen, unseen{w.entry, w.err.Message})
		}
	}
}
