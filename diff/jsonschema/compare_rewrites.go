package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// The same schema can be written in two ways. A comparison here follows the one
// that has a choice, and compares each branch with a part of the other schema.
//
// Types: {"type": ["string", "null"]} is {"anyOf": [{"type": "string"}, {"type":
// "null"}]}. Each branch is compared with what the other schema says of its
// types.
//
// Cases: {"kind": {"enum": ["a", "b"]}} is a oneOf with a branch for each value
// of the property. Each branch is compared with the objects that have its values.

// compareByKinds compares a schema with several types with a schema whose
// branches have one type each. It reports whether the schemas were written in
// these ways.
func (w *walk) compareByKinds() bool {
	plain, split := w.old, w.new
	if len(plain.groups) > 0 {
		plain, split = split, plain
	}
	if len(plain.groups) > 0 || len(split.groups) != 1 {
		return false
	}
	branches := w.distinctBranches(split)
	var seen kinds
	for _, b := range branches {
		if seen&b.schema.kinds != 0 {
			return false
		}
		seen |= b.schema.kinds
	}
	if split.kinds&^seen != 0 { // no branch allows what their types promise
		return false
	}
	for _, b := range branches {
		shared := b.schema.kinds & w.old.kinds & w.new.kinds
		if shared == 0 {
			continue // the kinds themselves have been compared
		}
		one, other := plain.restrictedToKinds(nil, shared), split.restrictedToKinds(b.schema, shared)
		if plain == w.old {
			w.compareAlternative(diff.Step{}, one, other)
		} else {
			w.compareAlternative(diff.Step{}, other, one)
		}
	}
	return true
}

// compareCases compares a schema without a choice with branches that have some
// values of one property each. It reports whether the schemas were written in
// these ways.
func (w *walk) compareCases(plain *effective, branches []*branch) bool {
	for _, name := range plain.propertyNames() {
		if rest, ok := casesOf(plain, name, branches); ok {
			w.compareCaseBranches(plain, name, branches)
			w.reportUncovered(plain, name, rest)
			return true
		}
	}
	return false
}

// compareCaseBranches compares each branch with the objects that have its
// values.
func (w *walk) compareCaseBranches(plain *effective, name string, branches []*branch) {
	for _, b := range branches {
		one, other := plain.restrictedTo(name, b.schema), b.schema
		if plain == w.new {
			one, other = other, one
		}
		w.compareAlternative(branchStep(b.node), one, other)
	}
}

// reportUncovered reports the values of the property that no branch has.
func (w *walk) reportUncovered(plain *effective, name string, rest []*tree.Node) {
	for _, v := range rest {
		if plain == w.old {
			at := place{
				plain.reader.pathOf(owner(v)), v.At(), locationOf(w.choiceKeyword(w.new), w.new),
				field(name),
			}
			w.report(enumValueRemoved, at, hashOf(v), diff.Hash{}, "value "+valueText(v)+" was removed",
				valueText(v))
			continue
		}
		at := place{
			plain.reader.pathOf(owner(v)), locationOf(w.choiceKeyword(w.old), w.old), v.At(),
			field(name),
		}
		w.report(enumValueAdded, at, diff.Hash{}, hashOf(v), "value "+valueText(v)+" was added", valueText(v))
	}
}

// casesOf reports whether a property distinguishes the branches: each branch
// requires the property and has values for it that no other branch has. The
// rest is the values that no branch has.
func casesOf(plain *effective, name string, branches []*branch) (rest []*tree.Node, ok bool) {
	left := plain.valuesOf(name)
	if len(left) == 0 {
		return nil, false
	}
	for _, b := range branches {
		own := b.schema.valuesOf(name)
		if len(own) == 0 || !b.schema.spellsOut(name) {
			return nil, false
		}
		for _, v := range own {
			i := slices.IndexFunc(left, func(l *tree.Node) bool { return l.Hash() == v.Hash() })
			if i < 0 { // another branch has the value, or the schema without a choice does not
				return nil, false
			}
			left = slices.Delete(left, i, i+1)
		}
	}
	return left, true
}

// mostCases bounds the values of a property that distinguishes branches.
const mostCases = 200

// valuesOf returns the values of a property that is required and limited to a
// list.
func (e *effective) valuesOf(name string) []*tree.Node {
	p := e.property(name)
	if e.kinds != object || p.required == nil || p.declared == nil {
		return nil
	}
	value := e.conjunction(p.schemas)
	values, limited := value.enum()
	if !limited || len(values) > mostCases || value.kinds&null != 0 {
		return nil
	}
	return missingFrom(values, nil)
}

// spellsOut reports whether the schema says what it says of a property without
// references. In another revision, these may have another target.
func (e *effective) spellsOut(name string) bool {
	for _, s := range e.property(name).schemas {
		if !consistsOf(s, "enum", "const", "type") {
			return false
		}
	}
	return true
}
