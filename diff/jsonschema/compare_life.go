package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/life"
)

var deprecated = &diff.Rule{
	ID: "schema/deprecated", Title: "property deprecated",
	Aliases: []string{
		"oasdiff:request-property-{deprecated,deprecated-with-sunset}@sends",
		"oasdiff:response-property-{deprecated,deprecated-with-sunset}@receives",
	},
	Doc: `
It still works. Consumers should move on before it is removed; x-sunset tells them
by when.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string"}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string", "deprecated": true}, "id": {}}}
-- want --
new.json:1:43: safe: schema › sku: is deprecated [schema/deprecated] (was old.json:1)
`,
}

var restored = &diff.Rule{
	ID: "schema/restored", Title: "property no longer deprecated",
	Aliases: []string{
		"oasdiff:request-property-reactivated@sends",
		"oasdiff:response-property-reactivated@receives",
	},
	Doc: `
The announcement of its removal was withdrawn.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "deprecated": true}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string"}, "id": {}}}
-- want --
new.json:1:17: safe: schema › sku: is no longer deprecated [schema/restored] (was old.json:1)
`,
}

var sunsetPostponed = &diff.Rule{
	ID: "schema/sunset-postponed", Title: "sunset set or postponed",
	Doc: `
Consumers have more time, or know for the first time how much they have.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "deprecated": true}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string", "deprecated": true, "x-sunset": "2027-06-30"}, "id": {}}}
-- want --
new.json:1:63: safe: schema › sku: the sunset is 2027-06-30 [schema/sunset-postponed] (was old.json:1)
`,
}

var sunsetBroken = &diff.Rule{
	ID:       "schema/sunset-broken",
	Title:    "sunset moved to an earlier day or withdrawn",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Consumers planned with the day that was announced. Keep it, or announce a later one.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "deprecated": true, "x-sunset": "2027-06-30"}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string", "deprecated": true}, "id": {}}}
-- want --
new.json:1:17: breaking: schema › sku: the sunset 2027-06-30 was taken back: it may go any day [schema/sunset-broken] (was old.json:1)
`,
}

var sunsetUnreadable = &diff.Rule{
	ID:       "schema/sunset-unreadable",
	Title:    "sunset is not a date",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-property-deprecated-sunset-invalid@sends",
		"oasdiff:response-property-deprecated-sunset-invalid@receives",
	},
	Doc: `
Nobody knows when to move on, and a removal cannot be checked. Write a date such as
2027-03-31, or a date and time in the form of RFC 3339.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "deprecated": true}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string", "deprecated": true, "x-sunset": "soon"}, "id": {}}}
-- want --
new.json:1:63: breaking: schema › sku: the sunset "soon" is not a date: write it as 2027-03-31 [schema/sunset-unreadable] (was old.json:1)
`,
}

var noticeTooShort = &diff.Rule{
	ID:       "schema/notice-too-short",
	Title:    "sunset announced too late",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-property-{deprecated-sunset-missing,sunset-date-too-small}@sends",
		"oasdiff:response-property-{deprecated-sunset-missing,sunset-date-too-small}@receives",
	},
	Doc: `
The configuration promises consumers so many days between the announcement and the
sunset (lifecycle.notice). Announce a later day.`,
	Example: `
