package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// calls describes a map of path items: the paths of a description, its
// webhooks, or the callbacks of an operation.
type calls struct {
	noun           string
	removed, added *diff.Rule
	normal         func(key string) string
}

var pathRemoved = &diff.Rule{
	ID: "openapi/path-removed", Title: "path removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:api-path-removed-{without-deprecation,before-sunset}",
		"oasdiff:api-path-sunset-parse",
	},
	Doc: `
Every call to the path fails. Mark its operations deprecated, wait until no
consumer is registered for them, and remove the path then. A new version of a
path should be offered beside the old one.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
  /orders/{id}:
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:4:3: breaking: /orders/{}: the path was removed [openapi/path-removed] (was old.yaml:5)
    sends: DELETE /orders/{}
    sends: GET /orders/{}
`,
}

var pathAdded = &diff.Rule{
	ID: "openapi/path-added", Title: "path added",
	Aliases: []string{"oasdiff:endpoint-added"},
	Doc: `
Nobody calls it yet. The names of path variables do not matter: /orders/{id} and
/orders/{order} are the same path.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders/{id}:
    get: {responses: {"200": {description: one}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders/{order}:
    get: {responses: {"200": {description: one}}}
  /returns:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:5:3: safe: /returns: the path was added [openapi/path-added]
    sends: GET /returns
`,
}

var webhookRemoved = &diff.Rule{
	ID: "openapi/webhook-removed", Title: "webhook removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Aliases: []string{"oasdiff:webhook-removed"},
	Doc: `
Consumers wait for a call that never comes. Keep sending it until none of them is
registered for it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
webhooks:
  shipped:
    post: {requestBody: {content: {application/json: {}}}, responses: {"204": {description: thanks}}}
-- new.yaml --
openapi: 3.1.0
webhooks: {}
-- want --
new.yaml:2:1: breaking: shipped: the webhook was removed [openapi/webhook-removed] (was old.yaml:3)
    receives: POST shipped
`,
}

var webhookAdded = &diff.Rule{
	ID: "openapi/webhook-added", Title: "webhook added",
	Aliases: []string{"oasdiff:webhook-added"},
	Doc: `
Nobody waits for it yet. Consumers learn of it before they subscribe.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
-- new.yaml --
openapi: 3.1.0
webhooks:
  shipped:
    post: {requestBody: {content: {application/json: {}}}, responses: {"204": {description: thanks}}}
-- want --
new.yaml:3:3: safe: shipped: the webhook was added [openapi/webhook-added]
    receives: POST shipped
`,
}

