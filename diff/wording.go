package diff

import (
	"fmt"
	"strings"
)

// Sentence is what one line says of a change, in a terminal as on GitHub. Who
// shows it fills in the parts, marked up for where they are shown; those that
// are empty are left out.
type Sentence struct {
	Subject string
	Message string
	Place   string // where to look, or where the change was before
	Against string // the earlier versions that it breaks, in a history
	Allowed string // why a break is only risky
}

// String puts the parts together: "schema Order › sku: type changed from string
// to integer (was old.yaml:12) (against v1, v2)".
func (s Sentence) String() string {
	var b strings.Builder
	b.WriteString(s.Subject + ": " + s.Message)
	if s.Place != "" {
		b.WriteString(" (" + s.Place + ")")
	}
	if s.Against != "" {
		b.WriteString(" (against " + s.Against + ")")
	}
	if s.Allowed != "" {
		b.WriteString(" (allowed: " + s.Allowed + ")")
	}
	return b.String()
}

// What may be long is shown up to here; Shorten counts the rest.
const (
	ReachesInText     = 3   // of a change, in a terminal
	ReachesInDetails  = 10  // of a finding, below its annotation
	FindingsInSummary = 100 // of one level, in a check's summary
)

// Shorten returns the first elements of a list, and words for the rest: "and 5
// more", or "" if there is none.
func Shorten[T any](all []T, most int) (shown []T, rest string) {
	if len(all) <= most {
		return all, ""
	}
	return all[:most], fmt.Sprintf("and %d more", len(all)-most)
}
