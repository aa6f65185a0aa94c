// Package exact calculates with the numbers that contracts restrict values by:
// decimal numbers of any length, the ends of ranges, and sets of numbers.
// Nothing is rounded.
//
// Contracts come from strangers, so the size of a number is bounded before
// anything is computed with it. The package knows neither documents nor
// keywords. The formats that compare numbers call it.
package exact

import (
	"math/big"
	"strconv"
	"strings"
)

// mostDigits bounds the length and the exponent of a number. The exponents of
// 64 bits of floating point have three digits.
const mostDigits = 400

// Rational returns the value of a decimal number such as -1.5e3. It reports
// false for other texts, and for numbers that are too large to calculate with.
func Rational(text string) (*big.Rat, bool) {
	if len(text) > mostDigits || strings.Trim(text, "0123456789+-.eE") != "" {
		return nil, false
	}
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		exponent, err := strconv.Atoi(text[at+1:])
		if err != nil || exponent > mostDigits || exponent < -mostDigits {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

// mostBits bounds a common multiple, since a product of many numbers can be
// long where none of them is.
const mostBits = 8_000

// CommonMultiple returns the least number that is a multiple of both. A nil
// number asks for nothing, so that the other one is returned. If m has become
// too long to calculate with, n is returned.
func CommonMultiple(m, n *big.Rat) *big.Rat {
	if m == nil || m.Num().BitLen()+m.Denom().BitLen() > mostBits {
		return n
	}
	if n == nil {
		return m
	}
	// Of a/b and c/d in lowest terms, it is the least common multiple of a and c
	// over the greatest common divisor of b and d.
	a, b, c, d := m.Num(), m.Denom(), n.Num(), n.Denom()
	least := new(big.Int).Mul(a, c)
	least.Quo(least, new(big.Int).GCD(nil, nil, a, c))
	return new(big.Rat).SetFrac(least, new(big.Int).GCD(nil, nil, b, d))
}

// IsMultiple reports whether x is a multiple of step, which is not zero.
func IsMultiple(x, step *big.Rat) bool {
	return new(big.Rat).Quo(x, step).IsInt()
}
