package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// unexamined is the rule on fields that matter and are compared as a whole.
var unexamined = []*diff.Rule{
	{
		ID: "openapi/undecided", Title: "change not decided", Sends: diff.Risky, Receives: diff.Risky,
		Doc: `
Servers or links changed. What that means for consumers is not decided: look
whether calls go elsewhere.`,
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
      servers: [{url: https://orders.example}]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: risky: GET /orders › servers: servers changed: what it means for consumers is not decided [openapi/undecided]
`,
	},
}

var changeUndecided = unexamined[0]

func (w *walk) unexamined(field string, old, new, near *tree.Node) {
	if w.schemas.Pruner.Same(old, new) || digest(old) == digest(new) {
		return
	}
	w.in(field).add(found{
		rule: changeUndecided, old: old, new: new, near: near, message: field + " changed: what it means for consumers is not decided",
		values: []string{field}, before: digest(old), after: digest(new),
	})
}
