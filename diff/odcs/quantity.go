package odcs

import (
	"math/big"
	"regexp"
	"strings"

	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// dimension is what a quantity measures. Only quantities of one dimension can
// be compared.
type dimension uint8

const (
	unknownUnit dimension = iota // the unit is not known
	pureNumber                   // a number without a unit
	percentage                   // in percent
	duration                     //
	instant                      // a date or a time of day
)

// quantity is the value of a service level with its unit.
type quantity struct {
	dimension
	number  *big.Rat // percent, or the seconds of a duration
	months  *big.Rat // of a duration, separate because their lengths differ
	moment  moment
	measure string // the unit, as it is written
}

var (
	amount      = regexp.MustCompile(`^([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,3})?) *([^0-9].*)?$`)
	isoDuration = regexp.MustCompile(`^P(?:([0-9.]+)Y)?(?:([0-9.]+)M)?(?:([0-9.]+)W)?(?:([0-9.]+)D)?(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?$`)
)

// isoUnits are the units of the groups of isoDuration.
var isoUnits = []string{"y", "mo", "w", "d", "h", "min", "s"}

// length is the length of a unit of time.
type length struct{ months, seconds *big.Rat }

func seconds(n, of int64) length { return length{new(big.Rat), big.NewRat(n, of)} }

func months(n int64) length { return length{big.NewRat(n, 1), new(big.Rat)} }

var lengths = map[string]length{
	"ms": seconds(1, 1000), "s": seconds(1, 1), "sec": seconds(1, 1), "second": seconds(1, 1),
	"m":           seconds(60, 1),
	"min":         seconds(60, 1),
	"minute":      seconds(60, 1),
	"h":           seconds(3600, 1),
	"hr":          seconds(3600, 1),
	"hour":        seconds(3600, 1),
	"d":           seconds(86400, 1),
	"day":         seconds(86400, 1),
	"w":           seconds(7*86400, 1),
	"wk":          seconds(7*86400, 1),
	"week":        seconds(7*86400, 1),
	"mo":          months(1),
	"mon":         months(1),
	"month":       months(1),
	"y":           months(12),
	"yr":          months(12),
	"year":        months(12),
	"millisecond": seconds(1, 1000),
}

// quantityOf reads a value such as 99.9 %, 4 with the unit h, PT4H or
// 2027-03-31.
func quantityOf(value *tree.Node, unit string) quantity {
	text := strings.TrimSpace(raw(value))
	if q, ok := isoDurationOf(text); ok {
		return q
	}
	if m := momentOf(text); m.form != "" {
		return quantity{dimension: instant, moment: m}
	}
	m := amount.FindStringSubmatch(text)
	if m == nil {
		return quantity{measure: unit}
	}
	number, ok := exact.Rational(m[1])
	if !ok {
		return quantity{measure: unit}
	}
	if m[2] != "" {
		unit = strings.TrimSpace(m[2] + " " + unit)
	}
	return quantityIn(number, unit)
}

func quantityIn(number *big.Rat, unit string) quantity {
	q := quantity{number: number, measure: strings.ToLower(unit)}
	if unit == "M" { // ISO 8601; m are minutes
		q.measure = "mo"
	}
	switch q.measure {
	case "":
		q.dimension = pureNumber
		return q
	case "%", "percent", "pct", "percentage":
		q.dimension = percentage
		return q
	}
	of, ok := lengths[q.measure]
	if !ok {
		of, ok = lengths[strings.TrimSuffix(q.measure, "s")]
	}
	if ok {
		q.dimension, q.months, q.number = duration, new(big.Rat).Mul(number, of.months),
			new(big.Rat).Mul(number, of.seconds)
	}
	return q
}

func isoDurationOf(text string) (quantity, bool) {
	m := isoDuration.FindStringSubmatch(text)
	if m == nil || strings.HasSuffix(text, "P") || strings.HasSuffix(text, "T") {
		return quantity{}, false
	}
	q := quantity{dimension: duration, number: new(big.Rat), months: new(big.Rat)}
	for i, unit := range isoUnits {
		if m[i+1] == "" {
			continue
		}
		number, ok := exact.Rational(m[i+1])
		if !ok {
			return quantity{}, false
		}
		part := quantityIn(number, unit)
		q.number.Add(q.number, part.number)
		q.months.Add(q.months, part.months)
	}
	return q, true
}

// compare returns a negative order if q is less than r, and a positive one if
// it is more. It reports whether the two can be compared.
func (q quantity) compare(r quantity) (order int, comparable bool) {
	switch {
	case q.dimension != r.dimension:
		return 0, false
	case q.dimension == instant:
		return strings.Compare(q.moment.text, r.moment.text), q.moment.form == r.moment.form
	case q.number == nil || r.number == nil:
		return 0, false
	case q.dimension == duration:
		return q.compareDuration(r)
	}
	return q.number.Cmp(r.number), q.measure == r.measure || q.dimension == percentage
}

// compareDuration compares months with months, and with other units by the
// shortest and the longest month.
func (q quantity) compareDuration(r quantity) (order int, comparable bool) {
	a, b := q.months.Cmp(r.months), q.number.Cmp(r.number)
	switch {
	case a == b, b == 0:
		return a, true
	case a == 0:
		return b, true
	case q.longest().Cmp(r.shortest()) < 0:
		return -1, true
	case q.shortest().Cmp(r.longest()) > 0:
		return 1, true
	}
	return 0, false
}

func (q quantity) shortest() *big.Rat { return q.inSeconds(28) }
func (q quantity) longest() *big.Rat  { return q.inSeconds(31) }

func (q quantity) inSeconds(daysPerMonth int64) *big.Rat {
	sum := new(big.Rat).Mul(q.months, big.NewRat(daysPerMonth*86400, 1))
	return sum.Add(sum, q.number)
}
