package life

import (
	"strconv"

	"github.com/assent-dev/assent/diff"
)

// Removal is what an element's own announcements say of taking it away.
type Removal int

// The removals.
const (
	Unannounced Removal = iota // or before the announced day
	Announced                  // deprecated, without a day
	Over                       // deprecated, and the day has come
)

// Removal tells whether an element may go today, and what to add to the
// message that it is gone.
func (l Life) Removal(today diff.Day) (Removal, string) {
	switch {
	case !l.Deprecated:
		return Unannounced, ""
	case l.Sunset != "" && l.Sunset <= today:
		return Over, " after its sunset " + string(l.Sunset)
	case l.Sunset != "":
		return Unannounced, " before its sunset " + string(l.Sunset)
	case l.sunsetUnreadable():
		return Unannounced, "; its sunset " + strconv.Quote(written(l.sunset)) + " is not a date"
	}
	return Announced, "; it was deprecated"
}
