package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// trial is what a comparison of two schemas would report.
type trial struct {
	findings []*reach.Finding
	disjoint bool // the schemas have no value in common
}

// trial compares two schemas without reporting. A pair that contains itself is
// assumed to differ in nothing the second time, apart from the findings that
// were already made in it.
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

// inclusion says what is proven: that the new schema allows all values of the
// old one, and that the old schema allows all values of the new one. What is
// not proven may still be true.
type inclusion struct{ oldInNew, newInOld bool }

// equal is the inclusion of schemas that allow the same values.
var equal = inclusion{true, true}

// flipped returns the inclusion with the schemas exchanged.
func (i inclusion) flipped() inclusion { return inclusion{i.newInOld, i.oldInNew} }

// and returns the inclusion of schemas that consist of two parts each.
func (i inclusion) and(j inclusion) inclusion {
	return inclusion{i.oldInNew && j.oldInNew, i.newInOld && j.newInOld}
}

// inclusion compares two schemas. A nil schema allows every value.
func (w *walk) inclusion(o, n *tree.Node) inclusion {
	if o != nil && n != nil && w.Pruner.Same(o, n) {
		return equal
	}
	old, new := w.effective(w.older, o), w.effective(w.newer, n)
	return w.included(old, new)
}

// included compares two schemas by the literal reading. Each finding that costs
// one side something leaves the answer for that side open. It does not disprove
// the inclusion, since it may be about a value that never occurs.
func (w *walk) included(o, n *effective) inclusion {
	i := equal
	for _, change := range w.trial(w.Comparer.vertex(pair{
		old:     o,
		new:     n,
		side:    w.side,
		reading: max(w.reading, literal),
	})).findings {
		i.oldInNew = i.oldInNew && change.Rule.Sends == diff.Safe
		i.newInOld = i.newInOld && change.Rule.Receives == diff.Safe
	}
	if w.exhausted() {
		return inclusion{}
	}
	return i
}
