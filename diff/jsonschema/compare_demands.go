package jsonschema

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// compareDemands compares the demands of both schemas.
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
		"oasdiff:request-{body,property}-{contains,dependent-schema}-added@sends",
		"oasdiff:request-{body,property}-{property-names,pattern-property}-added@sends",
		"oasdiff:request-{body,property}-{unevaluated-items,unevaluated-properties}-added@sends",
		"oasdiff:request-{body,property}-prefix-items-added@sends",
		"oasdiff:response-{body,property}-{contains,dependent-schema}-added@receives",
		"oasdiff:response-{body,property}-{property-names,pattern-property}-added@receives",
		"oasdiff:response-{body,property}-{unevaluated-items,unevaluated-properties}-added@receives",
		"oasdiff:response-{body,property}-prefix-items-added@receives",
		"oasdiff:request-{body,property,parameter}-max-contains-{decreased,set}@sends",
		"oasdiff:request-{body,property,parameter}-min-contains-{increased,set}@sends",
		"oasdiff:response-{body,property,header}-max-contains-{decreased,set}@receives",
		"oasdiff:response-{body,property,header}-min-contains-{increased,set}@receives",
	},
	Doc: `
A value that was accepted is refused now, by the keyword that the finding names.
Keep accepting it, or introduce a new property with the stricter schema.`,
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
		"oasdiff:request-{body,property}-{contains,dependent-schema}-removed@sends",
		"oasdiff:request-{body,property}-{property-names,pattern-property}-removed@sends",
		"oasdiff:request-{body,property}-{unevaluated-items,unevaluated-properties}-removed@sends",
		"oasdiff:request-{body,property}-prefix-items-removed@sends",
		"oasdiff:response-{body,property}-{contains,dependent-schema}-removed@receives",
		"oasdiff:response-{body,property}-{property-names,pattern-property}-removed@receives",
		"oasdiff:response-{body,property}-{unevaluated-items,unevaluated-properties}-removed@receives",
		"oasdiff:response-{body,property}-prefix-items-removed@receives",
		"oasdiff:request-{body,property,parameter}-max-contains-{increased,unset}@sends",
		"oasdiff:request-{body,property,parameter}-min-contains-{decreased,unset}@sends",
		"oasdiff:response-{body,property,header}-max-contains-{increased,unset}@receives",
		"oasdiff:response-{body,property,header}-min-contains-{decreased,unset}@receives",
	},
	Doc: `
Consumers may receive a value that the keyword of the finding ruled out before.
Those that rely on the keyword break.`,
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
The keyword changed. It is not proven that every value that was accepted still is,
and no value was found that proves the opposite: look at it.`,
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
The keyword changed. It is not proven that it still rules out every value that it
did, and no value was found that proves the opposite: look at it.`,
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

// compareDemand compares the schema objects of both schemas that make a demand.
// An object is reported if no object of the other schema implies it.
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
	if d.keyword == "not" { // one not with two values is the same as two with one value
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

// demandInclusion compares the values that two schema objects allow by a
// demand.
func (w *walk) demandInclusion(d demand, o, n *tree.Node) inclusion {
	same := true
	for _, keyword := range append([]string{d.keyword}, d.companions...) {
		same = same && w.Pruner.Same(o.Get(keyword), n.Get(keyword))
	}
	switch {
	case strings.HasPrefix(d.keyword, "unevaluated"):
		return inclusion{} // it depends on the whole schema: only a value can prove something
	case same:
		return equal
	}
	switch d.keyword {
	case "not": // the more a schema under not allows, the less the not allows
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

// decision is what to report of a demand that the other schema does not imply.
type decision struct {
	demand
	proven, undecided *diff.Rule // with and without a witness; nil reports nothing
	at                place
	before, after     diff.Hash
}

// decide looks for a value that one schema accepts and a demand of the other
// schema refuses. If schemas are given, the value must also fit one of them.
func (w *walk) decide(d decision, accepts, other *effective, object *tree.Node, fitting ...*effective) {
	narrows := accepts == w.old
	how := map[bool]string{true: "less", false: "more"}[narrows]
	refuses := other.reader.keywordsOf(object, append([]string{d.keyword}, d.companions...)...)
	if strings.HasPrefix(d.keyword, "unevaluated") {
		refuses = other // what is unevaluated depends on the whole schema
	}
	value := w.findAccepted(accepts, refuses, fitting)
	if value == nil && (d.undecided == nil || !w.matters(d.undecided)) {
		return // nobody would be hurt on this side
	}
	if value == nil {
		w.report(d.undecided, d.at, d.before, d.after,
			"the keyword "+d.keyword+" changed: whether it allows "+how+" is not decided", d.keyword)
		return
	}
	witness := &diff.Witness{Value: value, AcceptedBy: "old", RefusedBy: "new"}
	if !narrows {
		witness.AcceptedBy, witness.RefusedBy = "new", "old"
	}
	w.report(d.proven, d.at, d.before, d.after, "the keyword "+d.keyword+" allows "+how,
		d.keyword).Witness = witness
}

// remove returns the elements without one of them.
func remove[T comparable](all []T, one T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(other T) bool { return other == one })
}

// compareIf compares if i then t else e, which means (not i, or t) and (i, or
// e).
func (w *walk) compareIf(o, n *tree.Node) inclusion {
	i := w.inclusion(o.Get("if"), n.Get("if"))
	then, otherwise := w.inclusion(o.Get("then"), n.Get("then")), w.inclusion(o.Get("else"), n.Get("else"))
	return then.and(i.flipped()).and(otherwise).and(i)
}

// compareContains compares how many elements must fit a schema, and how many
// may.
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

// compareDependent compares the schemas that objects with certain properties
// must fit. compareDependencies compares the schemas that only require other
// properties.
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
