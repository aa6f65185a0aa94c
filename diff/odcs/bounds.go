package odcs

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// options is the member that holds what values of the type are allowed.
const options = "logicalTypeOptions"

// ends are the bounds that the standard has: the members, the sign of the end,
// and the rule where a wider bound does more than give readers other values.
var ends = []struct {
	member, exclusive string
	sign              int // 1 for an upper end, -1 for a lower one
	relaxed           string
}{
	{"minimum", "exclusiveMinimum", -1, ""},
	{"maximum", "exclusiveMaximum", 1, ""},
	{"minLength", "", -1, ""},
	{"maxLength", "", 1, "odcs/max-length-relaxed"},
	{"minItems", "", -1, ""},
	{"maxItems", "", 1, ""},
	{"minProperties", "", -1, ""},
	{"maxProperties", "", 1, ""},
}

// bounds compares what bounds the values, their lengths and their numbers.
func (w *walk) bounds(e element) {
	if same(e.old, e.new, options) {
		return
	}
	for _, end := range ends {
		o, n := boundOf(e.old, end.member, end.exclusive, end.sign), boundOf(e.new, end.member, end.exclusive, end.sign)
		tighter, comparable := tightened(o, n, end.sign)
		rule := "odcs/constraint-tightened"
		switch {
		case comparable && tighter == 0:
			continue
		case !comparable:
			rule = "odcs/constraint-incomparable"
		case tighter < 0 && end.relaxed != "":
			rule = end.relaxed
		case tighter < 0 && end.member == "minItems" && n.absent:
			rule = "odcs/min-items-dropped"
		case tighter < 0:
			rule = "odcs/constraint-relaxed"
		}
		w.bound(e, rule, end.member, o, n)
	}
	w.multiples(e)
	w.uniqueItems(e)
	w.requiredMembers(e)
}

// bound reports an end that is another, at the member that states it.
func (w *walk) bound(e element, rule, what string, o, n bound) {
	path := []string{options, cmp.Or(n.member, o.member)}
	w.add(e.place, rule, found{
		old: origin(e.old, []string{options, cmp.Or(o.member, n.member)}), new: spot(e.old, e.new, path),
		before: diff.HashOf(what, o.text), after: diff.HashOf(what, n.text), message: what + " changed from " + shortened(o.text) + " to " + shortened(n.text),
	})
}

// constraint reports a member of the options.
func (w *walk) constraint(e element, rule, message, member string) {
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

// multiples compares multipleOf: a multiple of the old allows less.
func (w *walk) multiples(e element) {
	o, n := get(e.old, options, "multipleOf"), get(e.new, options, "multipleOf")
	a, aok := rational(raw(o))
	b, bok := rational(raw(n))
	aok, bok = aok && a.Sign() > 0, bok && b.Sign() > 0
	rule := "odcs/multiple-changed"
	switch {
	case !aok && !bok, aok && bok && a.Cmp(b) == 0:
		return
	case !aok, bok && new(big.Rat).Quo(b, a).IsInt():
		rule = "odcs/constraint-tightened"
	case !bok, new(big.Rat).Quo(a, b).IsInt():
		rule = "odcs/constraint-relaxed"
	}
	w.constraint(e, rule, changed("multipleOf", o, n), "multipleOf")
}

func (w *walk) uniqueItems(e element) {
	switch o, n := get(e.old, options, "uniqueItems").True(), get(e.new, options, "uniqueItems").True(); {
	case o && !n:
		w.constraint(e, "odcs/unique-items-relaxed", "items may repeat now", "uniqueItems")
	case n && !o:
		w.constraint(e, "odcs/constraint-tightened", "items may no longer repeat", "uniqueItems")
	}
}

// requiredMembers compares which members an object always has.
func (w *walk) requiredMembers(e element) {
	o, n := textsOf(get(e.old, options, "required")), textsOf(get(e.new, options, "required"))
	if gone := without(o, n); len(gone) > 0 {
		w.constraint(e, "odcs/required-member-relaxed", "members that may be absent now: "+shortened(strings.Join(gone, ", ")), "required")
	}
	if more := without(n, o); len(more) > 0 {
		w.constraint(e, "odcs/constraint-tightened", "members that may no longer be absent: "+shortened(strings.Join(more, ", ")), "required")
	}
}

// without returns the texts of a that b has not.
func without(a, b []string) []string {
	in := map[string]bool{}
	for _, s := range b {
		in[s] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return in[s] })
}

func textsOf(list *tree.Node) []string {
	var all []string
	for e := range list.Children() {
		all = append(all, e.Text)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
