package openapi

import (
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// examples are the rules on the values that a description gives. Consumers are
// built from them: an example is a consumer that everybody can see.
var examples = []*diff.Rule{
	{
		ID: "openapi/example-refused", Title: "example refused", Sends: diff.Breaking,
		Doc: `
A request that the description gave as an example is refused now, and nothing else
that was found at this place breaks. Whoever sends what the example shows is refused.`,
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
	},
	{
		ID: "openapi/example-outdated", Title: "example of what breaks", Sends: diff.Risky, Editorial: true,
		Doc: `
A request that the description gave as an example is refused now, by a change that is
reported with it. Consumers were built from the example.`,
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
	},
	{
		ID: "openapi/example-unexpected", Title: "example not expected", Receives: diff.Breaking,
		Doc: `
The description gives an answer as an example that it did not allow before, and
nothing else that was found at this place breaks. Consumers are not ready for it.`,
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
	},
	{
		ID: "openapi/example-invalid", Title: "example or default does not fit", Sends: diff.Risky, Receives: diff.Risky, Editorial: true,
		Doc: `
The description contradicts itself: its example, or default, does not fit its own
schema. Who goes by the one fails by the other. Mend the one that is wrong.`,
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
new.yaml:12:11: risky: schema Order › size: the default does not fit its schema: got string, want integer [openapi/example-invalid] (was old.yaml:7)
`,
	},
	{
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
	},
}

var exampleRefused, exampleOutdated, exampleUnexpected, exampleInvalid, examplesUnchecked = examples[0], examples[1], examples[2], examples[3], examples[4]

// given is a place with a schema and examples: a media type, a parameter.
type given struct {
	in     *description
	holder *tree.Node
	schema *tree.Node
}

// value is what a description gives for a place, under a name.
type value struct {
	name string
	node *tree.Node
}

// named returns the value of that name.
func named(values []value, name string) *tree.Node {
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
func (g given) values() []value {
	var all []value
	if v := g.holder.Get("example"); v != nil {
		all = append(all, value{"example", v})
	}
	for site := range g.holder.Get("examples").Children() {
		e := g.in.resolve(site)
		if v := firstOf(e.Get("dataValue"), e.Get("value")); v != nil && len(all) < mostExamples {
			all = append(all, value{"example " + site.Key, v})
		}
	}
	return all
}

// examples checks what the place gives as examples, on both sides with both
// schemas: what was shown and is refused, and what is shown and was not allowed.
func (w *walk) examples(o, n given, text bool) {
	olds, news := o.values(), n.values()
	if max(len(olds), len(news)) == mostExamples {
		w.unchecked("of the examples of one place, " + strconv.Itoa(mostExamples) + " are checked")
	}
	told := map[string]bool{}
	for _, v := range olds {
		kept := named(news, v.name)
		if w.side == diff.Sends && !w.checks.enough() && w.refused(o, n, v.node, text) {
			w.checks.outdated++
			w.shown(n, v.name, v.node, firstOf(kept, n.schema), exampleRefused, exampleOutdated)
			told[v.name] = kept != nil && kept.Hash() == v.node.Hash()
		}
	}
	for _, v := range news {
		was := named(olds, v.name)
		touched := was == nil || was.Hash() != v.node.Hash()
		if told[v.name] {
			continue
		}
		if !touched && w.checks.enough() {
			w.unchecked("more examples may no longer fit than are listed")
			continue
		}
		problem := w.problem(n, v.node, text)
		switch {
		case problem != nil && (touched || w.problem(o, was, text) == nil):
			if !touched {
				w.checks.outdated++
			}
			w.invalid(w.new.subject(n.holder), v, was, problem)
		case problem == nil && touched && w.side == diff.Receives && !w.schemas.Pruner.Same(o.schema, n.schema) && w.problem(o, v.node, text) != nil:
			w.shown(n, v.name, was, v.node, exampleUnexpected, nil)
		}
	}
}

func (w *walk) invalid(subject diff.Subject, v value, was *tree.Node, problem *jsonschema.Problem) {
	w.add(found{
		rule: exampleInvalid, subject: subject, old: was, new: problem.At, message: "the " + v.name + " does not fit its schema: " + problem.Why,
		values: []string{v.name}, before: digest(was), after: digest(v.node),
	})
}

// refused reports whether a value fitted the old schema and does not fit the
// new one.
func (w *walk) refused(o, n given, value *tree.Node, text bool) bool {
	return !w.schemas.Pruner.Same(o.schema, n.schema) && w.problem(n, value, text) != nil && w.problem(o, value, text) == nil
}

// shown reports an example that breaks: by the first rule if nothing else was
// found to break here, else by the second, if there is one.
func (w *walk) shown(at given, name string, old, new *tree.Node, alone, beside *diff.Rule) {
	rule, message := alone, "the "+name+" of the earlier revision is refused now"
	if alone == exampleUnexpected {
		message = "the " + name + " was not allowed by the earlier revision"
	}
	if w.broken() {
		rule = beside
	}
	if rule != nil {
		w.add(found{rule: rule, subject: at.in.subject(at.holder), old: old, new: new, message: message, values: []string{name}, before: digest(old), after: digest(new)})
	}
}

// broken reports whether something was found that breaks here.
func (w *walk) broken() bool {
	for _, c := range w.report.Changes {
		if c.Rule.Level(w.side) < diff.Breaking {
			continue
		}
		for _, r := range c.Reaches {
			if below, ok := strings.CutPrefix(string(r.Subject), string(w.use)); ok && r.Side&w.side != 0 && (below == "" || strings.HasPrefix(below, " ") || strings.HasPrefix(below, "[") || strings.HasPrefix(below, "{")) {
				return true
			}
		}
	}
	return false
}

// checks are what all examples of a comparison share.
type checks struct {
	*jsonschema.Checker
	seen     map[*tree.Node]bool // schemas whose own examples have been checked
	gaveUp   bool
	outdated int // examples that nobody touched and that no longer fit
}

// mostOutdated bounds the examples that are listed as outdated: a change in a
// schema that everything uses outdates hundreds, and it is the cause that
// matters.
const mostOutdated = 5

func (c *checks) enough() bool { return c.outdated >= mostOutdated }

// problem returns what is wrong with a value, nil for nothing, or if that cannot
// be told.
func (w *walk) problem(g given, value *tree.Node, text bool) *jsonschema.Problem {
	if g.schema == nil || value == nil {
		return nil
	}
	problem, err := w.checks.Check(g.in.schemas, jsonschema.Use{Side: w.side, Text: text}, g.schema, value)
	if err != nil {
		w.unchecked("not every example was checked: " + err.Error())
	}
	return problem
}

// unchecked says once that not all is known of the examples.
func (w *walk) unchecked(why string) {
	if w.checks.gaveUp {
		return
	}
	w.checks.gaveUp = true
	whole := *w
	whole.use, whole.side = "document", diff.Both
	whole.add(found{rule: examplesUnchecked, new: w.new.root, message: why})
}

// schemaExamples checks what changed schemas give themselves: examples and
// defaults, against the schema they stand in. A definition may be used on both
// sides; its values have to fit on one.
func (w *walk) schemaExamples(old, new *tree.Node) {
	w.schemas.Schemas(old, new, func(o, n *tree.Node) bool {
		if w.checks.seen[n] {
			return false
		}
		w.checks.seen[n] = true
		at := *w
		at.side = diff.Both
		for _, v := range ownValues(n) {
			was := named(ownValues(o), v.name)
			touched := was == nil || was.Hash() != v.node.Hash()
			problem := at.problem(given{in: w.new, schema: n}, v.node, false)
			if problem == nil || !touched && at.problem(given{in: w.old, schema: o}, was, false) != nil {
				continue
			}
			at.use = w.new.subject(n)
			at.invalid(at.use, v, was, problem)
		}
		return true
	})
}

// ownValues returns the values that a schema gives for itself.
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
