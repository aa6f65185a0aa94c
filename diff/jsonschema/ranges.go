package jsonschema

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// bound is one end of a range; a nil value is no end.
type bound struct {
	value     *big.Rat
	exclusive bool
	keyword   *tree.Node
}

// extent describes one bounded quantity.
type extent struct {
	of                kinds // values that have it
	low, high         string
	lowest            *big.Rat // what every value has at least
	narrowed, widened *diff.Rule
	numeric           bool // exclusive bounds exist
	lowWord, highWord string
}

var zero = new(big.Rat)

var sizeNarrowed = &diff.Rule{
	ID: "schema/size-narrowed", Title: "bounds of a length or count narrowed", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-max-{length,items,properties}-{decreased,set}@sends",
		"oasdiff:request-{body,property,parameter}-min-{length,items,properties}-{increased,set}@sends",
		"oasdiff:response-{body,property,header}-max-{length,items,properties}-{decreased,set}@receives",
		"oasdiff:response-{body,property,header}-min-{length,items,properties}-{increased,set}@receives", "confluent:MAX_LENGTH_DECREASED",
	},
	Doc: `
Strings, arrays or objects of a size that was accepted are refused now.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"name": {"type": "string", "maxLength": 80}}}
-- new.json --
{"properties": {"name": {"type": "string", "maxLength": 40}}}
-- want --
new.json:1:17: breaking: schema › name: maximum length changed from 80 to 40 [schema/size-narrowed] (was old.json:1)
    for example "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": accepted by the old revision, refused by the new
`,
}

var sizeWidened = &diff.Rule{
	ID: "schema/size-widened", Title: "bounds of a length or count widened", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-max-{length,items,properties}-{increased,unset}@sends",
		"oasdiff:request-{body,property,parameter}-min-{length,items,properties}-{decreased,unset}@sends",
		"oasdiff:response-{body,property,header}-max-{length,items,properties}-{increased,unset}@receives",
		"oasdiff:response-{body,property,header}-min-{length,items,properties}-{decreased,unset}@receives",
	},
	Doc: `
Consumers may receive more, or less, than they were promised: a column of the old
length no longer holds it, an empty list may come where one element was sure.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"tags": {"type": "array", "minItems": 1}}}
-- new.json --
{"properties": {"tags": {"type": "array"}}}
-- want --
new.json:1:17: breaking: schema › tags: minimum number of items changed from 1 to none [schema/size-widened] (was old.json:1)
    for example []: accepted by the new revision, refused by the old
`,
}

var sizeOfArrays = extent{array, "minItems", "maxItems", zero, sizeNarrowed, sizeWidened, false, "minimum number of items", "maximum number of items"}

var rangeNarrowed = &diff.Rule{
	ID: "schema/range-narrowed", Title: "bounds of a number narrowed", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-{max,exclusive-max}-{decreased,set}@sends",
		"oasdiff:request-{body,property,parameter}-{min,exclusive-min}-{increased,set}@sends",
		"oasdiff:response-{body,property,header}-{max,exclusive-max}-{decreased,set}@receives",
		"oasdiff:response-{body,property,header}-{min,exclusive-min}-{increased,set}@receives", "confluent:MAXIMUM_DECREASED", "confluent:MINIMUM_INCREASED",
	},
	Doc: `
Numbers that were accepted are refused now. Accept the old bounds, or introduce a
new property with the new ones.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"amount": {"type": "number", "minimum": 0, "maximum": 100}}}
-- new.json --
{"properties": {"amount": {"type": "number", "minimum": 0, "maximum": 50}}}
-- want --
new.json:1:17: breaking: schema › amount: maximum changed from 100 to 50 [schema/range-narrowed] (was old.json:1)
    for example 100: accepted by the old revision, refused by the new
`,
}

var rangeWidened = &diff.Rule{
	ID: "schema/range-widened", Title: "bounds of a number widened", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-{max,exclusive-max}-{increased,unset}@sends",
		"oasdiff:request-{body,property,parameter}-{min,exclusive-min}-{decreased,unset}@sends",
		"oasdiff:response-{body,property,header}-{max,exclusive-max}-{increased,unset}@receives",
		"oasdiff:response-{body,property,header}-{min,exclusive-min}-{decreased,unset}@receives",
	},
	Doc: `
Consumers may receive numbers outside the bounds they were promised: columns and
integer types that just fitted overflow.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"amount": {"type": "integer", "minimum": 1}}}
-- new.json --
{"properties": {"amount": {"type": "integer", "minimum": 0}}}
-- want --
new.json:1:17: breaking: schema › amount: minimum changed from 1 to 0 [schema/range-widened] (was old.json:1)
    for example 0: accepted by the new revision, refused by the old
`,
}

