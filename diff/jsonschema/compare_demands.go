package jsonschema

import (
	"bytes"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// compareDemands compares the demands of each kind, and those of choices
// that found no counterpart.
func (w *walk) compareDemands() {
	for _, d := range demands {
		if w.bothAllow(d.kinds) {
			w.compareDemand(d, w.old.objectsWith(d), w.new.objectsWith(d))
		}
	}
}

var constraintNarrowed = &diff.Rule{
	ID: "schema/constraint-narrowed", Title: "keyword allows less", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-{contains,dependent-schema,property-names,pattern-property,unevaluated-items,unevaluated-properties,prefix-items}-added@sends",
		"oasdiff:response-{body,property}-{contains,dependent-schema,property-names,pattern-property,unevaluated-items,unevaluated-properties,prefix-items}-added@receives",
		"oasdiff:request-{body,property,parameter}-max-contains-{decreased,set}@sends", "oasdiff:request-{body,property,parameter}-min-contains-{increased,set}@sends",
		"oasdiff:response-{body,property,header}-max-contains-{decreased,set}@receives", "oasdiff:response-{body,property,header}-min-contains-{increased,set}@receives",
	},
	Doc: `
A value that was accepted is refused now, by the keyword that the finding names.
Accept it still, or introduce what is stricter beside it.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": ["string", "integer"]}}}
-- new.json --
{"properties": {"id": {"type": ["string", "integer"], "not": {"const": ""}}}}
-- want --
new.json:1:17: breaking: schema › id: the keyword not allows less [schema/constraint-narrowed] (was old.json:1)
    for example "": accepted by the old revision, refused by the new
`,
}

var constraintWidened = &diff.Rule{
	ID: "schema/constraint-widened", Title: "keyword allows more", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-{contains,dependent-schema,property-names,pattern-property,unevaluated-items,unevaluated-properties,prefix-items}-removed@sends",
		"oasdiff:response-{body,property}-{contains,dependent-schema,property-names,pattern-property,unevaluated-items,unevaluated-properties,prefix-items}-removed@receives",
		"oasdiff:request-{body,property,parameter}-max-contains-{increased,unset}@sends", "oasdiff:request-{body,property,parameter}-min-contains-{decreased,unset}@sends",
		"oasdiff:response-{body,property,header}-max-contains-{increased,unset}@receives",
		"oasdiff:response-{body,property,header}-min-contains-{decreased,unset}@receives",
	},
	Doc: `
Consumers may receive a value that the keyword of the finding ruled out. Those that
rely on it break.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"tags": {"type": "array", "contains": {"const": "public"}}}}
-- new.json --
{"properties": {"tags": {"type": "array"}}}
-- want --
new.json:1:17: breaking: schema › tags: the keyword contains allows more [schema/constraint-widened] (was old.json:1)
    for example []: accepted by the new revision, refused by the old
`,
}

var narrowingUndecided = &diff.Rule{
	ID: "schema/narrowing-undecided", Title: "keyword may allow less", Sends: diff.Risky,
	Aliases: []string{"oasdiff:request-{body,property}-{if,then,else}-{added,removed}@sends"},
	Doc: `
The keyword changed. It is not shown that all that was accepted still is, and no
value was found that shows the opposite: look at it.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"not": {"pattern": "^(?=a)b"}}}}
-- new.json --
{"properties": {"id": {"not": {"pattern": "^(?=b)b"}}}}
-- want --
new.json:1:17: risky: schema › id: the keyword not changed: whether it allows less is not decided [schema/narrowing-undecided] (was old.json:1)
new.json:1:17: risky: schema › id: the keyword not changed: whether it allows more is not decided [schema/widening-undecided] (was old.json:1)
`,
}

var wideningUndecided = &diff.Rule{
	ID: "schema/widening-undecided", Title: "keyword may allow more", Receives: diff.Risky,
	Aliases: []string{"oasdiff:response-{body,property}-{if,then,else}-{added,removed}@receives"},
	Doc: `
The keyword changed. It is not shown that it still rules out all that it did, and
no value was found that shows the opposite: look at it.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"not": {"pattern": "^(?=a)b"}}}}
-- new.json --
{"properties": {"id": {}}}
-- want --
new.json:1:17: risky: schema › id: the keyword not changed: whether it allows more is not decided [schema/widening-undecided] (was old.json:1)
`,
}

