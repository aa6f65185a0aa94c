package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// exampleHolder is an element with a schema and examples for it: a media type,
// a parameter or a header.
type exampleHolder struct {
	from   *description
	holder *tree.Node
	schema *tree.Node
	text   bool // values travel as text: a number is a string
}

// value is an example or a default that a description gives. Its name is used
// in messages: "example full".
type value struct {
	name string
	node *tree.Node
}

// findValue returns the value with a name, nil if there is none.
func findValue(values []value, name string) *tree.Node {
	for _, v := range values {
		if v.name == name {
			return v.node
		}
	}
	return nil
}

// mostExamples bounds how many examples of one element are checked.
const mostExamples = 100

// values returns the examples of the element. Examples at another address
// (externalValue) and examples in serialised form are left out.
func (g exampleHolder) values() []value {
	var all []value
	if v := g.holder.Get("example"); v != nil {
		all = append(all, value{"example", v})
	}
	for site := range g.holder.Get("examples").Children() {
		e := g.from.resolve(site)
		if v := firstOf(e.Get("dataValue"), e.Get("value")); v != nil && len(all) < mostExamples {
			all = append(all, value{"example " + site.Key, v})
		}
	}
	return all
}

// exampleChecker checks the examples of a comparison and counts its findings.
type exampleChecker struct {
	*jsonschema.Checker
	seen     map[*tree.Node]bool // schemas whose own examples have been checked
	gaveUp   bool
	outdated int // unchanged examples that no longer match
}

// mostOutdated bounds how many outdated examples are listed: a change in a
// widely used schema outdates hundreds, and readers care about the change.
const mostOutdated = 5

func (c *exampleChecker) listedEnough() bool { return c.outdated >= mostOutdated }

// problem says why a value does not match the schema. It returns nil if the
// value matches, or if that cannot be decided.
func (w *walk) problem(g exampleHolder, value *tree.Node) *jsonschema.Problem {
	if g.schema == nil || value == nil {
		return nil
	}
	problem, err := w.checker.Check(g.from.schemas, jsonschema.Use{Side: w.side, Text: g.text}, g.schema,
		value)
	if err != nil {
		w.reportUnchecked("not every example was checked: " + err.Error())
	}
	return problem
}

var examplesUnchecked = &diff.Rule{
	ID: "openapi/examples-unchecked", Title: "examples not checked", Editorial: true,
	Doc: `
Some examples were not checked against their schemas, because too many schemas
changed or the schemas are too large. If a change in a shared schema outdates many
examples, only a few are listed.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - name: size
          in: query
          schema: {type: integer}
          examples:
            a: {value: 600}
            b: {value: 700}
            c: {value: 800}
            d: {value: 900}
            e: {value: 1000}
            f: {value: 2000}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - name: size
          in: query
          schema: {type: integer, maximum: 500}
          examples:
            a: {value: 600}
            b: {value: 700}
            c: {value: 800}
            d: {value: 900}
            e: {value: 1000}
            f: {value: 2000}
      responses: {"200": {description: all}}
-- want --
new.yaml:1:1: safe: document: more examples than those listed may no longer match their schemas [openapi/examples-unchecked]
new.yaml:8:11: breaking: GET /orders › query size: maximum changed from none to 500 [schema/range-narrowed] (was old.yaml:8)
    for example 501: accepted by the old revision, refused by the new
new.yaml:10:17: risky: GET /orders › query size: the example a of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:10)
new.yaml:11:17: risky: GET /orders › query size: the example b of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:11)
new.yaml:12:17: risky: GET /orders › query size: the example c of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:12)
new.yaml:13:17: risky: GET /orders › query size: the example d of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:13)
new.yaml:14:17: risky: GET /orders › query size: the example e of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:14)
`,
}

// reportUnchecked reports once per comparison that some examples were not
// checked.
func (w *walk) reportUnchecked(why string) {
	if w.checker.gaveUp {
		return
	}
	w.checker.gaveUp = true
	w.atDocument().add(diff.Found{Rule: examplesUnchecked, New: w.new.root, Message: why})
}
