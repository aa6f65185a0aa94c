package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
)

var typeChanged = &diff.Rule{
	ID: "schema/type-changed", Title: "type changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-type-changed@sends",
		"oasdiff:response-{body,property,header}-type-changed@receives", "confluent:TYPE_CHANGED",
	},
	Doc: `
No value of the old type is a value of the new one. Whoever sends the old type is
refused; whoever receives the new one cannot read it. Add a property of the new
type beside the old one, move the consumers over, and remove the old one then.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {
  "sku": {"type": "string"}
}}
-- new.json --
{"properties": {
  "sku": {"type": "integer"}
}}
-- want --
new.json:2:3: breaking: schema › sku: type changed from string to integer [schema/type-changed] (was old.json:2)
    for example "a": accepted by the old revision, refused by the new
`,
}

var typeNarrowed = &diff.Rule{
	ID: "schema/type-narrowed", Title: "type allows less", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-list-of-types-narrowed@sends",
		"oasdiff:request-parameter-property-type-specialized@sends",
		"oasdiff:response-{body,property}-{type-specialized,list-of-types-narrowed}@receives",
		"oasdiff:response-header-type-specialized@receives", "confluent:TYPE_NARROWED",
	},
	Doc: `
Values that were accepted before are refused now: consumers that send them break.
Whoever receives loses nothing. Keep accepting the wider type.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"size": {"type": "number"}}}
-- new.json --
{"properties": {"size": {"type": "integer"}}}
-- want --
new.json:1:17: breaking: schema › size: type changed from number to integer [schema/type-narrowed] (was old.json:1)
    for example 0.5: accepted by the old revision, refused by the new
`,
}

var typeWidened = &diff.Rule{
	ID: "schema/type-widened", Title: "type allows more", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-type-generalized@sends",
		"oasdiff:request-{body,property,parameter,parameter-property}-list-of-types-widened@sends",
		"oasdiff:response-{body,property}-{type-generalized,list-of-types-widened}@receives",
		"oasdiff:response-header-type-generalized@receives",
		"confluent:TYPE_EXTENDED",
	},
	Doc: `
Consumers may receive values of a type that they have not seen before. Whoever
sends loses nothing. Put the new type into a new property.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"size": {"type": "integer"}}}
-- new.json --
{"properties": {"size": {"type": ["integer", "string"]}}}
-- want --
new.json:1:17: breaking: schema › size: type changed from integer to integer or string [schema/type-widened] (was old.json:1)
    for example "a": accepted by the new revision, refused by the old
`,
}

var nothingAllowed = &diff.Rule{
	ID: "schema/nothing-allowed", Title: "every value refused", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-schema-became-false@sends",
		"oasdiff:response-{body,property,header}-schema-became-false@receives",
	},
	Doc: `
The schema has become false, or its keywords exclude each other: every value is
refused.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"legacy": {"type": "string"}}}
-- new.json --
{"properties": {"legacy": {"not": {}}}}
-- want --
new.json:1:17: breaking: schema › legacy: every value is refused now [schema/nothing-allowed] (was old.json:1)
    for example "a": accepted by the old revision, refused by the new
`,
}

var somethingAllowed = &diff.Rule{
	ID: "schema/something-allowed", Title: "schema no longer refuses every value", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-schema-became-not-false@sends",
		"oasdiff:response-{body,property,header}-schema-became-not-false@receives",
	},
	Doc: `
The schema refused every value, so that consumers never received one here. Now they
may.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"legacy": {"not": {}}}}
-- new.json --
{"properties": {"legacy": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › legacy: values are allowed now; every value was refused before [schema/something-allowed] (was old.json:1)
    for example "a": accepted by the new revision, refused by the old
`,
}

