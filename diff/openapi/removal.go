package openapi

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/life"
	"github.com/assent-dev/assent/diff/tree"
)

var deprecatedRemoved = &diff.Rule{
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
}

var retired = &diff.Rule{
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
}

// removal reports that an element is gone, by what it had said of that.
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

// anyDeprecated reports whether some operation of a path was to go: then each is
// judged for itself.
func anyDeprecated(item *tree.Node) bool {
	return slices.ContainsFunc(operationsOf(item), func(op *tree.Node) bool { return life.Of(op).Deprecated })
}

var promiseWithdrawn = &diff.Rule{
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
}

// promise reports the tags by which an operation is no longer promised.
func (w *walk) promise(old, new *tree.Node, before, after []string) {
	for _, tag := range after {
		if mark := "tag:" + tag; !slices.Contains(before, tag) && slices.Contains(w.options.InProgress, mark) {
			w.add(diff.Found{Rule: promiseWithdrawn, Old: old, New: new.Get("tags"), Message: "is tagged " + tag + ", which means in progress", Values: []string{tag}, After: diff.HashOf(tag)})
		}
	}
}
