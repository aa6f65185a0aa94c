package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// arrays are the rules on arrays; their length is among the ranges.
var arrays = []*diff.Rule{
	{
		ID: "schema/unique-items-required", Title: "items must be unique", Sends: diff.Breaking,
		Aliases: []string{"confluent:UNIQUE_ITEMS_ADDED"},
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
	},
	{
		ID: "schema/unique-items-dropped", Title: "items need not be unique", Receives: diff.Breaking,
		Aliases: []string{"confluent:UNIQUE_ITEMS_REMOVED"},
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
	},
}

var uniqueRequired, uniqueDropped = arrays[0], arrays[1]

func (w *walk) compareArrays() {
	o, n := w.old.flag("uniqueItems"), w.new.flag("uniqueItems")
	at := w.at(w.old.first("uniqueItems"), w.new.first("uniqueItems"))
	switch {
	case n && !o:
		w.report(uniqueRequired, at, diff.HashOf("false"), diff.HashOf("true"), "items must be unique")
	case o && !n:
		w.report(uniqueDropped, at, diff.HashOf("true"), diff.HashOf("false"), "items need not be unique any more")
	}
	oldItems, newItems := w.old.items(), w.new.items()
	if len(oldItems)+len(newItems) > 0 {
		w.into("[]", w.old.reader.effective(w.old.definition(), oldItems...), w.new.reader.effective(w.new.definition(), newItems...))
	}
}

// items are the schemas that every element must fit. Where some elements have
// schemas of their own (prefixItems), the whole is left to compareUndecided.
func (e *effective) items() []*tree.Node {
	var all []*tree.Node
	for _, n := range e.nodes {
		if items := n.Get("items"); items != nil && items.Kind != tree.Array && n.Get("prefixItems") == nil {
			all = append(all, items)
		}
	}
	return all
}
