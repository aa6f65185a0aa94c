package odcs

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var semanticsChanged = &diff.Rule{
	ID: "odcs/semantics-changed", Title: "meaning of values changed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
A column that became a measure, or a value that is computed differently, still has its
name and type. Every query still runs, but its result has another meaning. Tell readers
what changed, or add a property.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: revenue, logicalType: number, transformLogic: sum(price)}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: revenue, logicalType: number, transformLogic: sum(price - discount)}
-- want --
new.yaml:7:46: risky: schema orders › revenue: transformation changed from sum(price) to sum(price - discount) [odcs/semantics-changed] (was old.yaml:7)
`,
}

var criticalDataElementDropped = &diff.Rule{
	ID:       "odcs/critical-data-element-dropped",
	Title:    "no longer a critical data element",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Critical data elements are monitored more closely. Readers that rely on this have to
monitor the data themselves.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number, criticalDataElement: true}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
-- want --
new.yaml:7:23: risky: schema orders › price: it is no longer a critical data element [odcs/critical-data-element-dropped] (was old.yaml:7)
`,
}

// meaning compares the meaning of a property's values and their importance.
func (w *walk) meaning(e element) {
	if o, n := semantics(e.old), semantics(e.new); o != n {
		w.member(e.place, semanticsChanged, "semantic type changed from "+shortened(o)+" to "+shortened(n),
			e.old, e.new, "semanticType")
	}
	if o, n := get(e.old, "transformLogic"), get(e.new, "transformLogic"); o.Hash() != n.Hash() {
		rule := semanticsChanged
		if o == nil {
			rule = metadataChanged
		}
		w.member(e.place, rule, changed("transformation", o, n), e.old, e.new, "transformLogic")
	}
	switch o, n := get(e.old, "criticalDataElement").True(), get(e.new, "criticalDataElement").True(); {
	case o && !n:
		w.member(e.place, criticalDataElementDropped, "it is no longer a critical data element", e.old, e.new,
			"criticalDataElement")
	case n && !o:
		w.member(e.place, metadataChanged, "it is a critical data element now", e.old, e.new,
			"criticalDataElement")
	}
}

// semantics is the semantic type of a property. The default is a column.
func semantics(property *tree.Node) string {
	n := get(property, "semanticType")
	if n == nil {
		return "column"
	}
	return raw(n)
}

var deprecatedSet = &diff.Rule{
	ID: "odcs/deprecated-set", Title: "marked as deprecated", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
It still exists and will be removed. Its readers have to plan: say in the description
what replaces it, and how long it stays.`,
	Example: `
-- old.yaml --
apiVersion: v3.2.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
-- new.yaml --
apiVersion: v3.2.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number, deprecated: true}
-- want --
new.yaml:7:44: risky: schema orders › price: it is deprecated now [odcs/deprecated-set] (was old.yaml:7)
`,
}

// deprecated compares the flag of that name, which the standard has since 3.2.
func (w *walk) deprecated(e element) {
	switch o, n := get(e.old, "deprecated").True(), get(e.new, "deprecated").True(); {
	case n && !o:
		w.member(e.place, deprecatedSet, "it is deprecated now", e.old, e.new, "deprecated")
	case o && !n:
		w.member(e.place, metadataChanged, "it is no longer deprecated", e.old, e.new, "deprecated")
	}
}
