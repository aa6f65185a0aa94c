package jsonschema

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/pattern"
	"github.com/assent-dev/assent/diff/tree"
)

// objectValues yields objects with the required properties, with one more
// property each, with all properties, and with some that no schema declares.
// Then it yields objects in which one property after the other has its other
// values.
func (s *sampler) objectValues(w wish, depth int) proposals {
	return func(yield func(json.RawMessage) bool) {
		if depth >= mostDepth {
			yield([]byte("{}"))
			return
		}
		m := &memberValues{sampler: s, wish: w, depth: depth, plainest: map[string]json.RawMessage{}}
		required, declared, others := s.memberNames(w)
		optional := slices.Concat(declared, others)
		if !yield(m.write(required, "", nil)) {
			return
		}
		for _, name := range optional {
			if !yield(m.write(append(slices.Clone(required), name), "", nil)) {
				return
			}
		}
		all := slices.Concat(required, declared)
		everything := slices.Concat(required, optional)
		named := slices.DeleteFunc(slices.Clone(everything), func(name string) bool {
			return strings.HasPrefix(name, undeclared)
		})
		if !yield(m.write(all, "", nil)) || !yield(m.write(everything, "", nil)) {
			return
		}
		for _, name := range named {
			if !yield(m.write(remove(named, name), "", nil)) {
				return
			}
		}
		for _, name := range everything {
			for _, v := range m.values(name) {
				for _, names := range [][]string{
					addName(required, name), addName(all, name), addName(named, name),
				} {
					if !yield(m.write(names, name, v)) {
						return
					}
				}
			}
		}
	}
}

// addName returns the names with one more, unless they contain it.
func addName(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(slices.Clone(names), name)
}

// memberValues are the values of an object's properties. They are made up when
// they are asked for.
type memberValues struct {
	*sampler
	wish     wish
	depth    int
	plainest map[string]json.RawMessage
}

// plainestValue returns the first value of a property.
func (m *memberValues) plainestValue(name string) json.RawMessage {
	v, known := m.plainest[name]
	if !known {
		v = m.firstValues(m.inner(name), m.depth+1, 1)[0]
		m.plainest[name] = v
	}
	return v
}

// values returns the first few values of a property.
func (m *memberValues) values(name string) []json.RawMessage {
	return m.firstValues(m.inner(name), m.depth+1, fewProposed)
}

// inner returns the wish for the value of a property.
func (m *memberValues) inner(name string) wish {
	return m.wish.inside(func(e *effective) []*tree.Node { return e.property(name).schemas })
}

// write returns an object with the first value of each property. If a property
// is given, it has the given value.
func (m *memberValues) write(names []string, property string, value json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(quote(name))
		b.WriteByte(':')
		if property != "" && name == property {
			b.Write(value)
		} else {
			b.Write(m.plainestValue(name))
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// undeclared is how names begin that no contract declares.
const undeclared = "assent-undeclared"

// memberNames returns the names of properties that a schema of the wish
// requires, of those that some schema declares, and of others: some that match
// patterns, and as many made-up ones as objects need to reach the bounds on
// their number of properties.
func (s *sampler) memberNames(w wish) (required, declared, others []string) {
	seen := map[string]bool{}
	add := func(name string) {
		if seen[name] || len(seen) >= mostProposed {
			return
		}
		seen[name] = true
		switch {
		case slices.ContainsFunc(w.fits, func(e *effective) bool {
			return e.requires(name) != nil && !e.hidden(e.property(name), s.side)
		}):
			required = append(required, name)
		case slices.ContainsFunc(w.all(), func(e *effective) bool {
			return e.property(name).declared != nil
		}):
			declared = append(declared, name)
		default:
			others = append(others, name)
		}
	}
	for _, e := range w.all() {
		for _, name := range e.propertyNames() {
			add(name)
		}
	}
	for _, name := range w.matchingNames() {
		add(name)
	}
	missing := 1
	for _, e := range w.all() {
		for _, n := range s.sizes(e, "minProperties", "maxProperties") {
			missing = max(missing, min(n-len(seen), fewProposed))
		}
	}
	for i := range missing {
		add(undeclared + strings.Repeat("-x", i))
	}
	return required, declared, others
}

// matchingNames returns names that match the patterns for names: for each
// pattern one that matches no other pattern, and one that may.
func (w wish) matchingNames() []string {
	var patterns, names []string
	for _, e := range w.all() {
		for list := range e.each("patternProperties") {
			for p := range list.Children() {
				if !slices.Contains(patterns, p.Key) && len(patterns) < fewProposed {
					patterns = append(patterns, p.Key)
				}
			}
		}
	}
	for _, p := range patterns {
		others := slices.DeleteFunc(slices.Clone(patterns), func(other string) bool { return other == p })
		for _, avoided := range [][]string{others, nil} {
			if name, ok := pattern.Example(p, avoided...); ok {
				names = append(names, name)
			}
		}
	}
	return names
}
