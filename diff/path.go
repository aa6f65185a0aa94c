package diff

import (
	"encoding/binary"
	"iter"
	"strings"
)

// Kind is what a step of a Path leads to. Consumers' uses, patterns and pages
// ask for kinds, so that no format needs a parser of its own names.
type Kind uint8

// The kinds, from what contains to what is contained.
const (
	Whole      Kind = iota + 1 // the contract itself
	Aspect                     // what is said beside data: security, servers, documentation
	Definition                 // what others refer to by name: a schema, a record, a table
	Group                      // what holds operations: a path, a service, a channel
	Operation                  // what consumers call, or what calls them
	Callback                   // calls that the provider makes on behalf of an operation
	Parameter                  // a named value of a call, outside its body
	Request                    // what is sent with a call
	Response                   // one outcome of a call
	Header                     // a named value of a request or response, outside its body
	Media                      // the form in which a body is written
	Part                       // how one field of a body is written
	Field                      // a named value within data
	Element                    // the elements of a list, or the one at a position
	Value                      // the values of a map
	Branch                     // one of several alternatives
	Keyword                    // a schema that restricts another one: not, if, propertyNames
)

// Step is one step of a Path. It reads as its noun and its name, either of
// which may be missing: "GET /orders/{}", "schema Order", "request", "sku".
type Step struct {
	Kind       Kind
	Noun, Name string
}

// String is the step's noun and name.
func (s Step) String() string {
	switch {
	case s.Noun == "":
		return s.Name
	case s.Name == "":
		return s.Noun
	}
	return s.Noun + " " + s.Name
}

// Attached reports whether the step is written without a separator after what
// it belongs to: the elements of a list, [] or [0], and the values of a map, {}.
func (s Step) Attached() bool { return s.Noun == "" && isAttached(s.Name) }

func isAttached(text string) bool {
	if strings.HasPrefix(text, "{}") {
		return true
	}
	rest, ok := strings.CutPrefix(text, "[")
	return ok && strings.HasPrefix(strings.TrimLeft(rest, "0123456789"), "]")
}

// Path names an element of a contract for people and for identity, by the steps
// that lead to it. Steps name definitions, never positions in a file, so that a
// path survives moved lines. The zero Path has no steps. Paths are immutable and
// as cheap as a pointer. They are compared by Equal.
type Path struct {
	_ [0]func() // == would compare pointers
	*route
}

type route struct {
	text  string // of all steps
	steps string // of each step: its kind, the length of its noun and of its name
}

// Separator stands between the steps of a path, see Step.Attached.
const Separator = " › "

// PathOf returns the path of these steps.
func PathOf(steps ...Step) Path {
	var p Path
	for _, s := range steps {
		p = p.Then(s)
	}
	return p
}

// Then returns the path that goes one step further. A step without noun and
// name leads nowhere: the path stays.
func (p Path) Then(s Step) Path {
	if s.Noun == "" && s.Name == "" {
		return p
	}
	above := p.read()
	var steps strings.Builder
	steps.Grow(len(above.steps) + 3)
	steps.WriteString(above.steps)
	steps.WriteByte(byte(s.Kind))
	var length [binary.MaxVarintLen64]byte
	steps.Write(length[:binary.PutUvarint(length[:], uint64(len(s.Noun)))])
	steps.Write(length[:binary.PutUvarint(length[:], uint64(len(s.Name)))])
	return pathOf(above.extended(s.String()), steps.String())
}

// Join returns the path that goes on with all steps of another one.
func (p Path) Join(q Path) Path {
	switch {
	case q.IsZero():
		return p
	case p.IsZero():
		return q
	}
	return pathOf(p.route.extended(q.text), p.steps+q.steps)
}

func pathOf(text, steps string) Path {
	if steps == "" {
		return Path{}
	}
	return Path{route: &route{text, steps}}
}

// read returns what the path consists of.
func (p Path) read() route {
	if p.route == nil {
		return route{}
	}
	return *p.route
}

func (r route) extended(text string) string {
	if r.text == "" || isAttached(text) {
		return r.text + text
	}
	return r.text + Separator + text
}

// String is the text of all steps: "GET /orders/{} › 200 › application/json ›
// items[] › sku". Identities rest on it, so it never changes for an element.
func (p Path) String() string { return p.read().text }

// MarshalText writes the path as String does.
func (p Path) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// IsZero reports whether the path has no steps.
func (p Path) IsZero() bool { return p.route == nil }

// Key is what equal paths have in common and others do not, for maps. String
// leaves out what the steps are.
type Key struct{ route route }

// Key identifies the path.
func (p Path) Key() Key { return Key{p.read()} }

// Equal reports whether two paths have the same steps.
func (p Path) Equal(q Path) bool { return p.route == q.route || p.read() == q.read() }

// All yields the steps, each with the path that ends there.
func (p Path) All() iter.Seq2[Step, Path] {
	return func(yield func(Step, Path) bool) {
		for s, end := range p.read().all() {
			if !yield(s, pathOf(p.text[:end.text], p.steps[:end.steps])) {
				return
			}
		}
	}
}

// Steps yields the steps.
func (p Path) Steps() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for s := range p.read().all() {
			if !yield(s) {
				return
			}
		}
	}
}

// position is how far a route was read.
type position struct{ text, steps int }

// all yields the steps, each with where it ends.
func (r route) all() iter.Seq2[Step, position] {
	return func(yield func(Step, position) bool) {
		var at position
		for at.steps < len(r.steps) {
			var s Step
			s, at = r.next(at)
			if !yield(s, at) {
				return
			}
		}
	}
}

// next decodes the step that begins at a position and returns where it ends.
func (r route) next(at position) (Step, position) {
	s := Step{Kind: Kind(r.steps[at.steps])}
	at.steps++
	noun, name := r.length(&at), r.length(&at)
	if at.text > 0 && strings.HasPrefix(r.text[at.text:], Separator) {
		at.text += len(Separator)
	}
	s.Noun = r.text[at.text : at.text+noun]
	at.text += noun
	if noun > 0 && name > 0 {
		at.text++ // the space between them
	}
	s.Name = r.text[at.text : at.text+name]
	at.text += name
	return s, at
}

// length decodes an unsigned varint, as package binary writes it.
func (r route) length(at *position) int {
	var n, shift int
	for {
		b := r.steps[at.steps]
		at.steps++
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
		shift += 7
	}
}

// First is the first step, the zero Step if there is none.
func (p Path) First() Step {
	for s := range p.Steps() {
		return s
	}
	return Step{}
}

// Within reports whether the path is the other one or leads further from there.
func (p Path) Within(q Path) bool {
	at, above := p.read(), q.read()
	return strings.HasPrefix(at.steps, above.steps) && strings.HasPrefix(at.text, above.text)
}

// After is what is left of the path after one that it is within.
func (p Path) After(q Path) Path {
	if q.IsZero() {
		return p
	}
	return pathOf(strings.TrimPrefix(p.text[len(q.text):], Separator), p.steps[len(q.steps):])
}
