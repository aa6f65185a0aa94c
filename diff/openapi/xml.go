package openapi

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var xmlChanged = &diff.Rule{
	ID: "openapi/xml-changed", Title: "written otherwise as XML", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The value is the same and stands elsewhere: in an element of another name or
namespace, in an attribute, with or without an element around a list. Whoever reads
the old document does not find it in the new one.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {application/xml: {schema: {$ref: "#/components/schemas/Order"}}}}}}
    post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}, responses: {"201": {description: created}}}
components:
  schemas:
    Order: {type: object, properties: {id: {type: string}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {application/xml: {schema: {$ref: "#/components/schemas/Order"}}}}}}
    post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}, responses: {"201": {description: created}}}
components:
  schemas:
    Order: {type: object, properties: {id: {type: string, xml: {attribute: true}}}}
-- want --
new.yaml:8:59: breaking: schema Order › id: it is written otherwise as XML [openapi/xml-changed] (was old.yaml:8)
    receives: GET /orders › 200 › application/xml
`,
}

// xml compares what schemas say of their XML, where the value travels so.
func (w *walk) xml(media string, old, new *tree.Node) {
	if syntax(media) != "xml" && !strings.HasSuffix(mediaType(media), "xml") {
		return
	}
	seen := map[*tree.Node]bool{}
	w.schemas.Schemas(old, new, func(o, n *tree.Node) bool {
		if seen[n] {
			return false
		}
		seen[n] = true
		before, after := o.Get("xml"), n.Get("xml")
		if o != nil && elementHash(before) != elementHash(after) {
			w.addTo(w.old.path(o), diff.Found{
				Rule: xmlChanged, Old: firstOf(before, o), New: firstOf(after, n), Message: "it is written otherwise as XML",
				Before: elementHash(before), After: elementHash(after),
			})
		}
		return true
	})
}
