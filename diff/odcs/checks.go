package odcs

import (
	"math/big"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// qualityCheck is a check of the data, in a form that can be compared: a rule
// of version 3.0 is the metric that it became, and operators are a set of
// numbers.
type qualityCheck struct {
	node     *tree.Node
	kind     string
	metric   string
	unit     string
	accepts  exact.Set
	numeric  bool     // the operators compare numbers
	operator string   // identifies the operators if they do not compare numbers
	valid    []string // the path of the list of valid values
}

// metrics are the present names of rules of the standard's version 3.0.
var metrics = map[string]string{
	"duplicateCount": "duplicateValues",
	"validValues":    "invalidValues",
	"nullCount":      "nullValues",
}

func checkOf(n *tree.Node) qualityCheck {
	c := qualityCheck{
		node:  n,
		kind:  get(n, "type").Str(),
		unit:  get(n, "unit").Str(),
		valid: []string{"arguments", "validValues"},
	}
	rule := get(n, "rule").Str()
	c.metric = get(n, "metric").Str()
	if c.metric == "" {
		c.metric = rule
		if name := metrics[rule]; name != "" {
			c.metric = name
		}
	}
	if c.kind == "" {
		c.kind = "library"
	}
	if c.unit == "" && c.kind == "library" {
		c.unit = "rows"
	}
	if n.Get("validValues") != nil {
		c.valid = []string{"validValues"}
	}
	if !c.operators() && rule == "validValues" {
		c.accepts = exact.Exactly(new(big.Rat)) // the rule allows no other values
	}
	return c
}

// operators reads the results that the check accepts, and reports whether the
// check states any. A metric counts, so it is never below zero.
func (c *qualityCheck) operators() (stated bool) {
	c.accepts, c.numeric = exact.Everything(), true
	if c.kind == "library" {
		c.accepts = exact.AtLeast(new(big.Rat))
	}
	for _, operator := range operators {
		n := get(c.node, operator.name)
		if n == nil {
			continue
		}
		stated = true
		set, ok := operator.accepts(n)
		c.numeric = c.numeric && ok
		c.accepts = c.accepts.And(set)
		c.operator += operator.name + digestText(n)
	}
	return stated
}

// signature identifies a check that has no name.
func signature(n *tree.Node) string {
	c := checkOf(n)
	return c.kind + "\x00" + c.metric
}

// counts reports whether two checks measure the same thing.
func (c qualityCheck) counts(d qualityCheck) bool {
	return c.kind == d.kind && c.metric == d.metric && c.unit == d.unit && c.numeric == d.numeric &&
		!slices.ContainsFunc(c.defining(), func(member string) bool {
			return !same(c.node, d.node, member)
		}) &&
		slices.Equal(c.arguments(), d.arguments())
}

// defining are the members that say what the check measures. A check in words
// is defined by its description.
func (c qualityCheck) defining() []string {
	if c.kind == "text" {
		return []string{"description"}
	}
	return []string{"query", "engine", "implementation", "method"}
}

// arguments are the arguments of the metric except the valid values.
func (c qualityCheck) arguments() []string {
	var all []string
	for m := range get(c.node, "arguments").Children() {
		if m.Key != "validValues" {
			all = append(all, m.Key+digestText(m))
		}
	}
	slices.Sort(all)
	return all
}

// severities are sorted from mild to severe. A check without one counts as
// info.
var severities = []string{"info", "warning", "error", "critical"}

// severity ranks the check's severity. It returns -1 for an unknown word.
func (c qualityCheck) severity() int {
	if s := get(c.node, "severity"); s != nil {
		return slices.Index(severities, strings.ToLower(raw(s)))
	}
	return 0
}

// gates reports whether data that fails the check is held back.
func (c qualityCheck) gates() bool { return c.severity() >= 2 }
