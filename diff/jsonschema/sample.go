package jsonschema

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// sampler makes up values that lie near the edges of a schema. It only
// proposes: whether a value is allowed, a validator says.
type sampler struct {
	side  diff.Side
	edges []*effective // whose bounds and values are tried
	left  *int         // schemas that may still be looked into
}

// deepest bounds how far a made-up value nests; most, how many are proposed at
// one place.
const (
	deepest  = 4
	most     = 48
	longest  = 2_000 // of a made-up string or array
	mostMade = 400   // schemas that values are made up for, for one witness
)

// propose returns values for the schema, the plainest first.
func (s *sampler) propose(e *effective, depth int) []json.RawMessage {
	var all []json.RawMessage
	if *s.left--; *s.left < 0 {
		return nil
	}
	add := func(values ...json.RawMessage) {
		for _, v := range values {
			if len(all) < most && !slices.ContainsFunc(all, func(o json.RawMessage) bool { return string(o) == string(v) }) {
				all = append(all, v)
			}
		}
	}
	for _, edge := range append([]*effective{e}, s.edges...) {
		values, _ := edge.enum()
		for _, v := range values[:min(len(values), most)] {
			add(v.JSON())
		}
		for _, keyword := range []string{"example", "default"} {
			for v := range edge.each(keyword) {
				add(v.JSON())
			}
		}
	}
	for _, kind := range []kinds{textual, integer, fraction, boolean, object, array, null} {
		if e.kinds&kind != 0 {
			add(s.ofKind(e, kind, depth)...)
		}
	}
	for _, g := range e.groups {
		for _, branch := range g.branches {
			if depth < deepest {
				add(s.propose(e.reader.effective(branch, branch), depth+1)...)
			}
		}
	}
	return all
}

func (s *sampler) ofKind(e *effective, kind kinds, depth int) []json.RawMessage {
	switch kind {
	case null:
		return []json.RawMessage{[]byte("null")}
	case boolean:
		return []json.RawMessage{[]byte("true"), []byte("false")}
	case integer:
		return s.numbers(e, true)
	case fraction:
		return s.numbers(e, false)
	case textual:
		return s.strings(e)
	case array:
		return s.arrays(e, depth)
	}
	return s.objects(e, depth)
}

// numbers are the bounds of all edges and what lies next to them.
func (s *sampler) numbers(e *effective, whole bool) []json.RawMessage {
	step := big.NewRat(1, 1)
	if !whole {
		step = big.NewRat(1, 2)
	}
	around := []*big.Rat{new(big.Rat)}
	for _, edge := range append([]*effective{e}, s.edges...) {
		for _, keyword := range []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"} {
			if v, ok := rational(edge.first(keyword)); ok {
				around = append(around, v)
			}
		}
	}
	var all []json.RawMessage
	for _, v := range around {
		for _, n := range []*big.Rat{v, new(big.Rat).Add(v, step), new(big.Rat).Sub(v, step)} {
			switch {
			case whole && n.IsInt():
				all = append(all, []byte(n.RatString()))
			case !whole:
				all = append(all, []byte(strings.TrimRight(strings.TrimRight(n.FloatString(12), "0"), ".")))
			}
		}
	}
	return all
}

// formatted are values of the formats that a validator checks.
var formatted = map[string]string{
	"date": "2021-06-30", "date-time": "2021-06-30T12:00:00Z", "time": "12:00:00Z", "duration": "P1D", "uuid": "3e4666bf-d5e5-4aa7-b8ce-cefe41c7568a",
	"email": "a@example.com", "hostname": "example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://example.com/", "uri-reference": "/a",
}

func (s *sampler) strings(e *effective) []json.RawMessage {
	texts := []string{"a", "", "A", "1", "abc"}
	for _, edge := range append([]*effective{e}, s.edges...) {
		if text, ok := formatted[edge.first("format").Str()]; ok {
			texts = append([]string{text}, texts...)
		}
		for _, n := range s.sizes(edge, "minLength", "maxLength") {
			texts = append(texts, strings.Repeat("a", n))
		}
	}
	var all []json.RawMessage
	for _, text := range texts {
		quoted, _ := json.Marshal(text) // a string always encodes
		all = append(all, quoted)
	}
	return all
}

