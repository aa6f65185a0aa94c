package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var bodyRemoved = &diff.Rule{
	ID:       "openapi/request-body-removed",
	Title:    "request body removed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:request-body-removed"},
	Doc: `
The server no longer reads what consumers send, and many servers refuse it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses: {"201": {description: created}}
-- want --
new.yaml:5:7: breaking: POST /orders › request: the request body was removed [openapi/request-body-removed] (was old.yaml:5)
`,
}

var bodyAdded = &diff.Rule{
	ID: "openapi/request-body-added", Title: "optional request body added",
	Aliases: []string{"oasdiff:request-body-added-optional"},
	Doc: `
Nobody has to send it.`,
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
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- want --
new.yaml:5:7: safe: POST /orders › request: an optional request body was added [openapi/request-body-added]
`,
}

var requiredBodyAdded = &diff.Rule{
	ID:      "openapi/required-request-body-added",
	Title:   "required request body added",
	Sends:   diff.Breaking,
	Absence: true,
	Aliases: []string{"oasdiff:request-body-added-required"},
	Doc: `
Consumers that send no body are refused. Make the body optional.`,
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
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- want --
new.yaml:5:7: breaking: POST /orders › request: a required request body was added [openapi/required-request-body-added]
`,
}

var bodyBecameRequired = &diff.Rule{
	ID:      "openapi/request-body-became-required",
	Title:   "request body became required",
	Sends:   diff.Breaking,
	Absence: true,
	Aliases: []string{"oasdiff:request-body-became-required"},
	Doc: `
Consumers that send no body are refused. Keep the body optional.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- want --
new.yaml:5:21: breaking: POST /orders › request: the request body became required [openapi/request-body-became-required] (was old.yaml:5)
`,
}

var bodyBecameOptional = &diff.Rule{
	ID:       "openapi/request-body-became-optional",
	Title:    "request body became optional",
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:request-body-became-optional"},
	Doc: `
Consumers that send a body lose nothing. In a webhook or callback the consumer
receives the body, which may be missing now.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- want --
new.yaml:5:7: safe: POST /orders › request: the request body became optional [openapi/request-body-became-optional] (was old.yaml:5)
`,
}

func (w *walk) requestBody(oldSite, newSite, op *tree.Node) {
	o, n, differ := w.resolveBoth(oldSite, newSite)
	switch {
	case !differ:
	case n == nil:
		w.add(diff.Found{
			Rule:    bodyRemoved,
			Old:     oldSite,
			Near:    op,
			Message: "the request body was removed",
			Before:  elementHash(o),
		})
	case o == nil && isRequired(n):
		w.add(diff.Found{
			Rule:    requiredBodyAdded,
			New:     newSite,
			Message: "a required request body was added",
			After:   elementHash(n),
		})
	case o == nil:
		w.add(diff.Found{
			Rule:    bodyAdded,
			New:     newSite,
			Message: "an optional request body was added",
			After:   elementHash(n),
		})
	default:
		w.requiredness(o, n, bodyBecameRequired, bodyBecameOptional, "request body")
		w.content(o.Get("content"), n.Get("content"), n)
		w.otherFields(o, n, "required", "content")
	}
}
