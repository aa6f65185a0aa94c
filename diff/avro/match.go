package avro

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// matchSchema recognises a schema by its content. Where the content is as good a JSON
// Schema ({"type": "array", …}) or any JSON (a list, a string), the name must
// end in .avsc. A .avsc file with broken JSON is a schema: its author wants to
// hear of it.
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
		return named && !slices.ContainsFunc([]string{"openapi", "swagger", "asyncapi", "$schema", "$id", "$ref", "apiVersion", "protocol"},
			func(key string) bool { return has(members, key) })
	case "object", "integer", "number":
		return false
	}
	return named && !has(members, "$schema")
}

// matchProtocol recognises a protocol by its content, and by its name where the
// content is broken.
func matchProtocol(name string, head []byte) bool {
	members := tree.Members(head)
	named := strings.EqualFold(path.Ext(name), ".avpr")
	return has(members, "protocol") && (named || has(members, "messages") && has(members, "types")) || named && len(members) == 0
}

func has(members map[string]string, key string) bool {
	_, ok := members[key]
	return ok
}
