package jsonschema

import (
	"cmp"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/pattern"
	"github.com/assent-dev/assent/diff/tree"
)

// compareStrings compares formats, which numbers may have, too, and patterns.
func (w *walk) compareStrings() {
	if w.bothAllow(textual | number) {
		w.compareFormats()
	}
	if w.bothAllow(textual) {
		w.comparePatterns()
	}
}

var formatChanged = &diff.Rule{
	ID: "schema/format-changed", Title: "format changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The same type is written in another way: a date where a date-time was, a number
of another width. Clients generated from the contract parse the old format.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"at": {"type": "string", "format": "date"}}}
-- new.json --
{"properties": {"at": {"type": "string", "format": "date-time"}}}
-- want --
new.json:1:17: breaking: schema › at: format changed from date to date-time [schema/format-changed] (was old.json:1)
    for example "2021-06-30": accepted by the old revision, refused by the new
`,
}

var formatNarrowed = &diff.Rule{
	ID: "schema/format-narrowed", Title: "format added or narrowed", Sends: diff.Breaking,
	Doc: `
Values that were accepted may not have the format and are refused now.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string", "format": "uuid"}}}
-- want --
new.json:1:17: breaking: schema › id: format changed from none to uuid [schema/format-narrowed] (was old.json:1)
    for example "a": accepted by the old revision, refused by the new
`,
}

var formatWidened = &diff.Rule{
	ID: "schema/format-widened", Title: "format removed or widened", Receives: diff.Breaking,
	Doc: `
Consumers may receive values without the format that they parse by: an int64 does
not fit into what was generated for an int32.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "integer", "format": "int32"}}}
-- new.json --
{"properties": {"id": {"type": "integer", "format": "int64"}}}
-- want --
new.json:1:17: breaking: schema › id: format changed from int32 to int64 [schema/format-widened] (was old.json:1)
    no example: what format a number has is not checked by validators
`,
}

// widerFormat maps a format to another one that all of its values have.
var widerFormat = map[string]string{"int32": "int64", "float": "double"}

// compareFormats compares the formats, all of which a value must have. If both
// schemas list their values, the formats do not matter.
func (w *walk) compareFormats() {
	olds, news := w.old.formats(), w.new.formats()
	gone, added := missingFrom(olds, news), missingFrom(news, olds)
	if len(gone)+len(added) == 0 || w.old.isList() && w.new.isList() {
		return
	}
	rule := formatChanged
	switch {
	case impliedByFormats(gone, news):
		rule = formatNarrowed
	case impliedByFormats(added, olds):
		rule = formatWidened
	}
	o, n := firstNode(gone), firstNode(added)
	at := w.placeOf(cmp.Or(o, firstNode(olds)), cmp.Or(n, firstNode(news)))
	message := "format changed from " + valueText(o) + " to " + valueText(n)
	change := w.report(rule, at, hashOf(o), hashOf(n), message, valueText(o), valueText(n))
	if !w.bothAllow(textual) {
		w.hint(change, hint{why: "what format a number has is not checked by validators"})
	}
}

// impliedByFormats reports whether each format is implied by one of the others.
func impliedByFormats(formats, others []*tree.Node) bool {
	return !slices.ContainsFunc(formats, func(f *tree.Node) bool {
		return !slices.ContainsFunc(others, func(o *tree.Node) bool {
			return widerFormat[o.Str()] == f.Str()
		})
	})
}

var patternAdded = &diff.Rule{
	ID: "schema/pattern-added", Title: "pattern added", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{property,parameter}-pattern-added@sends",
		"oasdiff:response-property-pattern-added@receives", "confluent:PATTERN_ADDED",
	},
	Doc: `
Strings that do not match the pattern were accepted and are refused now.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string"}}}
-- new.json --
{"properties": {"sku": {"type": "string", "pattern": "^[A-Z]+$"}}}
-- want --
new.json:1:17: breaking: schema › sku: values must match ^[A-Z]+$ [schema/pattern-added] (was old.json:1)
    for example "": accepted by the old revision, refused by the new
`,
}

var patternRemoved = &diff.Rule{
	ID: "schema/pattern-removed", Title: "pattern removed", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{property,parameter}-pattern-removed@sends",
		"oasdiff:response-property-pattern-removed@receives", "confluent:PATTERN_REMOVED",
	},
	Doc: `
