package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// exampleHolder is a place with a schema and examples: a media type, a parameter.
type exampleHolder struct {
	from   *description
	holder *tree.Node
	schema *tree.Node
	text   bool // values travel as text: a number is a string
}

// value is what a description gives for a place, under a name.
type value struct {
	name string
	node *tree.Node
}

// findValue returns the value of that name.
func findValue(values []value, name string) *tree.Node {
	for _, v := range values {
		if v.name == name {
			return v.node
		}
	}
	return nil
}

// mostExamples bounds those of one place.
const mostExamples = 100

// values returns the examples of the place. What lies elsewhere or is serialised
// is not among them.
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

// exampleChecker are what all examples of a comparison share.
type exampleChecker struct {
	*jsonschema.Checker
	seen     map[*tree.Node]bool // schemas whose own examples have been checked
	gaveUp   bool
	outdated int // examples that nobody touched and that no longer fit
}

// mostOutdated bounds the examples that are listed as outdated: a change in a
// schema that everything uses outdates hundreds, and it is the cause that
// matters.
const mostOutdated = 5

func (c *exampleChecker) listedEnough() bool { return c.outdated >= mostOutdated }

// problem returns what is wrong with a value, nil for nothing, or if that cannot
// be told.
func (w *walk) problem(g exampleHolder, value *tree.Node) *jsonschema.Problem {
	if g.schema == nil || value == nil {
		return nil
	}
	problem, err := w.checker.Check(g.from.schemas, jsonschema.Use{Side: w.side, Text: g.text}, g.schema, value)
	if err != nil {
		w.reportUnchecked("not every example was checked: " + err.Error())
	}
	return problem
}

var examplesUnchecked = &diff.Rule{
	ID: "openapi/examples-unchecked", Title: "examples not checked", Editorial: true,
	Doc: `
So much changed, or so large are the schemas, that not each example was checked
against its schema. Of the examples that a change in a shared schema outdates, a few
are listed.`,
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
new.yaml:1:1: safe: document: more examples may no longer fit than are listed [openapi/examples-unchecked]
new.yaml:8:11: breaking: GET /orders › query size: maximum changed from none to 500 [schema/range-narrowed] (was old.yaml:8)
    for example 501: accepted by the old revision, refused by the new
new.yaml:10:17: risky: GET /orders › query size: the example a of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:10)
new.yaml:11:17: risky: GET /orders › query size: the example b of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:11)
new.yaml:12:17: risky: GET /orders › query size: the example c of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:12)
new.yaml:13:17: risky: GET /orders › query size: the example d of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:13)
new.yaml:14:17: risky: GET /orders › query size: the example e of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:14)
`,
}

// reportUnchecked says once that not all is known of the examples.
func (w *walk) reportUnchecked(why string) {
	if w.checker.gaveUp {
		return
	}
	w.checker.gaveUp = true
	w.atDocument().add(diff.Found{Rule: examplesUnchecked, New: w.new.root, Message: why})
}
