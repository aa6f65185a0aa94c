package contracts

import (
	"fmt"

	"github.com/assent-dev/assent/diff"
)

// changedFiles returns the names of the files that differ between two revisions
// or exist in one of them alone. No file is read.
func changedFiles(old, new *Revision) map[string]bool {
	blobs, changed := old.blobs(), map[string]bool{}
	for name, blob := range new.blobs() {
		if before, existed := blobs[name]; !existed || before != blob {
			changed[name] = true
		}
		delete(blobs, name)
	}
	for name := range blobs {
		changed[name] = true
	}
	return changed
}

// leaveUnchanged marks the contracts that consist of no file that changed, by
// the references between the files of the revisions. What cannot be read counts
// as changed, because comparing reports it. The error is that of an index.
func leaveUnchanged(
	all []*Contract, changed map[string]bool, newest *Revision, others ...*Revision,
) error {
	touched := map[*diff.Graph]func(root string) (bool, error){}
	for _, c := range all {
		if c.Old().Absent() || c.New.Absent() || c.renamed || changed[newest.name(c.New.Root())] {
			continue
		}
		c.unchanged = true
		for _, r := range append(others, newest) {
			if !c.unchanged || len(changed) == 0 {
				break
			}
			g := r.graph(c.Format)
			if touched[g] == nil {
				touched[g] = g.Touched(func(file string) bool { return changed[r.name(file)] })
			}
			hit, err := touched[g](c.New.Root())
			if err != nil && r.outlines != nil {
				return err
			}
			c.unchanged = !hit && err == nil
		}
	}
	return nil
}

// findFiles lists the files that the contract needs beside its roots.
func (c *Contract) findFiles(olds []*Revision, newest *Revision) {
	for i, r := range olds {
		c.keepError(r.findFiles(c.Format, &c.Olds[i]))
	}
	c.keepError(newest.findFiles(c.Format, &c.New))
}

// keepError keeps the first error.
func (c *Contract) keepError(err error) {
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("find the files of %s: %w", c.Name, err)
	}
}
