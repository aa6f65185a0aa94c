package odcs

import "github.com/assent-dev/assent/diff"

var propertyRemoved = &diff.Rule{
	ID: "odcs/property-removed", Title: "property removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Queries that name the column fail, and programs that read the field find nothing. Mark the
property as deprecated (since 3.2), or say so in its description. Wait until no consumer
is registered for it, and then remove it. This finding includes nested properties.`,
	Aliases: []string{"datacontract-cli:field-removed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
      - name: address
        logicalType: object
        properties:
          - {name: street, logicalType: string}
          - {name: city, logicalType: string}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
-- want --
new.yaml:7:9: breaking: schema orders › address: the property was removed [odcs/property-removed] (was old.yaml:8)
`,
}

var propertyRenamed = &diff.Rule{
	ID: "odcs/property-renamed", Title: "property renamed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The stable id says that it is the same property, but readers use its name. Offer it under
both names until they have moved, by a second property or a view.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {id: p1, name: price, logicalType: number}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {id: p1, name: unit_price, logicalType: number}
-- want --
new.yaml:7:18: breaking: schema orders › unit_price: renamed from price [odcs/property-renamed] (was old.yaml:7)
    both: schema orders › price
`,
}

var propertyAdded = &diff.Rule{
	ID: "odcs/property-added", Title: "optional property added",
	Doc: `
Readers ignore a column that they do not know, and data without it still satisfies the
contract.`,
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
      - {name: price, logicalType: number}
      - {name: currency, logicalType: string}
-- want --
new.yaml:8:9: safe: schema orders › currency: the property is new [odcs/property-added]
`,
}

var requiredPropertyAdded = &diff.Rule{
	ID: "odcs/required-property-added", Title: "required property added", Sends: diff.Breaking, Absence: true,
	Doc: `
Old data lacks the property and no longer satisfies the contract. Fill in the old rows
first, or add the property as optional and require it later. Readers ignore a column
that they do not know.`,
	Example: `
--compatibility full
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
      - {name: price, logicalType: number}
      - {name: currency, logicalType: string, required: true}
-- want --
new.yaml:8:9: breaking: schema orders › currency: the required property is new [odcs/required-property-added]
`,
}

// properties compares the properties of an object, or of a property that has
// some. The finding about an added or removed property includes nested ones.
func (w *walk) properties(e element) {
	if same(e.old, e.new, "properties") {
		return
	}
	m := pair(e.old, e.new, "properties", stableID, byMembers("name"))
	for _, c := range m.both {
		o, n := get(c.old, "name").Text, get(c.new, "name").Text
		p := e.fieldPlace(n, o)
		if o != n {
			w.renamed(p, propertyRenamed, c)
		}
		w.enqueue(element{place: p, couple: c})
	}
	for _, l := range m.gone {
		name := get(l.old, "name").Text
		w.add(e.fieldPlace(name, name), propertyRemoved, found{
			old:     l.old.At(),
			new:     l.near,
			before:  l.old.Digest(described...),
			message: "the property was removed",
		})
	}
	for _, n := range m.fresh {
		name := get(n, "name").Text
		rule, message := propertyAdded, "the property is new"
		if get(n, "required").True() {
			rule, message = requiredPropertyAdded, "the required property is new"
		}
		w.add(e.fieldPlace(name, name), rule, found{
			new:     n.At(),
			after:   n.Digest(described...),
			message: message,
		})
	}
	w.keys(e, m)
}

var propertyPhysicalNameChanged = &diff.Rule{
	ID:       "odcs/property-physical-name-changed",
	Title:    "physical name of a property changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
The column has another name: queries with the old name fail, although the logical name
stayed. Offer the column under both names until readers have moved.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, physicalName: prc, logicalType: number}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, physicalName: unit_price, logicalType: number}
-- want --
new.yaml:7:23: breaking: schema orders › price: physical name changed from prc to unit_price [odcs/property-physical-name-changed] (was old.yaml:7)
`,
}

// property compares the two revisions of a property.
func (w *walk) property(e element) {
	w.physicalName(e, propertyPhysicalNameChanged)
	w.value(e)
	w.promises(e)
	w.protection(e)
	w.meaning(e)
	w.relationships(e)
	w.quality(e)
	w.deprecated(e)
	w.metadata(e.place, e.old, e.new, propertyMembers...)
}

// propertyMembers are the members of a property that have their own rules.
var propertyMembers = []string{
	"name", "physicalName", "physicalType", "logicalType", "logicalTypeOptions", "properties", "items", "map",
	"enum",
	"required", "unique", "primaryKey", "primaryKeyPosition", "partitioned", "partitionKeyPosition",
	"classification", "encryptedName",
	"semanticType", "transformLogic", "criticalDataElement", "relationships", "quality", "deprecated",
}

// value compares the values that a property may have. If the type changed, the
// finding about the type includes everything else.
func (w *walk) value(e element) {
	if w.logicalType(e) {
		return
	}
	w.physicalType(e)
	w.bounds(e)
	w.texts(e)
	w.numbers(e)
	w.dates(e)
	w.vector(e)
	w.enum(e)
	w.properties(e)
	w.content(e, items, "items")
	w.content(e, mapValues, "map", "value")
	w.content(e, mapKeys, "map", "key")
}

// content compares the elements of a list, or the keys or values of a map. They
// have no name, so they belong to the property.
func (w *walk) content(e element, step diff.Step, path ...string) {
	p := e.stepTo(step, step)
	switch c := (couple{get(e.old, path...), get(e.new, path...)}); {
	case c.old == nil && c.new == nil:
	case c.new == nil:
		w.member(p, propertyRemoved, "its elements are no longer described", e.old, e.new, path...)
	case c.old == nil:
		w.member(p, propertyAdded, "its elements are described now", e.old, e.new, path...)
	default:
		w.enqueue(element{place: p, couple: c, mapped: len(path) > 1})
	}
}
