package openapi

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// documentationFields are fields that people read and no program.
var documentationFields = []string{"title", "summary", "description", "externalDocs", "example", "examples"}

// otherFields reports what differs in an object beside the fields that have been
// compared and those that promise nothing: no change passes unseen.
func (w *walk) otherFields(old, new *tree.Node, compared ...string) {
	for o, n := range memberPairs(old, new, identity) {
		field := firstOf(o, n).Key
		if slices.Contains(compared, field) || slices.Contains(documentationFields, field) || w.schemas.Pruner.Same(o, n) || elementHash(o) == elementHash(n) {
			continue
		}
		w.undecided(field, o, n, new)
	}
}

// mostListed bounds lists that are compared each with each, for every operation:
// the longer ones are as good as undecidable for people, too.
const mostListed = 64

var changeUndecided = &diff.Rule{
	ID: "openapi/undecided", Title: "change not decided", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
A field changed of which it is not known what it means for consumers: one of a
version of OpenAPI to come, or one that this place does not have. Look whether
anybody relies on it.`,
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
new.yaml:2:1: risky: document: jsonSchemaDialect changed: what it means for consumers is not decided [openapi/undecided] (was old.yaml:2)
`,
}

func (w *walk) undecided(field string, old, new, near *tree.Node) {
	w.add(diff.Found{
		Rule: changeUndecided, Old: old, New: new, Near: near, Message: field + " changed: what it means for consumers is not decided",
		Values: []string{field}, Before: elementHash(old), After: elementHash(new),
	})
}
