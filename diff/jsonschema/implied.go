package jsonschema

import (
	"maps"
	"math/big"
	"unicode/utf8"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/pattern"
	"github.com/assent-dev/assent/diff/tree"
)

// impliedByOthers reports whether a bound that only one side has refuses nothing
// that the other side allows, because of the other keywords there: a list whose
// values are all within the bound, a multipleOf, a pattern, required properties.
func (w *walk) impliedByOthers(x extent, rule *diff.Rule, o, n bound, end exact.End) bool {
	accepts, refuses, own, limit := w.old, w.new, o, n
	if rule == x.widened {
		accepts, refuses, own, limit = w.new, w.old, n, o
	}
	if w.asWritten { // Confluent compares keyword by keyword
		return false
	}
	if accepts.lists(func(v *tree.Node) bool { return limit.admits(x, v, end) }) {
		return true
	}
	switch x.of {
	case number:
		m := accepts.multiple()
		return m != nil && own.Value != nil && end.Tightened(end.Multiple(own.Bound, m), limit.Bound) <= 0
	case textual:
		if len(accepts.patterns())+len(refuses.patterns()) == 0 {
			return false
		}
		answer, _ := accepts.language().Within(refuses.language())
		return answer == pattern.Yes
	case array:
		return end == exact.Lower && end.Admits(limit.Bound, accepts.leastContained())
	}
	if end == exact.Lower {
		return end.Admits(limit.Bound, w.leastProperties(accepts))
	}
	most := accepts.mostProperties()
	return most != nil && end.Admits(limit.Bound, most)
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
	case x.of == number && v.Is(tree.Number):
		r, _ := rational(v)
		return r
	case x.of == textual && v.Is(tree.String):
		return big.NewRat(int64(utf8.RuneCountInString(v.Text)), 1)
	case x.of == array && v.Is(tree.Array), x.of == object && v.Is(tree.Object):
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

// leastProperties returns how many properties objects have at least because they
// are required.
func (w *walk) leastProperties(e *effective) *big.Rat {
	names := map[string]bool{}
	for list := range e.each("required") {
		for r := range list.Children() {
			p := e.property(r.Str())
			w.hide(e, p)
			names[r.Str()] = p.required != nil
		}
	}
	maps.DeleteFunc(names, func(_ string, required bool) bool { return !required })
	return big.NewRat(int64(len(names)), 1)
}

// mostProperties returns how many properties objects have at most because no
// others are allowed. It is nil for any number.
func (e *effective) mostProperties() *big.Rat {
	if !e.additional().refused || e.first("patternProperties") != nil {
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
