package exact

import "math/big"

// End is one of the two ends of a range. Its value is the sign of the direction
// in which the range grows there.
type End int

// Below a lower end and above an upper end lie the numbers outside the range.
const (
	Lower End = -1
	Upper End = 1
)

// Bound is where a range ends. Without a value, the range has no end there.
type Bound struct {
	Value *big.Rat
	Open  bool // the range does not contain the value itself
}

// Tightened compares two bounds at the same end of a range. It is positive if
// the new bound allows less than the old one, negative if it allows more.
func (e End) Tightened(old, new Bound) int {
	switch {
	case old.Value == nil && new.Value == nil:
		return 0
	case old.Value == nil:
		return 1
	case new.Value == nil:
		return -1
	}
	return e.TightenedBy(old.Value.Cmp(new.Value), old.Open, new.Open)
}

// TightenedBy is Tightened for values that are not numbers, such as dates. Order
// says how the old value compares with the new one: it is negative if the old
// value is less, and positive if it is more.
func (e End) TightenedBy(order int, oldOpen, newOpen bool) int {
	switch {
	case order != 0 || oldOpen == newOpen:
		return order * int(e)
	case newOpen:
		return 1
	}
	return -1
}

// Admits reports whether a number is on the right side of the bound.
func (e End) Admits(b Bound, x *big.Rat) bool {
	if b.Value == nil {
		return true
	}
	order := x.Cmp(b.Value) * int(e)
	return order < 0 || order == 0 && !b.Open
}

// Multiple moves a bound inwards to the nearest multiple of a positive step that
// it admits. Both bounds admit the same multiples of the step.
func (e End) Multiple(b Bound, step *big.Rat) Bound {
	if b.Value == nil {
		return b
	}
	steps := new(big.Rat).Quo(b.Value, step)
	whole := new(big.Rat).SetInt(new(big.Int).Quo(steps.Num(), steps.Denom())) // towards zero
	if order := whole.Cmp(steps) * int(e); order > 0 || order == 0 && b.Open {
		whole.Sub(whole, big.NewRat(int64(e), 1))
	}
	return Bound{Value: whole.Mul(whole, step)}
}
