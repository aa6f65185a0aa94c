package openapi

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var responseRemoved = &diff.Rule{
	ID:       "openapi/response-removed",
	Title:    "success response removed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:response-success-status-removed"},
	Doc: `
Consumers wait for a status that no longer comes. Keep sending it.`,
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
}

var responseAdded = &diff.Rule{
	ID: "openapi/response-added", Title: "success response added", Sends: diff.Risky, Receives: diff.Risky,
	Aliases: []string{"oasdiff:response-success-status-added"},
	Doc: `
Consumers may get a success status that they do not know. Many treat every status that
they do not expect as an error.`,
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
}

var errorRemoved = &diff.Rule{
	ID: "openapi/error-response-removed", Title: "error response removed",
	Aliases: []string{"oasdiff:response-non-success-status-removed"},
	Doc: `
Consumers that were ready for the error lose nothing if it no longer comes.`,
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
}

var errorAdded = &diff.Rule{
	ID: "openapi/error-response-added", Title: "error response added",
	Aliases: []string{"oasdiff:response-non-success-status-added"},
	Doc: `
Consumers have to be ready for errors that are not listed. Listing one helps them.`,
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
}

var rangeNarrowed = &diff.Rule{
	ID: "openapi/response-range-narrowed", Title: "range of responses narrowed",
	Doc: `
Only some statuses of the range remain. Consumers had to be ready for all of them.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {2XX: {description: done}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post: {responses: {"201": {description: created}}}
-- want --
new.yaml:4:24: safe: POST /orders › 2XX: only part of 2XX remains [openapi/response-range-narrowed] (was old.yaml:4)
`,
}

// responses compares statuses. A status that the other revision does not list
// is compared with the response that covers it: that of its range or, if no
// success is listed, the default.
func (w *walk) responses(old, new, op *tree.Node) {
	for o, n := range memberPairs(old, new, strings.ToUpper) {
		at := w.descend(diff.Step{Kind: diff.Response, Name: firstOf(o, n).Key})
		switch {
		case n != nil && o != nil:
			at.response(o, n)
		case n == nil && coveringResponse(new, o.Key) != nil:
			at.response(o, coveringResponse(new, o.Key))
		case n == nil && coveredResponse(old, new, o.Key) != nil:
			at.add(diff.Found{
				Rule:    rangeNarrowed,
				Old:     o,
				New:     coveredResponse(old, new, o.Key),
				Message: "only part of " + o.Key + " remains",
				Before:  elementHash(w.old.resolve(o)),
			})
		case n == nil:
			rule := errorRemoved
			if success(old, o.Key) {
				rule = responseRemoved
			}
			at.add(diff.Found{
				Rule:    rule,
				Old:     o,
				Near:    firstOf(new, op),
				Message: "the response " + o.Key + " was removed",
				Before:  elementHash(w.old.resolve(o)),
			})
		case coveringResponse(old, n.Key) != nil:
			at.response(coveringResponse(old, n.Key), n)
		default:
			rule := errorAdded
			if success(new, n.Key) {
				rule = responseAdded
			}
			at.add(diff.Found{
				Rule:    rule,
				New:     n,
				Message: "the response " + n.Key + " was added",
				After:   elementHash(w.new.resolve(n)),
			})
		}
	}
}

// success reports whether a status means success: it starts with 2, or it is
// the default and no status that starts with 2 is listed.
func success(responses *tree.Node, status string) bool {
	return strings.HasPrefix(status, "2") || status == "default" && !listsSuccess(responses)
}

func listsSuccess(responses *tree.Node) bool {
	for r := range responses.Children() {
		if strings.HasPrefix(r.Key, "2") {
			return true
		}
	}
	return false
}

func isStatusRange(status string) bool { return strings.HasSuffix(strings.ToUpper(status), "XX") }

// coveringResponse finds the response that covers a status: that of its range,
// 2XX for example, or the default if that is the only success.
func coveringResponse(responses *tree.Node, status string) *tree.Node {
	if len(status) == 3 && !isStatusRange(status) {
		if r := firstOf(responses.Get(status[:1]+"XX"), responses.Get(status[:1]+"xx")); r != nil {
			return r
		}
	}
	if strings.HasPrefix(status, "2") && !listsSuccess(responses) {
		return responses.Get("default")
	}
	return nil
}

// coveredResponse finds a new response that an old one covers: that of a range,
// or the default if it was the only success.
func coveredResponse(old, new *tree.Node, status string) *tree.Node {
	for r := range new.Children() {
		if isStatusRange(status) && r.Key[:1] == status[:1] ||
			status == "default" && success(old, status) && success(new, r.Key) {
			return r
		}
	}
	return nil
}

func (w *walk) response(oldSite, newSite *tree.Node) {
	o, n, differ := w.resolveBoth(oldSite, newSite)
	if !differ || o == nil || n == nil {
		return
	}
	w.content(o.Get("content"), n.Get("content"), n)
	w.headers(o.Get("headers"), n.Get("headers"), n)
	w.links(o.Get("links"), n.Get("links"), n)
	w.otherFields(o, n, "content", "headers", "links")
}
