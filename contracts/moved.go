package contracts

import (
	"path"
	"slices"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// followMoves joins a contract that is gone from the newest revision with one that
// is new there, if it is the same file in another place: one that the configuration
// calls alike, else the first of the same name or content. No file is read.
func followMoves(all []*Contract) []*Contract {
	added := addedContracts(all)
	for _, gone := range all {
		// The old place has to be free and the new one has to have been: who only
		// names another file leaves the contract where it is.
		if gone.Old().Absent() || !gone.New.Absent() || gone.stands {
			continue
		}
		if c := added.matching(gone); c != nil {
			gone.New, gone.renamed = c.New, true
			c.New = diff.Source{}
		}
	}
	return slices.DeleteFunc(all, func(c *Contract) bool { return c.New.Absent() && c.neverExisted() })
}

// trait is something by which a contract is found in another place.
type trait struct {
	format *diff.Format
	kind   string
	value  string
}

// added are the contracts that the newest revision alone has, where no other file was
// before, by their traits: a queue for each. Thousands may have moved.
type added struct {
	queues map[trait][]int
	all    []*Contract
}

func addedContracts(all []*Contract) *added {
	a := &added{map[trait][]int{}, all}
	for i, c := range all {
		if c.isNew() && !c.stood {
			for _, t := range c.traits(c.New) {
				a.queues[t] = append(a.queues[t], i)
			}
		}
	}
	return a
}

// traits are those of a contract at one revision, what is told by its name first.
func (c *Contract) traits(s diff.Source) []trait {
	return []trait{
		{c.Format, "name", c.Name},
		{c.Format, "file", path.Base(s.Root())},
		{c.Format, "content", contentID(s)},
	}
}

// matching returns the new contract that one which is gone has become, nil if there
// is none.
func (a *added) matching(gone *Contract) *Contract {
	traits := gone.traits(gone.Old())
	if gone.Name != config.DefaultName(gone.file) { // the configuration gives the name
		if i, ok := a.first(traits[0]); ok {
			return a.all[i]
		}
	}
	byFile, hasFile := a.first(traits[1])
	byContent, hasContent := a.first(traits[2])
	switch {
	case hasFile && (!hasContent || byFile < byContent):
		return a.all[byFile]
	case hasContent:
		return a.all[byContent]
	}
	return nil
}

// first returns the first contract with a trait that nothing moved to yet.
func (a *added) first(t trait) (int, bool) {
	queue := a.queues[t]
	for len(queue) > 0 && !a.all[queue[0]].isNew() {
		queue = queue[1:]
	}
	a.queues[t] = queue
	if len(queue) == 0 {
		return 0, false
	}
	return queue[0], true
}

// isNew reports whether the newest revision alone has the contract.
func (c *Contract) isNew() bool { return !c.New.Absent() && c.neverExisted() }

// neverExisted reports whether no earlier revision has the contract.
func (c *Contract) neverExisted() bool {
	return !slices.ContainsFunc(c.Olds, func(s diff.Source) bool { return !s.Absent() })
}

// contentID returns the identity of a root file's content.
func contentID(s diff.Source) string {
	id, _ := s.FS.(Tree).Blob(s.Root())
	return id
}
