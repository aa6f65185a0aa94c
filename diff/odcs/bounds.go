package odcs

import (
	"cmp"
	"math/big"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
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

// ends are the bounds that the standard has: the members, the end of the range,
// and the rule where a wider bound does more than give readers other values.
var ends = []struct {
	member, exclusive string
	end               exact.End
	relaxed           *diff.Rule
}{
	{"minimum", "exclusiveMinimum", exact.Lower, nil},
	{"maximum", "exclusiveMaximum", exact.Upper, nil},
	{"minLength", "", exact.Lower, nil},
	{"maxLength", "", exact.Upper, maxLengthRelaxed},
	{"minItems", "", exact.Lower, nil},
	{"maxItems", "", exact.Upper, nil},
	{"minProperties", "", exact.Lower, nil},
	{"maxProperties", "", exact.Upper, nil},
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
	ID:       "odcs/constraint-incomparable",
	Title:    "constraint changed beyond comparison",
	Sends:    diff.Risky,
	Receives: diff.Risky,
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
	for _, x := range ends {
		o, n := boundOf(e.old, x.member, x.exclusive, x.end), boundOf(e.new, x.member, x.exclusive, x.end)
		tighter, comparable := tightened(o, n, x.end)
		rule := constraintTightened
		switch {
		case comparable && tighter == 0:
			continue
		case !comparable:
			rule = constraintIncomparable
		case tighter < 0 && x.relaxed != nil:
			rule = x.relaxed
		case tighter < 0 && x.member == "minItems" && n.absent:
			rule = minItemsDropped
		case tighter < 0:
			rule = constraintRelaxed
		}
		w.bound(e, rule, x.member, o, n)
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
		before:  diff.HashOf(what, o.text),
		after:   diff.HashOf(what, n.text),
		message: what + " changed from " + shortened(o.text) + " to " + shortened(n.text),
	})
}

// constraint reports a member of the options.
func (w *walk) constraint(e element, rule *diff.Rule, message, member string) {
	w.member(e.place, rule, message, e.old, e.new, options, member)
}

// bound is one end of a range.
type bound struct {
	exact.Bound        // its value is that of a number
	moment      moment // of a date or time
	absent      bool
	member      string // that states it
	text        string
}

// boundOf reads an end. Up to 3.0 the exclusive one could be a flag beside the
// other. Nothing lies between two integers: > 0 is ≥ 1.
func boundOf(e *tree.Node, member, exclusive string, end exact.End) bound {
	with, without := get(e, options, member), get(e, options, exclusive)
	b := readBound(with, member, without.True())
	if x := readBound(without, exclusive, true); without != nil && !without.Is(tree.Bool) {
		if tighter, comparable := tightened(b, x, end); !comparable || tighter > 0 {
			b = x
		}
	}
	switch {
	case b.Value != nil && exclusive == "" && end == exact.Lower && b.Value.Sign() <= 0:
		return bound{absent: true, text: "none", member: b.member}
	case b.Value != nil && b.Open && b.Value.IsInt() && get(e, "logicalType").Str() == "integer":
		b.Bound = end.Multiple(b.Bound, big.NewRat(1, 1))
	}
	return b
}

func readBound(n *tree.Node, member string, exclusive bool) bound {
	if n == nil {
		return bound{absent: true, text: "none"}
	}
	b := bound{Bound: exact.Bound{Open: exclusive}, member: member, text: raw(n)}
	if exclusive {
		b.text += " (exclusive)"
	}
	b.Value, _ = exact.Rational(n.Text)
	b.moment = momentOf(n.Text)
	return b
}

// tightened is 1 if the new end allows less than the old, -1 if more, 0 if the
// same, as far as the two can be compared.
func tightened(o, n bound, end exact.End) (tighter int, comparable bool) {
	switch {
	case o.absent && n.absent:
		return 0, true
	case o.absent:
		return 1, true
	case n.absent:
		return -1, true
	case o.Value != nil && n.Value != nil:
		return end.Tightened(o.Bound, n.Bound), true
	case o.moment.form != "" && o.moment.form == n.moment.form:
		return end.TightenedBy(strings.Compare(o.moment.text, n.moment.text), o.Open, n.Open), true
	}
	return 0, o.text == n.text
}

var multipleChanged = &diff.Rule{
	ID:       "odcs/multiple-changed",
	Title:    "multipleOf changed to another step",
	Sends:    diff.Breaking,
	Receives: diff.Risky,
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
	a, aok := exact.Rational(raw(o))
	b, bok := exact.Rational(raw(n))
	aok, bok = aok && a.Sign() > 0, bok && b.Sign() > 0
	rule := multipleChanged
	switch {
	case !aok && !bok, aok && bok && a.Cmp(b) == 0:
		return
	case !aok, bok && exact.IsMultiple(b, a):
		rule = constraintTightened
	case !bok, exact.IsMultiple(a, b):
		rule = constraintRelaxed
	}
	w.constraint(e, rule, changed("multipleOf", o, n), "multipleOf")
}
