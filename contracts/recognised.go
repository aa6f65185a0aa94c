package contracts

import (
	"context"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// addRecognised finds the contracts of a repository that lists none: the files that
// are one by themselves, on either side.
func (d *discovery) addRecognised(ctx context.Context) error {
	for _, side := range []*Revision{d.base, d.head} {
		var files []string
		for file := range side.Tree.Files() {
			if d.isCandidate(file) {
				files = append(files, file)
			}
		}
		if err := side.load(files); err != nil {
			return err
		}
		outlines, err := side.outlines(files)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := d.recognise(side, file, outlines[file]); err != nil {
				return err
			}
		}
	}
	return nil
}

// isCandidate reports whether a file may be a contract without being listed.
func (d *discovery) isCandidate(file string) bool {
	return d.finder.Formats.Candidate(file) && !strings.HasPrefix(file, ".github/")
}

// recognise adds the file if it is a contract's root on one side.
func (d *discovery) recognise(side *Revision, file string, o diff.Outline) error {
	if o.Format == "" {
		if o.Unread {
			d.reportUnread(side, file, o)
		}
		return nil
	}
	format, err := d.finder.Formats.Named(o.Format)
	if err != nil {
		return err // the index has outlines of another version
	}
	c := d.found[file]
	if c == nil {
		c = d.create(config.Recognised(file), format, file)
	}
	if side == d.base {
		c.Olds[0] = d.base.source(file)
	}
	if _, still := d.head.Tree.Blob(file); still {
		c.New = d.head.source(file)
	}
	return nil
}

// reportUnread tells of a file that may be a contract and exceeds a bound. If it
// changed, its author can help it at the head. What the base had nobody can look at
// any more: to delete it may not fail for ever, and what takes its place is for its
// owners to see.
func (d *discovery) reportUnread(side *Revision, file string, o diff.Outline) {
	why := o.Wrong.Message
	_, stays := d.head.Tree.Blob(file)
	switch {
	case !d.changed[file]:
		d.unreadable[o.Wrong.In(file)] = true
	case side == d.head:
		at := firstLine(diff.Location{File: file})
		d.complain(&diff.Error{Location: at, Message: why + ": whether it is a contract is not known. A " +
			"repository that lists its contracts in " + config.Path + " is searched for no others"})
	case stays:
		d.unseen = append(d.unseen, unseen{config.Recognised(file), "the base branch's " + file + ": " + why})
	default:
		d.note("%s is deleted, and whether it was a contract is not known: %s.", file, why)
	}
}
