package avro

import (
	"fmt"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// reordered returns the common names of two lists in the order of each, or nil
// if the orders are equal.
func reordered(old, new []string) (before, after []string) {
	inOld, inNew := set(old), set(new)
	before = slices.DeleteFunc(slices.Clone(old), func(s string) bool { return !inNew[s] })
	after = slices.DeleteFunc(slices.Clone(new), func(s string) bool { return !inOld[s] })
	if slices.Equal(before, after) {
		return nil, nil
	}
	return before, after
}

func set(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, name := range names {
		out[name] = true
	}
	return out
}

// order reports, by a rule, two lists that have their common names in different
// orders. The finding f has the places of the lists and the message.
func (w *walk) order(p place, rule *diff.Rule, old, new []string, f found) {
	before, after := reordered(old, new)
	if before == nil {
		return
	}
	f.before, f.after = diff.HashOf(before...), diff.HashOf(after...)
	w.add(p, rule, f)
}

var fieldsReordered = &diff.Rule{
	ID: "avro/fields-reordered", Title: "fields of a record reordered", Sends: diff.Safe, Receives: diff.Safe,
	Doc: `
Readers that know the writer's schema match fields by name and not by order. But the
bytes differ, and so does the order in which Avro sorts records. This concerns programs
that read without the writer's schema or rely on sorted files.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": "string"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string"},
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:1:37: safe: record Trade: fields were reordered [avro/fields-reordered] (was old.avsc:1)
    both: Trade
`,
}

func (w *walk) fieldOrder(p place, o, n *schema) {
	names := func(s *schema) (out []string) {
		for _, f := range s.fields {
			out = append(out, f.name)
		}
		return out
	}
	w.order(p, fieldsReordered, names(o), names(n), found{
		old:     o.list,
		new:     n.list,
		message: "fields were reordered",
	})
}

var enumSymbolsReordered = &diff.Rule{
	ID:       "avro/enum-symbols-reordered",
	Title:    "symbols of an enum reordered",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
Readers that know the writer's schema match symbols by name. But the numbers that are
written differ, and so does the order in which Avro sorts the values.`,
	Example: `
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["SELL", "BUY"]}
-- want --
new.avsc:1:34: safe: enum Side: symbols were reordered [avro/enum-symbols-reordered] (was old.avsc:1)
    both: Side
`,
}

func (w *walk) symbolOrder(p place, o, n *schema) {
	w.order(p, enumSymbolsReordered, o.symbolNames(), n.symbolNames(), found{
		old:     o.node.Get("symbols"),
		new:     n.node.Get("symbols"),
		message: "symbols were reordered",
	})
}

var sortOrderChanged = &diff.Rule{
	ID:       "avro/sort-order-changed",
	Title:    "sort order of a field changed",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
The attribute "order" says how records are sorted and not how they are read. The change
only concerns programs that compare or merge sorted Avro files.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double", "order": "descending"}
]}
-- want --
new.avsc:2:39: safe: record Trade › price: sort order changed from ascending to descending [avro/sort-order-changed] (was old.avsc:2)
    both: Trade › price
`,
}

func (w *walk) sortOrder(p place, o, n *field) {
	if o.order == n.order {
		return
	}
	at := func(f *field) *tree.Node { return firstOf(f.node.Get("order"), f.node) }
	w.add(p, sortOrderChanged, found{
		old: at(o), new: at(n), before: diff.HashOf(o.order), after: diff.HashOf(n.order),
		message: fmt.Sprintf("sort order changed from %s to %s", o.order, n.order),
		values:  []string{o.order, n.order},
	})
}
