package openapi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// operationsOf lists the operations of a path item. The key of each is its
// method.
func operationsOf(item *tree.Node) []*tree.Node {
	var all []*tree.Node
	for c := range item.Children() {
		if slices.Contains(methods, c.Key) {
			all = append(all, c)
		}
	}
	return slices.AppendSeq(all, item.Get("additionalOperations").Children())
}

// atOperation returns the walk at an operation and tells the report what marks
// the operation has.
func (w *walk) atOperation(path string, op *tree.Node) *walk {
	next := w.descend(operationStep(strings.ToUpper(op.Key), normalise(path)))
	next.marks = stability(op)
	for _, tag := range tagsOf(op) {
		next.marks = append(next.marks, "tag:"+tag)
	}
	next.report.Mark(next.use, next.marks...)
	return next
}

var operationRemoved = &diff.Rule{
	ID:       "openapi/operation-removed",
	Title:    "operation removed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:api-removed-{without-deprecation,before-sunset}"},
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
}

var operationAdded = &diff.Rule{
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
}

// item compares the operations of a path. The two paths may differ in the names
// of their variables.
func (w *walk) item(oldPath, newPath string, old, new *tree.Node) {
	olds, news := operationsOf(old), operationsOf(new)
	for _, o := range olds {
		i := slices.IndexFunc(news, func(n *tree.Node) bool { return n.Key == o.Key })
		at := w.atOperation(oldPath, o)
		if i < 0 {
			at.removal(diff.Found{
				Rule:    operationRemoved,
				Old:     o,
				Near:    firstOf(new.Get(o.Parent().Key), new),
				Message: "the operation was removed",
				Before:  elementHash(o),
			}, o)
			continue
		}
		at.operation(o, news[i])
		at.parameters(w.old.parametersOf(o, old, oldPath), w.new.parametersOf(news[i], new, newPath), news[i])
		at.servers(w.old.serversOf(o, old), w.new.serversOf(news[i], new), news[i])
	}
	for _, n := range news {
		if !slices.ContainsFunc(olds, func(o *tree.Node) bool { return o.Key == n.Key }) {
			w.atOperation(newPath, n).add(diff.Found{
				Rule:    operationAdded,
				New:     n,
				Message: "the operation was added",
				After:   elementHash(n),
			})
		}
	}
	fields := append([]string{"$ref", "parameters", "servers", "additionalOperations"}, methods...)
	w.descend(itemStep(oldPath)).otherFields(old, new, fields...)
}

func (w *walk) operation(old, new *tree.Node) {
	w.security(old, new)
	if w.schemas.Pruner.Same(old, new) {
		return
	}
	w.life(operationLife, old, new)
	w.operationNames(old, new)
	w.descend(request).requestBody(old.Get("requestBody"), new.Get("requestBody"), new)
	w.flipped().responses(old.Get("responses"), new.Get("responses"), new)
	w.callbacks(old.Get("callbacks"), new.Get("callbacks"), new)
	w.otherFields(old, new, "deprecated", "operationId", "tags", "requestBody", "responses", "callbacks",
		"security", "parameters", "servers")
}

var operationIDChanged = &diff.Rule{
	ID: "openapi/operation-id-changed", Title: "operationId changed", Sends: diff.Risky, Receives: diff.Risky,
	Aliases: []string{"oasdiff:api-operation-id-removed"},
	Doc: `
Calls are the same, but generated clients name their functions after the operationId:
code that uses these functions no longer compiles. Keep the id.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {operationId: listOrders, responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {operationId: findOrders, responses: {"200": {description: all}}}
-- want --
new.yaml:4:11: risky: GET /orders: operationId changed from listOrders to findOrders [openapi/operation-id-changed] (was old.yaml:4)
`,
}

var operationIDAdded = &diff.Rule{
	ID: "openapi/operation-id-added", Title: "operationId added",
	Aliases: []string{"oasdiff:api-operation-id-added"},
	Doc: `
Generated clients name a function after it. They made up a name before.`,
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
    get: {operationId: listOrders, responses: {"200": {description: all}}}
-- want --
new.yaml:4:11: safe: GET /orders: operationId listOrders was added [openapi/operation-id-added]
`,
}

var tagsChanged = &diff.Rule{
	ID: "openapi/operation-tags-changed", Title: "tags changed",
	Aliases: []string{"oasdiff:api-tag-{added,removed}"},
	Doc: `
Tags group operations in the documentation, and some generators put the functions
of a client into one file per tag. No call changes.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {tags: [Shop], responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {tags: [Orders], responses: {"200": {description: all}}}
-- want --
new.yaml:4:11: safe: GET /orders: tags changed from Shop to Orders [openapi/operation-tags-changed] (was old.yaml:4)
`,
}

// operationNames compares the fields that generated clients take names from:
// operationId and tags.
func (w *walk) operationNames(old, new *tree.Node) {
	o, n := old.Get("operationId"), new.Get("operationId")
	switch {
	case o == nil && n != nil:
		w.add(diff.Found{
			Rule:    operationIDAdded,
			New:     n,
			Message: "operationId " + n.Text + " was added",
			Values:  []string{n.Text},
			After:   elementHash(n),
		})
	case o != nil && n == nil:
		w.add(diff.Found{
			Rule:    operationIDChanged,
			Old:     o,
			Near:    new,
			Message: "operationId " + o.Text + " was removed",
			Values:  []string{o.Text},
			Before:  elementHash(o),
		})
	case o != nil && o.Text != n.Text:
		w.add(diff.Found{
			Rule:    operationIDChanged,
			Old:     o,
			New:     n,
			Message: "operationId changed from " + o.Text + " to " + n.Text,
			Values:  []string{o.Text, n.Text},
			Before:  elementHash(o),
			After:   elementHash(n),
		})
	}
	before, after := tagsOf(old), tagsOf(new)
	w.promise(old, new, before, after)
	if !slices.Equal(before, after) {
		was, is := strings.Join(before, ", "), strings.Join(after, ", ")
		w.add(diff.Found{
			Rule: tagsChanged, Old: old, New: firstOf(new.Get("tags"), new), Values: []string{was, is},
			Message: "tags changed from " + cmp.Or(was, "none") + " to " + cmp.Or(is, "none"),
			Before:  diff.HashOf(before...),
			After:   diff.HashOf(after...),
		})
	}
}

// tagsOf returns an operation's tags, sorted.
func tagsOf(op *tree.Node) []string {
	var tags []string
	for tag := range op.Get("tags").Children() {
		tags = append(tags, tag.Str())
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}