var callbackRemoved = &diff.Rule{
	ID: "openapi/callback-removed", Title: "callback removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Consumers gave an address and wait for a call that never comes, or that goes to
another address. Keep calling it beside the new one.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses: {"201": {description: created}}
      callbacks:
        paid:
          "{$request.body#/url}":
            post: {requestBody: {content: {application/json: {}}}, responses: {"204": {description: thanks}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses: {"201": {description: created}}
      callbacks:
        paid:
          "{$request.body#/hook}":
            post: {requestBody: {content: {application/json: {}}}, responses: {"204": {description: thanks}}}
-- want --
new.yaml:7:9: breaking: POST /orders › callback paid: the callback was removed [openapi/callback-removed] (was old.yaml:8)
    receives: POST /orders › callback paid › POST {}
new.yaml:8:11: safe: POST /orders › callback paid: the callback was added [openapi/callback-added]
    receives: POST /orders › callback paid › POST {}
`,
}

var callbackAdded = &diff.Rule{
	ID: "openapi/callback-added", Title: "callback added",
	Doc: `
Consumers that give no address are not called.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      responses: {"201": {description: created}}
      callbacks:
        paid:
          "{$request.body#/url}":
            post: {requestBody: {content: {application/json: {}}}, responses: {"204": {description: thanks}}}
-- want --
new.yaml:7:9: safe: POST /orders › callback paid: the callback was added [openapi/callback-added]
`,
}

var (
	pathCalls     = calls{"path", pathRemoved, pathAdded, normalise}
	webhookCalls  = calls{"webhook", webhookRemoved, webhookAdded, identity}
	callbackCalls = calls{"callback", callbackRemoved, callbackAdded, identity}
)

func identity(key string) string { return key }

// document compares the two descriptions as a whole.
func (w *walk) document() {
	for _, inherited := range []string{"security", "servers"} {
		w.inheritedDiffers = w.inheritedDiffers ||
			!w.schemas.Pruner.Same(w.old.root.Get(inherited), w.new.root.Get(inherited))
	}
	w.items(pathCalls, w.old.root.Get("paths"), w.new.root.Get("paths"), w.new.root)
	// The provider calls a webhook, so the consumer receives the request.
	w.flipped().items(webhookCalls, w.old.root.Get("webhooks"), w.new.root.Get("webhooks"), w.new.root)
	w.schemes()
	if w.old.isLibrary() && w.new.isLibrary() {
		w.components(w.old.root.Get("components"), w.new.root.Get("components"))
	}
	w.descend(document).otherFields(w.old.root, w.new.root, "openapi", "info", "servers", "paths", "webhooks",
		"components", "security", "tags", "$self")
}

// items compares paths, webhooks or callbacks. A removed one is shown at near.
func (w *walk) items(c calls, old, new, near *tree.Node) {
	near = firstOf(new, near)
	for oldItem, newItem := range memberPairs(old, new, c.normal) {
		o, n, differ := w.resolveBoth(oldItem, newItem)
		switch {
		case n == nil && o != nil && anyDeprecated(o):
			for _, op := range operationsOf(o) {
				w.atOperation(oldItem.Key, op).removal(diff.Found{
					Rule:    operationRemoved,
					Old:     op,
					Near:    near,
					Message: "the operation was removed",
					Before:  elementHash(op),
				}, op)
			}
		case n == nil && o != nil:
			w.add(diff.Found{
				Rule:    c.removed,
				Old:     oldItem,
				Near:    near,
				Message: "the " + c.noun + " was removed",
				Values:  []string{oldItem.Key},
				Before:  elementHash(o),
				Reaches: w.uses(oldItem.Key, o),
			})
		case o == nil && n != nil:
			w.add(diff.Found{
				Rule:    c.added,
				New:     newItem,
				Message: "the " + c.noun + " was added",
				Values:  []string{newItem.Key},
				After:   elementHash(n),
				Reaches: w.uses(newItem.Key, n),
			})
		case o != nil && (differ || w.inheritedDiffers):
			w.item(oldItem.Key, newItem.Key, o, n)
		}
	}
}

// uses returns the use of each operation of a path item, or that of the path
// itself if it has no operations.
func (w *walk) uses(path string, item *tree.Node) []diff.Reach {
	var all []diff.Reach
	if len(operationsOf(item)) == 0 {
		return []diff.Reach{w.descend(itemStep(path)).reach()}
	}
	for _, op := range operationsOf(item) {
		all = append(all, w.atOperation(path, op).reach())
	}
	return all
}

// mostCallbacks bounds how deep callbacks are compared that have callbacks
// themselves.
const mostCallbacks = 4

// callbacks compares the requests that the provider sends: consumers receive
// them.
func (w *walk) callbacks(old, new, near *tree.Node) {
	if w.depth == mostCallbacks {
		return
	}
	for oldSite, newSite := range memberPairs(old, new, identity) {
		o, n, differ := w.resolveBoth(oldSite, newSite)
		next := w.descend(diff.Step{
			Kind: diff.Callback,
			Noun: "callback",
			Name: firstOf(oldSite, newSite).Key,
		}).flipped()
		next.depth++
		switch {
		case !differ:
		case n == nil:
			next.add(diff.Found{
				Rule:    callbackRemoved,
				Old:     oldSite,
				Near:    firstOf(new, near),
				Message: "the callback was removed",
				Before:  elementHash(o),
			})
		case o == nil:
			next.add(diff.Found{
				Rule:    callbackAdded,
				New:     newSite,
				Message: "the callback was added",
				After:   elementHash(n),
			})
		default:
			next.items(callbackCalls, o, n, newSite)
		}
	}
}

// firstOf returns the first node that exists.
func firstOf(nodes ...*tree.Node) *tree.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return nil
}
