package jsonschema

import (
	"math/big"
	"unicode/utf8"

	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// zero is the least size of a value. Every integer is a multiple of one.
var (
	zero = new(big.Rat)
	one  = big.NewRat(1, 1)
)

// rational returns the exact value of a number. It reports false for other
// nodes.
func rational(n *tree.Node) (*big.Rat, bool) {
	if !n.Is(tree.Number) {
		return nil, false
	}
	return exact.Rational(n.Text)
}

// count returns the value of a keyword that counts, or a default if the keyword
// is missing.
func count(n *tree.Node, missing int64) int64 {
	if v, ok := rational(n); ok && v.IsInt() && v.Num().IsInt64() {
		return v.Num().Int64()
	}
	return missing
}

// bound is one end of a range, and the keyword that sets it.
type bound struct {
	exact.Bound
	keyword *tree.Node
}

// Numbers of more than legible digits are shown with significant ones, which is
// what 64 bits of floating point hold.
const (
	legible     = 24
	significant = 17
)

func (b bound) String() string {
	if b.Value == nil {
		return "none"
	}
	s := b.Value.RatString()
	switch {
	case len(s) > legible && b.Value.IsInt():
		s = new(big.Float).SetRat(b.Value).Text('g', significant)
	case !b.Value.IsInt():
		s = b.keyword.Text
	}
	if b.Open {
		s += " (exclusive)"
	}
	return s
}

// extent is a quantity that keywords bound.
type extent struct {
	kinds                   kinds // the kinds of values that have the quantity
	lowKeyword, highKeyword string
	lowest                  *big.Rat // no value has less
	numeric                 bool     // there are keywords for exclusive bounds
	lowTitle, highTitle     string
}

// extents are the quantities that keywords bound.
var extents = []extent{
	{
		kinds:       number,
		lowKeyword:  "minimum",
		highKeyword: "maximum",
		numeric:     true,
		lowTitle:    "minimum",
		highTitle:   "maximum",
	},
	{
		kinds:       textual,
		lowKeyword:  "minLength",
		highKeyword: "maxLength",
		lowest:      zero,
		lowTitle:    "minimum length",
		highTitle:   "maximum length",
	},
	sizeOfArrays,
	{
		kinds:       object,
		lowKeyword:  "minProperties",
		highKeyword: "maxProperties",
		lowest:      zero,
		lowTitle:    "minimum number of properties",
		highTitle:   "maximum number of properties",
	},
}

// sizeOfArrays is the number of elements of an array.
var sizeOfArrays = extent{
	kinds:       array,
	lowKeyword:  "minItems",
	highKeyword: "maxItems",
	lowest:      zero,
	lowTitle:    "minimum number of items",
	highTitle:   "maximum number of items",
}

// keyword returns the keyword that sets an end of the range.
func (x extent) keyword(end exact.End) string {
	if end == exact.Lower {
		return x.lowKeyword
	}
	return x.highKeyword
}

var exclusiveOf = map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}

// bound returns the tightest of the bounds that the schema objects set at an end.
func (e *effective) bound(x extent, end exact.End) bound {
	var b bound
	tighten := func(value *big.Rat, open bool, keyword *tree.Node) {
		if own := (exact.Bound{Value: value, Open: open}); end.Tightened(b.Bound, own) > 0 {
			b = bound{own, keyword}
		}
	}
	keyword := x.keyword(end)
	for _, n := range e.nodes {
		k := n.Get(keyword)
		exclusive := n.Get(exclusiveOf[keyword])
		if value, ok := rational(k); ok &&
			(x.lowest == nil || end == exact.Upper || value.Cmp(x.lowest) > 0) {
			tighten(value, exclusive.True(), k)
		}
		if value, ok := rational(exclusive); ok && x.numeric {
			tighten(value, true, exclusive)
		}
	}
	if x.kinds == array && end == exact.Upper {
		if position, at := e.closedPosition(); at != nil {
			tighten(big.NewRat(int64(position), 1), false, at)
		}
	}
	// Nothing lies between two integers: > 0 is ≥ 1.
	if e.kinds&number == integer {
		b.Bound = end.Multiple(b.Bound, one)
	}
	return b
}

