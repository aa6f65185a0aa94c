// Package life reads what an element of a contract says of its own future
// (deprecated, x-sunset, x-stability-level) and tells what changed about it.
//
// It knows neither formats nor places: a format gives the rules that it has on
// these changes, and says where they belong. jsonschema and openapi call it;
// config and the command line ask it for the levels of stability.
package life

import (
	"slices"
	"time"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// stabilities are the values of x-stability-level, least promised first.
var stabilities = []string{"draft", "alpha", "beta", "stable"}

// Stabilities returns the levels of stability, least promised first.
func Stabilities() []string { return slices.Clone(stabilities) }

// Life is what an element says of its own future.
type Life struct {
	Deprecated bool
	Sunset     diff.Day // the first day on which it may be gone, "" if none is given
	Stability  string   // "" counts as stable

	node              *tree.Node
	sunset, stability *tree.Node // as written
}

// Of reads deprecated, x-sunset (a date or date-time of RFC 3339) and
// x-stability-level.
func Of(n *tree.Node) Life {
	l := Life{
		Deprecated: n.Get("deprecated").True(),
		node:       n, sunset: n.Get("x-sunset"), stability: n.Get("x-stability-level"),
	}
	l.Sunset = parseDay(l.sunset.Str())
	if slices.Contains(stabilities, l.stability.Str()) {
		l.Stability = l.stability.Str()
	}
	return l
}

// parseDay reads a date or date-time; "" stands for everything else.
func parseDay(text string) diff.Day {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return diff.Day(t.UTC().Format(time.DateOnly))
		}
	}
	return ""
}

// daysBetween counts the days from one day to a later one.
func daysBetween(from, to diff.Day) int {
	begin, err1 := time.Parse(time.DateOnly, string(from))
	end, err2 := time.Parse(time.DateOnly, string(to))
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(end.Sub(begin).Hours() / 24)
}

// rank orders lives by how much is promised.
func (l Life) rank() int {
	if l.Stability == "" {
		return len(stabilities) - 1
	}
	return slices.Index(stabilities, l.Stability)
}

// sunsetUnreadable reports whether x-sunset is there and holds no date.
func (l Life) sunsetUnreadable() bool { return l.sunset != nil && l.Sunset == "" }

// stabilityUnreadable reports whether x-stability-level is there and holds no
// level that is known.
func (l Life) stabilityUnreadable() bool { return l.stability != nil && l.Stability == "" }

// written is a value as its author wrote it, "" for none.
func written(n *tree.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}
