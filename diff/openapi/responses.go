package openapi

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// responses are the rules on responses and their headers.
var responses = []*diff.Rule{
	{
		ID: "openapi/response-removed", Title: "success response removed", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:response-success-status-removed"},
		Doc: `
Consumers wait for a status that does not come any more. Keep answering with it.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses:
        "200": {description: done}
        "202": {description: accepted}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses:
        "202": {description: accepted}
-- want --
new.yaml:6:9: breaking: POST /orders › 200: the response 200 was removed [openapi/response-removed] (was old.yaml:6)
`,
	},
	{
		ID: "openapi/response-added", Title: "success response added", Sends: diff.Risky, Receives: diff.Risky,
		Aliases: []string{"oasdiff:response-success-status-added"},
		Doc: `
Consumers may get a success that they do not know: many treat every status but the
one they expect as an error.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"200": {description: done}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"200": {description: done}, "202": {description: accepted}}}
-- want --
new.yaml:4:52: risky: POST /orders › 202: the response 202 was added [openapi/response-added]
`,
	},
	{
		ID: "openapi/error-response-removed", Title: "error response removed",
		Aliases: []string{"oasdiff:response-non-success-status-removed"},
		Doc: `
An error that no longer comes hurts nobody who was ready for it.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"200": {description: done}, "409": {description: twice}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"200": {description: done}}}
-- want --
new.yaml:4:24: safe: POST /orders › 409: the response 409 was removed [openapi/error-response-removed] (was old.yaml:4)
`,
	},
	{
		ID: "openapi/error-response-added", Title: "error response added",
		Aliases: []string{"oasdiff:response-non-success-status-added"},
		Doc: `
Clients must be ready for errors that are not listed; listing one helps them.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"200": {description: done}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"200": {description: done}, "409": {description: twice}}}
-- want --
new.yaml:4:52: safe: POST /orders › 409: the response 409 was added [openapi/error-response-added]
`,
	},
	{
		ID: "openapi/response-header-removed", Title: "response header removed", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:required-response-header-removed", "oasdiff:optional-response-header-removed"},
		Doc: `
Consumers that read the header, to page or to back off, no longer find it.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200":
          description: all
          headers:
            Link: {schema: {type: string}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200":
          description: all
-- want --
new.yaml:6:9: breaking: GET /orders › 200 › header Link: the header was removed [openapi/response-header-removed] (was old.yaml:9)
`,
	},
	{
		ID: "openapi/response-header-added", Title: "response header added",
		Doc: `
Nobody reads it yet.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, headers: {Link: {schema: {type: string}}}}}}
-- want --
new.yaml:4:59: safe: GET /orders › 200 › header Link: the header was added [openapi/response-header-added]
`,
	},
	{
		ID: "openapi/response-header-became-optional", Title: "response header became optional", Receives: diff.Breaking,
		Aliases: []string{"oasdiff:response-header-became-optional"},
		Doc: `
Consumers rely on its presence. Keep sending it.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, headers: {Link: {required: true, schema: {type: string}}}}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, headers: {Link: {schema: {type: string}}}}}}
-- want --
new.yaml:4:59: breaking: GET /orders › 200 › header Link: the header became optional [openapi/response-header-became-optional] (was old.yaml:4)
`,
	},
	{
		ID: "openapi/response-header-became-required", Title: "response header became required", Sends: diff.Breaking,
		Doc: `
It always comes now: who receives it gains. In a webhook or callback it is the
consumer who answers, and has to send it now.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, headers: {Link: {schema: {type: string}}}}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, headers: {Link: {required: true, schema: {type: string}}}}}}
-- want --
new.yaml:4:66: safe: GET /orders › 200 › header Link: the header became required [openapi/response-header-became-required] (was old.yaml:4)
`,
	},
}

var responseRemoved, responseAdded, errorRemoved, errorAdded, headerRemoved, headerAdded, headerBecameOptional, headerBecameRequired = responses[0],
	responses[1], responses[2], responses[3], responses[4], responses[5], responses[6], responses[7]

func (w *walk) responses(old, new, op *tree.Node) {
	for o, n := range keyed(old, new, strings.ToUpper) {
		at := w.in(firstOf(o, n).Key)
		switch {
		case n == nil && general(new, o.Key) != nil:
			at.response(o, general(new, o.Key))
		case n == nil:
			rule := errorRemoved
			if success(o.Key) {
				rule = responseRemoved
			}
			at.add(found{rule: rule, old: o, near: firstOf(new, op), message: "the response " + o.Key + " was removed", before: digest(w.old.resolve(o))})
		case o == nil && general(old, n.Key) != nil:
			at.response(general(old, n.Key), n)
		case o == nil:
			rule := errorAdded
			if success(n.Key) {
				rule = responseAdded
			}
			at.add(found{rule: rule, new: n, message: "the response " + n.Key + " was added", after: digest(w.new.resolve(n))})
		default:
			at.response(o, n)
		}
	}
}

func success(status string) bool { return strings.HasPrefix(status, "2") }

// general finds the range that covers a status: 2XX. (default promises too
// little to stand in for a success.)
func general(responses *tree.Node, status string) *tree.Node {
	if len(status) != 3 || strings.HasSuffix(strings.ToUpper(status), "XX") {
		return nil
	}
	return firstOf(responses.Get(status[:1]+"XX"), responses.Get(status[:1]+"xx"))
}

func (w *walk) response(oldSite, newSite *tree.Node) {
	o, n, differ := w.both(oldSite, newSite)
	if !differ || o == nil || n == nil {
		return
	}
	w.content(o.Get("content"), n.Get("content"), n)
	w.headers(o.Get("headers"), n.Get("headers"), n)
	w.unexamined("links", o.Get("links"), n.Get("links"), n)
}

func (w *walk) headers(old, new, response *tree.Node) {
	for oldSite, newSite := range keyed(old, new, strings.ToLower) {
		at := w.in("header " + firstOf(oldSite, newSite).Key)
		o, n, differ := w.both(oldSite, newSite)
		switch {
		case !differ:
		case n == nil:
			at.add(found{rule: headerRemoved, old: oldSite, near: firstOf(new, response), message: "the header was removed", before: digest(o)})
		case o == nil:
			at.add(found{rule: headerAdded, new: newSite, message: "the header was added", after: digest(n)})
		default:
			at.requiredness(o, n, headerBecameRequired, headerBecameOptional, "header")
			at.schema(o.Get("schema"), n.Get("schema"), true)
			at.content(o.Get("content"), n.Get("content"), n)
		}
	}
}
