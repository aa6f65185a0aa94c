package jsonschema

import "github.com/assent-dev/assent/diff"

var overlapRefused = &diff.Rule{
	ID: "schema/overlap-refused", Title: "oneOf may refuse values that fit two branches", Sends: diff.Risky,
	Doc: `
A value that fits two branches of oneOf is refused (JSON Schema 2020-12 Core, section
10.2.1.3), and was accepted before: the branches did not overlap, or it was anyOf.
Many servers take the first branch that fits. Use anyOf, or distinguish the branches
by a property for which each of them requires another value.`,
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
	ID:       "schema/overlap-allowed",
	Title:    "values that fit two branches no longer refused",
	Receives: diff.Risky,
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

// compareExclusion compares which values are refused because they fit two
// branches. A oneOf refuses them. It is the same as anyOf if there is no such
// value. Whether branches exclude each other is decided by their kinds, their
// lists of values, and the properties that they require.
func (w *walk) compareExclusion() {
	o, n := w.old.exclusive(), w.new.exclusive()
	if o == nil && n == nil || o != nil && n != nil && w.Pruner.Same(o, n) {
		return
	}
	before, after := o != nil && w.old.overlaps(w.reading), n != nil && w.new.overlaps(w.reading)
	old, new := w.choiceKeyword(w.old), w.choiceKeyword(w.new)
	oneOf := demand{keyword: "oneOf"}
	if after && !before && w.matters(overlapRefused) {
		w.decide(decision{
			oneOf, overlapRefused, overlapRefused, w.placeOf(old, n), hashOf(old), hashOf(new),
		}, w.old, w.new, n.Parent())
	}
	if before && !after && w.matters(overlapAllowed) {
		w.decide(decision{
			oneOf, overlapAllowed, overlapAllowed, w.placeOf(o, new), hashOf(old), hashOf(new),
		}, w.new, w.old, o.Parent())
	}
	if before && after { // other values may fit two branches now, which is reported if one is found
		w.decideOverlap(overlapRefused, w.placeOf(o, n), w.old, w.new)
		w.decideOverlap(overlapAllowed, w.placeOf(o, n), w.new, w.old)
	}
}

// decideOverlap reports a value that fits one branch of one schema, and several
// branches of the other one.
func (w *walk) decideOverlap(rule *diff.Rule, at place, accepts, other *effective) {
	if !w.matters(rule) {
		return
	}
	var branches []*effective
	for _, b := range other.branches() {
		branches = append(branches, b.schema)
	}
	d := decision{
		demand{keyword: "oneOf"}, rule, nil, at, hashOf(w.choiceKeyword(w.old)),
		hashOf(w.choiceKeyword(w.new)),
	}
	w.decide(d, accepts, other, other.exclusive().Parent(), branches...)
}

// matters reports whether a rule costs anybody anything here. By the literal
// reading, the caller wants to know of both directions.
func (w *walk) matters(rule *diff.Rule) bool {
	return w.reading >= literal || rule.Level(w.side) > diff.Safe
}

// overlaps reports whether some value may fit two branches.
func (e *effective) overlaps(r reading) bool {
	branches := e.branches()
	if len(branches)*len(branches)/2 > mostPairs {
		return true
	}
	for i, a := range branches {
		for _, b := range branches[:i] {
			if !(exclusion{r}).disjoint(a.schema, b.schema, mostDepth) {
				return true
			}
		}
	}
	return false
}

// mostPairs bounds the pairs of branches that are compared to find an overlap.
const mostPairs = 64 * 64 / 2

// exclusion decides whether branches exclude each other. By the usual reading a
// value has no properties that its branch does not declare.
type exclusion struct{ reading reading }

// disjoint reports whether it is proven that no value fits both schemas. Both
// are of the same revision.
func (x exclusion) disjoint(a, b *effective, depth int) bool {
	common := a.kinds & b.kinds
	if common == 0 {
		return true
	}
	first, limited := a.enum()
	second, limitedToo := b.enum()
	if limited && limitedToo && common&null == 0 {
		return !haveCommon(first, second)
	}
	if common != object || depth == 0 {
		return false
	}
	return x.excludes(a, b, depth) || x.excludes(b, a, depth)
}

// excludes reports whether a requires a property that b refuses, or one whose
// values cannot fit both a and b.
func (x exclusion) excludes(a, b *effective, depth int) bool {
	for _, name := range a.propertyNames() {
		if a.requires(name) == nil {
			continue
		}
		p, q := a.property(name), b.property(name)
		if q.refused || q.declared == nil && q.open() && x.reading < literal {
			return true
		}
		if !q.open() && !p.open() && x.disjoint(a.conjunction(p.schemas), b.conjunction(q.schemas), depth-1) {
			return true
		}
	}
	return false
}
