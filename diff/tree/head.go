package tree

import (
	"bytes"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"
)

// yamlMember matches a member of the outermost mapping, which is not indented.
var yamlMember = regexp.MustCompile(`(?m)^["']?([\w$.-]+)["']?[ \t]*:(?:[ \t]+["']?([^"'#\r\n]*?)["']?[ \t]*(?:#.*)?)?\r?$`)

// Members lists the outermost members of a JSON or YAML object, given the
// beginning of its file, which may be cut off anywhere. It returns the text of
// scalars and "" for all other values. It serves to recognise files without
// parsing them.
func Members(head []byte) map[string]string {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if trimmed := bytes.TrimLeft(head, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '{' {
		return jsonMembers(trimmed)
	}
	members := map[string]string{}
	for _, m := range yamlMember.FindAllSubmatch(head, -1) {
		members[string(m[1])] = string(m[2])
	}
	return members
}

func jsonMembers(head []byte) map[string]string {
	members := map[string]string{}
	d := jsontext.NewDecoder(bytes.NewReader(head))
	if _, err := d.ReadToken(); err != nil {
		return members
	}
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			return members
		}
		name := key.String()
		members[name] = ""
		switch d.PeekKind() {
		case '{', '[':
			if err := d.SkipValue(); err != nil {
				return members
			}
			continue
		}
		value, err := d.ReadToken()
		if err != nil {
			return members
		}
		members[name] = value.String()
	}
	return members
}
