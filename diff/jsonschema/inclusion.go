package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// inclusion says whether it is shown that the new schema allows all values of
// the old one, and the old one all values of the new one. What is not shown may
// still be true.
type inclusion struct{ oldInNew, newInOld bool }

// equal is the inclusion of schemas that allow the same values.
var equal = inclusion{true, true}

func (i inclusion) flipped() inclusion { return inclusion{i.newInOld, i.oldInNew} }

// and is the inclusion of schemas that make two demands each.
func (i inclusion) and(j inclusion) inclusion {
	return inclusion{i.oldInNew && j.oldInNew, i.newInOld && j.newInOld}
}

// inclusion compares two schemas as they are written; nil allows everything.
func (w *walk) inclusion(o, n *tree.Node) inclusion {
	if o != nil && n != nil && w.Pruner.Same(o, n) {
		return equal
	}
	old, new := w.effective(w.older, o), w.effective(w.newer, n)
	return w.included(old, new)
}

// included compares two schemas. A finding may lie where no value gets, so that
// it disproves nothing: what costs somebody something leaves the answer open.
func (w *walk) included(o, n *effective) inclusion {
	i := equal
	for _, change := range w.trial(w.Comparer.vertex(pair{old: o, new: n, side: w.side, written: true})).all {
		i.oldInNew = i.oldInNew && change.Rule.Sends == diff.Safe
		i.newInOld = i.newInOld && change.Rule.Receives == diff.Safe
	}
	if w.budget == 0 {
		return inclusion{}
	}
	return i
}

// compareIf: if i then t else e is (not i, or t) and (i, or e).
func (w *walk) compareIf(o, n *tree.Node) inclusion {
	i := w.inclusion(o.Get("if"), n.Get("if"))
	then, otherwise := w.inclusion(o.Get("then"), n.Get("then")), w.inclusion(o.Get("else"), n.Get("else"))
	return then.and(i.flipped()).and(otherwise).and(i)
}

// compareContains: at least so many elements fit the schema, and at most.
func (w *walk) compareContains(o, n *tree.Node) inclusion {
	i := w.inclusion(o.Get("contains"), n.Get("contains"))
	oldLeast, newLeast := count(o.Get("minContains"), 1), count(n.Get("minContains"), 1)
	oldMost, newMost := count(o.Get("maxContains"), -1), count(n.Get("maxContains"), -1)
	least, most := i, i.flipped()
	switch {
	case newLeast == 0 && oldLeast == 0:
		least = equal
	case newLeast == 0:
		least.oldInNew = true
	case oldLeast == 0:
		least.newInOld = true
	}
	least = least.and(inclusion{oldLeast >= newLeast, newLeast >= oldLeast})
	switch {
	case newMost < 0 && oldMost < 0:
		most = equal
	case newMost < 0:
		most = inclusion{oldInNew: true}
	case oldMost < 0:
		most = inclusion{newInOld: true}
	default:
		most = most.and(inclusion{oldMost <= newMost, newMost <= oldMost})
	}
	return least.and(most)
}

// count reads a number of elements.
func count(n *tree.Node, otherwise int64) int64 {
	if v, ok := rational(n); ok && v.IsInt() && v.Num().IsInt64() {
		return v.Num().Int64()
	}
	return otherwise
}

// compareDependent: for each name, whoever has it must fit a schema. Lists of
// names, also as schemas, are a matter of dependencies.go.
func (w *walk) compareDependent(o, n *tree.Node) inclusion {
	i := equal
	for _, keyword := range []string{"dependentSchemas", "dependencies"} {
		for name := range keyed(o.Get(keyword), n.Get(keyword)) {
			before, after := dependent(o, name), dependent(n, name)
			if before != nil || after != nil {
				i = i.and(w.inclusion(before, after))
			}
		}
	}
	return i
}

// dependent returns the schema that a name brings along.
func dependent(n *tree.Node, name string) *tree.Node {
	for _, keyword := range []string{"dependentSchemas", "dependencies"} {
		if s := n.Path(keyword, name); s != nil && !s.Is(tree.Array) && !says(s, "required") {
			return s
		}
	}
	return nil
}

// keyed is the set of the keys of both.
func keyed(a, b *tree.Node) map[string]bool {
	keys := map[string]bool{}
	for _, n := range []*tree.Node{a, b} {
		for c := range n.Children() {
			keys[c.Key] = true
		}
	}
	return keys
}
