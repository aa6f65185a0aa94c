package odcs

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// drift is one disagreement between a contract and the schema that it
// describes.
type drift struct {
	place
	rule *diff.Rule
	found
}

// drifts reports the disagreements of the new revision that the old one did not
// have. Either the contract or the schema was changed without the other.
func (w *walk) drifts(old, new diff.Source) error {
	now, err := driftsOf(w.new, new)
	if err != nil {
		return w.report.Fail(err)
	}
	if len(now) == 0 {
		return nil
	}
	before, err := driftsOf(w.old, old)
	if (&diff.Report{}).Fail(err) != nil {
		return err // mistakes of the old revision do not matter any more
	}
	type key struct {
		rule       *diff.Rule
		definition string
		what       diff.Hash
	}
	known := map[key]bool{}
	for _, d := range before {
		known[key{d.rule, d.definition.String(), d.after}] = true
	}
	for _, d := range now {
		if !known[key{d.rule, d.definition.String(), d.after}] {
			w.add(d.place, d.rule, d.found)
		}
	}
	return nil
}

// driftsOf compares every object of the contract with its schema.
func driftsOf(root *tree.Node, s diff.Source) (all []drift, err error) {
	files := tree.NewFiles(s.FS, s.Cache)
	folder, err := filesIn(s.FS, path.Dir(s.Root()))
	if err != nil {
		return nil, err
	}
	for object := range get(root, "schema").Children() {
		doc, err := linkOf(root, object).open(files, folder)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			continue
		}
		if fields, ok := fieldsOf(doc); ok {
			all = append(all, driftOf(object, fields)...)
		}
	}
	return all, nil
}

// filesIn lists the files of a folder.
func filesIn(fsys fs.FS, folder string) (map[string]bool, error) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return nil, fmt.Errorf("list the files beside the contract: %w", err)
	}
	names := map[string]bool{}
	for _, entry := range entries {
		if !entry.IsDir() {
			names[entry.Name()] = true
		}
	}
	return names, nil
}

var fieldUndocumented = &diff.Rule{
	ID:       "odcs/field-undocumented",
	Title:    "field missing in the contract",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
The schema beside the contract, or the one that its custom property schemaFile names, has
a field that the contract does not mention: nobody promises what it means, who may read
it and whether it stays. Add it to the contract. Old disagreements are not reported
again.`,
	Example: `
-- old/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number, required: true}
-- old/trade.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number, required: true}
-- new/trade.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": ["null", "string"], "default": null}
]}
-- want --
new/trade.avsc:3:3: risky: schema trade › venue: the schema has the field, the contract does not mention it [odcs/field-undocumented]
`,
}

var fieldMissing = &diff.Rule{
	ID:       "odcs/field-missing",
	Title:    "property missing in the schema",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
The contract promises a property that the schema of the data does not have. Add the
field to the schema, or remove the property from the contract, for which its readers
are asked.`,
	Example: `
-- old/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number}
-- old/trade.schema.json --
{"type": "object", "properties": {"price": {"type": "number"}}}
-- new/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number}
      - {name: venue, logicalType: string}
-- new/trade.schema.json --
{"type": "object", "properties": {"price": {"type": "number"}}}
-- want --
new/trade.odcs.yaml:8:9: risky: schema trade › venue: the contract promises the property, the schema has no such field [odcs/field-missing]
new/trade.odcs.yaml:8:9: safe: schema trade › venue: the property is new [odcs/property-added]
`,
}

// driftOf compares the properties of an object with the fields of its schema.
func driftOf(object *tree.Node, fields []field) (all []drift) {
	p := placeOf(objectStep(object), objectStep(object))
	byName := map[string]field{}
	for _, f := range fields {
		byName[f.name] = f
	}
	described := map[string]bool{}
	for property := range get(object, "properties").Children() {
		name := get(property, "name").Text
		f, there := byName[get(property, "physicalName").Str()]
		if !there {
			f, there = byName[name]
		}
		if !there {
			all = append(all, drift{p.fieldPlace(name, name), fieldMissing, found{
				new:     property.At(),
				after:   diff.HashOf("missing"),
				message: "the contract promises the property, the schema has no such field",
			}})
			continue
		}
		described[f.name] = true
		all = append(all, f.drift(p.fieldPlace(name, name), property)...)
	}
	for _, f := range fields {
		if !described[f.name] {
			all = append(all, drift{p.fieldPlace(f.name, f.name), fieldUndocumented, found{
				new:     f.node.At(),
				after:   diff.HashOf("undocumented"),
				message: "the schema has the field, the contract does not mention it",
			}})
		}
	}
	return all
}

var fieldTypeDrift = &diff.Rule{
	ID:       "odcs/field-type-drift",
	Title:    "contract and schema disagree on a type",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Readers that follow the contract expect another type than the data has. Correct the one
that is wrong. A number may be stored as an integer, and a date as a string.`,
	Example: `
-- old/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number}
-- old/trade.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number}
-- new/trade.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "string"}
]}
-- want --
new/trade.odcs.yaml:7:23: risky: schema trade › price: the contract says number, the schema string (new/trade.avsc:2) [odcs/field-type-drift]
`,
}

var fieldNullabilityDrift = &diff.Rule{
	ID:       "odcs/field-nullability-drift",
	Title:    "contract requires a value and the schema does not",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Readers that follow the contract do not expect a missing value, but the schema allows it.
Require the field in the schema, or do not require it in the contract. A schema may be
stricter than the contract.`,
	Example: `
-- old/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number, required: true}
-- old/trade.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new/trade.odcs.yaml --
apiVersion: v3.1.0
kind: DataContract
id: trades
schema:
  - name: trade
    properties:
      - {name: price, logicalType: number, required: true}
-- new/trade.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": ["null", "double"]}
]}
-- want --
new/trade.odcs.yaml:7:44: risky: schema trade › price: the contract requires a value, the schema does not (new/trade.avsc:2) [odcs/field-nullability-drift]
`,
}

// drift compares a field with the property that describes it.
func (f field) drift(p place, property *tree.Node) (all []drift) {
	at := fmt.Sprintf("%s:%d", f.node.At().File, f.node.At().Line)
	if logical := get(property, "logicalType"); !f.fits(logical.Str()) {
		all = append(all, drift{p, fieldTypeDrift, found{
			new: logical.At(), after: diff.HashOf(logical.Str(), f.logical),
			message: "the contract says " + text(logical) + ", the schema " + f.logical + " (" + at + ")",
		}})
	}
	if required := get(property, "required"); required.True() && f.nullable {
		all = append(all, drift{p, fieldNullabilityDrift, found{
			new: required.At(), after: diff.HashOf("nullable"),
			message: "the contract requires a value, the schema does not (" + at + ")",
		}})
	}
	return all
}
