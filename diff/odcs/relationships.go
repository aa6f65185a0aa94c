package odcs

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var relationshipRemoved = &diff.Rule{
	ID: "odcs/relationship-removed", Title: "relationship removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Readers that join by it may find rows without a match from now on. If the property still
refers to the other one, keep the relationship.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: customer, logicalType: string, relationships: [{to: customers.id}]}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: customer, logicalType: string}
-- want --
new.yaml:7:26: risky: schema orders › customer › relationship to customers.id: the relationship was removed [odcs/relationship-removed] (was old.yaml:7)
    both: schema orders › customer
`,
}

var relationshipChanged = &diff.Rule{
	ID:       "odcs/relationship-changed",
	Title:    "type of a relationship changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
The two are still related, but in another way: joins may find more or fewer matches.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: customer, logicalType: string, relationships: [{to: customers.id}]}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: customer, logicalType: string, relationships: [{to: customers.id, type: weakReference}]}
-- want --
new.yaml:7:82: risky: schema orders › customer › relationship to customers.id: type changed from foreignKey to weakReference [odcs/relationship-changed] (was old.yaml:7)
    both: schema orders › customer
`,
}

var relationshipAdded = &diff.Rule{
	ID: "odcs/relationship-added", Title: "relationship added",
	Doc: `
Readers know now how the data is related.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: customer, logicalType: string}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: customer, logicalType: string, relationships: [{to: customers.id}]}
-- want --
new.yaml:7:63: safe: schema orders › customer › relationship to customers.id: the relationship is new [odcs/relationship-added]
    both: schema orders › customer
`,
}

// relationships compares the relationships of an element. They are paired by
// their two ends.
func (w *walk) relationships(e element) {
	if same(e.old, e.new, "relationships") {
		return
	}
	m := pair(e.old, e.new, "relationships", betweenEnds)
	for _, c := range m.both {
		if o, n := relation(c.old), relation(c.new); o != n {
			w.member(e.aspectPlace("relationship to "+text(get(c.new, "to"))), relationshipChanged,
				"type changed from "+shortened(o)+" to "+shortened(n), c.old, c.new, "type")
		}
		w.metadata(e.aspectPlace("relationship to "+text(get(c.new, "to"))), c.old, c.new, "from", "to",
			"type")
	}
	for _, l := range m.gone {
		w.add(e.aspectPlace("relationship to "+text(get(l.old, "to"))), relationshipRemoved, found{
			old:     l.old.At(),
			new:     l.near,
			before:  l.old.Digest(described...),
			after:   diff.HashOf("removed"),
			message: "the relationship was removed",
		})
	}
	for _, n := range m.fresh {
		w.add(e.aspectPlace("relationship to "+text(get(n, "to"))), relationshipAdded, found{
			new: n.At(), after: n.Digest(described...), message: "the relationship is new",
		})
	}
}

func betweenEnds(n *tree.Node) string { return digestText(get(n, "from")) + digestText(get(n, "to")) }

func relation(n *tree.Node) string {
	if t := get(n, "type").Str(); t != "" {
		return t
	}
	return "foreignKey"
}
