package avro

import (
	"slices"

	"github.com/assent-dev/assent/diff"
)

// branching says how the branches of two revisions read each other. A type that
// is not a union counts as one branch.
type branching struct {
	old, new []ref
	to       []int // for each old branch the new one that reads its data, or -1
	from     []int // for each new branch the old one that reads its data, or -1
	kept     [][2]int
	lost     []int // old branches that no new one reads
	gained   []int // new branches that no old one reads
	merged   []int // old branches that a new one reads together with another
	split    []int // new branches that an old one reads together with another
}

func newBranching(old, new ref) *branching {
	b := &branching{old: old.alternatives(), new: new.alternatives()}
	b.to, b.from = readerBranches(b.new, b.old), readerBranches(b.old, b.new)
	b.pair()
	return b
}

// readable returns the directions in which every branch is read.
func (b *branching) readable() (sides diff.Side) {
	if !slices.Contains(b.to, -1) {
		sides |= diff.Sends
	}
	if !slices.Contains(b.from, -1) {
		sides |= diff.Receives
	}
	return sides
}

// pair finds the branches that correspond: two that read each other, or two of
// which one reads the other and no third one does.
func (b *branching) pair() {
	newTaken, oldTaken := make([]bool, len(b.new)), make([]bool, len(b.old))
	keep := func(i, j int) {
		b.kept = append(b.kept, [2]int{i, j})
		oldTaken[i], newTaken[j] = true, true
	}
	for i, j := range b.to {
		if j >= 0 && b.from[j] == i {
			keep(i, j)
		}
	}
	for i, j := range b.to {
		if j >= 0 && !oldTaken[i] && !newTaken[j] && b.from[j] < 0 {
			keep(i, j)
		}
	}
	for j, i := range b.from {
		if i >= 0 && !newTaken[j] && !oldTaken[i] && b.to[i] < 0 {
			keep(i, j)
		}
	}
	for i, j := range b.to {
		switch {
		case oldTaken[i]:
		case j < 0:
			b.lost = append(b.lost, i)
		default:
			b.merged = append(b.merged, i)
		}
	}
	for j, i := range b.from {
		switch {
		case newTaken[j]:
		case i < 0:
			b.gained = append(b.gained, j)
		default:
			b.split = append(b.split, j)
		}
	}
}