func (w *walk) compareDemand(d demand, olds, news []*tree.Node) {
	added, gone := slices.Clone(news), slices.Clone(olds)
	for _, o := range olds {
		for _, n := range news {
			i := w.demandInclusion(d, o, n)
			if i.oldInNew {
				added = remove(added, n)
			}
			if i.newInOld {
				gone = remove(gone, o)
			}
		}
	}
	if d.keyword == "not" { // one not with two values is two nots with one
		added = slices.DeleteFunc(added, func(n *tree.Node) bool { return w.old.excludes(n.Get("not")) })
		gone = slices.DeleteFunc(gone, func(o *tree.Node) bool { return w.new.excludes(o.Get("not")) })
	}
	before, after := setHash(d.keyword, demandKeywords(d, olds)), setHash(d.keyword, demandKeywords(d, news))
	at := w.placeOf(firstNode(demandKeywords(d, olds)), firstNode(demandKeywords(d, news)))
	for _, n := range added {
		at := at
		at.new = locationOf(n.Get(d.keyword), w.new)
		w.decide(decision{d, constraintNarrowed, narrowingUndecided, at, before, after}, w.old, w.new, n)
	}
	for _, o := range gone {
		at := at
		at.old = locationOf(o.Get(d.keyword), w.old)
		w.decide(decision{d, constraintWidened, wideningUndecided, at, before, after}, w.new, w.old, o)
	}
}

// demandInclusion says how the values lie to each other that two objects allow by one
// kind of demand.
func (w *walk) demandInclusion(d demand, o, n *tree.Node) inclusion {
	same := true
	for _, keyword := range append([]string{d.keyword}, d.companions...) {
		same = same && w.Pruner.Same(o.Get(keyword), n.Get(keyword))
	}
	switch {
	case strings.HasPrefix(d.keyword, "unevaluated"):
		return inclusion{} // it is a matter of the whole: a value has to tell
	case same:
		return equal
	}
	switch d.keyword {
	case "not": // what two nots allow lies the other way round than what they refuse
		return w.inclusion(o.Get("not"), n.Get("not")).flipped()
	case "if":
		return w.compareIf(o, n)
	case "contains":
		return w.compareContains(o, n)
	case "dependentSchemas":
		return w.compareDependent(o, n)
	}
	return inclusion{}
}

// decision is what is reported of a demand that is not implied by the other
// side.
type decision struct {
	demand
	proven, undecided *diff.Rule // if a value shows it, and if none does; nil reports nothing then
	at                place
	before, after     diff.Hash
}

// decide looks for a value that one side accepts and the demand of the object,
// which is the other's, refuses. If schemas are given, it has to fit one of them
// all the same.
func (w *walk) decide(d decision, accepts, other *effective, object *tree.Node, fitting ...*effective) {
	narrows := accepts == w.old
	how := map[bool]string{true: "less", false: "more"}[narrows]
	refuses := other.reader.keywordsOf(object, append([]string{d.keyword}, d.companions...)...)
	if strings.HasPrefix(d.keyword, "unevaluated") {
		refuses = other // what is unevaluated is a matter of the whole
	}
	value := w.findAccepted(accepts, refuses, fitting)
	if value == nil && (d.undecided == nil || !w.matters(d.undecided)) {
		return // not decided, and of no concern on this side
	}
	if value == nil {
		w.report(d.undecided, d.at, d.before, d.after, "the keyword "+d.keyword+" changed: whether it allows "+how+" is not decided", d.keyword)
		return
	}
	witness := &diff.Witness{Value: value, AcceptedBy: "old", RefusedBy: "new"}
	if !narrows {
		witness.AcceptedBy, witness.RefusedBy = "new", "old"
	}
	w.report(d.proven, d.at, d.before, d.after, "the keyword "+d.keyword+" allows "+how, d.keyword).Witness = witness
}

// remove returns the elements but for one.
func remove[T comparable](all []T, one T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(other T) bool { return other == one })
}

func setHash(keyword string, nodes []*tree.Node) diff.Hash {
	parts := []string{keyword}
	for _, d := range digests(nodes) {
		parts = append(parts, string(d))
	}
	return diff.HashOf(parts...)
}

func digests(nodes []*tree.Node) [][]byte {
	var all [][]byte
	for _, n := range nodes {
		d := n.Digest(annotations...)
		all = append(all, d[:])
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal)
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

// compareDependent: for each name, whoever has it must fit a schema. Lists of
// names, also as schemas, are compared by compareDependencies.
func (w *walk) compareDependent(o, n *tree.Node) inclusion {
	i := equal
	for _, keyword := range []string{"dependentSchemas", "dependencies"} {
		for name := range keysOf(o.Get(keyword), n.Get(keyword)) {
			before, after := dependentSchema(o, name), dependentSchema(n, name)
			if before != nil || after != nil {
				i = i.and(w.inclusion(before, after))
			}
		}
	}
	return i
}
