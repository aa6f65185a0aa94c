package openapi

import (
	"strconv"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

var exampleRefused = &diff.Rule{
	ID: "openapi/example-refused", Title: "example refused", Sends: diff.Breaking,
	Doc: `
The new revision refuses a request that the description gave as an example, although
no other finding at this place is breaking. Consumers that send what the example shows
are refused.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: string}
            example: 1.2.3
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: string, not: {format: semver}}
            example: "2026"
      responses: {"201": {description: created}}
-- want --
new.yaml:8:13: risky: POST /orders › request › application/json: the keyword not changed: whether it allows less is not decided [schema/narrowing-undecided] (was old.yaml:8)
new.yaml:9:13: breaking: POST /orders › request › application/json: the example of the earlier revision is refused now [openapi/example-refused] (was old.yaml:9)
`,
}

var exampleOutdated = &diff.Rule{
	ID:        "openapi/example-outdated",
	Title:     "example outdated by a breaking change",
	Sends:     diff.Risky,
	Editorial: true,
	Doc: `
The new revision refuses a request that the description gave as an example. The cause
is a breaking change that is reported at the same place. Consumers may have been built
from the example.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: size, in: query, example: 500, schema: {type: integer}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: size, in: query, example: 100, schema: {type: integer, maximum: 100}}
      responses: {"200": {description: all}}
-- want --
new.yaml:6:35: risky: GET /orders › query size: the example of the earlier revision is refused now [openapi/example-outdated] (was old.yaml:6)
new.yaml:6:49: breaking: GET /orders › query size: maximum changed from none to 100 [schema/range-narrowed] (was old.yaml:6)
    for example 101: accepted by the old revision, refused by the new
`,
}

var exampleUnexpected = &diff.Rule{
	ID: "openapi/example-unexpected", Title: "example not allowed before", Receives: diff.Breaking,
	Doc: `
The description gives an example of a response that the old revision did not allow,
although no other finding at this place is breaking. Consumers do not expect it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200": {description: all, content: {application/json: {schema: {type: string, not: {format: semver}}}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {type: string}
              example: 1.2.3
-- want --
new.yaml:10:15: risky: GET /orders › 200 › application/json: the keyword not changed: whether it allows more is not decided [schema/widening-undecided] (was old.yaml:6)
new.yaml:11:15: breaking: GET /orders › 200 › application/json: the example was not allowed by the earlier revision [openapi/example-unexpected]
`,
}

// examples checks the examples of both revisions against both schemas. It
// reports old examples that are refused now, and new ones that were not allowed
// before.
func (w *walk) examples(o, n exampleHolder) {
	olds, news := o.values(), n.values()
	if max(len(olds), len(news)) == mostExamples {
		w.reportUnchecked("only the first " + strconv.Itoa(mostExamples) + " examples of a place are checked")
	}
	reported := map[string]bool{}
	for _, v := range olds {
		kept := findValue(news, v.name)
		if w.side == diff.Sends && !w.checker.listedEnough() && w.becameInvalid(o, n, v.node) {
			w.checker.outdated++
			w.reportRefused(n, v, firstOf(kept, n.schema))
			reported[v.name] = kept != nil && kept.Hash() == v.node.Hash()
		}
	}
	for _, v := range news {
		was := findValue(olds, v.name)
		touched := was == nil || was.Hash() != v.node.Hash()
		if reported[v.name] {
			continue
		}
		if !touched && w.checker.listedEnough() {
			if w.side == diff.Sends {
				w.reportUnchecked("more examples than those listed may no longer match their schemas")
			}
			continue
		}
		problem := w.problem(n, v.node)
		switch {
		case problem != nil && !touched && w.problem(o, was) != nil:
		case problem != nil && !touched && w.report.BreaksAt(w.use, w.side):
			w.checker.outdated++
			w.reportOutdated(was, v.node)
		case problem != nil:
			w.reportInvalid(w.new.path(n.holder), v, was, problem)
		case problem == nil && touched && w.side == diff.Receives &&
			!w.schemas.Pruner.Same(o.schema, n.schema) && w.problem(o, v.node) != nil:
			w.reportUnexpected(n, v, was)
		}
	}
}

var examplesOutdated = &diff.Rule{
	ID: "openapi/examples-outdated", Title: "examples outdated by breaking changes", Editorial: true,
	Doc: `
Examples of responses no longer match their schemas, because of a breaking change that
is reported too. One finding names some of the places: fix the cause first.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders/{id}:
    get:
      responses:
        "200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}, example: {size: 1}}}}
  /orders:
    get:
      responses:
        "200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}, example: [{size: 2}]}}}
components:
  schemas:
    Order: {type: object, properties: {size: {type: integer}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders/{id}:
    get:
      responses:
        "200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}, example: {size: 1}}}}
  /orders:
    get:
      responses:
        "200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}, example: [{size: 2}]}}}
components:
  schemas:
    Order: {type: object, properties: {size: {type: string}}}
-- want --
new.yaml:6:110: safe: document: breaking changes outdated examples: here, at the places below and perhaps at others [openapi/examples-outdated] (was old.yaml:6)
    receives: GET /orders › 200 › application/json
    receives: GET /orders/{} › 200 › application/json
new.yaml:13:40: breaking: schema Order › size: type changed from integer to string [schema/type-changed] (was old.yaml:13)
    for example 0: accepted by the old revision, refused by the new
    receives: GET /orders › 200 › application/json[] › size
    receives: GET /orders/{} › 200 › application/json › size
`,
}

// reportOutdated adds the place to the one finding on unchanged examples that a
// breaking change outdated. The breaking change is a finding itself.
func (w *walk) reportOutdated(old, new *tree.Node) {
	w.addTo(diff.PathOf(document), diff.Found{
		Rule: examplesOutdated, Old: old, New: new,
		Message: "breaking changes outdated examples: here, at the places below and perhaps at others",
	})
}

var exampleInvalid = &diff.Rule{
	ID:        "openapi/example-invalid",
	Title:     "example or default does not match its schema",
	Sends:     diff.Risky,
	Receives:  diff.Risky,
	Editorial: true,
	Doc: `
The description contradicts itself: an example or default does not match the schema it
belongs to. A client that follows one of them violates the other. Correct the one that
is wrong.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}}
components:
  schemas:
    Order: {type: object, properties: {size: {type: integer, default: 1}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}}
components:
  schemas:
    Order:
      type: object
      properties:
        size:
          type: integer
          default: one
-- want --
new.yaml:12:11: risky: schema Order › size: the default does not match its schema: got string, want integer [openapi/example-invalid] (was old.yaml:7)
`,
}

func (w *walk) reportInvalid(definition diff.Path, v value, was *tree.Node, problem *jsonschema.Problem) {
	w.addTo(definition, diff.Found{
		Rule:    exampleInvalid,
		Old:     was,
		New:     problem.At,
		Message: "the " + v.name + " does not match its schema: " + problem.Why,
		Values:  []string{v.name}, Before: elementHash(was), After: elementHash(v.node),
	})
}

// becameInvalid reports whether a value matches the old schema and not the new
// one.
func (w *walk) becameInvalid(o, n exampleHolder, value *tree.Node) bool {
	return !w.schemas.Pruner.Same(o.schema, n.schema) && w.problem(n, value) != nil &&
		w.problem(o, value) == nil
}

// reportRefused reports an example of the old revision that the new one
// refuses. It breaks by itself if nothing else was found to break at this
// place.
func (w *walk) reportRefused(at exampleHolder, v value, new *tree.Node) {
	rule := exampleRefused
	if w.report.BreaksAt(w.use, w.side) {
		rule = exampleOutdated
	}
	w.addTo(at.from.path(at.holder), diff.Found{
		Rule:    rule,
		Old:     v.node,
		New:     new,
		Message: "the " + v.name + " of the earlier revision is refused now",
		Values:  []string{v.name},
		Before:  elementHash(v.node),
		After:   elementHash(new),
	})
}

// reportUnexpected reports an example that the old revision did not allow,
// unless something else was found to break at this place.
func (w *walk) reportUnexpected(at exampleHolder, v value, old *tree.Node) {
	if w.report.BreaksAt(w.use, w.side) {
		return
	}
	w.addTo(at.from.path(at.holder), diff.Found{
		Rule:    exampleUnexpected,
		Old:     old,
		New:     v.node,
		Message: "the " + v.name + " was not allowed by the earlier revision",
		Values:  []string{v.name},
		Before:  elementHash(old),
		After:   elementHash(v.node),
	})
}

// schemaExamples checks the examples and defaults that changed schemas contain
// against these schemas. Consumers may both send and receive the data of a
// definition: a value has to match for one of the sides.
func (w *walk) schemaExamples(old, new *tree.Node) {
	w.schemas.Schemas(old, new, func(o, n *tree.Node) bool {
		if w.checker.seen[n] {
			return false
		}
		w.checker.seen[n] = true
		at := *w
		at.side = diff.Both
		for _, v := range ownValues(n) {
			was := findValue(ownValues(o), v.name)
			touched := was == nil || was.Hash() != v.node.Hash()
			problem := at.problem(exampleHolder{from: w.new, schema: n}, v.node)
			if problem == nil || !touched && at.problem(exampleHolder{from: w.old, schema: o}, was) != nil {
				continue
			}
			at.use = w.new.path(n)
			at.reportInvalid(at.use, v, was, problem)
		}
		return true
	})
}

// ownValues returns the default and the examples that a schema contains.
func ownValues(schema *tree.Node) []value {
	var all []value
	for _, keyword := range []string{"default", "example"} {
		if v := schema.Get(keyword); v != nil {
			all = append(all, value{keyword, v})
		}
	}
	if list := schema.Get("examples"); list.Is(tree.Array) {
		for i, v := 1, list.Element(0); v != nil; i, v = i+1, list.Element(i) {
			all = append(all, value{"example " + strconv.Itoa(i), v})
		}
	}
	return all
}
