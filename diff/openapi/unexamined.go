package openapi

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// documentationFields are fields that only people read.
var documentationFields = []string{"title", "summary", "description", "externalDocs", "example", "examples"}

// otherFields reports the differences in all fields of an object except those
// that have been compared and those that only document, so that no change goes
// unnoticed.
func (w *walk) otherFields(old, new *tree.Node, compared ...string) {
	for o, n := range memberPairs(old, new, identity) {
		field := firstOf(o, n).Key
		if slices.Contains(compared, field) || slices.Contains(documentationFields, field) ||
			w.schemas.Pruner.Same(o, n) || elementHash(o) == elementHash(n) {
			continue
		}
		w.undecided(field, o, n, new)
	}
}

// mostListed bounds lists whose elements are compared in all pairs, for every
// operation. People cannot judge longer lists either.
const mostListed = 64

var changeUndecided = &diff.Rule{
	ID: "openapi/undecided", Title: "effect of a change not decided", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
A field changed that assent does not know: it belongs to a later version of OpenAPI, or
OpenAPI does not define it at this place. Check whether a consumer relies on it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
jsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base
paths: {}
-- new.yaml --
openapi: 3.1.0
jsonSchemaDialect: https://schemas.example/orders
paths: {}
-- want --
new.yaml:2:1: risky: document: jsonSchemaDialect changed: its effect on consumers is not decided [openapi/undecided] (was old.yaml:2)
`,
}

func (w *walk) undecided(field string, old, new, near *tree.Node) {
	w.add(diff.Found{
		Rule:    changeUndecided,
		Old:     old,
		New:     new,
		Near:    near,
		Message: field + " changed: its effect on consumers is not decided",
		Values:  []string{field}, Before: elementHash(old), After: elementHash(new),
	})
}
