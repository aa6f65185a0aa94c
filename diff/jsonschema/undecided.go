package jsonschema

import (
	"bytes"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// undecided is the rule on what is seen to differ and not understood.
var undecided = []*diff.Rule{
	{
		ID: "schema/undecided", Title: "change not decided", Sends: diff.Risky, Receives: diff.Risky,
		Doc: `
The keyword changed in a way whose effect on the allowed values is not decided.
Look at it: it may allow less to those who send or more to those who receive.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"not": {"type": "string"}}}}
-- new.json --
{"properties": {"id": {"not": {"type": "integer"}}}}
-- want --
new.json:1:17: risky: schema › id: not changed: whether it allows less or more is not decided [schema/undecided] (was old.json:1)
`,
	},
}

var changeUndecided = undecided[0]

// opaque are the keywords that are compared as a whole.
var opaque = []string{
	"not", "if", "then", "else", "dependentSchemas", "dependentRequired", "dependencies", "patternProperties", "propertyNames",
	"contains", "minContains", "maxContains", "prefixItems", "additionalItems", "unevaluatedItems", "unevaluatedProperties",
	"discriminator", "contentEncoding", "contentMediaType", "contentSchema", "$dynamicRef",
}

func (w *walk) compareUndecided() {
	keywords := opaque
	if w.groupsUndecided() {
		keywords = slices.Concat(keywords, []string{"oneOf", "anyOf"})
	}
	for _, keyword := range keywords {
		w.compareOpaque(keyword, slices.Collect(w.old.each(keyword)), slices.Collect(w.new.each(keyword)))
	}
	if o, n := w.old.tuples(), w.new.tuples(); len(o)+len(n) > 0 {
		w.compareOpaque("items", o, n)
	}
}

// tuples are the items keywords that stand for positions, or for what comes
// after them.
func (e *effective) tuples() []*tree.Node {
	var all []*tree.Node
	for _, n := range e.nodes {
		if items := n.Get("items"); items.Is(tree.Array) || items != nil && n.Get("prefixItems") != nil {
			all = append(all, items)
		}
	}
	return all
}

func (w *walk) compareOpaque(keyword string, olds, news []*tree.Node) {
	if slices.EqualFunc(olds, news, func(o, n *tree.Node) bool { return w.equivalent(keyword, o, n) }) {
		return
	}
	if sameSet(olds, news) && !slices.ContainsFunc(olds, (*tree.Node).Refers) {
		return
	}
	var o, n *tree.Node
	if len(olds) > 0 {
		o = olds[0]
	}
	if len(news) > 0 {
		n = news[0]
	}
	w.report(changeUndecided, w.at(o, n), setHash(keyword, olds), setHash(keyword, news), keyword+" changed: whether it allows less or more is not decided", keyword)
}

// equivalent reports whether a keyword says the same on both sides, however the
// schemas in it are written: if comparing them finds nothing.
func (w *walk) equivalent(keyword string, o, n *tree.Node) bool {
	switch {
	case w.Pruner.Same(o, n):
		return true
	case o.Kind != n.Kind || o.Len() != n.Len():
		return slices.Contains(schematic, keyword) && w.nothingFound(o, n)
	case o.Is(tree.Array):
		return slices.EqualFunc(slices.Collect(o.Children()), slices.Collect(n.Children()), w.nothingFound)
	case slices.Contains(schematic, keyword):
		return w.nothingFound(o, n)
	case slices.Contains(mapping, keyword):
		for c := range o.Children() {
			if n.Get(c.Key) == nil || !w.nothingFound(c, n.Get(c.Key)) {
				return false
			}
		}
		return true
	}
	return false
}

// schematic keywords hold a schema, mapping ones a schema by name.
var (
	schematic = []string{"not", "if", "then", "else", "propertyNames", "contains", "additionalItems", "unevaluatedItems", "unevaluatedProperties", "contentSchema", "items"}
	mapping   = []string{"dependentSchemas", "patternProperties"}
)

func (w *walk) nothingFound(o, n *tree.Node) bool {
	found := w.trial(w.old.reader.effective(o, o), w.new.reader.effective(n, n))
	return len(found.all) == 0 && w.budget > 0
}

func digests(nodes []*tree.Node) [][]byte {
	var all [][]byte
	for _, n := range nodes {
		d := n.Digest(annotations...)
		all = append(all, d[:])
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal)
}

func sameSet(a, b []*tree.Node) bool { return slices.EqualFunc(digests(a), digests(b), bytes.Equal) }

func setHash(keyword string, nodes []*tree.Node) diff.Hash {
	parts := []string{keyword}
	for _, d := range digests(nodes) {
		parts = append(parts, string(d))
	}
	return diff.HashOf(parts...)
}
