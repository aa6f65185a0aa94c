package openapi

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/life"
	"github.com/assent-dev/assent/diff/tree"
)

var deprecatedRemoved = &diff.Rule{
	ID:       "openapi/deprecated-removed",
	Title:    "removed after it was deprecated",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Aliases: []string{
		"oasdiff:api-removed-with-deprecation", "oasdiff:api-path-removed-with-deprecation",
		"oasdiff:request-parameter-removed-with-deprecation",
	},
	Doc: `
The removal was announced without a day: some consumers may still use the element.
Announce a day with x-sunset. After that day the removal is safe.`,
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
}

var retired = &diff.Rule{
	ID: "openapi/retired", Title: "removed after its sunset",
	Doc: `
The day of the removal was announced, and it has passed.`,
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
}

// removal reports that an element was removed. The rule depends on whether the
// old revision had announced the removal.
func (w *walk) removal(f diff.Found, gone *tree.Node) {
	when, more := life.Of(gone).Removal(w.options.Today)
	switch when {
	case life.Announced:
		f.Rule = deprecatedRemoved
	case life.Over:
		f.Rule = retired
	}
	f.Message += more
	w.add(f)
}

// anyDeprecated reports whether an operation of a path is deprecated. If so,
// the removal of each operation is reported separately.
func anyDeprecated(item *tree.Node) bool {
	return slices.ContainsFunc(operationsOf(item), func(op *tree.Node) bool { return life.Of(op).Deprecated })
}

var promiseWithdrawn = &diff.Rule{
	ID:       "openapi/promise-withdrawn",
	Title:    "operation marked as in progress",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
The tag says that nobody should rely on the operation: its next change would no longer
be judged. Consumers that rely on it have to agree first.`,
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
}

// promise reports new tags that declare an operation in progress.
func (w *walk) promise(old, new *tree.Node, before, after []string) {
	for _, tag := range after {
		if mark := "tag:" + tag; !slices.Contains(before, tag) &&
			slices.Contains(w.options.InProgress, mark) {
			w.add(diff.Found{
				Rule:    promiseWithdrawn,
				Old:     old,
				New:     new.Get("tags"),
				Message: "is tagged " + tag + ", which means in progress",
				Values:  []string{tag},
				After:   diff.HashOf(tag),
			})
		}
	}
}
