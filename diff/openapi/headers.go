package openapi

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var headerRemoved = &diff.Rule{
	ID:       "openapi/response-header-removed",
	Title:    "response header removed",
	Sends:    diff.Risky,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:{required,optional}-response-header-removed"},
	Doc: `
Consumers that read the header, for example to fetch the next page or to back off, no
longer find it.`,
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
}

var headerAdded = &diff.Rule{
	ID: "openapi/response-header-added", Title: "response header added",
	Aliases: []string{"oasdiff:response-header-added"},
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
}

var requiredHeaderAdded = &diff.Rule{
	ID: "openapi/required-header-added", Title: "required header added", Sends: diff.Breaking, Absence: true,
	Doc: `
Consumers that receive the header lose nothing. Consumers that have to send it, in a
part of a request or in the response to a webhook or callback, do not send it yet and
are refused.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
webhooks:
  shipped:
    post: {responses: {"204": {description: thanks}}}
-- new.yaml --
openapi: 3.1.0
webhooks:
  shipped:
    post: {responses: {"204": {description: thanks, headers: {X-Seen: {required: true, schema: {type: string}}}}}}
-- want --
new.yaml:4:63: breaking: POST shipped › 204 › header X-Seen: a required header was added [openapi/required-header-added]
`,
}

func (w *walk) headers(old, new, holder *tree.Node) {
	for oldSite, newSite := range memberPairs(old, new, strings.ToLower) {
		at := w.descend(diff.Step{Kind: diff.Header, Noun: "header", Name: firstOf(oldSite, newSite).Key})
		o, n, differ := w.resolveBoth(oldSite, newSite)
		switch {
		case !differ || strings.EqualFold(firstOf(oldSite, newSite).Key, "Content-Type"):
			// content compares media types
		case n == nil:
			at.removal(diff.Found{
				Rule:    headerRemoved,
				Old:     oldSite,
				Near:    firstOf(new, holder),
				Message: "the header was removed",
				Before:  elementHash(o),
			}, o)
		case o == nil && n.Get("required").True():
			at.add(diff.Found{
				Rule:    requiredHeaderAdded,
				New:     newSite,
				Message: "a required header was added",
				After:   elementHash(n),
			})
		case o == nil:
			at.add(diff.Found{
				Rule:    headerAdded,
				New:     newSite,
				Message: "the header was added",
				After:   elementHash(n),
			})
		default:
			at.header(o, n)
		}
	}
}

var headerBecameOptional = &diff.Rule{
	ID:       "openapi/response-header-became-optional",
	Title:    "response header became optional",
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:response-header-became-optional"},
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
}

var headerBecameRequired = &diff.Rule{
	ID:    "openapi/response-header-became-required",
	Title: "response header became required",
	Sends: diff.Breaking,
	Doc: `
Consumers that receive the header can rely on it now. In a webhook or callback the
consumer sends the response, and has to send the header now.`,
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
}

func (w *walk) header(o, n *tree.Node) {
	w.mark(o)
	w.life(elementLife, o, n)
	w.requiredness(o, n, headerBecameRequired, headerBecameOptional, "header")
	w.schemaOrContent(o, n, "header")
	w.otherFields(o, n, "required", "deprecated", "style", "explode", "schema", "content")
}
