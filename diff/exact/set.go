package exact

import "math/big"

// Span is the numbers between two bounds.
type Span struct{ Low, High Bound }

// Empty reports whether there is no number between the bounds.
func (s Span) Empty() bool {
	if s.Low.Value == nil || s.High.Value == nil {
		return false
	}
	order := s.Low.Value.Cmp(s.High.Value)
	return order > 0 || order == 0 && (s.Low.Open || s.High.Open)
}

// and returns the numbers that are in both spans.
func (s Span) and(t Span) Span {
	if Lower.Tightened(s.Low, t.Low) > 0 {
		s.Low = t.Low
	}
	if Upper.Tightened(s.High, t.High) > 0 {
		s.High = t.High
	}
	return s
}

func (s Span) equal(t Span) bool {
	return Lower.Tightened(s.Low, t.Low) == 0 && Upper.Tightened(s.High, t.High) == 0
}

// Set is a set of numbers. The zero Set is empty.
type Set struct {
	spans []Span // in ascending order, with numbers between them that are not in the set
}

// setOf returns the numbers of one span.
func setOf(s Span) Set {
	if s.Empty() {
		return Set{}
	}
	return Set{spans: []Span{s}}
}

// Everything returns the set of all numbers.
func Everything() Set { return setOf(Span{}) }

// Exactly returns the set of one number.
func Exactly(x *big.Rat) Set { return Between(x, x) }

// Between returns the numbers from x to y, both included.
func Between(x, y *big.Rat) Set {
	return setOf(Span{Low: Bound{Value: x}, High: Bound{Value: y}})
}

// Outside returns the numbers that are less than x or more than y. If x and y are
// equal, these are all numbers except one.
func Outside(x, y *big.Rat) Set {
	if x.Cmp(y) > 0 {
		return Everything()
	}
	return Set{spans: append(Below(x).spans, Above(y).spans...)}
}

// Below returns the numbers that are less than x.
func Below(x *big.Rat) Set { return setOf(Span{High: Bound{Value: x, Open: true}}) }

// AtMost returns x and the numbers that are less.
func AtMost(x *big.Rat) Set { return setOf(Span{High: Bound{Value: x}}) }

// Above returns the numbers that are more than x.
func Above(x *big.Rat) Set { return setOf(Span{Low: Bound{Value: x, Open: true}}) }

// AtLeast returns x and the numbers that are more.
func AtLeast(x *big.Rat) Set { return setOf(Span{Low: Bound{Value: x}}) }

// And returns the numbers that are in both sets.
func (s Set) And(t Set) Set {
	var both Set
	for _, a := range s.spans {
		for _, b := range t.spans {
			if c := a.and(b); !c.Empty() {
				both.spans = append(both.spans, c)
			}
		}
	}
	return both
}

// Within reports whether every number of s is in t.
func (s Set) Within(t Set) bool {
	both := s.And(t)
	if len(both.spans) != len(s.spans) {
		return false
	}
	for i, a := range s.spans {
		if !a.equal(both.spans[i]) {
			return false
		}
	}
	return true
}
