package jsonschema

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// suspicion is where a finding breaks, and what may help to show it.
type suspicion struct {
	vertex *vertex
	hint
}

// hint helps to find a witness: a value or a branch that only one schema has,
// the property because of which a value must be refused, or the reason why no
// value can show the change.
type hint struct {
	value    *tree.Node
	branch   *effective
	property string
	why      string
}

// suspect notes that a finding breaks here.
func (w *walk) suspect(f *reach.Finding) {
	if _, known := w.suspicions[f]; !known {
		w.suspicions[f] = suspicion{vertex: w.vertex}
	}
}

// hint adds what helps to show a finding. It does nothing for a finding that
// does not break.
func (w *walk) hint(f *reach.Finding, h hint) {
	if s, known := w.suspicions[f]; known {
		s.hint = h
		w.suspicions[f] = s
	}
}

// witness makes up a value that one schema accepts and the other one refuses.
// An independent validator says which does what.
func (c *Comparer) witness(rule *diff.Rule, s suspicion) *diff.Witness {
	if why := cmp.Or(withoutWitness[rule], s.why); why != "" {
		return &diff.Witness{Why: why}
	}
	t := &trier{
		Comparer:   c,
		side:       s.vertex.Pair.side,
		budgetLeft: min(c.witnesses, mostPerWitness),
		property:   s.property,
	}
	whole := c.judgedSchemas(s.vertex)
	if rule.Sends == diff.Breaking { // a value was accepted and is refused now
		if v := t.separate(t.propose(s, s.vertex.Pair.old, s.vertex.Pair.new), whole.old,
			whole.new); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "old", RefusedBy: "new"}
		}
	}
	if rule.Receives == diff.Breaking { // a value was refused and is accepted now
		if v := t.separate(t.propose(s, s.vertex.Pair.new, s.vertex.Pair.old), whole.new,
			whole.old); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "new", RefusedBy: "old"}
		}
	}
	return &diff.Witness{Why: t.why()}
}

// propose yields the values that the suspicion hints at, then values at the
// edges of both schemas. Where the schemas are branches, it also yields values
// that fit the enclosing schema.
func (t *trier) propose(s suspicion, accepts, refuses *effective) proposals {
	left := mostSampled
	sampler := &sampler{side: t.side, left: &left}
	wishes := []wish{{fits: []*effective{accepts}, edges: []*effective{refuses}}}
	if whole := t.judgedSchemas(s.vertex); whole != s.vertex.Pair {
		enclosing := whole.old
		if accepts == s.vertex.Pair.new {
			enclosing = whole.new
		}
		wishes = append(wishes, wish{fits: []*effective{accepts, enclosing}, edges: []*effective{refuses}})
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

// withoutWitness says for rules on annotations why no value can show a change.
var withoutWitness = map[*diff.Rule]string{
	contentChanged:       "what a string encodes is not checked by validators",
	contentNarrowed:      "what a string encodes is not checked by validators",
	contentWidened:       "what a string encodes is not checked by validators",
	knownValueRemoved:    "the list names known values and refuses no other",
	discriminatorChanged: "the discriminator allows and refuses no value",
}

// findAccepted makes up a value that one schema accepts and the other one
// refuses. If schemas are given, the value fits one of them. It returns nil if
// none was found.
func (w *walk) findAccepted(accepts, refuses *effective, fitting []*effective) json.RawMessage {
	t := &trier{
		Comparer:   w.Comparer,
		side:       w.side,
		budgetLeft: min(w.witnesses, mostPerWitness),
		oneAccepts: fitting,
	}
	whole := w.judgedSchemas(w.vertex)
	judge, against := whole.old, whole.new
	if accepts == w.new {
		judge, against = against, judge
	}
	if whole == w.pair {
		against = refuses
	} else {
		t.mustRefuse = refuses
	}
	inner := refuses.innerSchemas()
	for _, n := range accepts.nodes { // the same keyword may have other values on the other side
		if refuses.keywords != nil && n.Get(refuses.keywords[0]) != nil {
			inner = append(inner, accepts.reader.keywordsOf(n, refuses.keywords...).innerSchemas()...)
		}
	}
	left := mostSampled
	s := &sampler{side: w.side, left: &left}
	for _, fit := range append([]*effective{nil}, inner...) {
		tried := wish{fits: []*effective{accepts}, edges: append([]*effective{refuses}, inner...)}
		if fit != nil {
			tried.fits = append(tried.fits, fit)
		}
		if v := t.separate(s.propose(tried, 0), judge, against); v != nil {
			return v
		}
	}
	return nil
}
