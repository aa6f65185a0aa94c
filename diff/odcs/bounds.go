package odcs

import (
	"cmp"
	"math/big"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// options is the member that holds what values of the type are allowed.
const options = "logicalTypeOptions"

var maxLengthRelaxed = &diff.Rule{
	ID: "odcs/max-length-relaxed", Title: "texts may be longer now", Receives: diff.Breaking,
	Doc: `
A longer text does not fit the column or the field that a reader made for it: the
load fails, or the text is cut off. Let readers widen theirs first.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, logicalType: string, logicalTypeOptions: {maxLength: 80}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, logicalType: string, logicalTypeOptions: {maxLength: 200}}
-- want --
new.yaml:7:64: breaking: schema orders › note: maxLength changed from 80 to 200 [odcs/max-length-relaxed] (was old.yaml:7)
`,
}

// ends are the bounds that the standard has: the members, the sign of the end,
// and the rule where a wider bound does more than give readers other values.
var ends = []struct {
	member, exclusive string
	sign              int // 1 for an upper end, -1 for a lower one
	relaxed           *diff.Rule
}{
	{"minimum", "exclusiveMinimum", -1, nil},
	{"maximum", "exclusiveMaximum", 1, nil},
	{"minLength", "", -1, nil},
	{"maxLength", "", 1, maxLengthRelaxed},
	{"minItems", "", -1, nil},
	{"maxItems", "", 1, nil},
	{"minProperties", "", -1, nil},
	{"maxProperties", "", 1, nil},
}

var constraintTightened = &diff.Rule{
	ID: "odcs/constraint-tightened", Title: "constraint tightened", Sends: diff.Breaking,
	Doc: `
Data that was right before no longer satisfies the contract. Clean the data first.
Whoever reads gets less than it was ready for, which hurts nobody.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {minLength: 5}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {minLength: 10}}
-- want --
new.yaml:7:63: breaking: schema orders › ref: minLength changed from 5 to 10 [odcs/constraint-tightened] (was old.yaml:7)
`,
}

var constraintRelaxed = &diff.Rule{
	ID: "odcs/constraint-relaxed", Title: "constraint relaxed", Receives: diff.Risky,
	Doc: `
Readers may get values that could not be there before: a negative number, a later
date, a shorter text. Programs that rely on the old limit, for a type that just
fits or a check of their own, fail on them. Announce it, then relax it.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {minimum: 1}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {minimum: 0}}
-- want --
new.yaml:7:69: risky: schema orders › quantity: minimum changed from 1 to 0 [odcs/constraint-relaxed] (was old.yaml:7)
`,
}

var constraintIncomparable = &diff.Rule{
	ID: "odcs/constraint-incomparable", Title: "constraint changed beyond comparison", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The limits are no numbers, and no dates of one form and time zone, so that neither
can be said to allow more. Write dates as ISO 8601, 2027-03-31, and times with the
same zone before and after.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: day, logicalType: date, logicalTypeOptions: {minimum: opening day}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: day, logicalType: date, logicalTypeOptions: {minimum: "2024-01-01"}}
-- want --
new.yaml:7:61: risky: schema orders › day: minimum changed from opening day to 2024-01-01 [odcs/constraint-incomparable] (was old.yaml:7)
`,
}

var minItemsDropped = &diff.Rule{
	ID: "odcs/min-items-dropped", Title: "list may be empty now", Receives: diff.Breaking,
	Doc: `
Readers that take the first element fail when there is none. Keep at least one
element, or let readers learn to do without first.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: lines, logicalType: array, logicalTypeOptions: {minItems: 1}, items: {logicalType: string}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: lines, logicalType: array, items: {logicalType: string}}
-- want --
new.yaml:7:23: breaking: schema orders › lines: minItems changed from 1 to none [odcs/min-items-dropped] (was old.yaml:7)
`,
}

// bounds compares what bounds the values, their lengths and their numbers.
func (w *walk) bounds(e element) {
	if same(e.old, e.new, options) {
		return
	}
	for _, end := range ends {
		o, n := boundOf(e.old, end.member, end.exclusive, end.sign), boundOf(e.new, end.member, end.exclusive, end.sign)
		tighter, comparable := tightened(o, n, end.sign)
		rule := constraintTightened
		switch {
		case comparable && tighter == 0:
			continue
		case !comparable:
			rule = constraintIncomparable
		case tighter < 0 && end.relaxed != nil:
			rule = end.relaxed
		case tighter < 0 && end.member == "minItems" && n.absent:
			rule = minItemsDropped
		case tighter < 0:
			rule = constraintRelaxed
		}
		w.bound(e, rule, end.member, o, n)
	}
	w.multiples(e)
	w.uniqueItems(e)
	w.requiredMembers(e)
}

// bound reports an end that is another, at the member that states it.
func (w *walk) bound(e element, rule *diff.Rule, what string, o, n bound) {
	path := []string{options, cmp.Or(n.member, o.member)}
	w.add(e.place, rule, found{
		old: origin(e.old, []string{options, cmp.Or(o.member, n.member)}), new: spot(e.old, e.new, path),
		before: diff.HashOf(what, o.text), after: diff.HashOf(what, n.text), message: what + " changed from " + shortened(o.text) + " to " + shortened(n.text),
	})
}

// constraint reports a member of the options.
func (w *walk) constraint(e element, rule *diff.Rule, message, member string) {
	w.member(e.place, rule, message, e.old, e.new, options, member)
}

// bound is one end of a range.
type bound struct {
	absent    bool
	value     *big.Rat // of a number
	moment    moment   // of a date or time
	exclusive bool
	member    string // that states it
	text      string
}

// boundOf reads an end. Up to 3.0 the exclusive one could be a flag beside the
// other; between integers nothing lies, so > 0 is ≥ 1.
func boundOf(e *tree.Node, member, exclusive string, sign int) bound {
	with, without := get(e, options, member), get(e, options, exclusive)
	b := readBound(with, member, without.True())
	if x := readBound(without, exclusive, true); without != nil && !without.Is(tree.Bool) {
		if tighter, comparable := tightened(b, x, sign); !comparable || tighter > 0 {
			b = x
		}
	}
	switch {
	case b.value != nil && exclusive == "" && sign < 0 && b.value.Sign() <= 0:
		return bound{absent: true, text: "none", member: b.member}
	case b.value != nil && b.exclusive && b.value.IsInt() && get(e, "logicalType").Str() == "integer":
		b.value, b.exclusive = new(big.Rat).Sub(b.value, big.NewRat(int64(sign), 1)), false
	}
	return b
}

func readBound(n *tree.Node, member string, exclusive bool) bound {
	if n == nil {
		return bound{absent: true, text: "none"}
	}
	b := bound{exclusive: exclusive, member: member, text: raw(n)}
	if exclusive {
		b.text += " (exclusive)"
	}
	b.value, _ = rational(n.Text)
	b.moment = momentOf(n.Text)
	return b
}

// tightened is 1 if the new end allows less than the old, -1 if more, 0 if the
// same, as far as the two can be compared.
func tightened(o, n bound, sign int) (tighter int, comparable bool) {
	switch {
	case o.absent && n.absent:
		return 0, true
	case o.absent:
		return 1, true
	case n.absent:
		return -1, true
	case o.value != nil && n.value != nil:
		tighter = o.value.Cmp(n.value) * sign
	case o.moment.form != "" && o.moment.form == n.moment.form:
		tighter = strings.Compare(o.moment.text, n.moment.text) * sign
	default:
		return 0, o.text == n.text
	}
	switch {
	case tighter != 0 || o.exclusive == n.exclusive:
	case n.exclusive:
		tighter = 1
	default:
		tighter = -1
	}
	return tighter, true
}

var multipleChanged = &diff.Rule{
	ID: "odcs/multiple-changed", Title: "multipleOf changed to another step", Sends: diff.Breaking, Receives: diff.Risky,
	Doc: `
Neither step is a multiple of the other: values that were right are not any more,
and readers get values between the steps that they knew.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {multipleOf: 4}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {multipleOf: 6}}
-- want --
new.yaml:7:69: breaking: schema orders › quantity: multipleOf changed from 4 to 6 [odcs/multiple-changed] (was old.yaml:7)
`,
}

// multiples compares multipleOf: a multiple of the old allows less.
func (w *walk) multiples(e element) {
	o, n := get(e.old, options, "multipleOf"), get(e.new, options, "multipleOf")
	a, aok := rational(raw(o))
	b, bok := rational(raw(n))
	aok, bok = aok && a.Sign() > 0, bok && b.Sign() > 0
	rule := multipleChanged
	switch {
	case !aok && !bok, aok && bok && a.Cmp(b) == 0:
		return
	case !aok, bok && new(big.Rat).Quo(b, a).IsInt():
		rule = constraintTightened
	case !bok, new(big.Rat).Quo(a, b).IsInt():
		rule = constraintRelaxed
	}
	w.constraint(e, rule, changed("multipleOf", o, n), "multipleOf")
}
