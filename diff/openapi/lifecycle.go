package openapi

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// lifecycle are the rules on what elements say of their own future, the first
// of them in the order of diff.Turn.
var lifecycle = []*diff.Rule{
	{
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
	},
	{
		ID: "openapi/restored", Title: "element no longer deprecated",
		Aliases: []string{"oasdiff:request-parameter-reactivated"},
		Doc: `
The announcement that it will go was taken back.`,
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
	},
	{
		ID: "openapi/sunset-postponed", Title: "sunset set or postponed",
		Doc: `
Consumers have longer, or know for the first time how long.`,
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
	},
	{
		ID: "openapi/sunset-broken", Title: "sunset moved forward or taken back", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:api-sunset-date-changed-too-small", "oasdiff:sunset-deleted", "oasdiff:request-parameter-sunset-date-changed-too-small", "oasdiff:request-parameter-sunset-deleted"},
		Doc: `
Consumers planned with the day that was announced. Keep it, or announce a later one.`,
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
	},
	{
		ID: "openapi/sunset-unreadable", Title: "sunset is no date", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:api-deprecated-sunset-parse", "oasdiff:request-parameter-sunset-parse"},
		Doc: `
Nobody can tell by when to move on, and no removal can be checked against it. Write a
date, 2027-03-31, or a date and time as RFC 3339 has it.`,
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
new.yaml:6:7: breaking: GET /orders: the sunset "end of March" is no date: write it as 2027-03-31 [openapi/sunset-unreadable] (was old.yaml:4)
`,
	},
	{
		ID: "openapi/notice-too-short", Title: "notice of a sunset too short", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:api-deprecated-sunset-missing", "oasdiff:api-sunset-date-too-small", "oasdiff:request-parameter-deprecated-sunset-missing", "oasdiff:request-parameter-sunset-date-too-small"},
		Doc: `
The configuration promises consumers so many days between the announcement and the
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
new.yaml:6:7: breaking: GET /orders: the sunset 2027-03-31 is 89 days away: stable is due a notice of 180 [openapi/notice-too-short] (was old.yaml:4)
`,
	},
	{
		ID: "openapi/stability-increased", Title: "more is promised",
		Aliases: []string{"oasdiff:api-stability-increased"},
		Doc: `
From now on consumers may rely on it.`,
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
	},
	{
		ID: "openapi/stability-decreased", Title: "less is promised", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:api-stability-decreased"},
		Doc: `
Consumers relied on what was promised, and the next change would no longer be held
against it. What has no level is stable.`,
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
	},
	{
		ID: "openapi/stability-unreadable", Title: "stability level not known", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:api-invalid-stability-level"},
		Doc: `
Nobody can tell what is promised. Write draft, alpha, beta or stable.`,
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
	},
	{
		ID: "openapi/deprecated-removed", Title: "removed after it was deprecated", Sends: diff.Risky, Receives: diff.Risky,
		Aliases: []string{"oasdiff:api-removed-with-deprecation", "oasdiff:api-path-removed-with-deprecation", "oasdiff:request-parameter-removed-with-deprecation"},
		Doc: `
It was announced that it would go, and not when: some consumers may still use it. Give
a day, x-sunset; once it has come, removing is safe.`,
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
      parameters: []
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: risky: GET /orders › query page: the parameter was removed; it was deprecated [openapi/deprecated-removed] (was old.yaml:6)
`,
	},
	{
		ID: "openapi/retired", Title: "removed after its sunset",
		Doc: `
It was announced that it would go by this day.`,
		Example: `
--today 2027-01-01
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      deprecated: true
      x-sunset: 2026-12-31
      responses: {"200": {description: all}}
  /returns:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /returns:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:2:1: safe: GET /orders: the operation was removed after its sunset 2026-12-31 [openapi/retired] (was old.yaml:4)
`,
	},
	{
		ID: "openapi/promise-withdrawn", Title: "operation marked as in progress", Sends: diff.Breaking, Receives: diff.Breaking,
		Doc: `
The tag says that nobody should rely on the operation: the next change would no
longer be held against it. Consumers who do rely on it have to agree first.`,
		Example: `
--in-progress tag:WIP
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      tags: [Orders]
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      tags: [Orders, WIP]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: breaking: GET /orders: is tagged WIP, which means in progress [openapi/promise-withdrawn] (was old.yaml:4)
new.yaml:5:7: safe: GET /orders: tags changed from Orders to Orders, WIP [openapi/operation-tags-changed] (was old.yaml:4)
`,
	},
}

var deprecatedRemoved, retired, promiseWithdrawn = lifecycle[9], lifecycle[10], lifecycle[11]

// operationLife are the rules on the turns in the life of an operation.
var operationLife = slices.Concat([]*diff.Rule{operationDeprecated, operationRestored}, lifecycle[diff.SunsetPostponed:])

// mark notes how much of the element is promised, for what is in progress.
func (w *walk) mark(n *tree.Node) {
	if level := diff.LifeOf(n).Stability; level != "" {
		w.marks = append(slices.Clip(w.marks), "stability:"+level)
	}
}

// life compares what an element says of its future.
func (w *walk) life(rules []*diff.Rule, o, n *tree.Node, reaches ...diff.Reach) {
	for _, e := range w.options.Events(diff.LifeOf(o), diff.LifeOf(n)) {
		w.add(found{
			rule: rules[e.Turn], old: o, new: e.At, message: e.Message, values: []string{e.Before, e.After},
			before: diff.HashOf(e.Before), after: diff.HashOf(e.After), reaches: reaches,
		})
	}
}

// removal reports that an element is gone, by what it had said of that.
func (w *walk) removal(f found, gone *tree.Node) {
	when, more := w.options.Removal(diff.LifeOf(gone))
	switch when {
	case diff.Announced:
		f.rule = deprecatedRemoved
	case diff.Over:
		f.rule = retired
	}
	f.message += more
	w.add(f)
}

// announced reports whether some operation of a path was to go: then each is
// judged for itself.
func announced(item *tree.Node) bool {
	return slices.ContainsFunc(operationsOf(item), func(op *tree.Node) bool { return diff.LifeOf(op).Deprecated })
}

// promise reports the tags by which an operation is no longer promised.
func (w *walk) promise(old, new *tree.Node, before, after []string) {
	for _, tag := range after {
		if mark := "tag:" + tag; !slices.Contains(before, tag) && slices.Contains(w.options.InProgress, mark) {
			w.add(found{rule: promiseWithdrawn, old: old, new: new.Get("tags"), message: "is tagged " + tag + ", which means in progress", values: []string{tag}, after: diff.HashOf(tag)})
		}
	}
}
