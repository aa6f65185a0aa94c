package jsonschema

import (
	"cmp"
	"math"
	"slices"
)

// mostTrials bounds the pairs of branches of one schema that are compared to
// find partners: 64 branches on each side. Branches that are equal or have the
// same name need no comparison.
const mostTrials = 64 * 64

// unpairable is the cost of branches that are never partners.
const unpairable = math.MaxInt

// pairEqual pairs branches that did not change, and branches with the same
// name.
func (w *walk) pairEqual(olds, news []*branch) {
	byHash, byName := map[uint64][]*branch{}, map[string][]*branch{}
	for _, n := range news {
		byHash[n.node.Hash()] = append(byHash[n.node.Hash()], n)
		byName[n.name()] = append(byName[n.name()], n)
	}
	for _, o := range olds {
		for _, n := range byHash[o.node.Hash()] {
			if !o.paired && !n.paired && w.unchanged(o.schema, n.schema) {
				w.pairUp(o, n)
			}
		}
	}
	for _, o := range olds {
		if o.name() == "" {
			continue
		}
		for _, n := range byName[o.name()] {
			if !o.paired && !n.paired {
				w.pairUp(o, n)
			}
		}
	}
}

// name returns what identifies a branch in both revisions, "" if there is no
// such thing.
func (b *branch) name() string {
	if ref := b.node.Get("$ref").Str(); ref != "" {
		return ref
	}
	return b.node.Get("title").Str()
}

// pairUp makes two branches partners and compares them.
func (w *walk) pairUp(o, n *branch) {
	o.paired, n.paired = true, true
	w.compareAlternative(branchStep(o.node), o.schema, n.schema)
}

// pairBest pairs the other branches, beginning with those that differ least.
func (w *walk) pairBest(olds, news []*branch) {
	type couple struct {
		old, new *branch
		cost     int
	}
	olds, news = unpaired(olds), unpaired(news)
	if len(olds)*len(news) > mostTrials {
		w.reportTooMany(olds, news)
		return
	}
	var couples []couple
	for _, o := range olds {
		for _, n := range news {
			couples = append(couples, couple{o, n, w.cost(o.schema, n.schema)})
		}
	}
	slices.SortStableFunc(couples, func(a, b couple) int { return cmp.Compare(a.cost, b.cost) })
	for _, c := range couples {
		if c.cost < unpairable && !c.old.paired && !c.new.paired {
			w.pairUp(c.old, c.new)
		}
	}
}

func unpaired(branches []*branch) []*branch {
	return slices.DeleteFunc(slices.Clone(branches), func(b *branch) bool { return b.paired })
}

// reportTooMany reports that the branches are too many to find partners for
// them.
func (w *walk) reportTooMany(olds, news []*branch) {
	for _, b := range slices.Concat(olds, news) {
		b.paired = true
	}
	o, n := w.choiceKeyword(w.old), w.choiceKeyword(w.new)
	message := "too many alternatives changed: whether they allow less or more is not decided"
	w.report(changeUndecided, w.placeOf(o, n), hashOf(o), hashOf(n), message)
}

// cost returns how much two schemas differ on this side. It returns unpairable
// if they have no value in common.
func (w *walk) cost(o, n *effective) int {
	if (o.kinds|fractionOf(o.kinds))&(n.kinds|fractionOf(n.kinds)) == 0 {
		return unpairable
	}
	found := w.trial(w.alternative(pair{o, n, w.side, w.text, w.reading}))
	cost := len(found.findings)
	for _, change := range found.findings {
		cost += 100 * int(change.Rule.Level(w.side))
	}
	if found.disjoint {
		return unpairable
	}
	return cost
}