// sizes are the bounds of a length, and what lies next to them.
func (s *sampler) sizes(e *effective, keywords ...string) []int {
	var all []int
	for _, keyword := range keywords {
		v, ok := rational(e.first(keyword))
		if !ok || !v.IsInt() || !v.Num().IsInt64() {
			continue
		}
		for n := v.Num().Int64() - 1; n <= v.Num().Int64()+1; n++ {
			if n >= 0 && n <= longest {
				all = append(all, int(n))
			}
		}
	}
	return all
}

func (s *sampler) arrays(e *effective, depth int) []json.RawMessage {
	all := []json.RawMessage{[]byte("[]")}
	if depth >= deepest {
		return all
	}
	items := s.propose(e.reader.effective(e.definition(), e.items()...), depth+1)
	for _, edge := range append([]*effective{e}, s.edges...) {
		for _, n := range append(s.sizes(edge, "minItems", "maxItems"), 2) {
			if len(items) > 0 {
				all = append(all, repeat(items, n), repeat(items[:1], n))
			}
		}
	}
	for _, item := range items {
		all = append(all, []byte("["+string(item)+"]"))
	}
	return all
}

func repeat(items []json.RawMessage, n int) json.RawMessage {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = string(items[i%len(items)])
	}
	return []byte("[" + strings.Join(parts, ",") + "]")
}

// objects are: what is required, without and with each further property, all
// of them, and one that nobody has declared; then the other values of each
// property in turn.
func (s *sampler) objects(e *effective, depth int) []json.RawMessage {
	if depth >= deepest {
		return []json.RawMessage{[]byte("{}")}
	}
	names := e.names()
	for _, edge := range s.edges {
		names = append(names, edge.names()...)
	}
	values := map[string][]json.RawMessage{}
	var required, optional []string
	for _, name := range names {
		if values[name] != nil {
			continue
		}
		p := e.property(name)
		nested := &sampler{side: s.side, left: s.left}
		for _, edge := range s.edges {
			q := edge.property(name)
			nested.edges = append(nested.edges, edge.reader.effective(edge.definition(), q.schemas...))
		}
		values[name] = nested.propose(e.reader.effective(e.definition(), p.schemas...), depth+1)
		if len(values[name]) == 0 {
			values[name] = []json.RawMessage{[]byte("null")}
		}
		if p.required != nil {
			required = append(required, name)
		} else {
			optional = append(optional, name)
		}
	}
	pick := func(names ...string) json.RawMessage { return write(names, values, "", nil) }
	all := []json.RawMessage{pick(required...)}
	for _, name := range optional {
		all = append(all, pick(append(slices.Clone(required), name)...))
	}
	all = append(all, pick(slices.Concat(required, optional)...), write(append(slices.Clone(required), undeclared), values, undeclared, []byte(`"a"`)))
	for _, name := range slices.Concat(required, optional) {
		for _, v := range values[name] {
			with := required
			if !slices.Contains(with, name) {
				with = append(slices.Clone(with), name)
			}
			all = append(all, write(with, values, name, v))
		}
	}
	return all
}

// undeclared is a property name that no contract declares.
const undeclared = "assent-undeclared"

// write returns an object with the first value of each name, but for one.
func write(names []string, values map[string][]json.RawMessage, other string, value json.RawMessage) json.RawMessage {
	parts := make([]string, 0, len(names))
	for _, name := range names {
		v := value
		if name != other {
			v = values[name][0]
		}
		key, _ := json.Marshal(name) // a string always encodes
		parts = append(parts, string(key)+":"+string(v))
	}
	return []byte("{" + strings.Join(parts, ",") + "}")
}

// names lists the properties that are declared or required.
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
	for properties := range e.each("properties") {
		for p := range properties.Children() {
			add(p.Key)
		}
	}
	return all
}
