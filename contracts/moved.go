package contracts

import (
	"path"
	"slices"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// followMoves joins a contract that is gone from the newest revision with one that
// is new there, if it is the same file in another place.
func followMoves(all []*Contract) []*Contract {
	for _, gone := range all {
		if gone.Old().Absent() || !gone.New.Absent() {
			continue
		}
		i := slices.IndexFunc(all, func(c *Contract) bool { return c.mayBe(gone) && c.isCalledAlike(gone) })
		if i < 0 {
			i = slices.IndexFunc(all, func(c *Contract) bool {
				return c.mayBe(gone) && isMoved(gone.Old(), c.New)
			})
		}
		if i >= 0 {
			gone.New, gone.renamed = all[i].New, true
			all[i].New = diff.Source{}
		}
	}
	return slices.DeleteFunc(all, func(c *Contract) bool { return c.New.Absent() && c.neverExisted() })
}

// mayBe reports whether the contract may be one that is gone, in another place.
// The old place has to be free and the new one has to have been: who only names
// another file leaves the contract where it is.
func (c *Contract) mayBe(gone *Contract) bool {
	return c.isNew() && c.Format == gone.Format && !gone.stands && !c.stood
}

// isCalledAlike reports whether the configuration gives both the same name.
func (c *Contract) isCalledAlike(gone *Contract) bool {
	return c.Name == gone.Name && gone.Name != config.DefaultName(gone.file)
}

// isNew reports whether the newest revision alone has the contract.
func (c *Contract) isNew() bool { return !c.New.Absent() && c.neverExisted() }

// neverExisted reports whether no earlier revision has the contract.
func (c *Contract) neverExisted() bool {
	return !slices.ContainsFunc(c.Olds, func(s diff.Source) bool { return !s.Absent() })
}

// isMoved reports whether a root file that is gone and one that is new are the
// same contract: they have the same name, or the same content. Neither is read.
func isMoved(gone, added diff.Source) bool {
	return path.Base(gone.Root()) == path.Base(added.Root()) || contentID(gone) == contentID(added)
}

// contentID returns the identity of a root file's content.
func contentID(s diff.Source) string {
	id, _ := s.FS.(Tree).Blob(s.Root())
	return id
}
