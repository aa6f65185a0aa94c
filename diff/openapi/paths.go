package openapi

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// paths are the rules on paths, webhooks and operations as a whole.
var paths = []*diff.Rule{
	{
		ID: "openapi/path-removed", Title: "path removed", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:api-path-removed-without-deprecation", "oasdiff:api-removed-without-deprecation"},
		Doc: `
Every call to the path fails. Mark its operations deprecated, wait until no
consumer is registered for them, and remove the path then. A new version of a
path stands beside the old one.`,
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
	},
	{
		ID: "openapi/path-added", Title: "path added",
		Aliases: []string{"oasdiff:endpoint-added"},
		Doc: `
Nobody calls it yet. The name of a variable in a path is no part of the contract:
/orders/{id} and /orders/{order} are the same path.`,
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
	},
	{
		ID: "openapi/operation-removed", Title: "operation removed", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:api-removed-without-deprecation"},
		Doc: `
Every call of the operation fails. Mark it deprecated, wait until no consumer is
registered for it, and remove it then.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
    delete: {responses: {"204": {description: gone}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:4:5: breaking: DELETE /orders: the operation was removed [openapi/operation-removed] (was old.yaml:5)
`,
	},
	{
		ID: "openapi/operation-added", Title: "operation added",
		Aliases: []string{"oasdiff:endpoint-added"},
		Doc: `
Nobody calls it yet.`,
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
    get: {responses: {"200": {description: all}}}
    post: {responses: {"201": {description: created}}}
-- want --
new.yaml:5:5: safe: POST /orders: the operation was added [openapi/operation-added]
`,
	},
	{
		ID: "openapi/operation-deprecated", Title: "operation deprecated",
		Aliases: []string{"oasdiff:endpoint-deprecated"},
		Doc: `
It still works. Consumers should move on before it is removed.`,
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
    get:
      deprecated: true
      responses: {"200": {description: all}}
-- want --
new.yaml:4:5: safe: GET /orders: the operation is deprecated [openapi/operation-deprecated] (was old.yaml:4)
`,
	},
	{
		ID: "openapi/operation-restored", Title: "operation no longer deprecated",
		Aliases: []string{"oasdiff:endpoint-reactivated"},
		Doc: `
The announcement that it will go was taken back.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {deprecated: true, responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:4:5: safe: GET /orders: the operation is no longer deprecated [openapi/operation-restored] (was old.yaml:4)
`,
	},
}

var pathRemoved, pathAdded, operationRemoved, operationAdded, operationDeprecated, operationRestored = paths[0], paths[1], paths[2], paths[3], paths[4], paths[5]

// document compares all that a description promises.
func (w *walk) document() {
	w.resecured = !w.schemas.Pruner.Same(w.old.root.Get("security"), w.new.root.Get("security"))
	w.items(w.old.root.Get("paths"), w.new.root.Get("paths"), w.new.root)
	// What the consumer receives in a webhook, the provider sends: all sides flip.
	w.received().items(w.old.root.Get("webhooks"), w.new.root.Get("webhooks"), w.new.root)
	w.schemes()
	w.in("document").unexamined("servers", w.old.root.Get("servers"), w.new.root.Get("servers"), w.new.root)
}

// items compares paths, webhooks or callbacks; near is where they would be.
func (w *walk) items(old, new, near *tree.Node) {
	if new != nil {
		near = new
	}
	for oldItem, newItem := range keyed(old, new, normalise) {
		o, n, differ := w.both(oldItem, newItem)
		switch {
		case n == nil && o != nil:
			w.add(found{rule: pathRemoved, old: oldItem, near: near, message: "the path was removed", before: digest(o), reaches: w.calls(oldItem.Key, o)})
		case o == nil && n != nil:
			w.add(found{rule: pathAdded, new: newItem, message: "the path was added", after: digest(n), reaches: w.calls(newItem.Key, n)})
		case o != nil && (differ || w.resecured):
			w.item(oldItem.Key, newItem.Key, o, n)
		}
	}
}

// calls are the uses of all operations of a path item.
func (w *walk) calls(path string, item *tree.Node) []diff.Subject {
	var all []diff.Subject
	for _, op := range operations(item) {
		all = append(all, w.call(path, op).use)
	}
	return all
}

// call is the walk at an operation.
func (w *walk) call(path string, op *tree.Node) *walk {
	next := w.in(strings.ToUpper(op.Key) + " " + normalise(path))
	next.marks = nil
	for tag := range op.Get("tags").Children() {
		next.marks = append(next.marks, "tag:"+tag.Str())
	}
	return next
}

// item compares the operations of a path. Its name may differ in the names of
// its variables.
func (w *walk) item(oldPath, newPath string, old, new *tree.Node) {
	olds, news := operations(old), operations(new)
	for _, o := range olds {
		i := slices.IndexFunc(news, func(n *tree.Node) bool { return n.Key == o.Key })
		at := w.call(oldPath, o)
		if i < 0 {
			at.add(found{rule: operationRemoved, old: o, near: new, message: "the operation was removed", before: digest(o)})
			continue
		}
		at.operation(o, news[i])
		at.parameters(w.old.parametersOf(o, old, oldPath), w.new.parametersOf(news[i], new, newPath), news[i])
	}
	for _, n := range news {
		if !slices.ContainsFunc(olds, func(o *tree.Node) bool { return o.Key == n.Key }) {
			w.call(newPath, n).add(found{rule: operationAdded, new: n, message: "the operation was added", after: digest(n)})
		}
	}
}

func (w *walk) operation(old, new *tree.Node) {
	switch o, n := old.Get("deprecated").True(), new.Get("deprecated").True(); {
	case n && !o:
		w.add(found{rule: operationDeprecated, old: old, new: new, message: "the operation is deprecated", after: diff.HashOf("deprecated")})
	case o && !n:
		w.add(found{rule: operationRestored, old: old, new: new, message: "the operation is no longer deprecated", before: diff.HashOf("deprecated")})
	}
	w.in("request").requestBody(old.Get("requestBody"), new.Get("requestBody"), new)
	w.received().responses(old.Get("responses"), new.Get("responses"), new)
	w.callbacks(old.Get("callbacks"), new.Get("callbacks"), new)
	w.security(old, new)
	w.unexamined("servers", old.Get("servers"), new.Get("servers"), new)
}

// mostCallbacks bounds callbacks within callbacks.
const mostCallbacks = 4

// callbacks compares requests that the provider sends: all sides flip.
func (w *walk) callbacks(old, new, near *tree.Node) {
	if w.depth == mostCallbacks {
		return
	}
	for oldCallback, newCallback := range keyed(old, new, same) {
		o, n, differ := w.both(oldCallback, newCallback)
		if !differ {
			continue
		}
		name := firstOf(oldCallback, newCallback).Key
		next := w.in("callback " + name).received()
		next.depth++
		next.items(o, n, near)
	}
}

func same(key string) string { return key }

// firstOf returns the first node that exists.
func firstOf(nodes ...*tree.Node) *tree.Node {
	for _, n := range nodes {
		if n != nil {
			return n
		}
	}
	return nil
}
