package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// compareAlternatives compares choices. Where there are several at a time, each
// is compared with the one of the other side that is most like it, and what is
// left over is a demand that the other side does not make.
func (w *walk) compareAlternatives() {
	olds, news := slices.Clone(w.old.groups), slices.Clone(w.new.groups)
	if len(olds) <= 1 && len(news) <= 1 {
		w.compareChoice()
		return
	}
	for _, same := range []bool{true, false} {
		for i := 0; i < len(olds); i++ {
			if j := w.counterpart(olds[i], news, same); j >= 0 {
				w.compareAlternative(diff.Step{}, w.old.choiceSchema(olds[i]), w.new.choiceSchema(news[j]))
				olds, news = slices.Delete(olds, i, i+1), slices.Delete(news, j, j+1)
				i--
			}
		}
	}
	for _, g := range news {
		w.demandChoice(g, constraintNarrowed, narrowingUndecided, w.old, w.new)
	}
	for _, g := range olds {
		w.demandChoice(g, constraintWidened, wideningUndecided, w.new, w.old)
	}
}

// counterpart returns the index of the choice that is the same, or else that
// differs least; -1 if there is none.
func (w *walk) counterpart(g group, among []group, same bool) int {
	best, least := -1, unpairable
	for i, other := range among {
		if same {
			if w.Pruner.Same(g.keyword, other.keyword) {
				return i
			}
			continue
		}
		if cost := w.cost(w.old.choiceSchema(g), w.new.choiceSchema(other)); cost < least {
			best, least = i, cost
		}
	}
	return best
}

// demandChoice reports a choice that one side alone has beside others.
func (w *walk) demandChoice(g group, shown, open *diff.Rule, accepts, other *effective) {
	var o, n *tree.Node
	if shown == constraintNarrowed {
		n = g.keyword
	} else {
		o = g.keyword
	}
	w.decide(decision{demand{keyword: g.keyword.Key}, shown, open, w.placeOf(o, n), hashOf(o), hashOf(n)}, accepts, other, g.keyword.Parent())
}

var alternativeRemoved = &diff.Rule{
	ID: "schema/alternative-removed", Title: "alternative removed", Sends: diff.Breaking,
	Aliases: []string{"oasdiff:request-{body,property}-{one-of,any-of}-removed@sends", "oasdiff:response-{body,property}-{one-of,any-of}-removed@receives", "confluent:SUM_TYPE_NARROWED"},
	Doc: `
Values of this branch of oneOf or anyOf fit no other branch: whoever sends them is
refused.`,
	Example: `
--compatibility full
-- old.json --
{"oneOf": [{"type": "string"}, {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}, {"type": "object", "title": "Named", "required": ["name"], "properties": {"name": {"type": "string"}}}]}
-- new.json --
{"oneOf": [{"type": "string"}, {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}]}
-- want --
new.json:1:2: breaking: schema › (Named): the alternative was removed [schema/alternative-removed] (was old.json:1)
    for example {"name":"a"}: accepted by the old revision, refused by the new
    both: schema
`,
}

var alternativeAdded = &diff.Rule{
	ID: "schema/alternative-added", Title: "alternative added", Receives: diff.Breaking,
	Aliases: []string{"oasdiff:request-{body,property}-{one-of,any-of}-added@sends", "oasdiff:response-{body,property}-{one-of,any-of}-added@receives", "confluent:SUM_TYPE_EXTENDED"},
	Doc: `
Consumers may receive values of a branch that they do not know. Whoever sends
loses nothing.`,
	Example: `
--compatibility full
-- old.json --
{"oneOf": [{"type": "string"}, {"type": "object", "title": "Named", "required": ["name"], "properties": {"name": {"type": "string"}}}]}
-- new.json --
{"oneOf": [{"type": "string"}, {"type": "object", "title": "Named", "required": ["name"], "properties": {"name": {"type": "string"}}}, {"type": "object", "title": "Numbered", "required": ["number"], "properties": {"number": {"type": "integer"}}}]}
-- want --
new.json:1:136: breaking: schema › (Numbered): an alternative was added [schema/alternative-added] (was old.json:1)
    for example {"number":0}: accepted by the new revision, refused by the old
    both: schema
`,
}

