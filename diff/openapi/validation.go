package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var invalid = &diff.Rule{
	ID: "openapi/invalid", Title: "description became invalid", Sends: diff.Risky, Receives: diff.Risky, Editorial: true,
	Doc: `
The description breaks the rules of OpenAPI where it did not before: tools that
generate clients or documentation from it may refuse it. The App reports it; comparing
on the command line does not.`,
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

// invalidAt reports what a validator has against the element that the keys lead
// to, or the closest one above that there is.
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
The description is so large that the independent validator was not asked whether it
keeps to the rules of OpenAPI. It was compared all the same.`,
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

// tooLargeToValidate reports that no validator was asked.
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
