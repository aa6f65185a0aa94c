package odcs

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// described are the members that only document an element: programs do not
// distinguish two elements that differ only in these.
var described = []string{
	"id", "description", "businessName", "tags", "synonyms", "examples", "customProperties",
	"authoritativeDefinitions", "context",
}

var objectRemoved = &diff.Rule{
	ID: "odcs/object-removed", Title: "schema object removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Consumers that query the table or read the topic fail. Mark the object as deprecated
(since 3.2), or say so in its description. Wait until no consumer is registered for it,
and then remove it.`,
	Aliases: []string{"datacontract-cli:schema-removed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
  - name: customers
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
-- want --
new.yaml:5:5: breaking: schema customers: the object was removed [odcs/object-removed] (was old.yaml:6)
`,
}

var objectRenamed = &diff.Rule{
	ID: "odcs/object-renamed", Title: "schema object renamed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The stable id says that it is the same object, but readers use its name. Offer it under
both names for a while, by a second object or a view.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: sales
schema:
  - {id: o1, name: orders}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: sales
schema:
  - {id: o1, name: purchases}
-- want --
new.yaml:5:14: breaking: schema purchases: renamed from orders [odcs/object-renamed] (was old.yaml:5)
    both: schema orders
`,
}

var objectAdded = &diff.Rule{
	ID: "odcs/object-added", Title: "schema object added",
	Doc: `
Nobody reads a new object yet. Its content is promised from now on.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
  - name: customers
    properties:
      - {name: email, logicalType: string, required: true}
-- want --
new.yaml:6:5: safe: schema customers: the object is new [odcs/object-added]
`,
}

// objects compares the tables, topics and files of the contract.
func (w *walk) objects() {
	m := pair(w.old, w.new, "schema", stableID, byMembers("name"))
	for _, c := range m.both {
		p := placeOf(objectStep(c.new), objectStep(c.old))
		if o, n := get(c.old, "name"), get(c.new, "name"); o.Text != n.Text {
			w.renamed(p, objectRenamed, c)
		}
		w.enqueue(element{place: p, couple: c, object: true})
	}
	for _, l := range m.gone {
		p := placeOf(objectStep(l.old), objectStep(l.old))
		w.add(p, objectRemoved, found{
			old:     l.old.At(),
			new:     l.near,
			before:  l.old.Digest(described...),
			message: "the object was removed",
		})
	}
	for _, n := range m.fresh {
		p := placeOf(objectStep(n), objectStep(n))
		w.add(p, objectAdded, found{new: n.At(), after: n.Digest(described...), message: "the object is new"})
	}
}

// renamed reports an element whose name changed.
func (w *walk) renamed(p place, rule *diff.Rule, c couple) {
	o, n := get(c.old, "name"), get(c.new, "name")
	w.add(p, rule, found{
		old:     o.At(),
		new:     n.At(),
		before:  o.Digest(),
		after:   n.Digest(),
		message: "renamed from " + shortened(o.Text),
	})
}

var objectPhysicalNameChanged = &diff.Rule{
	ID:       "odcs/object-physical-name-changed",
	Title:    "physical name of an object changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Queries use the name of the table, and consumers of a stream that of the topic. They
find nothing under the old name. Keep it as a view or an alias until they have moved.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalName: orders_v1}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalName: orders_v2}
-- want --
new.yaml:5:20: breaking: schema orders: physical name changed from orders_v1 to orders_v2 [odcs/object-physical-name-changed] (was old.yaml:5)
`,
}

