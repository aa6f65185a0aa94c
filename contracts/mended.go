package contracts

import (
	"context"
	"fmt"

	"github.com/assent-dev/assent/diff"
)

// mended compares a contract that cannot be read at the base and can be at the head
// with the last version of its file on the base branch that can be read: a mistake
// that came onto the base branch must not keep everybody from mending it, nor hide
// what the pull request changes beside it. Where no version can be read, the contract
// is compared as a new one, and its owners are asked. It is not ok if that is not what
// is wrong.
func (f *Finder) mended(
	ctx context.Context, how diff.Contract, c *Contract, broken *diff.Error,
) (_ compared, ok bool, err error) {
	if f.Repository == nil || c.Old().Absent() || c.New.Absent() {
		return compared{}, false, nil
	}
	how.Name, how.Format = c.Name, c.Format
	for source, want := range map[*diff.Source]bool{&c.New: true, &c.Olds[len(c.Olds)-1]: false} {
		if readable, err := f.isReadable(ctx, how, *source); err != nil || readable != want {
			return compared{}, false, err
		}
	}
	earlier, commit, err := f.lastReadable(ctx, how, c)
	if err != nil {
		return compared{}, false, err
	}
	again := *c
	again.Olds = []diff.Source{earlier}
	report, _, err := again.Compare(ctx, how, History{})
	if err != nil {
		return compared{}, false, err
	}
	why := fmt.Sprintf("%s cannot be read at the base (%s)", c.Old().Root(), broken)
	if earlier.Absent() {
		entry := c.Contract
		entry.Path = c.Old().Root()
		return compared{report: report, unseen: []unseen{{entry, why + corrected}}}, true, nil
	}
	note := why + ". It is compared with its version of commit " + commit + ", the last that can be read."
	return compared{report: report, notes: []string{note}}, true, nil
}

// isReadable reports whether a revision of a contract can be read, with all that it
// refers to.
func (f *Finder) isReadable(ctx context.Context, how diff.Contract, s diff.Source) (bool, error) {
	alone := diff.Contract{
		Name: how.Name, Format: how.Format, Compatibility: how.Compatibility, Options: how.Options,
	}
	report, err := diff.Compare(ctx, alone, []diff.Source{s}, s)
	if _, large := f.tooLarge(err); large {
		return false, nil
	}
	return err == nil && len(report.Errors) == 0, err
}

// lastReadable returns the last version of a contract on the base branch that can be
// read; an absent one if there is none among those that are tried.
func (f *Finder) lastReadable(
	ctx context.Context, how diff.Contract, c *Contract,
) (_ diff.Source, commit string, err error) {
	root := c.Old().Root()
	commits, err := f.Repository.Versions(ctx, f.Tip, root, mostVersions)
	if err != nil {
		return diff.Source{}, "", fmt.Errorf("list the versions of %s: %w", root, err)
	}
	for _, commit := range commits {
		tree, err := f.Repository.Tree(ctx, commit)
		if err != nil {
			return diff.Source{}, "", fmt.Errorf("read the files of %s: %w", commit, err)
		}
		if _, exists := tree.Blob(root); !exists {
			continue
		}
		r := f.revision(ctx, tree)
		earlier := r.source(root)
		if err := r.findFiles(c.Format, &earlier); err != nil {
			return diff.Source{}, "", err
		}
		readable, err := f.isReadable(ctx, how, earlier)
		if err != nil || readable {
			return earlier, commit, err
		}
	}
	return diff.Source{}, "", nil
}
