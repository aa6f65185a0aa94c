// Package usage says what a consumer uses of a contract and which changes hit
// it there: down to the operation, the record and the field.
//
// It is pure. config reads what consumers declare; approval asks whom a change
// hits. It knows neither teams' members nor files.
package usage

import (
	"fmt"
	"regexp"
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
	Reads, Sends []diff.Subject
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
	into := (*[]diff.Subject)(nil)
	for _, word := range strings.Fields(strings.ReplaceAll(text, ",", " ")) {
		switch {
		case word == "reads":
			into = &u.Reads
		case word == "sends":
			into = &u.Sends
		case into == nil:
			selector = append(selector, word)
		default:
			*into = append(*into, field(word))
		}
	}
	u.Of = diff.Pattern(strings.Join(selector, " "))
	switch {
	case len(selector) == 0:
		return Use{}, fmt.Errorf("%q selects nothing: begin with an operation such as GET /orders, or a record's name", text)
	case into != nil && len(u.Reads)+len(u.Sends) == 0:
		return Use{}, fmt.Errorf("%q names no field after reads or sends", text)
	}
	return u, nil
}

// field turns items[].sku into the subject items[] › sku.
func field(path string) diff.Subject {
	return diff.SubjectOf(strings.Split(path, ".")...)
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
	Reaches []diff.Subject // those that the consumer uses
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
			h.Reaches = append(h.Reaches, r.Subject)
		}
	}
	return h
}

// impact weighs one reach by what the consumer does at its place. A side that
// the contract does not protect counts all the same: who uses it is hit.
func (u Use) impact(c *diff.Change, r diff.Reach) Impact {
	rest, ok := below(u.Of, r.Subject)
	switch {
	case c.Rule.ID == "contract/removed":
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

func ofLevel(l diff.Level) Impact { return [...]Impact{Unaffected, Potential, Broken}[l] }

// reading is the impact on a consumer that says which fields it reads. To lose
// one of them breaks it, whatever a comparison without consumers would say.
func (u Use) reading(c *diff.Change, r diff.Reach, rest diff.Subject) Impact {
	path, inBody := fieldPath(rest)
	switch {
	case !inBody:
		return ofLevel(r.Costs.Receives) // a status, a header: the call itself
	case len(u.Reads) == 0 || !slices.ContainsFunc(u.Reads, func(f diff.Subject) bool { return related(f, path) }):
		return Unaffected
	case c.Removed():
		return Broken
	}
	return ofLevel(r.Costs.Receives)
}

// sending is the impact on a consumer that says which fields it sends, or that
// calls an operation without saying what it sends.
func (u Use) sending(c *diff.Change, r diff.Reach, rest diff.Subject) Impact {
	path, inBody := fieldPath(rest)
	hit := ofLevel(r.Costs.Sends)
	switch {
	case hit == Unaffected, len(u.Sends) == 0 && !isCall(r.Subject):
		return Unaffected // data that stands alone may well be only read
	case c.Rule.Absence:
		if inBody && slices.Contains(u.Sends, path) {
			return Unaffected // it sends already what is required now
		}
		return hit
	case !inBody && rest == "":
		return hit
	case len(u.Sends) == 0 && called(rest):
		return Unknown // whoever calls an operation sends something
	case slices.ContainsFunc(u.Sends, func(f diff.Subject) bool { return related(f, path) }):
		return hit
	}
	return Unaffected
}

// isCall reports whether the place belongs to an operation, which begins with
// its method: "GET /orders", "POST orderShipped".
func isCall(s diff.Subject) bool {
	method, rest, ok := strings.Cut(s.Parts()[0], " ")
	return ok && rest != "" && method == strings.ToUpper(method)
}

// called reports whether the place is part of a call: nobody reads from an
// operation without sending to it, but a record may well be only read.
func called(rest diff.Subject) bool {
	first := rest.Parts()[0]
	return first == "request" || parameter(first) != ""
}

// parameter is the name of the parameter that a part of a subject stands for,
// "" if it stands for none.
func parameter(part string) string {
	in, name, _ := strings.Cut(part, " ")
	if slices.Contains([]string{"query", "header", "path", "cookie"}, in) {
		return name
	}
	return ""
}

// below returns what is left of the subject after the part that the pattern
// selects.
func below(p diff.Pattern, s diff.Subject) (diff.Subject, bool) {
	if p == "" || s == "contract" { // what holds for the whole holds for every part
		return "", true
	}
	parts := s.Parts()
	for n := 1; n <= len(parts); n++ {
		if head := diff.SubjectOf(parts[:n]...); p.Match(head) {
			return diff.SubjectOf(parts[n:]...), true
		}
	}
	return "", false
}

// fieldPath strips what stands between an operation and the body's fields: the
// status or "request" and the media type. It reports whether the place is in a
// body (or a record, which has nothing in between) at all.
func fieldPath(rest diff.Subject) (diff.Subject, bool) {
	if rest == "" {
		return "", false
	}
	parts := rest.Parts()
	first := parts[0]
	isResponse := len(first) == 3 && strings.ContainsAny(first[:1], "12345") || first == "default"
	switch {
	case first == "request" || isResponse:
		if len(parts) == 1 || !strings.Contains(parts[1], "/") {
			return "", false // the body itself, or a header
		}
		media := parts[1]
		inner := diff.SubjectOf(parts[2:]...)
		if strings.HasSuffix(media, "[]") { // the body is a list
			return diff.Subject("[]").Join(string(inner)), true
		}
		return inner, true
	case parameter(first) != "":
		return diff.SubjectOf(append([]string{parameter(first)}, parts[1:]...)...), true
	case strings.HasPrefix(first, "callback "), first == "security", first == "servers":
		return "", false
	}
	return rest, true
}

var element = regexp.MustCompile(`\[[0-9]+\]`)

// anyElement takes the elements of a tuple for those of a list.
func anyElement(s diff.Subject) diff.Subject {
	return diff.Subject(element.ReplaceAllString(string(s), "[]"))
}

// related reports whether one path leads through the other: who reads a field
// is hit by a change of what contains it, and of what it contains.
func related(a, b diff.Subject) bool {
	a, b = anyElement(a), anyElement(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	if !strings.HasPrefix(string(b), string(a)) {
		return false
	}
	rest := string(b[len(a):])
	return rest == "" || a == "" || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "[]") || strings.HasPrefix(rest, "{}")
}
