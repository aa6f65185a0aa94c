package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var linkRemoved = &diff.Rule{
	ID: "openapi/link-removed", Title: "link removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The call that the link described may still work, but consumers that follow links no
longer find it. Keep the link as long as the operation exists.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses:
        "201":
          description: created
          links: {order: {operationId: getOrder, parameters: {id: $response.body#/id}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses:
        "201": {description: created}
-- want --
new.yaml:6:9: risky: POST /orders › 201 › link order: the link was removed [openapi/link-removed] (was old.yaml:8)
`,
}

var linkChanged = &diff.Rule{
	ID: "openapi/link-changed", Title: "link changed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Consumers that follow the link make a different call, or the same call with different
values. Check that the old call still works and that the new call accepts the values
that consumers have.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses:
        "201":
          description: created
          links: {order: {operationId: getOrder, parameters: {id: $response.body#/id}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses:
        "201":
          description: created
          links: {order: {operationId: getOrder, parameters: {id: $response.body#/number}}}
-- want --
new.yaml:8:19: risky: POST /orders › 201 › link order: the link leads to another call [openapi/link-changed] (was old.yaml:8)
`,
}

var linkAdded = &diff.Rule{
	ID: "openapi/link-added", Title: "link added",
	Doc: `
Nobody follows it yet.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"201": {description: created}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"201": {description: created, links: {order: {operationId: getOrder}}}}}
-- want --
new.yaml:4:62: safe: POST /orders › 201 › link order: the link was added [openapi/link-added]
`,
}

func (w *walk) links(old, new, response *tree.Node) {
	for oldSite, newSite := range memberPairs(old, new, identity) {
		at := w.descend(diff.Step{Kind: diff.Aspect, Noun: "link", Name: firstOf(oldSite, newSite).Key})
		o, n, differ := w.resolveBoth(oldSite, newSite)
		switch before, after := elementHash(o), elementHash(n); {
		case !differ || before == after:
		case n == nil:
			at.add(diff.Found{
				Rule:    linkRemoved,
				Old:     oldSite,
				Near:    firstOf(new, response),
				Message: "the link was removed",
				Before:  before,
			})
		case o == nil:
			at.add(diff.Found{Rule: linkAdded, New: newSite, Message: "the link was added", After: after})
		default:
			at.add(diff.Found{
				Rule:    linkChanged,
				Old:     oldSite,
				New:     newSite,
				Message: "the link leads to another call",
				Before:  before,
				After:   after,
			})
		}
	}
}