// admits reports whether a value is within the bound. A value without the
// quantity always is.
func (b bound) admits(x extent, v *tree.Node, end exact.End) bool {
	quantity := measure(x, v)
	return quantity == nil || end.Admits(b.Bound, quantity)
}

// measure returns the quantity of a value that an extent bounds, nil if the value
// has none.
func measure(x extent, v *tree.Node) *big.Rat {
	switch {
	case x.kinds == number && v.Is(tree.Number):
		r, _ := rational(v)
		return r
	case x.kinds == textual && v.Is(tree.String):
		return big.NewRat(int64(utf8.RuneCountInString(v.Text)), 1)
	case x.kinds == array && v.Is(tree.Array), x.kinds == object && v.Is(tree.Object):
		return big.NewRat(int64(v.Len()), 1)
	}
	return nil
}

// leastContained returns how many elements arrays have at least because of
// contains.
func (e *effective) leastContained() *big.Rat {
	var least int64
	for _, n := range e.nodes {
		if n.Get("contains") != nil {
			least = max(least, count(n.Get("minContains"), 1))
		}
	}
	return big.NewRat(least, 1)
}

// mostProperties returns how many properties objects have at most because no
// others are allowed. It is nil for any number.
func (e *effective) mostProperties() *big.Rat {
	if !e.undeclared().refused || e.first("patternProperties") != nil {
		return nil
	}
	names := map[string]bool{}
	for properties := range e.each("properties") {
		for p := range properties.Children() {
			names[p.Key] = true
		}
	}
	return big.NewRat(int64(len(names)), 1)
}

// multiple returns the number of which all numbers of the schema are multiples:
// the least common multiple of all multipleOf, and of 1 for integers. It
// returns nil if there is none.
func (e *effective) multiple() *big.Rat {
	var m *big.Rat
	if e.kinds&fraction == 0 {
		m = one
	}
	for k := range e.each("multipleOf") {
		if v, ok := rational(k); ok && v.Sign() > 0 {
			m = exact.CommonMultiple(m, v)
		}
	}
	return m
}

// isMultiple reports whether m is a multiple of n. A nil m stands for every
// number, and a nil n allows every number.
func isMultiple(m, n *big.Rat) bool {
	return n == nil || m != nil && exact.IsMultiple(m, n)
}

// impliedByType reports whether the type says that all numbers are multiples of
// m.
func (e *effective) impliedByType(m *big.Rat) bool { return e.kinds&fraction == 0 && m.Cmp(one) == 0 }

// multiplesOf returns a function that reports whether a value is a multiple of
// m, or not a number.
func multiplesOf(m *big.Rat) func(v *tree.Node) bool {
	return func(v *tree.Node) bool {
		r, ok := rational(v)
		return !ok || isMultiple(r, m)
	}
}

// otherMultiple returns a multipleOf that the other schema does not have. If
// there is none, it returns the first.
func (e *effective) otherMultiple(other *effective) *tree.Node {
	known := map[uint64]bool{}
	for k := range other.each("multipleOf") {
		known[k.Hash()] = true
	}
	for k := range e.each("multipleOf") {
		if !known[k.Hash()] {
			return k
		}
	}
	return e.first("multipleOf")
}

// multipleText returns how a message shows the multiple: as the keyword is
// written, if one keyword says it.
func (e *effective) multipleText(m *big.Rat) string {
	keyword := e.first("multipleOf")
	if m == nil {
		return valueText(nil) // the keyword is not there, or no number can be a multiple
	}
	if v, ok := rational(keyword); !ok || v.Cmp(m) == 0 || e.impliedByType(m) {
		return valueText(keyword)
	}
	return m.RatString()
}
