package jsonschema

import (
	"cmp"
	"math"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// alternatives are the rules on oneOf and anyOf.
var alternatives = []*diff.Rule{
	{
		ID: "schema/alternative-removed", Title: "alternative removed", Sends: diff.Breaking,
		Aliases: []string{"oasdiff:request-property-one-of-removed@sends", "oasdiff:request-property-any-of-removed@sends", "confluent:SUM_TYPE_NARROWED"},
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
	},
	{
		ID: "schema/alternative-added", Title: "alternative added", Receives: diff.Breaking,
		Aliases: []string{"oasdiff:response-property-one-of-added@receives", "oasdiff:response-property-any-of-added@receives", "confluent:SUM_TYPE_EXTENDED"},
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
	},
	{
		ID: "schema/overlap-refused", Title: "oneOf may refuse what fits two branches", Sends: diff.Risky,
		Doc: `
A value that fits two branches of oneOf is refused (JSON Schema 2020-12 Core, section
10.2.1.3), and was accepted before: the branches did not overlap, or it was anyOf.
Many servers take the first branch that fits. Use anyOf, or tell the branches apart by
a property that each requires with a value of its own.`,
		Example: `
--compatibility full
-- old.json --
{"anyOf": [{"title": "Small", "maximum": 10}, {"title": "Even", "multipleOf": 2}]}
-- new.json --
{"oneOf": [{"title": "Small", "maximum": 10}, {"title": "Even", "multipleOf": 2}]}
-- want --
new.json:1:2: risky: schema: oneOf allows less [schema/overlap-refused] (was old.json:1)
    for example "a": accepted by the old revision, refused by the new
`,
	},
	{
		ID: "schema/overlap-allowed", Title: "what fits two branches is no longer refused", Receives: diff.Risky,
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
new.json:1:2: risky: schema: oneOf allows more [schema/overlap-allowed] (was old.json:1)
    for example "a": accepted by the new revision, refused by the old
`,
	},
}

var alternativeRemoved, alternativeAdded, overlapRefused, overlapAllowed = alternatives[0], alternatives[1], alternatives[2], alternatives[3]

// mostTrials bounds how many pairs of branches of one schema are tried on each
// other: 64 on each side. Branches that are equal or keep their name need none.
const mostTrials = 64 * 64

// closed is the cost of a pair that is none.
const closed = math.MaxInt

// branch is one alternative of a schema; a schema without alternatives is its
// own only one.
type branch struct {
	node   *tree.Node
	schema *effective
	paired bool
}

func (e *effective) branches() []*branch {
	var all []*branch
	for _, g := range e.groups {
		for _, n := range g.branches {
			all = append(all, &branch{node: n, schema: e.reader.effective(n, n)})
		}
	}
	return all
}

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
				w.into("", w.old.alone(olds[i]), w.new.alone(news[j]))
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
	best, least := -1, closed
	for i, other := range among {
		if same {
			if w.Pruner.Same(g.keyword, other.keyword) {
				return i
			}
			continue
		}
		if cost := w.cost(w.old.alone(g), w.new.alone(other)); cost < least {
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
	w.decide(decision{asserted{keyword: g.keyword.Key}, shown, open, w.at(o, n), hashes(o), hashes(n)}, accepts, other, g.keyword.Parent())
}

// alone is what the choice allows by itself.
func (e *effective) alone(g group) *effective {
	return e.reader.only(g.keyword.Parent(), g.keyword.Key)
}

// compareChoice pairs the branches that are alike and reports what is left over.
// What holds without a choice is compared with each branch.
func (w *walk) compareChoice() {
	if len(w.old.groups)+len(w.new.groups) == 0 {
		return
	}
	olds, news := w.distinct(w.old), w.distinct(w.new)
	switch {
	case len(w.old.groups) == 0:
		olds, news = []*branch{{node: w.old.definition(), schema: w.old}}, w.new.withBranches(news)
	case len(w.new.groups) == 0:
		news, olds = []*branch{{node: w.new.definition(), schema: w.new}}, w.old.withBranches(olds)
	}
	w.pairEqual(olds, news)
	w.pairBest(olds, news)
	for _, o := range olds {
		if !o.paired && !w.covered(o, news, true) {
			at := w.at(o.node, w.survivor(w.new))
			at.subject = w.old.reader.named(o.node)
			w.report(alternativeRemoved, at, hashes(o.node), diff.Hash{}, "the alternative was removed")
		}
	}
	for _, n := range news {
		if !n.paired && !w.covered(n, olds, false) {
			at := w.at(w.survivor(w.old), n.node)
			at.subject, at.new = w.new.reader.named(n.node), n.node.At()
			w.report(alternativeAdded, at, diff.Hash{}, hashes(n.node), "an alternative was added")
		}
	}
	w.compareExclusion()
}

// withBranches are the branches together with what the schema says beside its
// choice.
func (e *effective) withBranches(branches []*branch) []*branch {
	var all []*branch
	for _, b := range branches {
		all = append(all, &branch{node: b.node, schema: e.part(b.schema, e.kinds&b.schema.kinds)})
	}
	return all
}

func (w *walk) survivor(e *effective) *tree.Node {
	if len(e.groups) > 0 {
		return e.groups[0].keyword
	}
	return nil
}

// pairEqual pairs branches that did not change, and those that keep a name.
func (w *walk) pairEqual(olds, news []*branch) {
	byHash, byName := map[uint64][]*branch{}, map[string][]*branch{}
	for _, n := range news {
		byHash[n.node.Hash()] = append(byHash[n.node.Hash()], n)
		byName[n.name()] = append(byName[n.name()], n)
	}
	for _, o := range olds {
		for _, n := range byHash[o.node.Hash()] {
			if !o.paired && !n.paired && w.unchanged(o.schema, n.schema) {
				w.join(o, n)
			}
		}
	}
	for _, o := range olds {
		if o.name() == "" {
			continue
		}
		for _, n := range byName[o.name()] {
			if !o.paired && !n.paired {
				w.join(o, n)
			}
		}
	}
}

// name is what identifies a branch in both revisions.
func (b *branch) name() string {
	if ref := b.node.Get("$ref").Str(); ref != "" {
		return ref
	}
	return b.node.Get("title").Str()
}

func (w *walk) join(o, n *branch) {
	o.paired, n.paired = true, true
	w.into(branchName(o.node), o.schema, n.schema)
}

// pairBest pairs what is left by how little differs, the closest pair first.
func (w *walk) pairBest(olds, news []*branch) {
	type couple struct {
		old, new *branch
		cost     int
	}
	olds, news = unpaired(olds), unpaired(news)
	if len(olds)*len(news) > mostTrials {
		w.tooMany(olds, news)
		return
	}
	var couples []couple
	for _, o := range olds {
		for _, n := range news {
			couples = append(couples, couple{o, n, w.cost(o.schema, n.schema)})
		}
	}
	slices.SortStableFunc(couples, func(a, b couple) int { return cmp.Compare(a.cost, b.cost) })
	for _, c := range couples {
		if c.cost < closed && !c.old.paired && !c.new.paired {
			w.join(c.old, c.new)
		}
	}
}

func unpaired(branches []*branch) []*branch {
	return slices.DeleteFunc(slices.Clone(branches), func(b *branch) bool { return b.paired })
}

// tooMany gives up on branches that could only be told apart by trying each on
// each.
func (w *walk) tooMany(olds, news []*branch) {
	for _, b := range slices.Concat(olds, news) {
		b.paired = true
	}
	o, n := w.survivor(w.old), w.survivor(w.new)
	message := "too many alternatives changed: whether they allow less or more is not decided"
	w.report(changeUndecided, w.at(o, n), hashes(o), hashes(n), message)
}

// cost is how much two schemas differ on this side; closed if they have nothing
// in common.
func (w *walk) cost(o, n *effective) int {
	if (o.kinds|fractionOf(o.kinds))&(n.kinds|fractionOf(n.kinds)) == 0 {
		return closed
	}
	found := w.trial(pair{o, n, w.side, w.text, w.written})
	cost := len(found.all)
	for _, change := range found.all {
		cost += 100 * int(change.Rule.Level(w.side))
	}
	if found.disjoint {
		return closed
	}
	return cost
}

// fractionOf makes integer and number meet.
func fractionOf(k kinds) kinds {
	if k&number != 0 {
		return number
	}
	return 0
}

// trial is what comparing two schemas would report.
type trial struct {
	all      []*diff.Change
	disjoint bool // no value fits both
}

// mostNested bounds trials within trials, which are on the stack.
const mostNested = 200

// trial compares without reporting. Recursion is coinductive: what is being
// compared already is taken to hold, as far as nothing was found in it yet.
func (w *walk) trial(p pair) trial {
	m := w.Comparer.result(p)
	if m == nil {
		return trial{}
	}
	if w.trials == mostNested {
		w.budget = 0
	}
	w.trials++
	defer func() { w.trials-- }()
	var t trial
	seen := map[*diff.Change]bool{}
	for _, r := range w.explore(m) {
		for _, f := range r.local {
			if !seen[f.change] && w.spend(1) {
				seen[f.change] = true
				t.all = append(t.all, f.change)
			}
			t.disjoint = t.disjoint || r == m && f.change.Rule == typeChanged && f.paths[0] == ""
		}
	}
	return t
}

// covered reports whether the values of a branch that found no partner are all
// allowed by a branch of the other side. old tells that b is of the old side:
// then it must not lose values, else it must not bring any.
func (w *walk) covered(b *branch, others []*branch, old bool) bool {
	for _, other := range others {
		o, n, hurt := b.schema, other.schema, diff.Sends
		if !old {
			o, n, hurt = other.schema, b.schema, diff.Receives
		}
		fits := o.kinds&n.kinds != 0
		for _, change := range w.trial(pair{o, n, w.side, w.text, true}).all {
			fits = fits && change.Rule.Level(hurt) == diff.Safe
		}
		if fits {
			return true
		}
	}
	return false
}
