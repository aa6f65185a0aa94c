package avro

import (
	"fmt"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var enumSymbolAdded = &diff.Rule{
	ID: "avro/enum-symbol-added", Title: "enum symbol added", Sends: diff.Safe, Receives: diff.Breaking,
	Doc: `
Readers with the old schema cannot read a record with a symbol that they do not know:
they lose the whole record, not only the field. First give the enum a default (the enum
itself: the default of a field does not help). Wait until every reader has it, and then
add symbols.`,
	Aliases: []string{"confluent:MISSING_ENUM_SYMBOLS@receives", "avro:MISSING_ENUM_SYMBOLS@receives"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["BUY", "SELL", "SHORT"]}
-- want --
new.avsc:1:61: breaking: enum Side: symbols added that old readers refuse: SHORT [avro/enum-symbol-added] (was old.avsc:1)
    for example "SHORT": accepted by the new revision, refused by the old
    both: Side
`,
}

var enumSymbolAddedWithDefault = &diff.Rule{
	ID:       "avro/enum-symbol-added-with-default",
	Title:    "enum symbol added, old readers have a default",
	Sends:    diff.Safe,
	Receives: diff.Risky,
	Doc: `
Old readers read their enum's default in place of the new symbol. Nothing fails, but
they cannot distinguish the two. Make sure that the default means "unknown" and that no
program acts on it.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY"], "default": "UNKNOWN"}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY", "SELL"], "default": "UNKNOWN"}
-- want --
new.avsc:1:64: risky: enum Side: symbols added: SELL; old readers read UNKNOWN [avro/enum-symbol-added-with-default] (was old.avsc:1)
    both: Side
`,
}

var enumSymbolRemoved = &diff.Rule{
	ID: "avro/enum-symbol-removed", Title: "enum symbol removed", Sends: diff.Breaking, Receives: diff.Safe,
	Doc: `
The new schema cannot read old data with the symbol. Keep the symbol and stop writing
it, or give the enum a default.`,
	Aliases: []string{"confluent:MISSING_ENUM_SYMBOLS@sends", "avro:MISSING_ENUM_SYMBOLS@sends"},
	Example: `
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["BUY", "SELL", "SHORT"]}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}
-- want --
new.avsc:1:34: breaking: enum Side: symbols removed: SHORT [avro/enum-symbol-removed] (was old.avsc:1)
    for example "SHORT": accepted by the old revision, refused by the new
    both: Side
`,
}

var enumSymbolRemovedWithDefault = &diff.Rule{
	ID:       "avro/enum-symbol-removed-with-default",
	Title:    "enum symbol removed, old data reads as the default",
	Sends:    diff.Risky,
	Receives: diff.Safe,
	Doc: `
Old data with the symbol reads as the enum's default. Nothing fails, but the value that
was written is lost. Keep the symbol as long as data with it is read.`,
	Example: `
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY", "SELL"], "default": "UNKNOWN"}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY"], "default": "UNKNOWN"}
-- want --
new.avsc:1:34: risky: enum Side: symbols removed: SELL; old data reads as UNKNOWN [avro/enum-symbol-removed-with-default] (was old.avsc:1)
    both: Side
