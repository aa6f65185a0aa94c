package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// inclusion says whether all values of an old schema are allowed by the new,
// and all of the new by the old.
type inclusion struct{ oldInNew, newInOld answer }

func (i inclusion) flipped() inclusion { return inclusion{i.newInOld, i.oldInNew} }

// and is the inclusion of schemas that make two demands each.
func (i inclusion) and(j inclusion) inclusion {
	return inclusion{bothHold(i.oldInNew, j.oldInNew), bothHold(i.newInOld, j.newInOld)}
}

func bothHold(a, b answer) answer {
	if a == yes && b == yes {
		return yes
	}
	return unknown
}

// inclusion compares two schemas as they are written; nil allows everything.
func (w *walk) inclusion(o, n *tree.Node) inclusion {
	if o != nil && n != nil && w.Pruner.Same(o, n) {
		return inclusion{yes, yes}
	}
	old, new := w.effective(w.older, o), w.effective(w.newer, n)
	return w.included(old, new)
}

func (w *walk) included(o, n *effective) inclusion {
	i := inclusion{yes, yes}
	for _, change := range w.trial(w.Comparer.vertex(pair{old: o, new: n, side: w.side, written: true})).all {
		i.oldInNew = min(i.oldInNew, held[change.Rule.Sends])
		i.newInOld = min(i.newInOld, held[change.Rule.Receives])
	}
	if w.budget == 0 {
		return inclusion{}
	}
	return i
}

// held is what a level of a finding leaves of an inclusion. A finding may lie
// where no value gets: what breaks is no proof here.
var held = [...]answer{diff.Safe: yes, diff.Risky: unknown, diff.Breaking: unknown}

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
		least = inclusion{yes, yes}
	case newLeast == 0:
		least.oldInNew = yes
	case oldLeast == 0:
		least.newInOld = yes
	}
	least = least.and(inclusion{answerIf(oldLeast >= newLeast), answerIf(newLeast >= oldLeast)})
	switch {
	case newMost < 0 && oldMost < 0:
		most = inclusion{yes, yes}
	case newMost < 0:
		most = inclusion{yes, unknown}
	case oldMost < 0:
		most = inclusion{unknown, yes}
	default:
		most = most.and(inclusion{answerIf(oldMost <= newMost), answerIf(newMost <= oldMost)})
	}
	return least.and(most)
}

func answerIf(holds bool) answer {
	if holds {
		return yes
	}
	return unknown
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
	i := inclusion{yes, yes}
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
