package openapi

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// serversOf returns the list of servers for an operation: its own, else that of
// its path, else that of the document (OpenAPI 3.1.1, sections 4.8.9 and
// 4.8.10).
func (d *description) serversOf(op, item *tree.Node) *tree.Node {
	return firstOf(op.Get("servers"), item.Get("servers"), d.root.Get("servers"))
}

// address is a server, or a server with a value for one of its variables.
type address struct {
	text string
	node *tree.Node
	base string // the server's address, if this one has a value for a variable
}

// addresses lists the addresses of a list of servers. An empty list stands for
// the host that serves the description (OpenAPI 3.1.1, section 4.8.1, field
// servers).
func addresses(list *tree.Node) []address {
	var all []address
	for server := range list.Children() {
		url := strings.TrimSuffix(server.Get("url").Str(), "/")
		all = append(all, address{text: url, node: server})
		for variable := range server.Get("variables").Children() {
			values := variable.Get("enum")
			if values.Len() == 0 {
				all = append(all, address{url + " with any " + variable.Key, variable, url})
			}
			for value := range values.Children() {
				all = append(all, address{url + " with " + variable.Key + " " + value.Text, value, url})
			}
		}
	}
	if len(all) == 0 {
		all = append(all, address{node: list})
	}
	return all
}

var serverRemoved = &diff.Rule{
	ID: "openapi/server-removed", Title: "server removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Consumers that have the address in their configuration still call it. The description
does not say whether it still answers. Keep it running until nobody calls it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
servers: [{url: https://orders.example/v1}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
    post: {responses: {"201": {description: created}}}
-- new.yaml --
openapi: 3.1.0
servers: [{url: https://orders.example/v2}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
    post:
      servers: [{url: https://orders.example/v1}]
      responses: {"201": {description: created}}
-- want --
new.yaml:2:1: risky: document › servers: the server https://orders.example/v1 was removed [openapi/server-removed] (was old.yaml:2)
    sends: GET /orders › servers
new.yaml:2:11: safe: document › servers: the server https://orders.example/v2 was added [openapi/server-added]
    sends: GET /orders › servers
`,
}

var serverAdded = &diff.Rule{
	ID: "openapi/server-added", Title: "server added",
	Doc: `
Consumers can call another address. The old ones remain.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
servers: [{url: "https://{region}.orders.example", variables: {region: {default: eu, enum: [eu]}}}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
servers: [{url: "https://{region}.orders.example", variables: {region: {default: eu, enum: [eu, us]}}}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:2:97: safe: document › servers › variable region: the server https://{region}.orders.example with region us was added [openapi/server-added]
    sends: GET /orders › servers
`,
}

// servers compares the addresses that consumers may call. In webhooks and
// callbacks the consumer chooses the address, so the servers of the document do
// not matter there.
func (w *walk) servers(oldList, newList, op *tree.Node) {
	consumersChoose := w.side != diff.Sends
	if w.schemas.Pruner.Same(oldList, newList) ||
		consumersChoose && oldList == w.old.root.Get("servers") && newList == w.new.root.Get("servers") {
		return
	}
	at := w.descend(diff.Step{Kind: diff.Aspect, Name: "servers"})
	if consumersChoose || max(oldList.Len(), newList.Len()) > mostListed {
		at.undecided("servers", oldList, newList, op)
		return
	}
	olds, news := addresses(oldList), addresses(newList)
	in := func(list []address, text string) bool {
		return slices.ContainsFunc(list, func(a address) bool { return a.text == text })
	}
	for _, o := range olds {
		if !in(news, o.text) && (o.base == "" || in(news, o.base)) {
			at.add(diff.Found{
				Rule:    serverRemoved,
				Old:     o.node,
				Near:    firstOf(newList, op),
				Message: "the server " + serverName(o) + " was removed",
				Values:  []string{o.text},
				Before:  diff.HashOf(o.text),
			})
		}
	}
	for _, n := range news {
		if !in(olds, n.text) && (n.base == "" || in(olds, n.base)) {
			at.add(diff.Found{
				Rule:    serverAdded,
				New:     firstOf(n.node, op),
				Message: "the server " + serverName(n) + " was added",
				Values:  []string{n.text},
				After:   diff.HashOf(n.text),
			})
		}
	}
	for o := range oldList.Children() {
		for n := range newList.Children() {
			if o.Get("url").Text == n.Get("url").Text {
				at.serverDefaults(o, n)
				at.otherFields(o, n, "url", "variables", "name")
			}
		}
	}
}

// serverName names an address in messages.
func serverName(a address) string {
	if a.text == "" {
		return "/ (the host of the description)"
	}
	return a.text
}

var serverDefaultChanged = &diff.Rule{
	ID:       "openapi/server-default-changed",
	Title:    "default server changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Consumers that do not choose a value for the variable call a different server now.
Keep the default; consumers that want the other server can choose it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
servers: [{url: "https://{region}.orders.example", variables: {region: {default: eu}}}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
servers: [{url: "https://{region}.orders.example", variables: {region: {default: us}}}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:2:73: risky: document › servers › variable region: the default of region changed from eu to us [openapi/server-default-changed] (was old.yaml:2)
    sends: GET /orders › servers
`,
}

// serverDefaults compares the default values of a server's variables.
func (w *walk) serverDefaults(old, new *tree.Node) {
	for o := range old.Get("variables").Children() {
		before, after := o.Get("default"), new.Path("variables", o.Key, "default")
		if before == nil || after == nil || before.Text == after.Text {
			continue
		}
		w.add(diff.Found{
			Rule:    serverDefaultChanged,
			Old:     before,
			New:     after,
			Message: "the default of " + o.Key + " changed from " + before.Text + " to " + after.Text,
			Values:  []string{before.Text, after.Text},
			Before:  elementHash(before),
			After:   elementHash(after),
		})
	}
}
