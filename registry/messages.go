package registry

import (
	"cmp"
	"regexp"
	"strings"
)

// The messages of a verbose dry run look like JSON but are not: quotes are
// missing, single or doubled, and a description ends where the next member or
// the closing brace begins.
var (
	errorType   = regexp.MustCompile(`errorType:\s*['"]([A-Z0-9_]+)['"]`)
	description = regexp.MustCompile(`(?s)description:\s*['"](.*?)['"]?\s*(?:,\s*additionalInfo:.*)?\}\s*$`)
	schemaPath  = regexp.MustCompile(`path '([^']*)'`)
)

// refusals reads the reasons among the messages. The other messages repeat the
// older schema and the configuration. If no message has a known form, all
// together are one reason.
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
		return []Refusal{{
			Type:        "INCOMPATIBLE",
			Description: shorten(cmp.Or(strings.Join(messages, " "), "it gives no reason")),
		}}
	}
	return all
}

// pointer turns the path in a message into a JSON pointer: Avro's /fields/0 is
// one, and JSON Schema's #/properties/x almost is.
func pointer(path string) string {
	path = strings.TrimPrefix(path, "#")
	return strings.TrimSuffix(path, "/")
}
