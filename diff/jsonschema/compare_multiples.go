package jsonschema

import "github.com/assent-dev/assent/diff"

var multipleNarrowed = &diff.Rule{
	ID: "schema/multiple-narrowed", Title: "multipleOf allows less", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-multiple-of-{changed,set}@sends",
		"oasdiff:request-parameter-multiple-of-set@sends",
		"oasdiff:response-{body,property,header}-multiple-of-set@receives",
		"oasdiff:response-{body,property}-multiple-of-specialized@receives",
		"confluent:MULTIPLE_OF_EXPANDED",
	},
	Doc: `
Numbers that were accepted are refused now, because they are not a multiple of the
new step.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.01}}}
-- new.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.05}}}
-- want --
new.json:1:17: breaking: schema › price: multipleOf changed from 0.01 to 0.05 [schema/multiple-narrowed] (was old.json:1)
    for example 0.01: accepted by the old revision, refused by the new
`,
}

var multipleWidened = &diff.Rule{
	ID: "schema/multiple-widened", Title: "multipleOf allows more", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-multiple-of-unset@sends",
		"oasdiff:request-{body,property}-multiple-of-generalized@sends",
		"oasdiff:response-{body,property}-multiple-of-changed@receives",
		"oasdiff:response-{body,property,header}-multiple-of-unset@receives",
		"confluent:MULTIPLE_OF_REDUCED",
	},
	Doc: `
Consumers may receive numbers finer than they were promised.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.01}}}
-- new.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.001}}}
-- want --
new.json:1:17: breaking: schema › price: multipleOf changed from 0.01 to 0.001 [schema/multiple-widened] (was old.json:1)
    for example 0.001: accepted by the new revision, refused by the old
`,
}

// compareMultiples compares what numbers are multiples of.
func (w *walk) compareMultiples() {
	a, b := w.old.multiple(), w.new.multiple()
	o, n := w.old.otherMultiple(w.new), w.new.otherMultiple(w.old)
	was, is := w.old.multipleText(a), w.new.multipleText(b)
	report := func(rule *diff.Rule) {
		w.report(rule, w.placeOf(o, n), diff.HashOf(was), diff.HashOf(is),
			"multipleOf changed from "+was+" to "+is, was, is)
	}
	if !isMultiple(a, b) && !w.new.impliedByType(b) && !w.old.allListed(multiplesOf(b)) {
		report(multipleNarrowed)
	}
	if !isMultiple(b, a) && !w.old.impliedByType(a) && !w.new.allListed(multiplesOf(a)) {
		report(multipleWidened)
	}
}
