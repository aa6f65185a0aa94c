// Package usage says what a consumer uses of a contract and which changes hit
// it there: down to the operation, the record and the field.
//
// It is pure. config reads what consumers declare; approval asks whom a change
// hits. It knows neither teams' members nor files.
package usage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// Use is one thing that a consumer uses. The zero Use is the whole contract.
type Use struct {
	// Of selects operations ("GET /v2/orders/{id}") or records
	// ("trade.TradeEvent").
	Of diff.Pattern
	// Reads and Sends are paths of fields below it, "items[].sku". Both empty:
	// all of it, in both directions.
	Reads, Sends []diff.Path
}

// Parse reads a declared use: a selector, then optionally "reads" and "sends"
// with the fields, separated by commas:
//
//	GET /v2/orders/{id} reads status, items[].sku
//	POST /v2/orders sends sku, quantity reads id
//	trade.TradeEvent reads price
func Parse(text string) (Use, error) {
	var u Use
	var selector []string
	into := (*[]diff.Path)(nil)
	for _, word := range strings.Fields(strings.ReplaceAll(text, ",", " ")) {
		switch {
		case word == "reads":
			into = &u.Reads
		case word == "sends":
			into = &u.Sends
		case into == nil:
			selector = append(selector, word)
		default:
			*into = append(*into, fieldPath(word))
		}
	}
	u.Of = diff.Pattern(strings.Join(selector, " "))
	switch {
	case len(selector) == 0:
		return Use{}, fmt.Errorf("%q selects nothing: begin with an operation such as GET /orders, or a "+
			"record's name", text)
	case into != nil && len(u.Reads)+len(u.Sends) == 0:
		return Use{}, fmt.Errorf("%q names no field after reads or sends", text)
	}
	return u, nil
}

// Impact is how much a change hurts one consumer.
type Impact uint8

// Unaffected consumers are left alone. Unknown: the use is declared too
// coarsely to tell. Potential: it depends on the consumer's code. Broken: what
// it does fails.
const (
	Unaffected Impact = iota
	Unknown
	Potential
	Broken
)

var impacts = [...]string{"unaffected", "unknown", "potential", "broken"}

func (i Impact) String() string { return impacts[i] }

// MarshalText writes the impact's name.
func (i Impact) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText accepts the four names.
func (i *Impact) UnmarshalText(text []byte) error {
	n := slices.Index(impacts[:], string(text))
	if n < 0 {
		return fmt.Errorf("unknown impact %q: want one of %s", text, strings.Join(impacts[:], ", "))
	}
	*i = Impact(n)
	return nil
}

// Hit is what a change does to a consumer.
type Hit struct {
	Impact  Impact
	Reaches []diff.Path // those that the consumer uses
}

// Of returns what the change does to a consumer with these uses; none means
// that it uses the whole contract.
func Of(c *diff.Change, uses []Use) Hit {
	if len(uses) == 0 {
		uses = []Use{{}}
	}
	var h Hit
	for _, r := range c.Reaches {
		if r.InProgress {
			continue
		}
		worst := Unaffected
		for _, u := range uses {
			worst = max(worst, u.impact(c, r))
		}
		if worst > Unaffected {
			h.Impact = max(h.Impact, worst)
			h.Reaches = append(h.Reaches, r.Use)
		}
	}
	return h
}

// impact weighs one reach by what the consumer does at its place. A side that
// the contract does not protect counts all the same: who uses it is hit.
func (u Use) impact(c *diff.Change, r diff.Reach) Impact {
	rest, ok := u.below(r.Use)
	switch {
	case c.RemovesContract():
		return Broken // nothing that anybody uses is left
	case !ok:
		return Unaffected
	case len(u.Reads)+len(u.Sends) == 0:
		return ofLevel(max(r.Costs.Sends, r.Costs.Receives))
	}
	worst := Unaffected
	if r.Side&diff.Receives != 0 {
		worst = u.reading(c, r, rest)
	}
	if r.Side&diff.Sends != 0 {
		worst = max(worst, u.sending(c, r, rest))
	}
	return worst
}

// below returns what is left of a path after the part that the use selects.
func (u Use) below(at diff.Path) (diff.Path, bool) {
	if u.Of == "" || at.First().Kind == diff.Whole { // what holds for the whole holds for every part
		return diff.Path{}, true
	}
	selected, ok := u.Of.Select(at)
	if !ok {
		return diff.Path{}, false
	}
	return at.After(selected), true
}

func ofLevel(l diff.Level) Impact { return [...]Impact{Unaffected, Potential, Broken}[l] }

// reading is the impact on a consumer that says which fields it reads. To lose
// one of them breaks it, whatever a comparison without consumers would say.
func (u Use) reading(c *diff.Change, r diff.Reach, rest diff.Path) Impact {
	fields, inBody := fieldsOf(rest)
	switch {
	case !inBody:
		return ofLevel(r.Costs.Receives) // a status, a header: the call itself
	case len(u.Reads) == 0 || !touchesAny(u.Reads, fields):
		return Unaffected
	case c.Removed():
		return Broken
	}
	return ofLevel(r.Costs.Receives)
}

// sending is the impact on a consumer that says which fields it sends, or that
// calls an operation without saying what it sends.
func (u Use) sending(c *diff.Change, r diff.Reach, rest diff.Path) Impact {
	fields, inBody := fieldsOf(rest)
	hit := ofLevel(r.Costs.Sends)
	switch {
	case hit == Unaffected, len(u.Sends) == 0 && r.Use.First().Kind != diff.Operation:
		return Unaffected // data that stands alone may well be only read
	case c.Rule.Absence:
		if inBody && sendsAlready(u.Sends, fields) {
			return Unaffected // it sends already what is required now
		}
		return hit
	case rest.IsZero():
		return hit
	case len(u.Sends) == 0 && isSent(rest):
		return Unknown // whoever calls an operation sends something
	case touchesAny(u.Sends, fields):
		return hit
	}
	return Unaffected
}

// isSent reports whether the place is part of a call. Nobody reads from an
// operation without sending to it, but a record may well be only read.
func isSent(rest diff.Path) bool {
	kind := rest.First().Kind
	return kind == diff.Request || kind == diff.Parameter
}