Consumers may receive strings that the pattern ruled out; those that rely on it,
to split or to route, break.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "pattern": "^[A-Z]+$"}}}
-- new.json --
{"properties": {"sku": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › sku: values no longer match ^[A-Z]+$ [schema/pattern-removed] (was old.json:1)
    for example "": accepted by the new revision, refused by the old
`,
}

var patternNarrowed = &diff.Rule{
	ID: "schema/pattern-narrowed", Title: "pattern allows less", Sends: diff.Breaking,
	Aliases: []string{"confluent:PATTERN_CHANGED"},
	Doc: `
Some strings matched the old pattern and do not match the new one: whoever sends
them is refused. The patterns were compared as automata, within the lengths that
both revisions allow.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "pattern": "^[A-Z0-9]+$"}}}
-- new.json --
{"properties": {"sku": {"type": "string", "pattern": "^[A-Z]+$"}}}
-- want --
new.json:1:17: breaking: schema › sku: pattern changed from ^[A-Z0-9]+$ to ^[A-Z]+$, which allows less [schema/pattern-narrowed] (was old.json:1)
    for example "0": accepted by the old revision, refused by the new
`,
}

var patternWidened = &diff.Rule{
	ID: "schema/pattern-widened", Title: "pattern allows more", Receives: diff.Breaking,
	Aliases: []string{"oasdiff:request-{property,parameter}-pattern-generalized@sends"},
	Doc: `
Consumers may receive strings that the old pattern ruled out; those that split or
route by it break.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "pattern": "^[A-Z]+$"}}}
-- new.json --
{"properties": {"sku": {"type": "string", "pattern": "^[A-Z0-9]+$"}}}
-- want --
new.json:1:17: breaking: schema › sku: pattern changed from ^[A-Z]+$ to ^[A-Z0-9]+$, which allows more [schema/pattern-widened] (was old.json:1)
    for example "0": accepted by the new revision, refused by the old
`,
}

var patternChanged = &diff.Rule{
	ID: "schema/pattern-changed", Title: "pattern changed", Sends: diff.Risky, Receives: diff.Risky,
	Aliases: []string{
		"oasdiff:request-{property,parameter}-pattern-changed@sends",
		"oasdiff:response-property-pattern-changed@receives",
	},
	Doc: `
Whether one pattern allows all that the other one does is not decided: it looks
ahead or back, or the two are too large to be compared. Compare them by hand, and
ask consumers who send or parse the value.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "pattern": "^(?!X)[A-Z]+$"}}}
-- new.json --
{"properties": {"sku": {"type": "string", "pattern": "^(?!Y)[A-Z]+$"}}}
-- want --
new.json:1:17: risky: schema › sku: pattern changed from ^(?!X)[A-Z]+$ to ^(?!Y)[A-Z]+$ [schema/pattern-changed] (was old.json:1)
`,
}

// comparePatterns compares the patterns that a string must match. Strings of a
// length that only one schema allows are left to compareRanges.
func (w *walk) comparePatterns() {
	olds, news := w.old.patterns(), w.new.patterns()
	gone := slices.DeleteFunc(slices.Clone(olds), func(p string) bool { return slices.Contains(news, p) })
	added := slices.DeleteFunc(slices.Clone(news), func(p string) bool { return slices.Contains(olds, p) })
	if len(gone)+len(added) == 0 || !w.spend(perPair*(len(gone)+len(added))) {
		return
	}
	lengths := w.old.lengths().And(w.new.lengths())
	o, n := pattern.AllOf(olds...).And(lengths), pattern.AllOf(news...).And(lengths)
	var oldInNew, newInOld pattern.Answer
	if w.reading != confluent { // Confluent compares patterns as texts
		oldInNew, _ = o.Within(n)
		newInOld, _ = n.Within(o)
	}
	if w.old.allListed(w.old.reader.matcher(news)) {
		oldInNew = pattern.Yes
	}
	if w.new.allListed(w.new.reader.matcher(olds)) {
		newInOld = pattern.Yes
	}
	at := w.placeOf(w.old.first("pattern"), w.new.first("pattern"))
	before, after := diff.HashOf(gone...), diff.HashOf(added...)
	changed := "pattern changed from " + joinOr(gone) + " to " + joinOr(added)
	switch {
	case oldInNew == pattern.Yes && newInOld == pattern.Yes:
	case len(gone) == 0:
		w.report(patternAdded, at, before, after, "values must match "+joinOr(added), joinOr(added))
	case len(added) == 0:
		w.report(patternRemoved, at, before, after, "values no longer match "+joinOr(gone), joinOr(gone))
	case oldInNew == pattern.Undecided || newInOld == pattern.Undecided:
		w.report(patternChanged, at, before, after, changed, joinOr(gone), joinOr(added))
	default:
		if oldInNew == pattern.No {
			w.report(patternNarrowed, at, before, after, changed+", which allows less", joinOr(gone),
				joinOr(added))
		}
		if newInOld == pattern.No {
			w.report(patternWidened, at, before, after, changed+", which allows more", joinOr(gone),
				joinOr(added))
		}
	}
}
