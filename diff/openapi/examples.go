package openapi

import "github.com/assent-dev/assent/diff"

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
		ID: "openapi/examples-outdated", Title: "examples outdated by what breaks", Editorial: true,
		Doc: `
Responses are given as examples that no longer fit their schemas, because of a change
that is reported as a break. It is one finding with some of the places: it is the
cause that matters.`,
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
new.yaml:6:110: safe: document: examples no longer fit what changed: here, at the places below and perhaps at others [openapi/examples-outdated] (was old.yaml:6)
    receives: GET /orders › 200 › application/json
    receives: GET /orders/{} › 200 › application/json
new.yaml:13:40: breaking: schema Order › size: type changed from integer to string [schema/type-changed] (was old.yaml:13)
    for example 0: accepted by the old revision, refused by the new
    receives: GET /orders › 200 › application/json[] › size
    receives: GET /orders/{} › 200 › application/json › size
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

var exampleRefused, exampleOutdated, exampleUnexpected, exampleInvalid, examplesOutdated, examplesUnchecked = examples[0], examples[1],
	examples[2], examples[3], examples[4], examples[5]
