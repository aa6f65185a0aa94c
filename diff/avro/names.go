package avro

import (
	"fmt"

	"github.com/assent-dev/assent/diff"
)

var typeRenamed = &diff.Rule{
	ID: "avro/type-renamed", Title: "type renamed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Avro matches records, enums and fixed types by name, whatever their content. Keep the
name, or give the type an alias with the old name: then at least the new schema reads
old data.`,
	Aliases: []string{"confluent:NAME_MISMATCH", "avro:NAME_MISMATCH"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Execution", "fields": [
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:1:20: breaking: record Execution: renamed from Trade: neither schema knows the other's name [avro/type-renamed] (was old.avsc:1)
    for example {"price":0}: accepted by the old revision, refused by the new
    both: Execution
`,
}

var typeRenamedWithAlias = &diff.Rule{
	ID:       "avro/type-renamed-with-alias",
	Title:    "type renamed, with an alias for old data",
	Sends:    diff.Safe,
	Receives: diff.Breaking,
	Doc: `
The alias lets the new schema read old data. Only the reader's aliases count, and the
old schema does not know the new name. Update all readers before the writers.`,
	Aliases: []string{"confluent:NAME_MISMATCH@receives", "avro:NAME_MISMATCH@receives"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "namespace": "acme", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Execution", "namespace": "acme", "aliases": ["Trade"], "fields": [
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:1:20: breaking: record Execution: renamed from acme.Trade: old readers do not know the new name [avro/type-renamed-with-alias] (was old.avsc:1)
    for example {"price":0}: accepted by the new revision, refused by the old
    both: acme.Execution
`,
}

var typeRenamedBack = &diff.Rule{
	ID:       "avro/type-renamed-back",
	Title:    "type renamed to one of its aliases",
	Sends:    diff.Breaking,
	Receives: diff.Safe,
	Doc: `
Old readers know the new name as an alias and still read new data. The new schema has
no alias with the name that the last writers used, so it cannot read their data. Add
the alias.`,
	Aliases: []string{"confluent:NAME_MISMATCH@sends", "avro:NAME_MISMATCH@sends"},
	Example: `
-- old.avsc --
{"type": "fixed", "name": "Hash", "aliases": ["Digest"], "size": 16}
-- new.avsc --
{"type": "fixed", "name": "Digest", "size": 16}
-- want --
new.avsc:1:19: breaking: fixed Digest: renamed from Hash: the new name has no alias for data under the old one [avro/type-renamed-back] (was old.avsc:1)
    for example "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000": accepted by the old revision, refused by the new
    both: Digest
`,
}

var typeRenamedBothWays = &diff.Rule{
	ID:       "avro/type-renamed-both-ways",
	Title:    "type renamed, both schemas know both names",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
Each schema has the other's name as an alias, so each reads the other's data. Generated
classes and the names of registry subjects may still change.`,
	Example: `
-- old.avsc --
{"type": "fixed", "name": "Hash", "aliases": ["Digest"], "size": 16}
-- new.avsc --
{"type": "fixed", "name": "Digest", "aliases": ["Hash"], "size": 16}
-- want --
new.avsc:1:19: safe: fixed Digest: renamed from Hash: both schemas know both names [avro/type-renamed-both-ways] (was old.avsc:1)
    both: Digest
`,
}

var namespaceChanged = &diff.Rule{
	ID:       "avro/namespace-changed",
	Title:    "namespace of a type changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Resolution compares names without their namespace, so each schema reads the other's
data. But not all implementations follow this: those for JavaScript compare full names.
Generated classes move to another package, and a registry that names subjects after
records starts a new subject without history. An alias with the old full name helps
implementations that compare full names.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "namespace": "acme", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "namespace": "acme.trading", "fields": [
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:1:20: risky: record Trade: namespace changed: acme.Trade is now acme.trading.Trade [avro/namespace-changed] (was old.avsc:1)
    both: acme.trading.Trade
`,
}

// names compares the names of two definitions that are used at the same place.
func (w *walk) names(p place, o, n *schema) {
	if o.name == n.name {
		return
	}
	f := found{old: o.node.Get("name"),
		new:       n.node.Get("name"),
		before:    diff.HashOf(o.name),
		after:     diff.HashOf(n.name),
		values:    []string{o.name, n.name},
		oldSample: sample{typ: o}, newSample: sample{typ: n}}
	if unqualified(o.name) == unqualified(n.name) {
		f.message = fmt.Sprintf("namespace changed: %s is now %s", o.name, n.name)
		w.add(p, namespaceChanged, f)
		return
	}
	rule, cost := typeRenamed, "neither schema knows the other's name"
	switch matchingNames(o, n) {
	case diff.Both:
		rule, cost = typeRenamedBothWays, "both schemas know both names"
	case diff.Sends:
		rule, cost = typeRenamedWithAlias, "old readers do not know the new name"
	case diff.Receives:
		rule, cost = typeRenamedBack, "the new name has no alias for data under the old one"
	}
	f.message = fmt.Sprintf("renamed from %s: %s", o.name, cost)
	w.add(p, rule, f)
}

// looksRenamed guesses whether two definitions at the same place are one that
// was renamed: each name exists in only one revision, and they have at least
// half of their content in common.
func (w *walk) looksRenamed(p place, o, n *schema) bool {
	w.guessed[p.in] = true
	if w.new.types[o.name] != nil || w.old.types[n.name] != nil {
		return false
	}
	shared, most := 0, 0
	switch o.kind {
	case record:
		most = max(len(o.fields), len(n.fields))
		known := byName(n.fields)
		for _, f := range o.fields {
			if known[f.name] != nil {
				shared++
			}
		}
	case enum:
		most = max(len(o.symbols), len(n.symbols))
		gone, _ := unknownTo(n, o)
		shared = len(o.symbols) - len(gone)
	case fixed:
		return o.size == n.size
	}
	return 2*shared >= most
}
