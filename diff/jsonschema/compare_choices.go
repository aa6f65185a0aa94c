package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// compareAlternatives compares choices. If a schema has several, each is
// compared with the most similar one of the other schema. A choice without a
// partner is a demand that only one schema makes.
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

// counterpart returns the index of the choice that is the same, or of the
// choice that differs least. It returns -1 if there is none.
func (w *walk) counterpart(g group, candidates []group, same bool) int {
	best, least := -1, unpairable
	for i, other := range candidates {
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

// demandChoice reports a choice without a partner.
func (w *walk) demandChoice(g group, proven, undecided *diff.Rule, accepts, other *effective) {
	var o, n *tree.Node
	if proven == constraintNarrowed {
		n = g.keyword
	} else {
		o = g.keyword
	}
	w.decide(decision{
		demand{keyword: g.keyword.Key}, proven, undecided, w.placeOf(o, n), hashOf(o), hashOf(n),
	}, accepts, other, g.keyword.Parent())
}

var alternativeRemoved = &diff.Rule{
	ID: "schema/alternative-removed", Title: "alternative removed", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-{one-of,any-of}-removed@sends",
		"oasdiff:response-{body,property}-{one-of,any-of}-removed@receives",
		"confluent:SUM_TYPE_NARROWED",
	},
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
	Aliases: []string{
		"oasdiff:request-{body,property}-{one-of,any-of}-added@sends",
		"oasdiff:response-{body,property}-{one-of,any-of}-added@receives",
		"confluent:SUM_TYPE_EXTENDED",
	},
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

// compareChoice pairs similar branches, compares them, and reports the branches
// without a partner. A schema without a choice is compared with each branch of
// the other one.
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
	if len(w.old.groups) == 0 && w.compareCases(w.old, news) ||
		len(w.new.groups) == 0 && w.compareCases(w.new, olds) {
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

// possibleBranches returns the distinct branches with a kind of values that the
// schema as a whole allows.
func (w *walk) possibleBranches(e *effective) []*branch {
	return slices.DeleteFunc(w.distinctBranches(e), func(b *branch) bool {
		return b.schema.kinds&e.kinds == 0
	})
}

// wasChoice reports whether the old schema has a choice. Consumers distinguish
// its branches by the properties that they declare, so that the values of a
// branch have to be allowed by a branch that declares the same properties.
// Without a choice, the values only have to be allowed.
func (w *walk) wasChoice() bool { return len(w.old.groups) > 0 }

// reportAlternative reports a branch without a partner.
func (w *walk) reportAlternative(rule *diff.Rule, at place, b *branch, others []*branch, message string) {
	before, after := hashOf(b.node), diff.Hash{}
	if rule == alternativeAdded {
		before, after = after, before
	}
	change := w.report(rule, at, before, after, message)
	why := ""
	if w.covered(b, others, rule == alternativeRemoved, false) {
		why = "its values fit another alternative, which does not declare their properties"
	}
	w.hint(change, hint{branch: b.schema, why: why})
}

// choiceKeyword returns the keyword of the first choice, nil if there is none.
func (w *walk) choiceKeyword(e *effective) *tree.Node {
	if len(e.groups) > 0 {
		return e.groups[0].keyword
	}
	return nil
}

// covered reports whether a branch of the other schema allows all values of a
// branch without a partner. old says whether the branch is of the old schema:
// then consumers may send its values, else they may receive them. If byName,
// the other branch must also declare the same properties.
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
			fits = fits && (change.Rule.Level(hurt) == diff.Safe ||
				!byName && concernsNames(change.Rule, hurt))
		}
		if fits {
			return true
		}
	}
	return false
}

// distinctBranches returns the branches of a schema with a single choice. It
// leaves out branches of anyOf whose values another branch allows, too.
func (w *walk) distinctBranches(e *effective) []*branch {
	all := e.branches()
	if e.exclusive() != nil || len(all) > mostDistinct {
		return all
	}
	for i := 0; i < len(all); i++ {
		for j, other := range all {
			if i != j && all[i].schema.kinds&^other.schema.kinds == 0 &&
				w.isSubsumed(all[i].schema, other.schema) {
				all = append(all[:i], all[i+1:]...)
				i--
				break
			}
		}
	}
	return all
}

// mostDistinct bounds the branches that distinctBranches compares with each
// other.
const mostDistinct = 12

// isSubsumed reports whether a branch allows nothing that another one refuses.
// Both are of the same revision.
func (w *walk) isSubsumed(a, b *effective) bool {
	return a != b && w.included(a, b).oldInNew
}
