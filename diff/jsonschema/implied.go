package jsonschema

import (
	"maps"
	"math/big"
	"unicode/utf8"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/pattern"
	"github.com/assent-dev/assent/diff/tree"
)

// soAnyway reports whether a bound that one side alone has restricts nothing,
// because of what else the other says: a list of values that are all within, a
// multiple, a pattern, properties that are required.
func (w *walk) soAnyway(x extent, rule *diff.Rule, o, n bound, sign int) bool {
	accepts, refuses, own, limit := w.old, w.new, o, n
	if rule == x.widened {
		accepts, refuses, own, limit = w.new, w.old, n, o
	}
	if w.asWritten { // Confluent compares keyword by keyword
		return false
	}
	if accepts.lists(func(v *tree.Node) bool { return limit.admits(measure(x, v), sign) }) {
		return true
	}
	switch x.of {
	case number:
		m := accepts.multiple()
		return m != nil && own.value != nil && tightened(own.stepped(m, sign), limit, sign) <= 0
	case textual:
		if len(accepts.patterns())+len(refuses.patterns()) == 0 {
			return false
		}
		answer, _ := accepts.language().Within(refuses.language())
		return answer == pattern.Yes
	case array:
		return sign < 0 && limit.admits(accepts.contained(), sign)
	}
	if sign < 0 {
		return limit.admits(w.always(accepts), sign)
	}
	most := accepts.ever()
	return most != nil && limit.admits(most, sign)
}

// admits reports whether a quantity is within the bound; nil is one that is not
// bounded.
func (b bound) admits(q *big.Rat, sign int) bool {
	if b.value == nil || q == nil {
		return true
	}
	c := q.Cmp(b.value) * sign
	return c < 0 || c == 0 && !b.exclusive
}

// measure is the quantity of a value that an extent bounds.
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

// stepped moves an end to the next multiple that is allowed.
func (b bound) stepped(m *big.Rat, sign int) bound {
	scaled := bound{new(big.Rat).Quo(b.value, m), b.exclusive, b.keyword}.integral(sign)
	return bound{scaled.value.Mul(scaled.value, m), false, b.keyword}
}

// contained is how many elements arrays have at least, because they contain them.
func (e *effective) contained() *big.Rat {
	var least int64
	for _, n := range e.nodes {
		if n.Get("contains") != nil {
			least = max(least, count(n.Get("minContains"), 1))
		}
	}
	return big.NewRat(least, 1)
}

// always is how many properties objects have at least, because they are required.
func (w *walk) always(e *effective) *big.Rat {
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

// ever is how many properties objects have at most, because no other is allowed;
// nil is any number.
func (e *effective) ever() *big.Rat {
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
