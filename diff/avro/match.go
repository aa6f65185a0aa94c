package avro

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// matchSchema recognises a schema by its content. If the content may as well be
// a JSON Schema ({"type": "array", …}) or any JSON (a list, a string), the
// file's name must end in .avsc. A .avsc file with invalid JSON counts as a
// schema, so that its author learns of the mistake.
func matchSchema(name string, head []byte) bool {
	ext := strings.ToLower(path.Ext(name))
	if ext == ".avpr" || ext == ".avdl" {
		return false
	}
	named := ext == ".avsc"
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(head) == 0 || head[0] != '{' {
		return named
	}
	members := tree.Members(head)
	switch members["type"] {
	case "record", "error", "enum", "fixed":
		return named || has(members, "name")
	case "":
		return named && !slices.ContainsFunc([]string{
			"openapi", "swagger", "asyncapi", "$schema", "$id", "$ref", "apiVersion", "protocol",
		},
			func(key string) bool { return has(members, key) })
	case "object", "integer", "number":
		return false
	}
	return named && !has(members, "$schema")
}

// matchProtocol recognises a protocol by its content, or by its name if the
// content is invalid.
func matchProtocol(name string, head []byte) bool {
	members := tree.Members(head)
	named := strings.EqualFold(path.Ext(name), ".avpr")
	return has(members, "protocol") && (named || has(members, "messages") && has(members, "types")) ||
		named && len(members) == 0
}

func has(members map[string]string, key string) bool {
	_, ok := members[key]
	return ok
}
