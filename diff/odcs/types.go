package odcs

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// shape are the members that define the values of a property. If the type
// changed, they are compared as a whole.
var shape = []string{
	"logicalType", "logicalTypeOptions", "physicalType", "properties", "items", "map", "enum",
}

var logicalTypeChanged = &diff.Rule{
	ID: "odcs/logical-type-changed", Title: "type changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Programs that read the values as the old type fail or misread them, and existing data does
not have the new type. Add a property of the new type beside the old one. This finding
includes everything that depends on the type, such as lengths, the physical type and
nested properties.`,
	Aliases: []string{"datacontract-cli:type-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: integer, physicalType: bigint}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, physicalType: varchar(20)}
-- want --
new.yaml:7:21: breaking: schema orders › ref: type changed from integer to string [odcs/logical-type-changed] (was old.yaml:7)
`,
}

var logicalTypeNarrowed = &diff.Rule{
	ID:       "odcs/logical-type-narrowed",
	Title:    "number became an integer",
	Sends:    diff.Breaking,
	Receives: diff.Risky,
	Doc: `
Every integer is a number, so most readers still work, but a reader with a floating-point
type for the column may have to convert. Data with fractions no longer satisfies the
contract.`,
	Aliases: []string{"datacontract-cli:type-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: number}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer}
-- want --
new.yaml:7:26: breaking: schema orders › quantity: type changed from number to integer [odcs/logical-type-narrowed] (was old.yaml:7)
`,
}

var logicalTypeRemoved = &diff.Rule{
	ID: "odcs/logical-type-removed", Title: "type removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The values may have any type now, and the type may change without a change of the contract.
Keep the type.`,
	Aliases: []string{"datacontract-cli:type-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price}
-- want --
new.yaml:7:10: risky: schema orders › price: type removed: it was number [odcs/logical-type-removed] (was old.yaml:7)
`,
}

var logicalTypeAdded = &diff.Rule{
	ID: "odcs/logical-type-added", Title: "type added",
	Doc: `
The contract states the type of the values now. Before, readers had to find it out
themselves.`,
	Aliases: []string{"datacontract-cli:type-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
-- want --
new.yaml:7:23: safe: schema orders › price: type added: number [odcs/logical-type-added] (was old.yaml:7)
`,
}

var mapTypeChanged = &diff.Rule{
	ID:       "odcs/map-type-changed",
	Title:    "type of a map's keys or values changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Programs have one type for all keys and one for all values of the map: with another type
they cannot read any entry. Add a property of the new type beside the old one.`,
	Example: `
-- old.yaml --
apiVersion: v3.2.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - name: attributes
        logicalType: map
        map:
          key: {logicalType: string}
          value: {logicalType: string}
-- new.yaml --
apiVersion: v3.2.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - name: attributes
        logicalType: map
        map:
          key: {logicalType: string}
          value: {logicalType: number}
-- want --
new.yaml:11:19: breaking: schema orders › attributes{}: type changed from string to number [odcs/map-type-changed] (was old.yaml:11)
`,
}

// logicalType compares the types. It reports whether they differ so much that
// nothing else about the values can be compared. Integers are numbers, so their
// bounds and physical types can be compared.
func (w *walk) logicalType(e element) bool {
	o, n := get(e.old, "logicalType"), get(e.new, "logicalType")
	a, b := o.Str(), n.Str()
	rule, other := logicalTypeChanged, false
	switch {
	case a == b:
		return false
	case o == nil:
		rule = logicalTypeAdded
	case n == nil:
		rule = logicalTypeRemoved
	case e.mapped:
		rule, other = mapTypeChanged, true
	case a == "number" && b == "integer":
		rule = logicalTypeNarrowed
	default:
		other = a != "integer" || b != "number"
	}
	if !other {
		w.member(e.place, rule, changed("type", o, n), e.old, e.new, "logicalType")
		return false
	}
	w.add(e.place, rule, found{
		old:     o.At(),
		new:     n.At(),
		before:  shapeOf(e.old),
		after:   shapeOf(e.new),
		message: changed("type", o, n),
	})
	return true
}

func shapeOf(e *tree.Node) diff.Hash {
	var all []string
	for _, key := range shape {
		d := get(e, key).Digest(described...)
		all = append(all, string(d[:]))
	}
	return diff.HashOf(all...)
}
