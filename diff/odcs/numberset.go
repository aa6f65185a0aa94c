package odcs

import (
	"math/big"

	"github.com/assent-dev/assent/diff/tree"
)

// numberSet is a set of numbers: spans that do not touch, in their order.
type numberSet []span

// span is the numbers between two ends; an end that is nil is none.
type span struct {
	low, high         *big.Rat
	lowOpen, highOpen bool // the end itself is not in it
}

var (
	zero        = new(big.Rat)
	everyNumber = numberSet{{}}
	fromZero    = numberSet{{low: zero}}
)

func exactly(x *big.Rat) numberSet { return numberSet{{low: x, high: x}} }

// and returns the numbers that are in both sets.
func (s numberSet) and(t numberSet) numberSet {
	var both numberSet
	for _, a := range s {
		for _, b := range t {
			if c := a.and(b); !c.empty() {
				both = append(both, c)
			}
		}
	}
	return both
}

func (a span) and(b span) span {
	if a.low == nil || b.low != nil && (a.low.Cmp(b.low) < 0 || a.low.Cmp(b.low) == 0 && b.lowOpen) {
		a.low, a.lowOpen = b.low, b.lowOpen
	}
	if a.high == nil || b.high != nil && (a.high.Cmp(b.high) > 0 || a.high.Cmp(b.high) == 0 && b.highOpen) {
		a.high, a.highOpen = b.high, b.highOpen
	}
	return a
}

func (a span) empty() bool {
	if a.low == nil || a.high == nil {
		return false
	}
	c := a.low.Cmp(a.high)
	return c > 0 || c == 0 && (a.lowOpen || a.highOpen)
}

// within reports whether every number of s is in t.
func (s numberSet) within(t numberSet) bool {
	both := s.and(t)
	if len(both) != len(s) {
		return false
	}
	for i, a := range s {
		if !a.equal(both[i]) {
			return false
		}
	}
	return true
}

func (a span) equal(b span) bool {
	return sameEnd(a.low, b.low) && sameEnd(a.high, b.high) && a.lowOpen == b.lowOpen && a.highOpen == b.highOpen
}

func sameEnd(x, y *big.Rat) bool {
	if x == nil || y == nil {
		return x == y
	}
	return x.Cmp(y) == 0
}

// operators are the conditions that the standard has, and the numbers that
// satisfy them.
var operators = []struct {
	name    string
	accepts func(*tree.Node) (numberSet, bool)
}{
	{"mustBe", ofNumber(exactly)},
	{"mustNotBe", ofNumber(func(x *big.Rat) numberSet {
		return numberSet{{high: x, highOpen: true}, {low: x, lowOpen: true}}
	})},
	{"mustBeGreaterThan", ofNumber(func(x *big.Rat) numberSet { return numberSet{{low: x, lowOpen: true}} })},
	{"mustBeGreaterOrEqualTo", ofNumber(func(x *big.Rat) numberSet { return numberSet{{low: x}} })},
	{"mustBeLessThan", ofNumber(func(x *big.Rat) numberSet { return numberSet{{high: x, highOpen: true}} })},
	{"mustBeLessOrEqualTo", ofNumber(func(x *big.Rat) numberSet { return numberSet{{high: x}} })},
	{"mustBeBetween", ofRange(func(x, y *big.Rat) numberSet { return numberSet{{low: x, high: y}} })},
	{"mustNotBeBetween", ofRange(func(x, y *big.Rat) numberSet {
		return numberSet{{high: x, highOpen: true}, {low: y, lowOpen: true}}
	})},
}

func ofNumber(set func(*big.Rat) numberSet) func(*tree.Node) (numberSet, bool) {
	return func(n *tree.Node) (numberSet, bool) {
		x, ok := number(n)
		if !ok {
			return everyNumber, false
		}
		return set(x), true
	}
}

func ofRange(set func(x, y *big.Rat) numberSet) func(*tree.Node) (numberSet, bool) {
	return func(n *tree.Node) (numberSet, bool) {
		x, xok := number(n.Element(0))
		y, yok := number(n.Element(1))
		if !xok || !yok || n.Len() != 2 || x.Cmp(y) > 0 {
			return everyNumber, false
		}
		return set(x, y), true
	}
}

func number(n *tree.Node) (*big.Rat, bool) {
	if !n.Is(tree.Number) {
		return nil, false
	}
	return rational(n.Text)
}
