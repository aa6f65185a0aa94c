package jsonschema

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/pattern"
	"github.com/assent-dev/assent/diff/tree"
)

// objects are: what is required, without and with each further property, all
// of them, and some that nobody has declared; then the other values of each
// property in turn.
func (s *sampler) objects(w wish, depth int) proposals {
	return func(yield func(json.RawMessage) bool) {
		if depth >= deepest {
			yield([]byte("{}"))
			return
		}
		m := &members{sampler: s, wish: w, depth: depth, plainest: map[string]json.RawMessage{}}
		required, declared, others := s.names(w)
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
		named := slices.DeleteFunc(slices.Clone(everything), func(name string) bool { return strings.HasPrefix(name, undeclared) })
		if !yield(m.write(all, "", nil)) || !yield(m.write(everything, "", nil)) {
			return
		}
		for _, name := range named {
			if !yield(m.write(without(named, name), "", nil)) {
				return
			}
		}
		for _, name := range everything {
			for _, v := range m.of(name) {
				for _, names := range [][]string{with(required, name), with(all, name), with(named, name)} {
					if !yield(m.write(names, name, v)) {
						return
					}
				}
			}
		}
	}
}

// with returns the names and one more, if it is not among them.
func with(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(slices.Clone(names), name)
}

// members are the values of an object's properties, made up when they are asked
// for.
type members struct {
	*sampler
	wish     wish
	depth    int
	plainest map[string]json.RawMessage
}

// first is the plainest value of a property.
func (m *members) first(name string) json.RawMessage {
	v, known := m.plainest[name]
	if !known {
		v = m.some(m.inner(name), m.depth+1, 1)[0]
		m.plainest[name] = v
	}
	return v
}

// of are the first few values of a property.
func (m *members) of(name string) []json.RawMessage { return m.some(m.inner(name), m.depth+1, few) }

func (m *members) inner(name string) wish {
	return m.wish.inner(func(e *effective) []*tree.Node { return e.property(name).schemas })
}

// write returns an object with the first value of each name, but for one.
func (m *members) write(names []string, other string, value json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(quote(name))
		b.WriteByte(':')
		if other != "" && name == other {
			b.Write(value)
		} else {
			b.Write(m.first(name))
		}
	}
	b.WriteByte('}')
	return b.Bytes()
}

// undeclared begins the names of properties that no contract declares.
const undeclared = "assent-undeclared"

// names are those that a schema of the wish requires, those that some schema
// declares, and others: some that match patterns, and as many that nobody declares
// as it takes to reach sizes.
func (s *sampler) names(w wish) (required, declared, others []string) {
	seen := map[string]bool{}
	add := func(name string) {
		if seen[name] || len(seen) >= most {
			return
		}
		seen[name] = true
		switch {
		case slices.ContainsFunc(w.fits, func(e *effective) bool { return e.requires(name) != nil && !e.hidden(e.property(name), s.side) }):
			required = append(required, name)
		case slices.ContainsFunc(w.all(), func(e *effective) bool { return e.property(name).declared != nil }):
			declared = append(declared, name)
		default:
			others = append(others, name)
		}
	}
	for _, e := range w.all() {
		for _, name := range e.names() {
			add(name)
		}
	}
	for _, name := range w.likenesses() {
		add(name)
	}
	missing := 1
	for _, e := range w.all() {
		for _, n := range s.sizes(e, "minProperties", "maxProperties") {
			missing = max(missing, min(n-len(seen), few))
		}
	}
	for i := range missing {
		add(undeclared + strings.Repeat("-x", i))
	}
	return required, declared, others
}

// likenesses are names that match each pattern: one that matches none of the
// others, and one that may.
func (w wish) likenesses() []string {
	var patterns, names []string
	for _, e := range w.all() {
		for list := range e.each("patternProperties") {
			for p := range list.Children() {
				if !slices.Contains(patterns, p.Key) && len(patterns) < few {
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
