package openapi

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var xmlChanged = &diff.Rule{
	ID: "openapi/xml-changed", Title: "XML form changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The value is the same, but its place in the XML differs: an element of another name or
namespace, an attribute, an element around a list. A consumer does not find it where it
was.`,
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
new.yaml:8:59: breaking: schema Order › id: the XML form changed [openapi/xml-changed] (was old.yaml:8)
    receives: GET /orders › 200 › application/xml
`,
}

// xml compares the field "xml" of schemas whose values travel as XML.
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
				Rule:    xmlChanged,
				Old:     firstOf(before, o),
				New:     firstOf(after, n),
				Message: "the XML form changed",
				Before:  elementHash(before), After: elementHash(after),
			})
		}
		return true
	})
}
