package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// field is a field of the schema that a contract describes, in terms of the
// contract.
type field struct {
	node     *tree.Node
	name     string
	logical  string // the logical type, "" if there is no equivalent
	nullable bool   // it may be null or absent
}

// fieldsOf lists the fields of a record or the properties of an object, without
// nested ones. It reports false for any other schema.
func fieldsOf(doc *tree.Document) ([]field, bool) {
	if strings.HasSuffix(strings.ToLower(doc.Path), ".avsc") {
		return avroFields(doc.Root)
	}
	object := doc.Root
	if fragment, ok := strings.CutPrefix(object.Get("$ref").Str(), "#"); ok {
		object = doc.Pointer(fragment)
	}
	return jsonFields(object)
}

func avroFields(record *tree.Node) (all []field, ok bool) {
	if record.Get("type").Str() != "record" {
		return nil, false
	}
	for f := range record.Get("fields").Children() {
		typ, nullable := withoutNull(f.Get("type"))
		all = append(all, field{
			node:     f,
			name:     f.Get("name").Str(),
			logical:  avroLogical(typ),
			nullable: nullable,
		})
	}
	return all, true
}

// withoutNull returns the type of a union of one type and null, and nil for a
// union of several types.
func withoutNull(typ *tree.Node) (rest *tree.Node, nullable bool) {
	if !typ.Is(tree.Array) {
		return typ, false
	}
	others := 0
	for branch := range typ.Children() {
		if branch.Str() == "null" {
			nullable = true
			continue
		}
		rest = branch
		others++
	}
	if others > 1 {
		rest = nil
	}
	return rest, nullable
}

var avroTypes = map[string]string{
	"string":  "string",
	"enum":    "string",
	"int":     "integer",
	"long":    "integer",
	"float":   "number",
	"double":  "number",
	"boolean": "boolean", "array": "array", "record": "object", "map": "map",
	"decimal": "number", "uuid": "string", "date": "date", "time-millis": "time", "time-micros": "time",
	"timestamp-millis": "timestamp", "timestamp-micros": "timestamp", "timestamp-nanos": "timestamp",
	"local-timestamp-millis": "timestamp",
	"local-timestamp-micros": "timestamp",
	"local-timestamp-nanos":  "timestamp",
}

func avroLogical(typ *tree.Node) string {
	if typ.Is(tree.Object) {
		if logical := avroTypes[typ.Get("logicalType").Str()]; logical != "" {
			return logical
		}
		return avroLogical(typ.Get("type"))
	}
	return avroTypes[typ.Str()]
}

func jsonFields(object *tree.Node) (all []field, ok bool) {
	properties := object.Get("properties")
	if properties == nil {
		return nil, false
	}
	required := textsOf(object.Get("required"))
	for p := range properties.Children() {
		typ, nullable := withoutNull(p.Get("type"))
		_, present := slices.BinarySearch(required, p.Key)
		all = append(all, field{
			node:     p,
			name:     p.Key,
			logical:  jsonLogical(typ.Str(), p.Get("format").Str()),
			nullable: nullable || !present,
		})
	}
	return all, true
}

func jsonLogical(typ, format string) string {
	formats := map[string]string{"date": "date", "time": "time", "date-time": "timestamp"}
	switch {
	case typ == "string" && formats[format] != "":
		return formats[format]
	case typ == "null":
		return ""
	}
	return typ
}

// fits reports whether the field's type agrees with the contract's logical
// type, if there is one: an integer is a number, and a date may be written as a
// string.
func (f field) fits(logical string) bool {
	if logical == "" {
		return true
	}
	switch f.logical {
	case "", logical:
		return true
	case "integer":
		return logical == "number"
	case "string":
		return logical == "date" || logical == "time" || logical == "timestamp"
	case "array":
		return logical == "vector"
	case "object", "map":
		return logical == "object" || logical == "map"
	}
	return false
}
