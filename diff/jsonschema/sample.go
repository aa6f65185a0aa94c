package jsonschema

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// sampler makes up values that lie near the edges of a schema. It only
// proposes: whether a value is allowed, a validator says. The scalars are in
// scalars.go.
type sampler struct {
	side diff.Side
	left *int // schemas that may still be looked into
}

// deepest bounds how far a made-up value nests; most, how many are proposed at
// one place.
const (
	deepest  = 4
	most     = 64
	longest  = 2_000 // of a made-up string or array
	mostMade = 400   // schemas that values are made up for, for one witness
)

// wish is what a value is made up for: schemas that it should fit at once, of
// either revision, and others at whose edges it should lie.
type wish struct {
	fits, near []*effective
}

func (w wish) all() []*effective { return slices.Concat(w.fits, w.near) }

// kinds are those that a value of the wish may have.
func (w wish) kinds() kinds {
	k := anything
	for _, e := range w.fits {
		k &= e.kinds
	}
	return k
}

// inner is the wish for a value inside: at is what a schema says of it there.
func (w wish) inner(at func(*effective) []*tree.Node) wish {
	var in wish
	for _, e := range w.fits {
		in.fits = append(in.fits, e.all(at(e)))
	}
	for _, e := range w.near {
		in.near = append(in.near, e.all(at(e)))
	}
	return in
}

// values gathers proposals, each once.
type values struct {
	list []json.RawMessage
	seen map[string]bool
}

func (v *values) add(more ...json.RawMessage) {
	if v.seen == nil {
		v.seen = map[string]bool{}
	}
	for _, value := range more {
		if len(v.list) < most && !v.seen[string(value)] {
			v.seen[string(value)] = true
			v.list = append(v.list, value)
		}
	}
}

// addInTurn takes the first of each, then the second of each.
func (v *values) addInTurn(lists [][]json.RawMessage) {
	for i := range most {
		for _, list := range lists {
			if i < len(list) {
				v.add(list[i])
			}
		}
	}
}

// propose returns values for the wish, the plainest first.
func (s *sampler) propose(w wish, depth int) []json.RawMessage {
	if *s.left--; *s.left < 0 {
		return nil
	}
	var all values
	for _, e := range w.all() {
		listed, _ := e.enum()
		for _, v := range listed[:min(len(listed), most)] {
			all.add(v.JSON())
		}
		for _, keyword := range []string{"example", "default"} {
			for v := range e.each(keyword) {
				all.add(v.JSON())
			}
		}
	}
	choices := w.choices()
	if len(choices) > 0 {
		var proposed [][]json.RawMessage
		for _, chosen := range choices {
			if depth < deepest {
				proposed = append(proposed, s.propose(chosen, depth+1))
			}
		}
		all.addInTurn(proposed)
		return all.list
	}
	for _, kind := range []kinds{textual, integer, fraction, boolean, object, array, null} {
		if w.kinds()&kind != 0 {
			all.add(s.ofKind(w, kind, depth)...)
		}
	}
	return all.list
}

// choices are the wishes in which one schema has settled for one of its
// alternatives.
func (w wish) choices() []wish {
	var all []wish
	for i, e := range w.fits {
		for _, g := range e.groups {
			for _, b := range g.branches {
				branch := e.reader.effective(b, b)
				chosen := wish{slices.Clone(w.fits), w.near}
				chosen.fits[i] = e.part(branch, e.kinds&branch.kinds)
				all = append(all, chosen)
			}
		}
	}
	return all
}

func (s *sampler) ofKind(w wish, kind kinds, depth int) []json.RawMessage {
	switch kind {
	case null:
		return []json.RawMessage{[]byte("null")}
	case boolean:
		return []json.RawMessage{[]byte("true"), []byte("false")}
	case integer:
		return s.numbers(w, true)
	case fraction:
		return s.numbers(w, false)
	case textual:
		return s.strings(w)
	case array:
		return s.arrays(w, depth)
	}
	return s.objects(w, depth)
}

// mostApart is how many elements of an array are made up apart.
const mostApart = 6

// arrays are: none and some elements, as many as bounds allow and one more, and
// then each element in turn with each of its other values.
func (s *sampler) arrays(w wish, depth int) []json.RawMessage {
	var all values
	all.add([]byte("[]"))
	if depth >= deepest {
		return all.list
	}
	apart := 0
	for _, e := range w.all() {
		apart = max(apart, min(e.positions(), mostApart))
	}
	var elements [][]json.RawMessage // by position, the last for the rest
	for i := range apart + 1 {
		proposed := s.propose(w.inner(func(e *effective) []*tree.Node { return e.elements(i) }), depth+1)
		if len(proposed) == 0 {
			proposed = []json.RawMessage{[]byte("null")}
		}
		elements = append(elements, proposed)
	}
	for _, e := range w.all() {
		for _, n := range append(s.sizes(e, "minItems", "maxItems", "minContains", "maxContains"), 1, 2, apart, apart+1) {
			all.add(writeElements(elements, n, false), writeElements(elements, n, true))
		}
	}
	least := 0
	for _, e := range w.fits {
		if v := count(e.first("minItems"), 0); v <= longest {
			least = max(least, int(v))
		}
	}
	for i := range elements {
		for _, v := range elements[i] {
			all.add(withElement(elements, max(i+1, least), i, v))
		}
	}
	for _, contained := range s.contained(w, depth) {
		for _, e := range w.all() {
			for _, n := range append(s.sizes(e, "minContains", "maxContains", "minItems"), 1, 2) {
				all.add(writeElements([][]json.RawMessage{{contained}}, n, false))
			}
		}
	}
	return all.list
}

