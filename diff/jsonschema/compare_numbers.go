package jsonschema

import (
	"maps"
	"math/big"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/pattern"
	"github.com/assent-dev/assent/diff/tree"
)

// compareRanges compares the bounds of numbers, lengths and counts.
func (w *walk) compareRanges() {
	for _, x := range extents {
		if !w.bothAllow(x.kinds) {
			continue
		}
		w.compareBound(x, x.lowTitle, w.old.bound(x, exact.Lower), w.new.bound(x, exact.Lower), exact.Lower)
		w.compareBound(x, x.highTitle, w.old.bound(x, exact.Upper), w.new.bound(x, exact.Upper), exact.Upper)
	}
	if w.bothAllow(number) {
		w.compareMultiples()
	}
}

var sizeNarrowed = &diff.Rule{
	ID: "schema/size-narrowed", Title: "bounds of a length or count narrowed", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-max-{length,items,properties}-{decreased,set}@sends",
		"oasdiff:request-{body,property,parameter}-min-{length,items,properties}-{increased,set}@sends",
		"oasdiff:response-{body,property,header}-max-{length,items,properties}-{decreased,set}@receives",
		"oasdiff:response-{body,property,header}-min-{length,items,properties}-{increased,set}@receives",
		"confluent:MAX_LENGTH_DECREASED",
	},
	Doc: `
Strings, arrays or objects of a size that was accepted are refused now.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"name": {"type": "string", "maxLength": 80}}}
-- new.json --
{"properties": {"name": {"type": "string", "maxLength": 40}}}
-- want --
new.json:1:17: breaking: schema › name: maximum length changed from 80 to 40 [schema/size-narrowed] (was old.json:1)
    for example "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": accepted by the old revision, refused by the new
`,
}

var sizeWidened = &diff.Rule{
	ID: "schema/size-widened", Title: "bounds of a length or count widened", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-max-{length,items,properties}-{increased,unset}@sends",
		"oasdiff:request-{body,property,parameter}-min-{length,items,properties}-{decreased,unset}@sends",
		"oasdiff:response-{body,property,header}-max-{length,items,properties}-{increased,unset}@receives",
		"oasdiff:response-{body,property,header}-min-{length,items,properties}-{decreased,unset}@receives",
	},
	Doc: `
Consumers may receive more, or less, than they were promised: a column of the old
length no longer holds it, an empty list may come where one element was sure.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"tags": {"type": "array", "minItems": 1}}}
-- new.json --
{"properties": {"tags": {"type": "array"}}}
-- want --
new.json:1:17: breaking: schema › tags: minimum number of items changed from 1 to none [schema/size-widened] (was old.json:1)
    for example []: accepted by the new revision, refused by the old
`,
}

var rangeNarrowed = &diff.Rule{
	ID: "schema/range-narrowed", Title: "bounds of a number narrowed", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-{max,exclusive-max}-{decreased,set}@sends",
		"oasdiff:request-{body,property,parameter}-{min,exclusive-min}-{increased,set}@sends",
		"oasdiff:response-{body,property,header}-{max,exclusive-max}-{decreased,set}@receives",
		"oasdiff:response-{body,property,header}-{min,exclusive-min}-{increased,set}@receives",
		"confluent:MAXIMUM_DECREASED", "confluent:MINIMUM_INCREASED",
	},
	Doc: `
Numbers that were accepted are refused now. Accept the old bounds, or introduce a
new property with the new ones.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"amount": {"type": "number", "minimum": 0, "maximum": 100}}}
-- new.json --
{"properties": {"amount": {"type": "number", "minimum": 0, "maximum": 50}}}
-- want --
new.json:1:17: breaking: schema › amount: maximum changed from 100 to 50 [schema/range-narrowed] (was old.json:1)
    for example 100: accepted by the old revision, refused by the new
`,
}

var rangeWidened = &diff.Rule{
	ID: "schema/range-widened", Title: "bounds of a number widened", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-{max,exclusive-max}-{increased,unset}@sends",
		"oasdiff:request-{body,property,parameter}-{min,exclusive-min}-{decreased,unset}@sends",
		"oasdiff:response-{body,property,header}-{max,exclusive-max}-{increased,unset}@receives",
		"oasdiff:response-{body,property,header}-{min,exclusive-min}-{decreased,unset}@receives",
	},
	Doc: `
Consumers may receive numbers outside the bounds they were promised: columns and
integer types that just fitted overflow.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"amount": {"type": "integer", "minimum": 1}}}
-- new.json --
{"properties": {"amount": {"type": "integer", "minimum": 0}}}
-- want --
new.json:1:17: breaking: schema › amount: minimum changed from 1 to 0 [schema/range-widened] (was old.json:1)
    for example 0: accepted by the new revision, refused by the old
`,
}

// boundRule returns the rule on a bound that allows less, or more.
func boundRule(x extent, narrows bool) *diff.Rule {
	switch {
	case x.kinds == number && narrows:
		return rangeNarrowed
	case x.kinds == number:
		return rangeWidened
	case narrows:
		return sizeNarrowed
	}
	return sizeWidened
}

// compareBound compares one end of a range.
func (w *walk) compareBound(x extent, title string, o, n bound, end exact.End) {
	tightened := end.Tightened(o.Bound, n.Bound)
	if tightened == 0 || w.impliedByOthers(x, tightened > 0, o, n, end) {
		return
	}
	rule := boundRule(x, tightened > 0)
	message := title + " changed from " + o.String() + " to " + n.String()
	w.report(rule, w.placeOf(o.keyword, n.keyword), diff.HashOf(title, o.String()),
		diff.HashOf(title, n.String()), message, o.String(), n.String())
}

// impliedByOthers reports whether a bound that only one side has refuses nothing
// that the other side allows, because of the other keywords there: a list whose
// values are all within the bound, a multipleOf, a pattern, required properties.
func (w *walk) impliedByOthers(x extent, narrows bool, o, n bound, end exact.End) bool {
	accepts, refuses, own, limit := w.old, w.new, o, n
	if !narrows {
		accepts, refuses, own, limit = w.new, w.old, n, o
	}
	if w.reading == confluent { // Confluent compares keyword by keyword
		return false
	}
	if accepts.allListed(func(v *tree.Node) bool { return limit.admits(x, v, end) }) {
		return true
	}
	switch x.kinds {
	case number:
		m := accepts.multiple()
		return m != nil && own.Value != nil && end.Tightened(end.Multiple(own.Bound, m), limit.Bound) <= 0
	case textual:
		if len(accepts.patterns())+len(refuses.patterns()) == 0 {
			return false
		}
		answer, _ := accepts.language().Within(refuses.language())
		return answer == pattern.Yes
	case array:
		return end == exact.Lower && end.Admits(limit.Bound, accepts.leastContained())
	}
	if end == exact.Lower {
		return end.Admits(limit.Bound, w.leastProperties(accepts))
	}
	most := accepts.mostProperties()
	return most != nil && end.Admits(limit.Bound, most)
}

// leastProperties returns how many properties objects have at least because they
// are required.
func (w *walk) leastProperties(e *effective) *big.Rat {
	names := map[string]bool{}
	for list := range e.each("required") {
		for r := range list.Children() {
			p := e.property(r.Str())
			w.hide(e, p)
			names[r.Str()] = p.required != nil
		}
	}
	maps.DeleteFunc(names, func(_ string, required bool) bool { return !required })
	return big.NewRat(int64(len(names)), 1)
}
