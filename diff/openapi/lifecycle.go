package openapi

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/life"
	"github.com/assent-dev/assent/diff/tree"
)

var deprecated = &diff.Rule{
	ID: "openapi/deprecated", Title: "element deprecated",
	Aliases: []string{"oasdiff:request-parameter-deprecated"},
	Doc: `
It still works. Consumers should move on before it is removed; x-sunset tells them
by when.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: page, in: query, deprecated: true, x-sunset: 2027-03-31, schema: {type: integer}}
      responses: {"200": {description: all}}
-- want --
new.yaml:6:35: safe: GET /orders › query page: is deprecated, with a sunset on 2027-03-31 [openapi/deprecated] (was old.yaml:6)
`,
}

var restored = &diff.Rule{
	ID: "openapi/restored", Title: "element no longer deprecated",
	Aliases: []string{"oasdiff:request-parameter-reactivated"},
	Doc: `
The announcement of its removal was withdrawn.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: page, in: query, deprecated: true, schema: {type: integer}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer}}
      responses: {"200": {description: all}}
-- want --
new.yaml:6:11: safe: GET /orders › query page: is no longer deprecated [openapi/restored] (was old.yaml:6)
`,
}

var sunsetPostponed = &diff.Rule{
	ID: "openapi/sunset-postponed", Title: "sunset set or postponed",
	Doc: `
Consumers have more time, or learn for the first time how much they have.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      x-sunset: 2027-03-31
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      x-sunset: 2027-06-30
      responses: {"200": {description: all}}
-- want --
new.yaml:6:7: safe: GET /orders: the sunset moved from 2027-03-31 to 2027-06-30 [openapi/sunset-postponed] (was old.yaml:4)
`,
}

var sunsetBroken = &diff.Rule{
	ID:       "openapi/sunset-broken",
	Title:    "sunset moved to an earlier day or withdrawn",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:api-sunset-date-changed-too-small", "oasdiff:sunset-deleted",
		"oasdiff:request-parameter-sunset-date-changed-too-small",
		"oasdiff:request-parameter-sunset-deleted",
	},
	Doc: `
Consumers planned for the day that was announced. Keep that day, or announce a later
one.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      x-sunset: 2027-06-30
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      x-sunset: 2027-03-31
      responses: {"200": {description: all}}
-- want --
new.yaml:6:7: breaking: GET /orders: the sunset moved from 2027-06-30 to an earlier day, 2027-03-31 [openapi/sunset-broken] (was old.yaml:4)
`,
}

var sunsetUnreadable = &diff.Rule{
	ID:       "openapi/sunset-unreadable",
	Title:    "sunset is not a date",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:api-deprecated-sunset-parse", "oasdiff:request-parameter-sunset-parse"},
	Doc: `
Consumers do not know when they have to move on, and assent cannot check the removal
against the sunset. Write a date, such as 2027-03-31, or a date and time as in
RFC 3339.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      x-sunset: "end of March"
      responses: {"200": {description: all}}
-- want --
new.yaml:6:7: breaking: GET /orders: the sunset "end of March" is not a date: write it as 2027-03-31 [openapi/sunset-unreadable] (was old.yaml:4)
`,
}

var noticeTooShort = &diff.Rule{
	ID:       "openapi/notice-too-short",
	Title:    "sunset announced too late",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:api-deprecated-sunset-missing", "oasdiff:api-sunset-date-too-small",
		"oasdiff:request-parameter-deprecated-sunset-missing",
		"oasdiff:request-parameter-sunset-date-too-small",
	},
	Doc: `
The configuration promises consumers a number of days between the announcement and the
sunset (lifecycle.notice). Announce a later day.`,
	Example: `
--today 2027-01-01 --notice stable=180
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      x-sunset: 2027-03-31
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: safe: GET /orders: is deprecated, with a sunset on 2027-03-31 [openapi/operation-deprecated] (was old.yaml:4)
new.yaml:6:7: breaking: GET /orders: the sunset 2027-03-31 is 89 days away: stable requires 180 days' notice [openapi/notice-too-short] (was old.yaml:4)
`,
}

var stabilityIncreased = &diff.Rule{
	ID: "openapi/stability-increased", Title: "stability increased",
	Aliases: []string{"oasdiff:api-stability-increased"},
	Doc: `
Consumers may rely on the element from now on.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      x-stability-level: beta
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      x-stability-level: stable
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: safe: GET /orders: the stability level increased from beta to stable [openapi/stability-increased] (was old.yaml:4)
`,
}

var stabilityDecreased = &diff.Rule{
	ID:       "openapi/stability-decreased",
	Title:    "stability decreased",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:api-stability-decreased"},
	Doc: `
Consumers relied on the promise of the old level, and the next change would no longer
be judged by it. An element without a level is stable.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      x-stability-level: stable
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      x-stability-level: alpha
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: breaking: GET /orders: the stability level decreased from stable to alpha [openapi/stability-decreased] (was old.yaml:4)
`,
}

var stabilityUnreadable = &diff.Rule{
	ID:       "openapi/stability-unreadable",
	Title:    "stability level unknown",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:api-invalid-stability-level"},
	Doc: `
Consumers cannot tell what is promised. Write draft, alpha, beta or stable.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      x-stability-level: mature
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: breaking: GET /orders: the stability level "mature" is not known: want draft, alpha, beta or stable [openapi/stability-unreadable] (was old.yaml:4)
`,
}

var operationDeprecated = &diff.Rule{
	ID: "openapi/operation-deprecated", Title: "operation deprecated",
	Aliases: []string{"oasdiff:endpoint-deprecated", "oasdiff:endpoint-deprecated-with-sunset"},
	Doc: `
It still works. Consumers should move on before it is removed.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: safe: GET /orders: is deprecated [openapi/operation-deprecated] (was old.yaml:4)
`,
}

var operationRestored = &diff.Rule{
	ID: "openapi/operation-restored", Title: "operation no longer deprecated",
	Aliases: []string{"oasdiff:endpoint-reactivated"},
	Doc: `
The announcement of its removal was withdrawn.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {deprecated: true, responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:4:5: safe: GET /orders: is no longer deprecated [openapi/operation-restored] (was old.yaml:4)
`,
}

// operationLife are the rules on the life of an operation, elementLife the
// rules on the life of any other element.
var (
	operationLife = lifeRules(operationDeprecated, operationRestored)
	elementLife   = lifeRules(deprecated, restored)
)

// lifeRules adds the rules that all elements share to two rules on deprecation.
func lifeRules(deprecated, restored *diff.Rule) life.Rules {
	return life.Rules{
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
}

// stability returns the stability level of an element as a mark, by which the
// configuration can declare it in progress. It is empty if no level is given.
func stability(n *tree.Node) []string {
	if level := life.Of(n).Stability; level != "" {
		return []string{"stability:" + level}
	}
	return nil
}

// mark adds the stability level of a parameter or header to the marks of the
// place.
func (w *walk) mark(n *tree.Node) {
	if more := stability(n); more != nil {
		w.marks = slices.Concat(w.marks, more)
		w.report.Mark(w.use, w.marks...)
	}
}

// life compares the deprecation, sunset and stability of an element.
func (w *walk) life(rules life.Rules, o, n *tree.Node, reaches ...diff.Reach) {
	for _, e := range rules.Events(w.options, life.Of(o), life.Of(n)) {
		w.add(diff.Found{
			Rule: e.Rule, Old: o, New: e.At, Message: e.Message, Values: []string{e.Before, e.After},
			Before: diff.HashOf(e.Before), After: diff.HashOf(e.After), Reaches: reaches,
		})
	}
}