// compareChoice pairs the branches that are alike and reports what is left over.
// What holds without a choice is compared with each branch.
func (w *walk) compareChoice() {
	if len(w.old.groups)+len(w.new.groups) == 0 {
		return
	}
	olds, news := w.possibleBranches(w.old), w.possibleBranches(w.new)
	switch {
	case len(w.old.groups) == 0:
		olds, news = []*branch{{node: w.old.definition(), schema: w.old}}, w.new.mergedBranches(news)
	case len(w.new.groups) == 0:
		news, olds = []*branch{{node: w.new.definition(), schema: w.new}}, w.old.mergedBranches(olds)
	}
	if len(w.old.groups) == 0 && w.compareCases(w.old, news) || len(w.new.groups) == 0 && w.compareCases(w.new, olds) {
		return
	}
	w.pairEqual(olds, news)
	w.pairBest(olds, news)
	for _, o := range olds {
		if !o.paired && !w.covered(o, news, true, w.wasChoice()) {
			at := w.placeOf(o.node, w.choiceKeyword(w.new))
			at.definition = w.old.reader.pathOf(o.node)
			w.reportAlternative(alternativeRemoved, at, o, news, "the alternative was removed")
		}
	}
	for _, n := range news {
		if !n.paired && !w.covered(n, olds, false, w.wasChoice()) {
			at := w.placeOf(w.choiceKeyword(w.old), n.node)
			at.definition, at.new = w.new.reader.pathOf(n.node), n.node.At()
			w.reportAlternative(alternativeAdded, at, n, olds, "an alternative was added")
		}
	}
	w.compareExclusion()
}

// possibleBranches are the distinct branches that allow some value of the kinds that the
// schema allows.
func (w *walk) possibleBranches(e *effective) []*branch {
	return slices.DeleteFunc(w.distinctBranches(e), func(b *branch) bool { return b.schema.kinds&e.kinds == 0 })
}

// wasChoice reports whether consumers knew a choice: then they know its branches one
// from the other by what they declare, and a schema that allows the values of one is
// not the same. A schema that was no choice only has to allow them.
func (w *walk) wasChoice() bool { return len(w.old.groups) > 0 }

// reportAlternative reports a branch that one side alone has.
func (w *walk) reportAlternative(rule *diff.Rule, at place, b *branch, others []*branch, message string) {
	before, after := hashOf(b.node), diff.Hash{}
	if rule == alternativeAdded {
		before, after = after, before
	}
	change := w.report(rule, at, before, after, message)
	why := ""
	if w.covered(b, others, rule == alternativeRemoved, false) {
		why = "its values fit another alternative, which does not declare what they have"
	}
	w.hint(change, hint{branch: b.schema, why: why})
}

func (w *walk) choiceKeyword(e *effective) *tree.Node {
	if len(e.groups) > 0 {
		return e.groups[0].keyword
	}
	return nil
}

// covered reports whether the values of a branch that found no partner are all
// allowed by a branch of the other side. old tells that b is of the old side:
// then it must not lose values, else it must not bring any. By name, a branch also
// has to declare what the other does.
func (w *walk) covered(b *branch, others []*branch, old, byName bool) bool {
	reading := w.reading
	if byName {
		reading = max(reading, literal)
	}
	for _, other := range others {
		o, n, hurt := b.schema, other.schema, diff.Sends
		if !old {
			o, n, hurt = other.schema, b.schema, diff.Receives
		}
		fits := o.kinds&n.kinds != 0
		for _, change := range w.trial(w.alternative(pair{o, n, hurt, w.text, reading})).findings {
			fits = fits && (change.Rule.Level(hurt) == diff.Safe || !byName && concernsNames(change.Rule, hurt))
		}
		if fits {
			return true
		}
	}
	return false
}

// distinctBranches returns the branches of a schema with a single choice, but for those
// of anyOf that allow nothing beyond another.
func (w *walk) distinctBranches(e *effective) []*branch {
	all := e.branches()
	if e.exclusive() != nil || len(all) > mostDistinct {
		return all
	}
	for i := 0; i < len(all); i++ {
		for j, other := range all {
			if i != j && all[i].schema.kinds&^other.schema.kinds == 0 && w.isSubsumed(all[i].schema, other.schema) {
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

// isSubsumed reports whether a branch lies within another of the same revision.
func (w *walk) isSubsumed(a, b *effective) bool {
	return a != b && w.included(a, b).oldInNew
}
