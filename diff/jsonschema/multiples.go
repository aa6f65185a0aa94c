package jsonschema

import (
	"math/big"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// A number must be a multiple of every multipleOf, and so of their least common
// multiple; an integer is a multiple of 1.

var one = big.NewRat(1, 1)

// multiple returns what all numbers of the schema are multiples of, nil if there
// is no such demand.
func (e *effective) multiple() *big.Rat {
	var m *big.Rat
	if e.kinds&fraction == 0 {
		m = one
	}
	for k := range e.each("multipleOf") {
		if v, ok := rational(k); ok && v.Sign() > 0 {
			m = exact.CommonMultiple(m, v)
		}
	}
	return m
}

// isMultiple reports whether m is a multiple of n. A nil m stands for every
// number, and a nil n allows every number.
func isMultiple(m, n *big.Rat) bool {
	return n == nil || m != nil && exact.IsMultiple(m, n)
}

// wholeKinds are the kinds of a schema, without fractions if its numbers are
// multiples of an integer.
func (e *effective) wholeKinds() kinds {
	if m := e.multiple(); m != nil && m.IsInt() {
		return e.kinds &^ fraction
	}
	return e.kinds
}

var multipleNarrowed = &diff.Rule{
	ID: "schema/multiple-narrowed", Title: "multipleOf allows less", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-multiple-of-{changed,set}@sends", "oasdiff:request-parameter-multiple-of-set@sends",
		"oasdiff:response-{body,property,header}-multiple-of-set@receives", "oasdiff:response-{body,property}-multiple-of-specialized@receives",
		"confluent:MULTIPLE_OF_EXPANDED",
	},
	Doc: `
Numbers that were accepted are refused because they are no multiple any more.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.01}}}
-- new.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.05}}}
-- want --
new.json:1:17: breaking: schema › price: multipleOf changed from 0.01 to 0.05 [schema/multiple-narrowed] (was old.json:1)
    for example 0.01: accepted by the old revision, refused by the new
`,
}

var multipleWidened = &diff.Rule{
	ID: "schema/multiple-widened", Title: "multipleOf allows more", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter}-multiple-of-unset@sends", "oasdiff:request-{body,property}-multiple-of-generalized@sends",
		"oasdiff:response-{body,property}-multiple-of-changed@receives", "oasdiff:response-{body,property,header}-multiple-of-unset@receives",
		"confluent:MULTIPLE_OF_REDUCED",
	},
	Doc: `
Consumers may receive numbers finer than they were promised.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.01}}}
-- new.json --
{"properties": {"price": {"type": "number", "multipleOf": 0.001}}}
-- want --
new.json:1:17: breaking: schema › price: multipleOf changed from 0.01 to 0.001 [schema/multiple-widened] (was old.json:1)
    for example 0.001: accepted by the new revision, refused by the old
`,
}

// compareMultiples compares what numbers are multiples of.
func (w *walk) compareMultiples() {
	a, b := w.old.multiple(), w.new.multiple()
	o, n := w.old.multipleBeyond(w.new), w.new.multipleBeyond(w.old)
	was, is := w.old.multipleText(a), w.new.multipleText(b)
	report := func(rule *diff.Rule) {
		w.report(rule, w.at(o, n), diff.HashOf(was), diff.HashOf(is), "multipleOf changed from "+was+" to "+is, was, is)
	}
	if !isMultiple(a, b) && !w.new.saysWhole(b) && !w.old.lists(multiplesOf(b)) {
		report(multipleNarrowed)
	}
	if !isMultiple(b, a) && !w.old.saysWhole(a) && !w.new.lists(multiplesOf(a)) {
		report(multipleWidened)
	}
}

// saysWhole reports whether the type says that the numbers are multiples of m.
func (e *effective) saysWhole(m *big.Rat) bool { return e.kinds&fraction == 0 && m.Cmp(one) == 0 }

// multiplesOf tells the multiples of m among values, and what is no number.
func multiplesOf(m *big.Rat) func(v *tree.Node) bool {
	return func(v *tree.Node) bool {
		r, ok := rational(v)
		return !ok || isMultiple(r, m)
	}
}

// multipleBeyond returns the multipleOf that the other schema does not have, or
// else the first.
func (e *effective) multipleBeyond(other *effective) *tree.Node {
	known := map[uint64]bool{}
	for k := range other.each("multipleOf") {
		known[k.Hash()] = true
	}
	for k := range e.each("multipleOf") {
		if !known[k.Hash()] {
			return k
		}
	}
	return e.first("multipleOf")
}

// multipleText is what people read of the multiple of a schema: the keyword as it
// is written, if it is one.
func (e *effective) multipleText(m *big.Rat) string {
	keyword := e.first("multipleOf")
	if m == nil {
		return text(nil) // the keyword is not there, or no number can be a multiple
	}
	if v, ok := rational(keyword); !ok || v.Cmp(m) == 0 || e.saysWhole(m) {
		return text(keyword)
	}
	return m.RatString()
}
