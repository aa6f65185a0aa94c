package odcs

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// mostDigits bounds the numbers that are computed with.
const mostDigits = 400

// rational is the exact value of a number that is not too large to write down.
func rational(text string) (*big.Rat, bool) {
	if f, err := strconv.ParseFloat(text, 64); len(text) > mostDigits || err != nil || math.IsInf(f, 0) || math.Abs(f) < 1e-300 && strings.ContainsAny(text, "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

var (
	digit      = regexp.MustCompile(`[0-9]`)
	momentForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})?([Tt ]?\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?([Zz]|[+-]\d{2}:\d{2})?$`)
)

// moment is a date or a time of ISO 8601. Two of one form, which holds the time
// zone, are in the order of their texts.
type moment struct{ text, form string }

func momentOf(text string) moment {
	m := momentForm.FindStringSubmatch(text)
	if m == nil || m[1]+m[2] == "" {
		return moment{}
	}
	day, clock, zone := m[1], strings.TrimLeft(m[2], "Tt "), strings.ToUpper(m[3])
	if zone == "Z" {
		zone = "+00:00"
	}
	stamp := strings.TrimSpace(day + " " + clock)
	return moment{text: stamp, form: digit.ReplaceAllString(stamp, "0") + zone}
}
