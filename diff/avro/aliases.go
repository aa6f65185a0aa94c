package avro

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

func (w *walk) typeAliases(p place, o, n *schema) {
	w.aliases(p, o.node, n.node, slices.Concat(o.aliases, []string{o.name}),
		slices.Concat(n.aliases, []string{n.name}))
}

func (w *walk) fieldAliases(p place, o, n *field) {
	w.aliases(p, o.node, n.node, slices.Concat(o.aliases, []string{o.name}),
		slices.Concat(n.aliases, []string{n.name}))
}

var aliasAdded = &diff.Rule{
	ID: "avro/alias-added", Title: "alias added", Sends: diff.Safe, Receives: diff.Safe,
	Doc: `
The new schema reads data under one more name. Old readers ignore the aliases of the
schema that data was written with.`,
	Example: `
-- old.avsc --
{"type": "fixed", "name": "Digest", "size": 16}
-- new.avsc --
{"type": "fixed", "name": "Digest", "aliases": ["Hash"], "size": 16}
-- want --
new.avsc:1:37: safe: fixed Digest: aliases added: Hash [avro/alias-added] (was old.avsc:1)
    both: Digest
`,
}

var aliasRemoved = &diff.Rule{
	ID: "avro/alias-removed", Title: "alias removed", Sends: diff.Risky, Receives: diff.Safe,
	Doc: `
The last version wrote the current name, so its data is still read. Data that was
written under the alias, before the renaming, is not: a comparison with every version
(backward_transitive) finds that. Keep aliases as long as old data is in use.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double", "aliases": ["cost"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:2:3: risky: record Trade › price: aliases removed: cost [avro/alias-removed] (was old.avsc:2)
    both: Trade › price
`,
}

// aliases compares all names of two definitions: their aliases, and last their
// own names. An alias that became the name, or the reverse, is part of a
// renaming and reported as one.
func (w *walk) aliases(p place, o, n *tree.Node, old, new []string) {
	if slices.Equal(old, new) {
		return
	}
	f := found{old: firstOf(o.Get("aliases"), o), new: firstOf(n.Get("aliases"), n)}
	if more := difference(new[:len(new)-1], old); len(more) > 0 {
		f.after, f.values, f.message = diff.HashOf(more...), more, "aliases added: "+strings.Join(more, ", ")
		w.add(p, aliasAdded, f)
	}
	if gone := difference(old[:len(old)-1], new); len(gone) > 0 {
		f.before, f.after = diff.HashOf(gone...), diff.Hash{}
		f.values, f.message = gone, "aliases removed: "+strings.Join(gone, ", ")
		w.add(p, aliasRemoved, f)
	}
}

// difference returns the names that others does not contain, sorted.
func difference(names, others []string) []string {
	known := set(others)
	var out []string
	for _, name := range names {
		if !known[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