// contained are values that fit what some schema wants arrays to contain.
func (s *sampler) contained(w wish, depth int) []json.RawMessage {
	var all []json.RawMessage
	for _, e := range w.all() {
		for c := range e.each("contains") {
			in := w.inner(func(e *effective) []*tree.Node { return e.elements(0) })
			in.fits = append(in.fits, e.reader.effective(c, c))
			proposed := s.propose(in, depth+1)
			all = append(all, proposed[:min(len(proposed), 4)]...)
		}
	}
	return all
}

// writeElements writes n elements: the first proposal of each, or all in turn.
func writeElements(elements [][]json.RawMessage, n int, differ bool) json.RawMessage {
	parts := make([]string, n)
	for i := range parts {
		proposed := elements[min(i, len(elements)-1)]
		if differ {
			parts[i] = string(proposed[i%len(proposed)])
		} else {
			parts[i] = string(proposed[0])
		}
	}
	return []byte("[" + strings.Join(parts, ",") + "]")
}

func withElement(elements [][]json.RawMessage, n, at int, value json.RawMessage) json.RawMessage {
	changed := slices.Clone(elements)
	for len(changed) <= at+1 {
		changed = append(changed, changed[len(changed)-1])
	}
	changed[at] = []json.RawMessage{value}
	return writeElements(changed, n, false)
}

// objects are: what is required, without and with each further property, all
// of them, and some that nobody has declared; then the other values of each
// property in turn.
func (s *sampler) objects(w wish, depth int) []json.RawMessage {
	if depth >= deepest {
		return []json.RawMessage{[]byte("{}")}
	}
	members := map[string][]json.RawMessage{}
	var required, optional, declared []string
	for _, name := range s.names(w) {
		members[name] = s.propose(w.inner(func(e *effective) []*tree.Node { return e.property(name).schemas }), depth+1)
		if len(members[name]) == 0 {
			members[name] = []json.RawMessage{[]byte("null")}
		}
		isRequired := slices.ContainsFunc(w.fits, func(e *effective) bool { return e.requires(name) != nil })
		isDeclared := slices.ContainsFunc(w.all(), func(e *effective) bool { return e.property(name).declared != nil })
		switch {
		case isRequired:
			required = append(required, name)
		case isDeclared:
			optional, declared = append(optional, name), append(declared, name)
		default:
			optional = append(optional, name)
		}
	}
	var all values
	with := func(name string, value json.RawMessage) {
		names := required
		if !slices.Contains(names, name) {
			names = append(slices.Clone(names), name)
		}
		all.add(writeMembers(names, members, name, value))
	}
	all.add(writeMembers(required, members, "", nil))
	for _, name := range optional {
		with(name, members[name][0])
	}
	all.add(writeMembers(slices.Concat(required, declared), members, "", nil), writeMembers(slices.Concat(required, optional), members, "", nil))
	for _, name := range slices.Concat(required, optional) {
		for _, v := range members[name] {
			with(name, v)
			all.add(writeMembers(slices.Concat(required, declared), members, name, v))
		}
	}
	return all.list
}

// undeclared begins the names of properties that no contract declares.
const undeclared = "assent-undeclared"

// names are those that the schemas declare or require, some that match their
// patterns, and as many that nobody declares as it takes to reach their sizes.
func (s *sampler) names(w wish) []string {
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) && len(all) < most {
			all = append(all, name)
		}
	}
	for _, e := range w.all() {
		for _, name := range e.names() {
			add(name)
		}
	}
	few := 1
	for _, e := range w.all() {
		for patterns := range e.each("patternProperties") {
			for p := range patterns.Children() {
				if name, ok := matching(p.Key); ok {
					add(name)
				}
			}
		}
		for _, n := range s.sizes(e, "minProperties", "maxProperties") {
			few = max(few, min(n-len(all), 12))
		}
	}
	add(undeclared)
	for i := 1; i < few; i++ {
		add(undeclared + "-" + strings.Repeat("x", i))
	}
	return all
}

// writeMembers returns an object with the first value of each name, but for one.
func writeMembers(names []string, members map[string][]json.RawMessage, other string, value json.RawMessage) json.RawMessage {
	parts := make([]string, 0, len(names))
	for _, name := range names {
		v := value
		if name != other {
			v = members[name][0]
		}
		parts = append(parts, string(quote(name))+":"+string(v))
	}
	return []byte("{" + strings.Join(parts, ",") + "}")
}

// names lists the properties that are declared, required or depended on.
func (e *effective) names() []string {
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) && len(all) < most {
			all = append(all, name)
		}
	}
	for required := range e.each("required") {
		for r := range required.Children() {
			add(r.Str())
		}
	}
	for _, keyword := range []string{"properties", "dependentRequired", "dependentSchemas", "dependencies"} {
		for members := range e.each(keyword) {
			for m := range members.Children() {
				add(m.Key)
				for name := range m.Children() {
					if m.Is(tree.Array) {
						add(name.Str())
					}
				}
			}
		}
	}
	return all
}
