package avro

import (
	"fmt"
	"maps"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// protocol is the content of an .avpr file: types, and the messages that use
// them (specification, "Protocol Declaration").
type protocol struct {
	name     *tree.Node
	full     string
	types    []ref
	list     *tree.Node // the object that contains the messages
	messages map[string]*message
}

// message is a call: clients send the request and receive the response or one
// of the errors.
type message struct {
	node     *tree.Node
	request  *schema // a record of the parameters
	response ref
	errors   ref // a union; every message may fail with a string
	oneWay   bool
}

func (p *parser) protocol(n *tree.Node) {
	name := n.Get("protocol")
	space := n.Get("namespace").Str()
	out := &protocol{
		name:     name,
		full:     qualify(name.Str(), space),
		list:     n.Get("messages"),
		messages: map[string]*message{},
	}
	p.file.protocol = out
	if !validFullName(out.full) {
		p.fail(name, "%q is not a valid name: use letters, digits and _, with dots between the parts",
			out.full)
	}
	types := n.Get("types")
	if types != nil && !types.Is(tree.Array) {
		p.fail(types, "types must be a list of definitions")
	}
	out.types = make([]ref, types.Len())
	i := 0
	for t := range types.Children() {
		p.typ(&out.types[i], t, space)
		i++
	}
	if out.list != nil && !out.list.Is(tree.Object) {
		p.fail(out.list, "messages must be an object with one member for each message")
		return
	}
	for m := range out.list.Children() {
		out.messages[m.Key] = p.message(m, space)
	}
}

func (p *parser) message(n *tree.Node, space string) *message {
	m := &message{
		node:    n,
		oneWay:  n.Get("one-way").True(),
		request: &schema{kind: "message", node: n, name: n.Key},
	}
	p.fields(m.request, "request", space)
	m.request.kind = record
	if n.Get("response") == nil {
		p.fail(n, `message %s needs the member "response"`, n.Key)
		return m
	}
	p.typ(&m.response, n.Get("response"), space)
	list := n.Get("errors")
	if list != nil && !list.Is(tree.Array) {
		p.fail(list, "errors must be a list of types")
		list = nil
	}
	text := ref{firstOf(list, n), &schema{kind: "string", node: n}}
	m.errors = ref{
		text.at,
		&schema{kind: union, node: n, branches: append(make([]ref, 0, list.Len()+1), text)},
	}
	for e := range list.Children() {
		branches := m.errors.to.branches // room for all: p.typ keeps the address
		m.errors.to.branches = append(branches, ref{})
		p.typ(&m.errors.to.branches[len(branches)], e, space)
	}
	return m
}

func (f *protocol) roots() []ref {
	roots := slices.Clone(f.types)
	for _, name := range slices.Sorted(maps.Keys(f.messages)) {
		m := f.messages[name]
		for _, parameter := range m.request.fields {
			roots = append(roots, parameter.typ)
		}
		roots = append(roots, m.response, m.errors)
	}
	return roots
}

var messageRemoved = &diff.Rule{
	ID:       "avro/message-removed",
	Title:    "message removed from a protocol",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
The server refuses every call of the message. Keep it until no client is
registered for it.`,
	Example: `
-- old.avpr --
{"protocol": "Orders", "messages": {
  "place": {"request": [{"name": "sku", "type": "string"}], "response": "long"},
  "cancel": {"request": [{"name": "id", "type": "long"}], "response": "null"}
}}
-- new.avpr --
{"protocol": "Orders", "messages": {
  "place": {"request": [{"name": "sku", "type": "string"}], "response": "long"}
}}
-- want --
new.avpr:2:3: breaking: message cancel: message removed [avro/message-removed] (was old.avpr:3)
    no example: calls are refused before any data is read
`,
}

var messageAdded = &diff.Rule{
	ID: "avro/message-added", Title: "message added to a protocol", Sends: diff.Safe, Receives: diff.Safe,
	Doc: `
Nobody calls it yet. A client that is newer than the server has to expect that the
server does not know the message.`,
	Example: `
-- old.avpr --
{"protocol": "Orders", "messages": {}}
-- new.avpr --
{"protocol": "Orders", "messages": {
  "place": {"request": [{"name": "sku", "type": "string"}], "response": "long"}
}}
-- want --
new.avpr:2:3: safe: message place: message added [avro/message-added]
`,
}

var protocolRenamed = &diff.Rule{
	ID: "avro/protocol-renamed", Title: "protocol renamed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Client and server exchange their protocols and compare messages and not names, so calls
still work. But generated classes move, and programs that look up the server by the
protocol's name do not find it.`,
	Example: `
-- old.avpr --
{"protocol": "Orders", "namespace": "acme", "messages": {}}
-- new.avpr --
{"protocol": "Ordering", "namespace": "acme", "messages": {}}
-- want --
new.avpr:1:2: risky: protocol: renamed from acme.Orders to acme.Ordering [avro/protocol-renamed] (was old.avpr:1)
`,
}

func messageStep(name string) diff.Step {
	return diff.Step{Kind: diff.Operation, Noun: "message", Name: name}
}

// messages compares the messages of two protocols.
func (w *walk) messages(p place, o, n *protocol) {
	at := p.stepTo(diff.Step{Kind: diff.Aspect, Name: "protocol"})
	if o.full != n.full {
		w.add(at, protocolRenamed, found{
			old: o.name, new: n.name, before: diff.HashOf(o.full), after: diff.HashOf(n.full),
			message: fmt.Sprintf("renamed from %s to %s", o.full, n.full), values: []string{o.full, n.full},
		})
	}
	for _, name := range slices.Sorted(maps.Keys(o.messages)) {
		before, after, at := o.messages[name], n.messages[name], p.stepTo(messageStep(name))
		if after == nil {
			w.add(at, messageRemoved, found{
				old:     before.node,
				new:     firstOf(n.list, n.name),
				gone:    n.list != nil,
				before:  elementHash(before.node),
				message: "message removed", noWitness: "calls are refused before any data is read",
			})
			continue
		}
		w.message(at, before, after)
	}
	for _, name := range slices.Sorted(maps.Keys(n.messages)) {
		if o.messages[name] == nil {
			w.add(p.stepTo(messageStep(name)), messageAdded, found{
				new:     n.messages[name].node,
				after:   elementHash(n.messages[name].node),
				message: "message added",
			})
		}
	}
}

var messageOneWayChanged = &diff.Rule{
	ID:       "avro/message-one-way-changed",
	Title:    "message became one-way, or no longer is",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
The server sends no answer to a one-way message. A client with the other protocol waits
for an answer that never comes, or takes the answer for that of its next call. Add a
message with another name.`,
	Example: `
-- old.avpr --
{"protocol": "Orders", "messages": {
  "cancel": {"request": [{"name": "id", "type": "long"}], "response": "null"}
}}
-- new.avpr --
{"protocol": "Orders", "messages": {
  "cancel": {"request": [{"name": "id", "type": "long"}], "response": "null", "one-way": true}
}}
-- want --
new.avpr:2:79: breaking: message cancel: clients wait for an answer that no longer comes [avro/message-one-way-changed] (was old.avpr:2)
    no example: the data is the same, only the exchange of messages differs
`,
}

func (w *walk) message(p place, o, n *message) {
	if o.oneWay != n.oneWay {
		f := found{
			old: firstOf(o.node.Get("one-way"), o.node), new: firstOf(n.node.Get("one-way"), n.node),
			before: diff.HashOf(fmt.Sprint(o.oneWay)), after: diff.HashOf(fmt.Sprint(n.oneWay)),
			message:   "clients now have to wait for an answer",
			noWitness: "the data is the same, only the exchange of messages differs",
		}
		if n.oneWay {
			f.message = "clients wait for an answer that no longer comes"
		}
		w.add(p, messageOneWayChanged, f)
	}
	w.fields(p.stepTo(request).limitedTo(diff.Sends), o.request, n.request)
	w.types(p.stepTo(response).limitedTo(diff.Receives), o.response, n.response)
	w.types(p.stepTo(failure).limitedTo(diff.Receives), o.errors, n.errors)
}

var protocolTypeRemoved = &diff.Rule{
	ID:       "avro/protocol-type-removed",
	Title:    "unused type of a protocol removed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
No message uses the type, but others may: generated classes, or a program that writes
files with it.`,
	Example: `
-- old.avpr --
{"protocol": "Orders", "types": [
  {"type": "fixed", "name": "Digest", "size": 16}
], "messages": {}}
-- new.avpr --
{"protocol": "Orders", "types": [], "messages": {}}
-- want --
new.avpr:1:2: risky: fixed Digest: the type was removed; no message used it [avro/protocol-type-removed] (was old.avpr:2)
`,
}

// unusedTypes compares the types of a protocol that no message uses. Other
// programs may use them, to send or to receive.
func (w *walk) unusedTypes(p place, used []*vertex) {
	met := map[*schema]bool{}
	for _, v := range used {
		met[v.Pair.old], met[v.Pair.new] = true, true
	}
	for _, name := range slices.Sorted(maps.Keys(w.old.types)) {
		o, n := w.old.types[name], w.new.types[name]
		switch {
		case met[o]:
		case n == nil:
			w.add(p.stepTo(w.definition(o)), protocolTypeRemoved, found{
				old:     o.node,
				new:     w.new.protocol.name,
				before:  elementHash(o.node),
				message: "the type was removed; no message used it",
			})
		case !met[n]:
			w.types(p.stepTo(diff.Step{Kind: diff.Definition, Name: name}), ref{o.node, o}, ref{n.node, n})
		}
	}
}