`,
}

// enums compares the symbols of two enums. A reader reads symbols that it does
// not know as the default of its enum, and never as the default of a field
// (specification, "Schema Resolution").
func (w *walk) enums(p place, o, n *schema) {
	if gone, names := unknownTo(n, o); len(gone) > 0 {
		f := found{
			old:       gone[0],
			new:       n.node.Get("symbols"),
			before:    diff.HashOf(names...),
			values:    names,
			oldSample: sample{typ: o, symbol: names[0]},
		}
		if n.fallback == nil {
			f.message = "symbols removed: " + strings.Join(names, ", ")
			w.add(p, enumSymbolRemoved, f)
		} else {
			f.message = fmt.Sprintf("symbols removed: %s; old data reads as %s", strings.Join(names, ", "),
				n.fallback.Text)
			w.add(p, enumSymbolRemovedWithDefault, f)
		}
	}
	if more, names := unknownTo(o, n); len(more) > 0 {
		f := found{
			old:       o.node.Get("symbols"),
			new:       more[0],
			after:     diff.HashOf(names...),
			values:    names,
			newSample: sample{typ: n, symbol: names[0]},
		}
		if o.fallback == nil {
			f.message = "symbols added that old readers refuse: " + strings.Join(names, ", ")
			w.add(p, enumSymbolAdded, f)
		} else {
			f.message = fmt.Sprintf("symbols added: %s; old readers read %s", strings.Join(names, ", "),
				o.fallback.Text)
			w.add(p, enumSymbolAddedWithDefault, f)
		}
	}
	w.enumDefaults(p, o, n)
	w.symbolOrder(p, o, n)
}

// unknownTo returns the symbols of the writer that the reader does not have.
func unknownTo(reader, writer *schema) (nodes []*tree.Node, names []string) {
	known := set(reader.symbolNames())
	for _, symbol := range writer.symbols {
		if !known[symbol.Text] {
			nodes, names = append(nodes, symbol), append(names, symbol.Text)
		}
	}
	return nodes, names
}

var enumDefaultAdded = &diff.Rule{
	ID: "avro/enum-default-added", Title: "default of an enum added", Sends: diff.Safe, Receives: diff.Safe,
	Doc: `
Readers of the new schema can read data with symbols that they do not know. Adding a
default is the first of two steps to add symbols safely.`,
	Example: `
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY"]}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY"], "default": "UNKNOWN"}
-- want --
new.avsc:1:65: safe: enum Side: default added: unknown symbols read as UNKNOWN [avro/enum-default-added] (was old.avsc:1)
    both: Side
`,
}

var enumDefaultRemoved = &diff.Rule{
	ID:       "avro/enum-default-removed",
	Title:    "default of an enum removed",
	Sends:    diff.Risky,
	Receives: diff.Safe,
	Doc: `
Readers of the new schema refuse symbols that they do not know: symbols of older
versions that have been removed since, and symbols that are added later. Adding one
becomes a breaking change. Keep the default.`,
	Example: `
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY"], "default": "UNKNOWN"}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "BUY"]}
-- want --
new.avsc:1:1: risky: enum Side: default removed: symbols that are added later cannot be read [avro/enum-default-removed] (was old.avsc:1)
    both: Side
`,
}

var enumDefaultChanged = &diff.Rule{
	ID:       "avro/enum-default-changed",
	Title:    "default of an enum changed",
	Sends:    diff.Risky,
	Receives: diff.Safe,
	Doc: `
Symbols that a reader does not know now read as another symbol. Readers of the two
schemas disagree on them until all are updated.`,
	Example: `
-- old.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "OTHER", "BUY"], "default": "UNKNOWN"}
-- new.avsc --
{"type": "enum", "name": "Side", "symbols": ["UNKNOWN", "OTHER", "BUY"], "default": "OTHER"}
-- want --
new.avsc:1:74: risky: enum Side: default changed from UNKNOWN to OTHER [avro/enum-default-changed] (was old.avsc:1)
    both: Side
`,
}

func (w *walk) enumDefaults(p place, o, n *schema) {
	f := found{
		old:    firstOf(o.fallback, o.node),
		new:    firstOf(n.fallback, n.node),
		before: elementHash(o.fallback),
		after:  elementHash(n.fallback),
	}
	switch {
	case f.before == f.after:
	case o.fallback == nil:
		f.message = "default added: unknown symbols read as " + n.fallback.Text
		w.add(p, enumDefaultAdded, f)
	case n.fallback == nil:
		f.message = "default removed: symbols that are added later cannot be read"
		w.add(p, enumDefaultRemoved, f)
	default:
		f.message = fmt.Sprintf("default changed from %s to %s", o.fallback.Text, n.fallback.Text)
		w.add(p, enumDefaultChanged, f)
	}
}
