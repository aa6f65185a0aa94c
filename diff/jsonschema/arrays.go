package jsonschema

import (
	"math"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

var uniqueRequired = &diff.Rule{
	ID: "schema/unique-items-required", Title: "items must be unique", Sends: diff.Breaking,
	Aliases: []string{"oasdiff:request-{body,property}-unique-items-set@sends", "confluent:UNIQUE_ITEMS_ADDED"},
	Doc: `
Arrays with equal items were accepted and are refused now.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"tags": {"type": "array"}}}
-- new.json --
{"properties": {"tags": {"type": "array", "uniqueItems": true}}}
-- want --
new.json:1:17: breaking: schema › tags: items must be unique [schema/unique-items-required] (was old.json:1)
    for example ["a","a"]: accepted by the old revision, refused by the new
`,
}

var uniqueDropped = &diff.Rule{
	ID: "schema/unique-items-dropped", Title: "items need not be unique", Receives: diff.Breaking,
	Aliases: []string{"oasdiff:request-{body,property}-unique-items-unset@sends", "oasdiff:response-{body,property}-unique-items-unset@receives", "confluent:UNIQUE_ITEMS_REMOVED"},
	Doc: `
Consumers may receive equal items where each was promised to come once.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"tags": {"type": "array", "uniqueItems": true}}}
-- new.json --
{"properties": {"tags": {"type": "array"}}}
-- want --
new.json:1:17: breaking: schema › tags: items need not be unique any more [schema/unique-items-dropped] (was old.json:1)
    for example ["a","a"]: accepted by the new revision, refused by the old
`,
}

func (w *walk) compareArrays() {
	o, n := w.old.flag("uniqueItems"), w.new.flag("uniqueItems")
	at := w.at(w.old.first("uniqueItems"), w.new.first("uniqueItems"))
	switch {
	case n && !o && w.old.longest() > 1: // of two elements, that is
		w.report(uniqueRequired, at, diff.HashOf("false"), diff.HashOf("true"), "items must be unique")
	case o && !n && w.new.longest() > 1:
		w.report(uniqueDropped, at, diff.HashOf("true"), diff.HashOf("false"), "items need not be unique any more")
	}
	positions, last := max(w.old.positions(), w.new.positions()), w.longest()
	for i := range min(positions, mostPositions, last) {
		w.compareElements(element(i), w.old.elements(i), w.new.elements(i))
	}
	if positions < last {
		w.compareElements(elements, w.old.elements(positions), w.new.elements(positions))
	}
}

// longest is how many elements both sides allow: what differs beyond is told by
// the number of items.
func (w *walk) longest() int { return min(w.old.longest(), w.new.longest()) }

// longest is how many elements the schema allows.
func (e *effective) longest() int {
	if most := e.bound(sizeOfArrays, exact.Upper).Value; most != nil && most.IsInt() && most.Num().IsInt64() {
		return int(most.Num().Int64())
	}
	return math.MaxInt
}

// closed returns the first position at which no value is allowed, and the schema
// that says so; a nil schema is none.
func (e *effective) closed() (int, *tree.Node) {
	for i := range min(e.positions(), mostPositions) + 1 {
		for _, schema := range e.elements(i) {
			if e.reader.kindsBelow(schema) == 0 {
				return i, schema
			}
		}
	}
	return 0, nil
}

func (w *walk) compareElements(step diff.Step, olds, news []*tree.Node) {
	if len(olds)+len(news) > 0 {
		w.into(step, w.old.all(olds), w.new.all(news))
	}
}

// mostPositions bounds how many elements with a schema of their own are looked
// at.
const mostPositions = 200

// tuple is what a schema object says of the elements of arrays: of the first
// ones by position, and of the rest.
type tuple struct {
	first *tree.Node // a list of schemas
	rest  *tree.Node
}

// tupleOf reads prefixItems and items; before 2020-12, a list in items goes by
// position and additionalItems says what follows (JSON Schema 2019-09 Core,
// section 9.3.1, and 2020-12 Core, section 10.3.1).
func tupleOf(n *tree.Node) tuple {
	if items := n.Get("items"); items.Is(tree.Array) {
		return tuple{items, n.Get("additionalItems")}
	}
	return tuple{n.Get("prefixItems"), n.Get("items")}
}

// positions is how many elements have a schema of their own.
func (e *effective) positions() int {
	n := 0
	for _, object := range e.nodes {
		n = max(n, tupleOf(object).first.Len())
	}
	return n
}

// elements are the schemas that the element at a position must fit.
func (e *effective) elements(position int) []*tree.Node {
	var all []*tree.Node
	spoken := false
	for _, object := range e.nodes {
		t := tupleOf(object)
		schema := t.rest
		if position < t.first.Len() {
			schema = t.first.Element(position)
		}
		if schema != nil {
			spoken = true
			all = append(all, schema)
		}
	}
	if rest := e.unevaluated("unevaluatedItems"); rest != nil && !spoken {
		all = append(all, rest)
	}
	return slices.DeleteFunc(all, trivial)
}
