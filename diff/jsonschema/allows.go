package jsonschema

import "github.com/assent-dev/assent/diff/tree"

// Allows reports whether some value of the JSON type is allowed by a schema. No
// schema allows every type.
func (r *Reader) Allows(schema *tree.Node, typ string) bool {
	return schema == nil || r.effective(schema, schema).kinds&kindNames[typ] != 0
}
