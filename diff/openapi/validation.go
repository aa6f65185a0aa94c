package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var invalid = &diff.Rule{
	ID:        "openapi/invalid",
	Title:     "description became invalid",
	Sends:     diff.Risky,
	Receives:  diff.Risky,
	Editorial: true,
	Doc: `
The description violates OpenAPI in a place where it did not before. Tools that generate
clients or documentation may refuse it. The App reports this; the command line does
not.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
info: {title: shop, version: 1.0.0}
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
-- new.yaml --
openapi: 3.1.0
info: {title: shop, version: 1.0.0}
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
-- want --
new.yaml:4:3: risky: /orders/{}: path parameter "id" must be required [openapi/invalid]
`,
}

// invalidAt reports a validator's complaint about the element that the keys
// lead to. If there is no such element, it reports it of the closest one above.
func invalidAt(doc *tree.Document, keys []string, complaint string) diff.Fact {
	at := doc.Root
	for _, key := range keys {
		next := at.Get(key)
		if next == nil {
			break
		}
		at = next
	}
	return validationFact(invalid, doc, at, complaint)
}

var unvalidated = &diff.Rule{
	ID: "openapi/unvalidated", Title: "description not validated", Editorial: true,
	Doc: `
The description is too large for the independent validator, which was not asked. The
description was compared all the same.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
info: {title: shop, version: 1.0.0}
-- new.yaml --
openapi: 3.1.0
info: {title: shop, version: 1.0.1}
-- want --
new.yaml:1:1: safe: document: the description is too large to be validated [openapi/unvalidated]
`,
}

// tooLargeToValidate reports that no validator checked the description.
func tooLargeToValidate(doc *tree.Document) diff.Fact {
	return validationFact(unvalidated, doc, doc.Root, "the description is too large to be validated")
}

func validationFact(rule *diff.Rule, doc *tree.Document, at *tree.Node, message string) diff.Fact {
	d := &description{root: doc.Root}
	return diff.Fact{
		At: diff.Place{Use: d.path(owner(at)), Side: diff.Both},
		Found: diff.Found{
			Rule:    rule,
			New:     diff.Heading(at),
			Message: message,
			Values:  []string{message},
			After:   diff.HashOf(message),
		},
	}
}
