package openapi

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// bodies are the rules on request bodies and on media types of any content.
var bodies = []*diff.Rule{
	{
		ID: "openapi/request-body-removed", Title: "request body removed", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:request-body-removed"},
		Doc: `
What consumers send is not read any more, and many servers refuse it.`,
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
	},
	{
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
	},
	{
		ID: "openapi/required-request-body-added", Title: "required request body added", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:request-body-added-required"},
		Doc: `
Consumers send none and are refused. Make it optional.`,
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
	},
	{
		ID: "openapi/request-body-became-required", Title: "request body became required", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:request-body-became-required"},
		Doc: `
Consumers that send none are refused. Keep it optional.`,
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
	},
	{
		ID: "openapi/request-body-became-optional", Title: "request body became optional", Receives: diff.Breaking,
		Aliases: []string{"oasdiff:request-body-became-optional"},
		Doc: `
Whoever sends one loses nothing. In a webhook or callback it is the consumer who
receives the body, and may now get none.`,
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
	},
	{
		ID: "openapi/media-type-removed", Title: "media type removed", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:request-body-media-type-removed@sends", "oasdiff:response-media-type-removed@receives"},
		Doc: `
Consumers that send this type are refused with 415; those that ask for it get
another one, or 406. Keep offering it beside the new one.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200":
          description: all
          content:
            application/json: {schema: {type: object}}
            text/csv: {schema: {type: string}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200":
          description: all
          content:
            application/json: {schema: {type: object}}
-- want --
new.yaml:9:13: breaking: GET /orders › 200 › text/csv: the media type text/csv was removed [openapi/media-type-removed] (was old.yaml:10)
`,
	},
	{
		ID: "openapi/media-type-added", Title: "media type added",
		Aliases: []string{"oasdiff:request-body-media-type-added@sends", "oasdiff:response-media-type-added@receives"},
		Doc: `
Consumers say which type they send, and ask for the one that they read.`,
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
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/xml: {schema: {type: object}}
      responses: {"201": {description: created}}
-- want --
new.yaml:8:11: safe: POST /orders › request › application/xml: the media type application/xml was added [openapi/media-type-added]
`,
	},
}

var bodyRemoved, bodyAdded, requiredBodyAdded, bodyBecameRequired, bodyBecameOptional, mediaTypeRemoved, mediaTypeAdded = bodies[0], bodies[1],
	bodies[2], bodies[3], bodies[4], bodies[5], bodies[6]

func (w *walk) requestBody(oldSite, newSite, op *tree.Node) {
	o, n, differ := w.both(oldSite, newSite)
	switch {
	case !differ:
	case n == nil:
		w.add(found{rule: bodyRemoved, old: oldSite, near: op, message: "the request body was removed", before: digest(o)})
	case o == nil && required(n):
		w.add(found{rule: requiredBodyAdded, new: newSite, message: "a required request body was added", after: digest(n)})
	case o == nil:
		w.add(found{rule: bodyAdded, new: newSite, message: "an optional request body was added", after: digest(n)})
	default:
		w.requiredness(o, n, bodyBecameRequired, bodyBecameOptional, "request body")
		w.content(o.Get("content"), n.Get("content"), n)
	}
}

// content compares media types and what they hold.
func (w *walk) content(old, new, near *tree.Node) {
	for o, n := range keyed(old, new, mediaType) {
		at := w.in(mediaType(firstOf(o, n).Key))
		switch {
		case n == nil && covers(new, o.Key) != nil:
			at.media(o, covers(new, o.Key))
		case n == nil:
			at.add(found{rule: mediaTypeRemoved, old: o, near: firstOf(new, near), message: "the media type " + o.Key + " was removed", values: []string{o.Key}, before: digest(o)})
		case o == nil:
			at.add(found{rule: mediaTypeAdded, new: n, message: "the media type " + n.Key + " was added", values: []string{n.Key}, after: digest(n)})
		default:
			at.media(o, n)
		}
	}
}

func (w *walk) media(oldSite, newSite *tree.Node) {
	o, n, differ := w.both(oldSite, newSite)
	if !differ || o == nil || n == nil {
		return
	}
	w.schema(o.Get("schema"), n.Get("schema"), false)
	if o.Get("itemSchema") != nil || n.Get("itemSchema") != nil {
		w.in("[]").schema(o.Get("itemSchema"), n.Get("itemSchema"), false)
	}
}

// mediaType drops what does not matter: case and spaces.
func mediaType(key string) string { return strings.ToLower(strings.ReplaceAll(key, " ", "")) }

// covers finds a range such as application/* that still allows the type.
func covers(content *tree.Node, key string) *tree.Node {
	family, _, _ := strings.Cut(mediaType(key), "/")
	for c := range content.Children() {
		if t := mediaType(c.Key); t == "*/*" || t == family+"/*" {
			return c
		}
	}
	return nil
}
