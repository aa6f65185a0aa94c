package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// enum compares the list of allowed values, which the standard has since 3.2.
func (w *walk) enum(e element) {
	path := []string{"enum"}
	w.values(e.place, couple{get(e.old, path...), get(e.new, path...)}, found{
		old: origin(e.old, path),
		new: spot(e.old, e.new, path),
	})
}

var enumValueAdded = &diff.Rule{
	ID: "odcs/enum-value-added", Title: "value added", Receives: diff.Risky,
	Doc: `
Programs that handle every known value, as in a switch without a default, get a value
that they do not know. Announce it, and let readers handle unknown values. If you know
that readers are strict, configure the rule as breaking.`,
	Aliases: []string{"datacontract-cli:enum-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string, enum: [{value: buy}, {value: sell}]}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string, enum: [{value: buy}, {value: sell}, {value: short}]}
-- want --
new.yaml:7:79: risky: schema orders › side: values added: short [odcs/enum-value-added] (was old.yaml:7)
`,
}

var enumValueRemoved = &diff.Rule{
	ID: "odcs/enum-value-removed", Title: "value removed", Sends: diff.Breaking, Receives: diff.Risky,
	Doc: `
Data with the value no longer satisfies the contract. Readers that count it or filter by
it find nothing, which may be right.`,
	Aliases: []string{"datacontract-cli:enum-constraint-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string, enum: [{value: buy}, {value: sell}, {value: short}]}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string, enum: [{value: buy}, {value: sell}]}
-- want --
new.yaml:7:64: breaking: schema orders › side: values removed: short [odcs/enum-value-removed] (was old.yaml:7)
`,
}

var enumRemoved = &diff.Rule{
	ID: "odcs/enum-removed", Title: "values are no longer limited", Receives: diff.Risky,
	Doc: `
Readers may get any value now. Keep the list and add the new values.`,
	Aliases: []string{"datacontract-cli:enum-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string, enum: [{value: buy}, {value: sell}]}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string}
-- want --
new.yaml:7:22: risky: schema orders › side: values are no longer limited to buy, sell [odcs/enum-removed] (was old.yaml:7)
`,
}

var enumAdded = &diff.Rule{
	ID: "odcs/enum-added", Title: "values are limited now", Sends: diff.Breaking,
	Doc: `
Data with other values no longer satisfies the contract. List every value that the data
has.`,
	Aliases: []string{"datacontract-cli:enum-constraint-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: side, logicalType: string, enum: [{value: buy}, {value: sell}]}
-- want --
new.yaml:7:43: breaking: schema orders › side: values are limited now: buy, sell [odcs/enum-added] (was old.yaml:7)
`,
}

// values compares two lists of allowed values, of a property or of a quality
// check. The finding at has the places of the lists.
func (w *walk) values(p place, c couple, at found) {
	switch {
	case c.old.Hash() == c.new.Hash():
		return
	case c.old == nil:
		at.after, at.message = c.new.Digest(),
			"values are limited now: "+listed(slices.Collect(c.new.Children()))
		w.add(p, enumAdded, at)
		return
	case c.new == nil:
		at.before, at.after = c.old.Digest(), c.new.Digest()
		at.message = "values are no longer limited to " + listed(slices.Collect(c.old.Children()))
		w.add(p, enumRemoved, at)
		return
	}
	m := pairLists(c.old, c.new, line(c.new), func(n *tree.Node) string { return digestText(allowed(n)) })
	if len(m.gone) > 0 {
		var gone []*tree.Node
		for _, l := range m.gone {
			gone = append(gone, l.old)
		}
		w.add(p, enumValueRemoved, found{
			old:     gone[0].At(),
			new:     m.gone[0].near,
			before:  hashOf(gone),
			after:   diff.HashOf(),
			message: "values removed: " + listed(gone),
		})
	}
	if len(m.fresh) > 0 {
		w.add(p, enumValueAdded, found{
			old:     line(c.old),
			new:     m.fresh[0].At(),
			after:   hashOf(m.fresh),
			message: "values added: " + listed(m.fresh),
		})
	}
}

// allowed returns the value of an entry, which may be an object with a label.
func allowed(entry *tree.Node) *tree.Node {
	if entry.Is(tree.Object) {
		return entry.Get("value")
	}
	return entry
}

// hashOf identifies a set of values.
func hashOf(entries []*tree.Node) diff.Hash {
	var all []string
	for _, e := range entries {
		all = append(all, digestText(allowed(e)))
	}
	slices.Sort(all)
	return diff.HashOf(all...)
}

func listed(entries []*tree.Node) string {
	var all []string
	for _, e := range entries {
		all = append(all, text(allowed(e)))
	}
	return shortened(strings.Join(all, ", "))
}