var granularityChanged = &diff.Rule{
	ID:       "odcs/granularity-changed",
	Title:    "granularity of the data changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
A row has another meaning, so sums and counts over rows have another meaning too, while
every query still runs. No program can compare the two texts.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, dataGranularityDescription: one row per order}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, dataGranularityDescription: one row per order line}
-- want --
new.yaml:5:20: risky: schema orders: granularity changed from one row per order to one row per order line [odcs/granularity-changed] (was old.yaml:5)
`,
}

// object compares the two revisions of an object.
func (w *walk) object(e element) {
	o, n := e.old, e.new
	w.physicalName(e, objectPhysicalNameChanged)
	w.storage(e)
	if !same(o, n, "dataGranularityDescription") {
		rule := granularityChanged
		if get(o, "dataGranularityDescription") == nil {
			rule = metadataChanged
		}
		w.member(e.place, rule, changed("granularity", get(o, "dataGranularityDescription"),
			get(n, "dataGranularityDescription")), o, n, "dataGranularityDescription")
	}
	w.properties(e)
	w.relationships(e)
	w.quality(e)
	w.deprecated(e)
	w.metadata(e.place, o, n, "name", "physicalName", "physicalType", "logicalType",
		"dataGranularityDescription", "properties", "relationships", "quality", "deprecated")
}

var physicalNameAdded = &diff.Rule{
	ID: "odcs/physical-name-added", Title: "physical name added", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Until now readers had to use the logical name in the data source. If the name in the data
source changed, they break. If the contract only states a name that already applied,
they do not.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalName: orders_v2}
-- want --
new.yaml:5:20: risky: schema orders: physical name added: orders_v2 [odcs/physical-name-added] (was old.yaml:5)
`,
}

var physicalNameRemoved = &diff.Rule{
	ID: "odcs/physical-name-removed", Title: "physical name removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The contract no longer tells readers which name to query, and the name may change without
a change of the contract. Keep the physical name.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalName: orders_v1}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders}
-- want --
new.yaml:5:6: risky: schema orders: physical name removed: it was orders_v1 [odcs/physical-name-removed] (was old.yaml:5)
`,
}

// physicalName compares the name in the data source. If only one revision
// states it, the name in the data source need not have changed.
func (w *walk) physicalName(e element, rule *diff.Rule) {
	o, n := get(e.old, "physicalName"), get(e.new, "physicalName")
	switch {
	case o.Hash() == n.Hash(), o == nil && sameText(n, get(e.new, "name")), n == nil &&
		sameText(o, get(e.old, "name")):
		return
	case o == nil:
		rule = physicalNameAdded
	case n == nil:
		rule = physicalNameRemoved
	}
	w.member(e.place, rule, changed("physical name", o, n), e.old, e.new, "physicalName")
}

func sameText(a, b *tree.Node) bool { return a != nil && b != nil && a.Text == b.Text }

var tableViewChanged = &diff.Rule{
	ID:       "odcs/table-view-changed",
	Title:    "table became a view, or a view a table",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Queries still work, but their cost, the freshness of the data, and the rights to write and
share it change. Ask consumers that read large amounts.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalType: table}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalType: view}
-- want --
new.yaml:5:20: risky: schema orders: physical type changed from table to view [odcs/table-view-changed] (was old.yaml:5)
`,
}

var objectPhysicalTypeChanged = &diff.Rule{
	ID:       "odcs/object-physical-type-changed",
	Title:    "physical type of an object changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Tables, topics and files are read in different ways. Offer the new form beside the old
one, as another object or on another server.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalType: table}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - {name: orders, physicalType: topic}
-- want --
new.yaml:5:20: breaking: schema orders: physical type changed from table to topic [odcs/object-physical-type-changed] (was old.yaml:5)
`,
}

// storage compares the physical types of an object, such as table or view.
func (w *walk) storage(e element) {
	o, n := get(e.old, "physicalType"), get(e.new, "physicalType")
	a, b := strings.ToLower(o.Str()), strings.ToLower(n.Str())
	rule := objectPhysicalTypeChanged
	switch {
	case a == b:
		return
	case o == nil:
		rule = physicalTypeAdded
	case n == nil:
		rule = physicalTypeRemoved
	case a == "table" && b == "view", a == "view" && b == "table":
		rule = tableViewChanged
	}
	w.member(e.place, rule, changed("physical type", o, n), e.old, e.new, "physicalType")
}
