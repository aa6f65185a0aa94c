package tree

import (
	"strconv"
	"strings"
)

// decimal is digits × 10^exponent, without leading or trailing zeros. Numbers
// of a contract may be too large or too precise for a float64.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// mostZeros is how many zeros a canonical number may be written with. A number
// that needs more keeps its exponent, because 1e999999999 would fill the
// memory.
const mostZeros = 40

func parseDecimal(text string) (decimal, bool) {
	var d decimal
	text, d.negative = strings.CutPrefix(text, "-")
	text = strings.TrimPrefix(text, "+")
	mantissa, exponent := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], text[i+1:]
		e, err := strconv.Atoi(exponent)
		if err != nil {
			return d, false
		}
		d.exponent = e
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.digits = whole + fraction
	if d.digits == "" || strings.Trim(d.digits, "0123456789") != "" {
		return d, false
	}
	d.exponent -= len(fraction)
	trimmed := strings.TrimRight(d.digits, "0")
	d.exponent += len(d.digits) - len(trimmed)
	d.digits = strings.TrimLeft(trimmed, "0")
	if d.digits == "" {
		return decimal{digits: "0"}, true
	}
	return d, true
}

func (d decimal) String() string {
	sign := ""
	if d.negative {
		sign = "-"
	}
	n := len(d.digits)
	switch {
	case d.exponent >= 0 && d.exponent <= mostZeros:
		return sign + d.digits + strings.Repeat("0", d.exponent)
	case d.exponent < 0 && -d.exponent < n:
		return sign + d.digits[:n+d.exponent] + "." + d.digits[n+d.exponent:]
	case d.exponent < 0 && -d.exponent <= mostZeros:
		return sign + "0." + strings.Repeat("0", -d.exponent-n) + d.digits
	default:
		return sign + d.digits + "e" + strconv.Itoa(d.exponent)
	}
}
