package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// oneOf refuses what fits two of its branches, and is anyOf where no value does.
// Whether branches exclude each other is told by their types and values, and by
// the properties that they require.

var overlapRefused = &diff.Rule{
	ID: "schema/overlap-refused", Title: "oneOf may refuse what fits two branches", Sends: diff.Risky,
	Doc: `
A value that fits two branches of oneOf is refused (JSON Schema 2020-12 Core, section
10.2.1.3), and was accepted before: the branches did not overlap, or it was anyOf.
Many servers take the first branch that fits. Use anyOf, or tell the branches apart by
a property that each requires with a value of its own.`,
	Example: `
--compatibility full
-- old.json --
{"anyOf": [{"title": "Small", "maximum": 10}, {"title": "Even", "multipleOf": 2}]}
-- new.json --
{"oneOf": [{"title": "Small", "maximum": 10}, {"title": "Even", "multipleOf": 2}]}
-- want --
new.json:1:2: risky: schema: the keyword oneOf allows less [schema/overlap-refused] (was old.json:1)
    for example "a": accepted by the old revision, refused by the new
`,
}

var overlapAllowed = &diff.Rule{
	ID: "schema/overlap-allowed", Title: "what fits two branches is no longer refused", Receives: diff.Risky,
	Doc: `
Consumers may receive a value that fits two branches, where oneOf promised that it
fits one.`,
	Example: `
--compatibility full
-- old.json --
{"oneOf": [{"title": "Small", "maximum": 10}, {"title": "Even", "multipleOf": 2}]}
-- new.json --
{"anyOf": [{"title": "Small", "maximum": 10}, {"title": "Even", "multipleOf": 2}]}
-- want --
new.json:1:2: risky: schema: the keyword oneOf allows more [schema/overlap-allowed] (was old.json:1)
    for example "a": accepted by the new revision, refused by the old
`,
}

// compareExclusion compares what is refused because it fits two branches: where
// there was no such value, or where it was no matter.
func (w *walk) compareExclusion() {
	o, n := w.old.exclusive(), w.new.exclusive()
	if o == nil && n == nil || o != nil && n != nil && w.Pruner.Same(o, n) {
		return
	}
	before, after := o != nil && w.old.overlaps(w.written), n != nil && w.new.overlaps(w.written)
	old, new := w.survivor(w.old), w.survivor(w.new)
	oneOf := asserted{keyword: "oneOf"}
	if after && !before && w.matters(overlapRefused) {
		w.decide(decision{oneOf, overlapRefused, overlapRefused, w.at(old, n), hashes(old), hashes(new)}, w.old, w.new, n.Parent())
	}
	if before && !after && w.matters(overlapAllowed) {
		w.decide(decision{oneOf, overlapAllowed, overlapAllowed, w.at(o, new), hashes(old), hashes(new)}, w.new, w.old, o.Parent())
	}
	if before && after { // other values may fit two branches: reported if one is found
		w.decideOverlap(overlapRefused, w.at(o, n), w.old, w.new)
		w.decideOverlap(overlapAllowed, w.at(o, n), w.new, w.old)
	}
}

// decideOverlap looks for a value that fits one branch on one side, and two or more
// on the other.
func (w *walk) decideOverlap(rule *diff.Rule, at place, accepts, other *effective) {
	if !w.matters(rule) {
		return
	}
	var branches []*effective
	for _, b := range other.branches() {
		branches = append(branches, b.schema)
	}
	d := decision{asserted{keyword: "oneOf"}, rule, nil, at, hashes(w.survivor(w.old)), hashes(w.survivor(w.new))}
	w.decide(d, accepts, other, other.exclusive().Parent(), branches...)
}

// matters reports whether a rule costs anybody anything here. Where schemas are
// held against each other, either direction does.
func (w *walk) matters(rule *diff.Rule) bool { return w.written || rule.Level(w.side) > diff.Safe }

// exclusive returns the oneOf of a schema with a single choice.
func (e *effective) exclusive() *tree.Node {
	if len(e.groups) == 1 && e.groups[0].keyword.Key == "oneOf" {
		return e.groups[0].keyword
	}
	return nil
}

// mostPairs bounds the pairs of branches that are held against each other.
const mostPairs = 64 * 64 / 2

// overlaps reports whether some value may fit two branches.
func (e *effective) overlaps(written bool) bool {
	branches := e.branches()
	if len(branches)*len(branches)/2 > mostPairs {
		return true
	}
	for i, a := range branches {
		for _, b := range branches[:i] {
			if !(exclusion{written}).disjoint(a.schema, b.schema, deepest) {
				return true
			}
		}
	}
	return false
}

// exclusion is how it is told that branches exclude each other. Unless they are
// taken as written, a value has no names that its branch does not declare.
type exclusion struct{ written bool }

// disjoint reports whether it is seen that no value fits both schemas of one
// revision.
func (x exclusion) disjoint(a, b *effective, depth int) bool {
	common := a.kinds & b.kinds
	if common == 0 {
		return true
	}
	first, limited := a.enum()
	second, limitedToo := b.enum()
	if limited && limitedToo && common&null == 0 {
		return !share(first, second)
	}
	if common != object || depth == 0 {
		return false
	}
	return x.excludes(a, b, depth) || x.excludes(b, a, depth)
}

func share(a, b []*tree.Node) bool {
	set := setOf(a)
	for _, v := range b {
		if set[v.Hash()] {
			return true
		}
	}
	return false
}

// excludes reports whether a requires a property that b refuses, or that cannot
// have a value that suits both.
func (x exclusion) excludes(a, b *effective, depth int) bool {
	for _, name := range a.names() {
		if a.requires(name) == nil {
			continue
		}
		p, q := a.property(name), b.property(name)
		if q.refused || q.declared == nil && q.open() && !x.written {
			return true
		}
		if !q.open() && !p.open() && x.disjoint(a.all(p.schemas), b.all(q.schemas), depth-1) {
			return true
		}
	}
	return false
}

// distinct returns the branches of a schema with a single choice, but for those
// of anyOf that allow nothing beyond another.
func (w *walk) distinct(e *effective) []*branch {
	all := e.branches()
	if e.exclusive() != nil || len(all) > mostDistinct {
		return all
	}
	for i := 0; i < len(all); i++ {
		for j, other := range all {
			if i != j && all[i].schema.kinds&^other.schema.kinds == 0 && w.oneWithin(all[i].schema, other.schema) {
				all = append(all[:i], all[i+1:]...)
				i--
				break
			}
		}
	}
	return all
}

// mostDistinct bounds the branches that are held against each other to find
// those that say nothing of their own.
const mostDistinct = 12

// oneWithin reports whether a branch lies within another of the same revision.
func (w *walk) oneWithin(a, b *effective) bool {
	return a != b && w.included(a, b).oldInNew
}
