package jsonschema

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// suspicion is where a change breaks, and what may show it.
type suspicion struct {
	vertex *vertex
	hint
}

// hint is what may show a change: a value or a branch that only one side has, the
// property for which a value has to be refused, or why no value can.
type hint struct {
	value    *tree.Node
	branch   *effective
	property string
	why      string
}

// suspect notes that the change breaks here.
func (w *walk) suspect(f *reach.Finding) {
	if _, known := w.suspicions[f]; !known {
		w.suspicions[f] = suspicion{vertex: w.vertex}
	}
}

// hint notes what may show a change.
func (w *walk) hint(f *reach.Finding, h hint) {
	if s, known := w.suspicions[f]; known {
		s.hint = h
		w.suspicions[f] = s
	}
}

// witness makes up a value that one side accepts and the other refuses, for a
// change that breaks. Both answers come from an independent validator.
func (c *Comparer) witness(rule *diff.Rule, s suspicion) *diff.Witness {
	if why := cmp.Or(withoutWitness[rule], s.why); why != "" {
		return &diff.Witness{Why: why}
	}
	t := &trier{Comparer: c, side: s.vertex.Pair.side, budgetLeft: min(c.witnesses, mostPerWitness), property: s.property}
	whole := c.judgedSchemas(s.vertex)
	if rule.Sends == diff.Breaking { // what was accepted is refused
		if v := t.separate(t.propose(s, s.vertex.Pair.old, s.vertex.Pair.new), whole.old, whole.new); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "old", RefusedBy: "new"}
		}
	}
	if rule.Receives == diff.Breaking { // what was never sent may come
		if v := t.separate(t.propose(s, s.vertex.Pair.new, s.vertex.Pair.old), whole.new, whole.old); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "new", RefusedBy: "old"}
		}
	}
	return &diff.Witness{Why: t.why()}
}

// propose yields what the suspicion hints at, then what lies near the edges of
// both schemas, also with what is said beside their alternatives.
func (t *trier) propose(s suspicion, accepts, refuses *effective) proposals {
	left := mostSampled
	sampler := &sampler{side: t.side, left: &left}
	wishes := []wish{{fits: []*effective{accepts}, edges: []*effective{refuses}}}
	if whole := t.judgedSchemas(s.vertex); whole != s.vertex.Pair {
		also := whole.old
		if accepts == s.vertex.Pair.new {
			also = whole.new
		}
		wishes = append(wishes, wish{fits: []*effective{accepts, also}, edges: []*effective{refuses}})
	}
	if s.branch != nil {
		wishes = slices.Insert(wishes, 0, wish{fits: []*effective{s.branch}, edges: []*effective{refuses}})
	}
	return func(yield func(json.RawMessage) bool) {
		if s.value != nil && !yield(s.value.JSON()) {
			return
		}
		for _, w := range wishes {
			for v := range sampler.propose(w, 0) {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// withoutWitness says of rules on annotations why no value can show them.
var withoutWitness = map[*diff.Rule]string{
	contentChanged:       "what a string encodes is not checked by validators",
	contentNarrowed:      "what a string encodes is not checked by validators",
	contentWidened:       "what a string encodes is not checked by validators",
	knownValueRemoved:    "the list names known values and refuses no other",
	discriminatorChanged: "the discriminator allows and refuses no value",
}

// findAccepted makes up a value that one schema accepts and the other refuses, nil
// if none is found. If schemas are given, it fits one of them.
func (w *walk) findAccepted(accepts, refuses *effective, fitting []*effective) json.RawMessage {
	t := &trier{Comparer: w.Comparer, side: w.side, budgetLeft: min(w.witnesses, mostPerWitness), oneAccepts: fitting}
	whole := w.judgedSchemas(w.vertex)
	judge, against := whole.old, whole.new
	if accepts == w.new {
		judge, against = against, judge
	}
	if whole == w.pair {
		against = refuses // which is a part of it
	} else {
		t.mustRefuse = refuses
	}
	inner := refuses.innerSchemas()
	for _, n := range accepts.nodes { // what the same keyword says on the other side
		if refuses.keywords != nil && n.Get(refuses.keywords[0]) != nil {
			inner = append(inner, accepts.reader.keywordsOf(n, refuses.keywords...).innerSchemas()...)
		}
	}
	left := mostSampled
	s := &sampler{side: w.side, left: &left}
	for _, also := range append([]*effective{nil}, inner...) {
		tried := wish{fits: []*effective{accepts}, edges: append([]*effective{refuses}, inner...)}
		if also != nil {
			tried.fits = append(tried.fits, also)
		}
		if v := t.separate(s.propose(tried, 0), judge, against); v != nil {
			return v
		}
	}
	return nil
}
