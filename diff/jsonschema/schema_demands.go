package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff/tree"
)

// demand is a keyword that cannot be compared by its value alone, with the
// keywords that belong to it.
type demand struct {
	keyword    string
	companions []string // keywords that change its effect
	kinds      kinds    // of the values that it can refuse
}

// demands are compared by compareDemands.
var demands = []demand{
	{"not", nil, anything},
	{"if", []string{"then", "else"}, anything},
	{"contains", []string{"minContains", "maxContains"}, array},
	{"dependentSchemas", []string{"dependencies"}, object},
	{"unevaluatedItems", nil, array},
	{"unevaluatedProperties", nil, object},
	{"$dynamicRef", nil, anything},
}

// objectsWith returns the schema objects that make the demand.
func (e *effective) objectsWith(d demand) []*tree.Node {
	var all []*tree.Node
	for _, n := range e.nodes {
		if k := n.Get(d.keyword); k != nil && !e.handledElsewhere(n, k) ||
			d.keyword == "dependentSchemas" && dependsOnSchemas(n) {
			all = append(all, n)
		}
	}
	return all
}

// dependsOnSchemas reports whether dependencies, which later became two
// keywords, has a schema that does more than require properties (JSON Schema
// 2019-09 Core, section 9.2.2.4).
func dependsOnSchemas(n *tree.Node) bool {
	for d := range n.Get("dependencies").Children() {
		if !d.Is(tree.Array) && !consistsOf(d, "required") {
			return true
		}
	}
	return false
}

// handledElsewhere reports whether the effect of a keyword is already part of
// what other functions return, such as the kinds.
func (e *effective) handledElsewhere(n, k *tree.Node) bool {
	switch k.Key {
	case "not":
		_, only := e.reader.excludedKinds(k)
		return only || e.reader.negatedTwice(n) != nil || e.isList() && e.reader.excludedList(k) != nil
	case "unevaluatedItems", "unevaluatedProperties":
		return trivial(k) || n == e.sites[0] && e.evaluationKnown()
	case "$dynamicRef":
		return e.reader.reference(n) == k
	case "contains":
		return count(n.Get("minContains"), 1) == 0 && n.Get("maxContains") == nil
	case "if":
		return conditionOf(n) != nil
	case "dependentSchemas":
		return !slices.ContainsFunc(slices.Collect(k.Children()), func(d *tree.Node) bool {
			return !consistsOf(d, "required")
		})
	}
	return false
}

// demandKeywords returns the keywords of the objects that take part in the
// demand.
func demandKeywords(d demand, objects []*tree.Node) []*tree.Node {
	var all []*tree.Node
	for _, n := range objects {
		for _, keyword := range append([]string{d.keyword}, d.companions...) {
			if k := n.Get(keyword); k != nil {
				all = append(all, k)
			}
		}
	}
	return all
}

// mostInner bounds the schemas within keywords for which values are made up.
const mostInner = 16

// innerSchemas returns the schemas within the keywords of a schema that
// consists of some keywords only. It returns none for other schemas.
func (e *effective) innerSchemas() []*effective {
	var all []*effective
	add := func(n *tree.Node) {
		if len(all) < mostInner && (n.Is(tree.Object) || n.Is(tree.Bool)) {
			all = append(all, e.reader.effective(n, n))
		}
	}
	for _, keyword := range e.keywords {
		k := e.sites[0].Get(keyword)
		if slices.Contains(schemaKeywords, keyword) {
			add(k)
			continue
		}
		for c := range k.Children() {
			add(c)
		}
	}
	return all
}

// dependentSchema returns the schema that objects with the property must fit.
// It returns nil for a schema that only requires properties.
func dependentSchema(n *tree.Node, name string) *tree.Node {
	for _, keyword := range []string{"dependentSchemas", "dependencies"} {
		if s := n.Path(keyword, name); s != nil && !s.Is(tree.Array) && !consistsOf(s, "required") {
			return s
		}
	}
	return nil
}

// keysOf returns the keys of both objects.
func keysOf(a, b *tree.Node) map[string]bool {
	keys := map[string]bool{}
	for _, n := range []*tree.Node{a, b} {
		for c := range n.Children() {
			keys[c.Key] = true
		}
	}
	return keys
}