var extents = []extent{
	{number, "minimum", "maximum", nil, rangeNarrowed, rangeWidened, true, "minimum", "maximum"},
	{textual, "minLength", "maxLength", zero, sizeNarrowed, sizeWidened, false, "minimum length", "maximum length"},
	sizeOfArrays,
	{object, "minProperties", "maxProperties", zero, sizeNarrowed, sizeWidened, false, "minimum number of properties", "maximum number of properties"},
}

func (w *walk) compareRanges() {
	for _, x := range extents {
		if !w.both(x.of) {
			continue
		}
		w.compareBound(x, x.lowWord, w.old.bound(x, x.low, -1), w.new.bound(x, x.low, -1), -1)
		w.compareBound(x, x.highWord, w.old.bound(x, x.high, 1), w.new.bound(x, x.high, 1), 1)
	}
	if w.both(number) {
		w.compareMultiples()
	}
}

// compareBound compares one end; sign is 1 for the upper end, -1 for the lower.
func (w *walk) compareBound(x extent, word string, o, n bound, sign int) {
	rule := x.narrowed
	switch tightened(o, n, sign) {
	case 0:
		return
	case -1:
		rule = x.widened
	}
	if w.soAnyway(x, rule, o, n, sign) {
		return
	}
	message := word + " changed from " + o.String() + " to " + n.String()
	w.report(rule, w.at(o.keyword, n.keyword), diff.HashOf(word, o.String()), diff.HashOf(word, n.String()), message, o.String(), n.String())
}

// tightened is 1 if n allows less than o, -1 if it allows more, 0 if the same.
func tightened(o, n bound, sign int) int {
	switch {
	case o.value == nil && n.value == nil:
		return 0
	case o.value == nil:
		return 1
	case n.value == nil:
		return -1
	}
	if c := o.value.Cmp(n.value) * sign; c != 0 || o.exclusive == n.exclusive {
		return c
	}
	if n.exclusive {
		return 1
	}
	return -1
}

// legible is how many digits are written out; of longer numbers only those that
// are significant in 64 bits of floating point.
const (
	legible     = 24
	significant = 17
)

func (b bound) String() string {
	if b.value == nil {
		return "none"
	}
	s := b.value.RatString()
	switch {
	case len(s) > legible && b.value.IsInt():
		s = new(big.Float).SetRat(b.value).Text('g', significant)
	case !b.value.IsInt():
		s = b.keyword.Text
	}
	if b.exclusive {
		s += " (exclusive)"
	}
	return s
}

// bound returns the innermost of the ends that the schema objects set; sign as
// for compareBound.
func (e *effective) bound(x extent, keyword string, sign int) bound {
	var b bound
	tighten := func(value *big.Rat, exclusive bool, at *tree.Node) {
		c := 1
		if b.value != nil {
			c = b.value.Cmp(value) * sign
		}
		if c > 0 || c == 0 && exclusive && !b.exclusive {
			b = bound{value, exclusive, at}
		}
	}
	for _, n := range e.nodes {
		k := n.Get(keyword)
		exclusive := n.Get(exclusiveOf[keyword])
		if value, ok := rational(k); ok && (x.lowest == nil || sign > 0 || value.Cmp(x.lowest) > 0) {
			tighten(value, exclusive.True(), k)
		}
		if value, ok := rational(exclusive); ok && x.numeric {
			tighten(value, true, exclusive)
		}
	}
	if x.of == array && sign > 0 {
		if position, at := e.closed(); at != nil {
			tighten(big.NewRat(int64(position), 1), false, at)
		}
	}
	// Between integers nothing lies: > 0 is ≥ 1.
	if b.value != nil && e.kinds&number == integer {
		b = b.integral(sign)
	}
	return b
}

var exclusiveOf = map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}

// integral moves an end to the next integer that is allowed.
func (b bound) integral(sign int) bound {
	whole := new(big.Int).Quo(b.value.Num(), b.value.Denom())
	v := new(big.Rat).SetInt(whole)
	step := big.NewRat(int64(-sign), 1)
	if v.Cmp(b.value)*sign > 0 || v.Cmp(b.value) == 0 && b.exclusive {
		v.Add(v, step)
	}
	return bound{v, false, b.keyword}
}

// mostDigits bounds the length and the exponent of a number that is computed with;
// what fits in 64 bits of floating point has an exponent of three digits.
const mostDigits = 400

// rational is the exact value of a number.
func rational(n *tree.Node) (*big.Rat, bool) {
	if !n.Is(tree.Number) || len(n.Text) > mostDigits {
		return nil, false
	}
	if at := strings.IndexAny(n.Text, "eE"); at >= 0 {
		if exponent, err := strconv.Atoi(n.Text[at+1:]); err != nil || exponent > mostDigits || exponent < -mostDigits {
			return nil, false
		}
	}
	return new(big.Rat).SetString(n.Text)
}
