package odcs

import (
	"math/big"

	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// operators are the conditions that the standard has, and the numbers that
// satisfy them.
var operators = []struct {
	name    string
	accepts func(*tree.Node) (exact.Set, bool)
}{
	{"mustBe", ofNumber(exact.Exactly)},
	{"mustNotBe", ofNumber(func(x *big.Rat) exact.Set { return exact.Outside(x, x) })},
	{"mustBeGreaterThan", ofNumber(exact.Above)},
	{"mustBeGreaterOrEqualTo", ofNumber(exact.AtLeast)},
	{"mustBeLessThan", ofNumber(exact.Below)},
	{"mustBeLessOrEqualTo", ofNumber(exact.AtMost)},
	{"mustBeBetween", ofRange(exact.Between)},
	{"mustNotBeBetween", ofRange(exact.Outside)},
}

func ofNumber(set func(*big.Rat) exact.Set) func(*tree.Node) (exact.Set, bool) {
	return func(n *tree.Node) (exact.Set, bool) {
		x, ok := number(n)
		if !ok {
			return exact.Everything(), false
		}
		return set(x), true
	}
}

func ofRange(set func(x, y *big.Rat) exact.Set) func(*tree.Node) (exact.Set, bool) {
	return func(n *tree.Node) (exact.Set, bool) {
		x, xok := number(n.Element(0))
		y, yok := number(n.Element(1))
		if !xok || !yok || n.Len() != 2 || x.Cmp(y) > 0 {
			return exact.Everything(), false
		}
		return set(x, y), true
	}
}

func number(n *tree.Node) (*big.Rat, bool) {
	if !n.Is(tree.Number) {
		return nil, false
	}
	return exact.Rational(n.Text)
}