--compatibility full --today 2027-01-01 --notice stable=180
-- old.json --
{"properties": {"sku": {"type": "string"}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string", "deprecated": true, "x-sunset": "2027-03-31"}, "id": {}}}
-- want --
new.json:1:43: safe: schema › sku: is deprecated, with a sunset on 2027-03-31 [schema/deprecated] (was old.json:1)
new.json:1:63: breaking: schema › sku: the sunset 2027-03-31 is 89 days away: stable requires 180 days' notice [schema/notice-too-short] (was old.json:1)
`,
}

var stabilityIncreased = &diff.Rule{
	ID: "schema/stability-increased", Title: "stability increased",
	Aliases: []string{
		"oasdiff:request-property-stability-increased@sends",
		"oasdiff:response-property-stability-increased@receives",
	},
	Doc: `
From now on consumers may rely on it.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "x-stability-level": "beta"}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string"}, "id": {}}}
-- want --
new.json:1:17: safe: schema › sku: the stability level increased from beta to stable [schema/stability-increased] (was old.json:1)
`,
}

var stabilityDecreased = &diff.Rule{
	ID:       "schema/stability-decreased",
	Title:    "stability decreased",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-property-stability-decreased@sends",
		"oasdiff:response-property-stability-decreased@receives",
	},
	Doc: `
Consumers relied on the old level, by which the next change would have been judged.
A property without a level is stable.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string"}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string", "x-stability-level": "alpha"}, "id": {}}}
-- want --
new.json:1:43: breaking: schema › sku: the stability level decreased from stable to alpha [schema/stability-decreased] (was old.json:1)
`,
}

var stabilityUnreadable = &diff.Rule{
	ID:       "schema/stability-unreadable",
	Title:    "stability level unknown",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Nobody knows what is promised. Write draft, alpha, beta or stable.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string"}, "id": {}}}
-- new.json --
{"properties": {"sku": {"type": "string", "x-stability-level": "mature"}, "id": {}}}
-- want --
new.json:1:43: breaking: schema › sku: the stability level "mature" is not known: want draft, alpha, beta or stable [schema/stability-unreadable] (was old.json:1)
`,
}

// lifeRules are the rules on what properties announce.
var lifeRules = life.Rules{
	Deprecated:          deprecated,
	Restored:            restored,
	SunsetPostponed:     sunsetPostponed,
	SunsetBroken:        sunsetBroken,
	SunsetUnreadable:    sunsetUnreadable,
	NoticeTooShort:      noticeTooShort,
	StabilityIncreased:  stabilityIncreased,
	StabilityDecreased:  stabilityDecreased,
	StabilityUnreadable: stabilityUnreadable,
}

// compareLife compares what a property announces of its own future.
func (w *walk) compareLife(name string, o, n *property) {
	if w.Pruner.Same(o.declared, n.declared) {
		return
	}
	for _, e := range lifeRules.Events(w.Options, w.old.propertyLife(o), w.new.propertyLife(n)) {
		at := place{w.propertyPath(name, o, n), w.propertyLocation(o, w.old), e.At.At(), field(name)}
		f := w.report(e.Rule, at, diff.HashOf(e.Before), diff.HashOf(e.After), e.Message, e.Before, e.After)
		delete(w.suspicions, f) // no value can show an announcement
	}
}

// propertyLife returns what the declaration of a property announces, or else
// what the definition announces to which the declaration refers.
func (e *effective) propertyLife(p *property) life.Life {
	own := life.Of(p.declared)
	if to := e.reader.Resolve(p.declared); to != nil && !own.Deprecated && own.Stability == "" {
		return life.Of(to)
	}
	return own
}

var deprecatedRemoved = &diff.Rule{
	ID:       "schema/deprecated-removed",
	Title:    "property removed after it was deprecated",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Its removal was announced without a day, so that some consumers may still use it.
Announce a day with x-sunset: once it has come, the removal is safe.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"sku": {"type": "string", "deprecated": true}, "id": {}}, "required": ["sku"]}
-- new.json --
{"properties": {"id": {}}}
-- want --
new.json:1:17: risky: schema › sku: the property was removed; it was always there; it was deprecated [schema/deprecated-removed] (was old.json:1)
`,
}

var retired = &diff.Rule{
	ID: "schema/retired", Title: "property removed after its sunset",
	Doc: `
Its removal was announced for this day.`,
	Example: `
--compatibility full --today 2027-01-01
-- old.json --
{"properties": {"sku": {"type": "string", "deprecated": true, "x-sunset": "2026-12-31"}, "id": {}}}
-- new.json --
{"properties": {"id": {}}}
-- want --
new.json:1:17: safe: schema › sku: the optional property was removed after its sunset 2026-12-31 [schema/retired] (was old.json:1)
`,
}

// removalRule returns the rule for the removal of a property, given what the
// property had announced, and what to add to the message.
func (w *walk) removalRule(p *property, usual *diff.Rule) (*diff.Rule, string) {
	when, more := w.old.propertyLife(p).Removal(w.Options.Today)
	switch {
	case when == life.Over:
		return retired, more
	case when == life.Announced && usual.Level(diff.Both) > diff.Risky:
		return deprecatedRemoved, more
	}
	return usual, more
}
