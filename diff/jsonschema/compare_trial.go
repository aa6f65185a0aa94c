package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// trial is what comparing two schemas would report.
type trial struct {
	findings []*reach.Finding
	disjoint bool // no value fits both
}

// trial compares without reporting. Recursion is coinductive: what is being
// compared already is taken to hold, as far as nothing was found in it yet.
func (w *walk) trial(v *vertex) trial {
	if v == nil {
		return trial{}
	}
	defer w.beginTrial()()
	var t trial
	seen := map[*reach.Finding]bool{}
	for _, below := range w.graph.Explore(v) {
		for _, f := range below.Local() {
			if !seen[f.Finding] && w.spend(1) {
				seen[f.Finding] = true
				t.findings = append(t.findings, f.Finding)
			}
			t.disjoint = t.disjoint || below == v && f.Rule == typeChanged && f.At.IsZero()
		}
	}
	return t
}

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

// inclusion compares two schemas, read literally. A nil schema allows everything.
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
	for _, change := range w.trial(w.Comparer.vertex(pair{old: o, new: n, side: w.side, reading: max(w.reading, literal)})).findings {
		i.oldInNew = i.oldInNew && change.Rule.Sends == diff.Safe
		i.newInOld = i.newInOld && change.Rule.Receives == diff.Safe
	}
	if w.exhausted() {
		return inclusion{}
	}
	return i
}
