package odcs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var primaryKeyChanged = &diff.Rule{
	ID:       "odcs/primary-key-changed",
	Title:    "primary key changed or removed",
	Sends:    diff.Risky,
	Receives: diff.Breaking,
	Doc: `
Readers merge, look up and count rows by the key. With another key they find several
rows or none where there was one. Keep the key, or offer the data with the new key in
addition.`,
	Aliases: []string{"datacontract-cli:key-constraint-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: order_lines
    properties:
      - {name: order, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
      - {name: line, logicalType: integer, primaryKey: true, primaryKeyPosition: 2}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: order_lines
    properties:
      - {name: order, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
      - {name: line, logicalType: integer}
-- want --
new.yaml:7:9: breaking: schema order_lines: primary key changed from order, line to order [odcs/primary-key-changed] (was old.yaml:7)
`,
}

var primaryKeyAdded = &diff.Rule{
	ID: "odcs/primary-key-added", Title: "primary key stated", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Rows with equal keys no longer satisfy the contract. Readers that used several of them
lose all except one, if the data is corrected.`,
	Aliases: []string{"datacontract-cli:key-constraint-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, primaryKey: true}
-- want --
new.yaml:7:9: risky: schema orders: primary key added: ref [odcs/primary-key-added] (was old.yaml:5)
`,
}

var partitioningChanged = &diff.Rule{
	ID: "odcs/partitioning-changed", Title: "partitioning changed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Queries that filter by the old partitions read all data now: they are slow, expensive or
refused. Readers of files look in folders that no longer exist.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: day, logicalType: date, partitioned: true, partitionKeyPosition: 1}
      - {name: country, logicalType: string}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: day, logicalType: date}
      - {name: country, logicalType: string, partitioned: true, partitionKeyPosition: 1}
-- want --
new.yaml:8:9: risky: schema orders: partitioning changed from day to country [odcs/partitioning-changed] (was old.yaml:7)
`,
}

// keys compares the primary key of an object, and the properties by which its
// data is partitioned.
func (w *walk) keys(e element, m pairing) {
	o, n := keysOf(m, "primaryKey", "primaryKeyPosition")
	switch {
	case equalKeys(o, n):
	case len(o) == 0:
		w.key(e, primaryKeyAdded, "primary key added: "+names(n), o, n)
	default:
		w.key(e, primaryKeyChanged, "primary key changed from "+names(o)+" to "+names(n), o, n)
	}
	if o, n := keysOf(m, "partitioned", "partitionKeyPosition"); !equalKeys(o, n) {
		w.key(e, partitioningChanged, "partitioning changed from "+names(o)+" to "+names(n), o, n)
	}
}

// keyPart is a property that is part of a key.
type keyPart struct {
	name     string // in the new revision
	position int    // 0: not stated
	at       *tree.Node
}

// keysOf returns the old and the new key. Both leave out removed properties,
// which are findings of their own.
func keysOf(m pairing, flag, position string) (o, n []keyPart) {
	part := func(p *tree.Node, name string) []keyPart {
		if !get(p, flag).True() {
			return nil
		}
		at, _ := strconv.Atoi(raw(get(p, position)))
		return []keyPart{{name, max(at, 0), p}}
	}
	for _, c := range m.both {
		name := get(c.new, "name").Text
		o, n = append(o, part(c.old, name)...), append(n, part(c.new, name)...)
	}
	for _, p := range m.fresh {
		n = append(n, part(p, get(p, "name").Text)...)
	}
	return sortedKey(o), sortedKey(n)
}

func sortedKey(key []keyPart) []keyPart {
	slices.SortFunc(key, func(a, b keyPart) int {
		return cmp.Or(cmp.Compare(a.position, b.position), strings.Compare(a.name, b.name))
	})
	return key
}

// equalKeys compares two keys. The order counts if both state it.
func equalKeys(o, n []keyPart) bool {
	a, b := partNames(o), partNames(n)
	unordered := func(k keyPart) bool { return k.position == 0 }
	if slices.ContainsFunc(o, unordered) || slices.ContainsFunc(n, unordered) {
		slices.Sort(a)
		slices.Sort(b)
	}
	return slices.Equal(a, b)
}

func partNames(key []keyPart) []string {
	var all []string
	for _, part := range key {
		all = append(all, part.name)
	}
	return all
}

func names(key []keyPart) string {
	if len(key) == 0 {
		return "none"
	}
	return shortened(strings.Join(partNames(key), ", "))
}

// key reports a changed key at its first part.
func (w *walk) key(e element, rule *diff.Rule, message string, o, n []keyPart) {
	f := found{
		old: line(e.old), new: spot(e.old, e.new, []string{"properties"}), message: message,
		before: diff.HashOf(partNames(o)...), after: diff.HashOf(partNames(n)...),
	}
	f.new.EndLine = f.new.Line
	if len(o) > 0 {
		f.old = o[0].at.At()
	}
	if len(n) > 0 {
		f.new = n[0].at.At()
	}
	w.add(e.place, rule, f)
}