// compareKinds compares the kinds of values. It reports whether the schemas
// have values in common, so that there is more to compare.
func (w *walk) compareKinds() bool {
	o, n := w.old.kinds, w.new.kinds
	if (o^n)&fraction != 0 { // multipleOf may say that numbers are integers
		o, n = w.old.kindsByMultiple(), w.new.kindsByMultiple()
	}
	if w.text {
		o, n = asText(o), asText(n)
	}
	if w.compareUnknownTypes() {
		return true
	}
	at := w.placeOf(w.old.kindsKeyword(), w.new.kindsKeyword())
	before, after := diff.HashOf(o.String()), diff.HashOf(n.String())
	switch {
	case o == n:
		return o != 0
	case n == 0:
		w.report(nothingAllowed, at, before, after, "every value is refused now")
		return false
	case o == 0:
		w.report(somethingAllowed, at, before, after,
			"values are allowed now; every value was refused before")
		return false
	}
	plainOld, plainNew := o&^null, n&^null
	if plainOld == plainNew {
		if !w.ignoresNull(o) && !w.ignoresNull(n) {
			w.compareNull(o, n, at)
		}
		return true
	}
	was, is := w.old.kinds.String(), w.new.kinds.String()
	message := "type changed from " + was + " to " + is
	switch {
	case o&n == 0:
		w.report(typeChanged, at, before, after, message, was, is)
	case plainNew&^plainOld == 0:
		w.report(typeNarrowed, at, before, after, message, was, is)
	case plainOld&^plainNew == 0:
		w.report(typeWidened, at, before, after, message, was, is)
	default:
		w.report(typeChanged, at, before, after, message, was, is)
	}
	// a schema that allows anything allows null, too
	if plainOld&plainNew != 0 && o != anything && n != anything {
		w.compareNull(o, n, at)
	}
	return plainOld&plainNew != 0 || o&n == null && (plainOld == 0 || plainNew == 0)
}

// bothAllow reports whether both schemas allow values of the kinds.
func (w *walk) bothAllow(k kinds) bool { return w.old.kinds&k != 0 && w.new.kinds&k != 0 }

// compareUnknownTypes reports whether the schemas differ in names that are not
// the name of a type. What such a name allows is not known.
func (w *walk) compareUnknownTypes() bool {
	olds, news := w.old.unknownTypes(), w.new.unknownTypes()
	if slices.Equal(olds, news) {
		return false
	}
	o, n := w.old.first("type"), w.new.first("type")
	message := "type changed from " + valueText(o) + " to " + valueText(n) + ": " +
		joinOr(slices.Concat(olds, news)) + " is not a type, and what it allows is not decided"
	w.report(changeUndecided, w.placeOf(o, n), hashOf(o), hashOf(n), message, valueText(o), valueText(n))
	return true
}

// ignoresNull reports whether the kinds are those of a schema of OpenAPI 3.0
// without a type. Only a schema with a type can be nullable there, and null is
// not a type.
func (w *walk) ignoresNull(k kinds) bool {
	return k == anything && w.older.host.Dialect == OpenAPI30 && w.newer.host.Dialect == OpenAPI30
}

var nullAllowed = &diff.Rule{
	ID: "schema/null-allowed", Title: "null allowed", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-became-nullable@sends",
		"oasdiff:response-{body,property,header}-became-nullable@receives",
	},
	Doc: `
Consumers that receive the value and do not expect null break on it. Leave the
property out instead, if it is optional, or introduce a new one.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"name": {"type": "string"}}}
-- new.json --
{"properties": {"name": {"type": ["string", "null"]}}}
-- want --
new.json:1:17: breaking: schema › name: null became possible [schema/null-allowed] (was old.json:1)
    for example null: accepted by the new revision, refused by the old
`,
}

var nullRefused = &diff.Rule{
	ID: "schema/null-refused", Title: "null no longer allowed", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-became-not-nullable@sends",
		"oasdiff:response-{body,property,header}-became-not-nullable@receives",
	},
	Doc: `
Consumers that send null are refused. Keep accepting it and treat it as absent.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"name": {"type": ["string", "null"]}}}
-- new.json --
{"properties": {"name": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › name: null is no longer possible [schema/null-refused] (was old.json:1)
    for example null: accepted by the old revision, refused by the new
`,
}

// compareNull compares whether null is allowed.
func (w *walk) compareNull(o, n kinds, at place) {
	before, after := diff.HashOf((o & null).String()), diff.HashOf((n & null).String())
	switch {
	case o&null == 0 && n&null != 0:
		w.report(nullAllowed, at, before, after, "null became possible")
	case o&null != 0 && n&null == 0:
		w.report(nullRefused, at, before, after, "null is no longer possible")
	}
}
