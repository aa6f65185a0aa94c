package jsonschema

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/assent-dev/assent/diff/pattern"
)

// numberValues returns the bounds of all schemas and the numbers near them.
func (s *sampler) numberValues(w wish, whole bool) []json.RawMessage {
	step := big.NewRat(1, 1)
	if !whole {
		step = big.NewRat(1, 2)
	}
	around := []*big.Rat{new(big.Rat)}
	var all []json.RawMessage
	for _, e := range w.all() {
		if m := e.multiple(); m != nil {
			around = append(around, m, new(big.Rat).Quo(m, big.NewRat(2, 1))) // half a step is not a multiple
		}
		for _, keyword := range []string{
			"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
		} {
			for k := range e.each(keyword) {
				v, ok := rational(k)
				switch {
				case ok && len(v.Num().String()) > legible:
					// most programs cannot tell it from the next number
					all = append(all, k.JSON())
				case ok:
					around = append(around, v)
				}
			}
		}
	}
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

// formatted has a value for each format that a validator checks.
var formatted = map[string]string{
	"date":          "2021-06-30",
	"date-time":     "2021-06-30T12:00:00Z",
	"time":          "12:00:00Z",
	"duration":      "P1D",
	"uuid":          "3e4666bf-d5e5-4aa7-b8ce-cefe41c7568a",
	"email":         "a@example.com",
	"hostname":      "example.com",
	"ipv4":          "192.0.2.1",
	"ipv6":          "2001:db8::1",
	"uri":           "https://example.com/",
	"uri-reference": "/a",
}

// stringValues returns strings of each format and near each bound of a length,
// the shortest that all patterns allow, and the shortest that one schema at the
// edges refuses.
func (s *sampler) stringValues(w wish) []json.RawMessage {
	texts := []string{"a", "", "A", "1", "abc"}
	all, patterned := pattern.AllOf(), false
	for _, e := range w.fits {
		all = all.And(e.language())
		patterned = patterned || e.first("pattern") != nil
	}
	for _, e := range w.all() {
		if text, ok := formatted[e.first("format").Str()]; ok {
			texts = append([]string{text}, texts...)
		}
		for _, n := range s.sizes(e, "minLength", "maxLength") {
			texts = append(texts, strings.Repeat("a", n), strings.Repeat("z", n))
		}
	}
	if patterned {
		if found, ok := all.Shortest(); ok {
			texts = append([]string{found}, texts...)
		}
	}
	for _, e := range w.edges {
		if answer, found := all.Within(e.language()); answer == pattern.No {
			texts = append([]string{found}, texts...)
		}
	}
	var out []json.RawMessage
	for _, text := range texts {
		out = append(out, quote(text))
	}
	return out
}

// sizes returns the bounds of a length or a number, and the numbers next to
// them.
func (s *sampler) sizes(e *effective, keywords ...string) []int {
	var all []int
	for _, keyword := range keywords {
		v, ok := rational(e.first(keyword))
		if !ok || !v.IsInt() || !v.Num().IsInt64() {
			continue
		}
		for n := v.Num().Int64() - 1; n <= v.Num().Int64()+1; n++ {
			if n >= 0 && n <= mostLength {
				all = append(all, int(n))
			}
		}
	}
	return all
}
