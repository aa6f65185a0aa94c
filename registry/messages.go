package registry

import (
	"cmp"
	"regexp"
	"strings"
)

// The messages of a verbose dry run look like JSON and are none: quotes are
// missing, single or doubled, and a description ends where the next member or
// the brace begins.
var (
	errorType   = regexp.MustCompile(`errorType:\s*['"]([A-Z0-9_]+)['"]`)
	description = regexp.MustCompile(`(?s)description:\s*['"](.*?)['"]?\s*(?:,\s*additionalInfo:.*)?\}\s*$`)
	schemaPath  = regexp.MustCompile(`path '([^']*)'`)
)

// refusals reads the reasons among the messages; the others repeat the older
// schema and the configuration. Messages in no known form are one reason.
func refusals(messages []string) []Refusal {
	var all []Refusal
	for _, message := range messages {
		kind := errorType.FindStringSubmatch(message)
		if kind == nil {
			continue
		}
		r := Refusal{Type: kind[1], Description: strings.TrimSpace(message)}
		if text := description.FindStringSubmatch(message); text != nil {
			r.Description = text[1]
		}
		if at := schemaPath.FindStringSubmatch(message); at != nil {
			r.Path = pointer(at[1])
		}
		r.Description = shorten(r.Description)
		all = append(all, r)
	}
	if len(all) == 0 {
		return []Refusal{{Type: "INCOMPATIBLE", Description: shorten(cmp.Or(strings.Join(messages, " "), "it gives no reason"))}}
	}
	return all
}

// pointer turns the paths of the formats into JSON pointers: /fields/0 of Avro
// is one, #/properties/x of JSON Schema nearly.
func pointer(path string) string {
	path = strings.TrimPrefix(path, "#")
	return strings.TrimSuffix(path, "/")
}
