package openapi

import (
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// given is a place with a schema and examples: a media type, a parameter.
type given struct {
	in     *description
	holder *tree.Node
	schema *tree.Node
}

// value is what a description gives for a place, under a name.
type value struct {
	name string
	node *tree.Node
}

// named returns the value of that name.
func named(values []value, name string) *tree.Node {
	for _, v := range values {
		if v.name == name {
			return v.node
		}
	}
	return nil
}

// mostExamples bounds those of one place.
const mostExamples = 100

// values returns the examples of the place. What lies elsewhere or is serialised
// is not among them.
func (g given) values() []value {
	var all []value
	if v := g.holder.Get("example"); v != nil {
		all = append(all, value{"example", v})
	}
	for site := range g.holder.Get("examples").Children() {
		e := g.in.resolve(site)
		if v := firstOf(e.Get("dataValue"), e.Get("value")); v != nil && len(all) < mostExamples {
			all = append(all, value{"example " + site.Key, v})
		}
	}
	return all
}

// examples checks what the place gives as examples, on both sides with both
// schemas: what was shown and is refused, and what is shown and was not allowed.
func (w *walk) examples(o, n given, text bool) {
	olds, news := o.values(), n.values()
	if max(len(olds), len(news)) == mostExamples {
		w.unchecked("of the examples of one place, " + strconv.Itoa(mostExamples) + " are checked")
	}
	told := map[string]bool{}
	for _, v := range olds {
		kept := named(news, v.name)
		if w.side == diff.Sends && !w.checks.enough() && w.refused(o, n, v.node, text) {
			w.checks.outdated++
			w.shown(n, v.name, v.node, firstOf(kept, n.schema), exampleRefused, exampleOutdated)
			told[v.name] = kept != nil && kept.Hash() == v.node.Hash()
		}
	}
	for _, v := range news {
		was := named(olds, v.name)
		touched := was == nil || was.Hash() != v.node.Hash()
		if told[v.name] {
			continue
		}
		if !touched && w.checks.enough() {
			if w.side == diff.Sends {
				w.unchecked("more examples may no longer fit than are listed")
			}
			continue
		}
		problem := w.problem(n, v.node, text)
		switch {
		case problem != nil && !touched && w.problem(o, was, text) != nil:
		case problem != nil && !touched && w.broken():
			w.checks.outdated++
			w.leftBehind(was, v.node)
		case problem != nil:
			w.invalid(w.new.subject(n.holder), v, was, problem)
		case problem == nil && touched && w.side == diff.Receives && !w.schemas.Pruner.Same(o.schema, n.schema) && w.problem(o, v.node, text) != nil:
			w.shown(n, v.name, was, v.node, exampleUnexpected, nil)
		}
	}
}

// leftBehind adds the place to the one finding on examples that nobody touched and
// that a break, which is a finding of its own, has outdated.
func (w *walk) leftBehind(old, new *tree.Node) {
	w.add(found{
		rule: examplesOutdated, subject: "document", old: old, new: new,
		message: "examples no longer fit what changed: here, at the places below and perhaps at others",
	})
}

func (w *walk) invalid(subject diff.Subject, v value, was *tree.Node, problem *jsonschema.Problem) {
	w.add(found{
		rule: exampleInvalid, subject: subject, old: was, new: problem.At, message: "the " + v.name + " does not fit its schema: " + problem.Why,
		values: []string{v.name}, before: digest(was), after: digest(v.node),
	})
}

// refused reports whether a value fitted the old schema and does not fit the
// new one.
func (w *walk) refused(o, n given, value *tree.Node, text bool) bool {
	return !w.schemas.Pruner.Same(o.schema, n.schema) && w.problem(n, value, text) != nil && w.problem(o, value, text) == nil
}

// shown reports an example that breaks: by the first rule if nothing else was
// found to break here, else by the second, if there is one.
func (w *walk) shown(at given, name string, old, new *tree.Node, alone, beside *diff.Rule) {
	rule, message := alone, "the "+name+" of the earlier revision is refused now"
	if alone == exampleUnexpected {
		message = "the " + name + " was not allowed by the earlier revision"
	}
	if w.broken() {
		rule = beside
	}
	if rule != nil {
		w.add(found{rule: rule, subject: at.in.subject(at.holder), old: old, new: new, message: message, values: []string{name}, before: digest(old), after: digest(new)})
	}
}

// broken reports whether something was found that breaks here.
func (w *walk) broken() bool {
	for _, c := range w.report.Changes {
		if c.Rule.Level(w.side) < diff.Breaking {
			continue
		}
		for _, r := range c.Reaches {
			if below, ok := strings.CutPrefix(string(r.Subject), string(w.use)); ok && r.Side&w.side != 0 && (below == "" || strings.HasPrefix(below, " ") || strings.HasPrefix(below, "[") || strings.HasPrefix(below, "{")) {
				return true
			}
		}
	}
	return false
}

// checks are what all examples of a comparison share.
type checks struct {
	*jsonschema.Checker
	seen     map[*tree.Node]bool // schemas whose own examples have been checked
	gaveUp   bool
	outdated int // examples that nobody touched and that no longer fit
}

// mostOutdated bounds the examples that are listed as outdated: a change in a
// schema that everything uses outdates hundreds, and it is the cause that
// matters.
const mostOutdated = 5

func (c *checks) enough() bool { return c.outdated >= mostOutdated }

// problem returns what is wrong with a value, nil for nothing, or if that cannot
// be told.
func (w *walk) problem(g given, value *tree.Node, text bool) *jsonschema.Problem {
	if g.schema == nil || value == nil {
		return nil
	}
	problem, err := w.checks.Check(g.in.schemas, jsonschema.Use{Side: w.side, Text: text}, g.schema, value)
	if err != nil {
		w.unchecked("not every example was checked: " + err.Error())
	}
	return problem
}

// unchecked says once that not all is known of the examples.
func (w *walk) unchecked(why string) {
	if w.checks.gaveUp {
		return
	}
	w.checks.gaveUp = true
	whole := *w
	whole.use, whole.side = "document", diff.Both
	whole.add(found{rule: examplesUnchecked, new: w.new.root, message: why})
}

// schemaExamples checks what changed schemas give themselves: examples and
// defaults, against the schema they stand in. A definition may be used on both
// sides; its values have to fit on one.
func (w *walk) schemaExamples(old, new *tree.Node) {
	w.schemas.Schemas(old, new, func(o, n *tree.Node) bool {
		if w.checks.seen[n] {
			return false
		}
		w.checks.seen[n] = true
		at := *w
		at.side = diff.Both
		for _, v := range ownValues(n) {
			was := named(ownValues(o), v.name)
			touched := was == nil || was.Hash() != v.node.Hash()
			problem := at.problem(given{in: w.new, schema: n}, v.node, false)
			if problem == nil || !touched && at.problem(given{in: w.old, schema: o}, was, false) != nil {
				continue
			}
			at.use = w.new.subject(n)
			at.invalid(at.use, v, was, problem)
		}
		return true
	})
}

// ownValues returns the values that a schema gives for itself.
func ownValues(schema *tree.Node) []value {
	var all []value
	for _, keyword := range []string{"default", "example"} {
		if v := schema.Get(keyword); v != nil {
			all = append(all, value{keyword, v})
		}
	}
	if list := schema.Get("examples"); list.Is(tree.Array) {
		for i, v := 1, list.Element(0); v != nil; i, v = i+1, list.Element(i) {
			all = append(all, value{"example " + strconv.Itoa(i), v})
		}
	}
	return all
}
