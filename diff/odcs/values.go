package odcs

import (
	"regexp"
	"strings"
)

var (
	digit      = regexp.MustCompile(`[0-9]`)
	momentForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})?([Tt ]?\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?([Zz]|[+-]\d{2}:\d{2})?$`)
)

// moment is a date or a time of ISO 8601. Two of one form, which holds the time
// zone, are in the order of their texts.
type moment struct{ text, form string }

func momentOf(text string) moment {
	m := momentForm.FindStringSubmatch(text)
	if m == nil || m[1]+m[2] == "" {
		return moment{}
	}
	day, clock, zone := m[1], strings.TrimLeft(m[2], "Tt "), strings.ToUpper(m[3])
	if zone == "Z" {
		zone = "+00:00"
	}
	stamp := strings.TrimSpace(day + " " + clock)
	return moment{text: stamp, form: digit.ReplaceAllString(stamp, "0") + zone}
}
