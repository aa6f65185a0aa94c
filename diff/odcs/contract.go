package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var idChanged = &diff.Rule{
	ID: "odcs/id-changed", Title: "id of the contract changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Catalogues, access requests and other contracts refer to a data contract by its id. With
another id it is another contract, and references to the old one lead nowhere. Keep the
id; change the name, which people read.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders-eu
-- want --
new.yaml:3:1: breaking: contract: id changed from orders to orders-eu [odcs/id-changed] (was old.yaml:3)
`,
}

var apiVersionChanged = &diff.Rule{
	ID: "odcs/api-version-changed", Title: "version of the standard changed",
	Doc: `
The contract follows another version of the standard. Within version 3, assent compares
different spellings of the same thing as equal, so this alone changes nothing. But
tools that read the file have to support the new version.`,
	Example: `
-- old.yaml --
apiVersion: v3.0.2
kind: DataContract
id: orders
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
-- want --
new.yaml:1:1: safe: contract: version of the standard changed from 3.0.2 to 3.1.0 [odcs/api-version-changed] (was old.yaml:1)
`,
}

var termsChanged = &diff.Rule{
	ID: "odcs/terms-changed", Title: "terms of use changed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The usage and the limitations say what the data may be used for. Consumers have to read
them again, because no program can tell whether their use is still allowed.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
description:
  usage: Reports and forecasts.
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
description:
  usage: Reports.
-- want --
new.yaml:5:3: risky: contract: usage changed from Reports and forecasts. to Reports. [odcs/terms-changed] (was old.yaml:5)
`,
}

// contract compares the members of the contract itself.
func (w *walk) contract(p place) {
	o, n := w.old, w.new
	if !same(o, n, "id") {
		w.member(p, idChanged, changed("id", get(o, "id"), get(n, "id")), o, n, "id")
	}
	if a, b := strings.TrimPrefix(get(o, "apiVersion").Text, "v"),
		strings.TrimPrefix(get(n, "apiVersion").Text, "v"); a != b {
		w.member(p, apiVersionChanged, "version of the standard changed from "+a+" to "+b, o, n, "apiVersion")
	}
	w.status(p, get(o, "status"), get(n, "status"))
	for _, key := range []string{"usage", "limitations"} {
		if !same(o, n, "description", key) {
			w.member(p, termsChanged, changed(key, get(o, "description", key), get(n, "description", key)), o,
				n, "description", key)
		}
	}
	except := []string{
		"id", "apiVersion", "kind", "version", "status", "schema", "servers", "slaProperties",
		"slaDefaultElement", "roles", "support", "team", "price",
	}
	if d := get(o, "description"); d.Is(tree.Object) && get(n, "description").Is(tree.Object) {
		w.metadata(p.aspectPlace("description"), d, get(n, "description"), "usage", "limitations")
		except = append(except, "description")
	}
	w.metadata(p, o, n, except...)
}

// authoritative are the types of definitions that state the meaning of data.
var authoritative = []string{"definition", "semantics", "businessDefinition"}

var definitionChanged = &diff.Rule{
	ID:       "odcs/definition-changed",
	Title:    "authoritative definition removed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
An authoritative definition says what the data means, and some tools take types and
constraints from it. The contract no longer refers to the old one. Compare it with the
new one, if there is one, and tell the consumers that relied on it.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    authoritativeDefinitions:
      - {type: businessDefinition, url: "https://glossary.example.org/order"}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    authoritativeDefinitions:
      - {type: businessDefinition, url: "https://glossary.example.org/purchase"}
-- want --
new.yaml:6:5: risky: schema orders: its meaning is no longer defined by https://glossary.example.org/order [odcs/definition-changed] (was old.yaml:7)
`,
}

// definitions reports authoritative definitions that were removed, and returns
// whether there were any. An added definition is documentation.
func (w *walk) definitions(p place, o, n *tree.Node) bool {
	moved := false
	left := map[string]bool{}
	for d := range get(n, "authoritativeDefinitions").Children() {
		left[get(d, "url").Str()] = true
	}
	for d := range get(o, "authoritativeDefinitions").Children() {
		url := get(d, "url").Str()
		if slices.Contains(authoritative, get(d, "type").Str()) && !left[url] {
			w.add(p, definitionChanged, found{
				old:     d.At(),
				new:     spot(o, n, []string{"authoritativeDefinitions"}),
				before:  diff.HashOf(url),
				after:   get(n, "authoritativeDefinitions").Digest(),
				message: "its meaning is no longer defined by " + shortened(url),
			})
			moved = true
		}
	}
	return moved
}

var metadataChanged = &diff.Rule{
	ID: "odcs/metadata-changed", Title: "metadata of an element changed",
	Doc: `
Tags, descriptions, examples, custom properties and similar members are for people. They
promise nothing about the data.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    description: All orders.
    tags: [sales, core]
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    description: All orders since 2020.
    tags: [core, sales]
-- want --
new.yaml:6:5: safe: schema orders: metadata changed: description [odcs/metadata-changed] (was old.yaml:6)
`,
}

// metadata reports, in one finding, all members that differ except those that
// have their own rules. The order of lists does not matter.
func (w *walk) metadata(p place, o, n *tree.Node, except ...string) {
	var keys, before, after []string
	f := found{}
	for _, key := range members(o, n) {
		a, b := get(o, key), get(n, key)
		if slices.Contains(except, key) || a.Hash() == b.Hash() || sameSet(a, b) {
			continue
		}
		if key == "authoritativeDefinitions" && w.definitions(p, o, n) {
			continue
		}
		if keys == nil {
			f.old, f.new = origin(o, []string{key}), spot(o, n, []string{key})
		}
		keys = append(keys, key)
		before, after = append(before, digestText(a)), append(after, digestText(b))
	}
	if keys == nil {
		return
	}
	f.before, f.after, f.message = diff.HashOf(before...), diff.HashOf(after...),
		"metadata changed: "+strings.Join(keys, ", ")
	w.add(p, metadataChanged, f)
}

// members returns the names of all members of two objects, sorted.
func members(o, n *tree.Node) []string {
	var keys []string
	for _, side := range []*tree.Node{o, n} {
		for m := range side.Children() {
			keys = append(keys, m.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func digestText(n *tree.Node) string {
	d := n.Digest()
	return string(d[:])
}

// sameSet reports whether two lists have the same elements, in any order.
func sameSet(o, n *tree.Node) bool {
	if !o.Is(tree.Array) || !n.Is(tree.Array) || o.Len() != n.Len() {
		return false
	}
	return slices.Equal(hashes(o), hashes(n))
}

func hashes(list *tree.Node) []uint64 {
	var all []uint64
	for e := range list.Children() {
		all = append(all, e.Hash())
	}
	slices.Sort(all)
	return all
}
