package jsonschema

import (
	"bytes"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// place is where a finding lies.
type place struct {
	definition diff.Path
	old, new   diff.Location
	step       diff.Step // leads there from the compared schemas
}

// report adds a finding. If a keyword exists in one revision only, the place
// has what is next to it in the other revision.
func (w *walk) report(rule *diff.Rule, at place, before, after diff.Hash, message string,
	values ...string) *reach.Finding {
	w.spend(len(at.definition.String())) // a long path costs time
	id := identity{rule, at.definition.String(), before, after, w.reading}
	f := w.found[id]
	if f == nil {
		f = &reach.Finding{Definition: at.definition, Found: diff.Found{
			Rule:    rule,
			Message: message,
			Values:  values,
			Old:     diff.Spot(at.old),
			New:     diff.Spot(at.new),
			Before:  before,
			After:   after,
		}}
		w.found[id] = f
	}
	if rule.Level(w.side) == diff.Breaking {
		w.suspect(f)
	}
	w.graph.Found(w.vertex, diff.PathOf(at.step), w.side, f)
	return f
}

// placeOf returns the place of a keyword of the compared schemas. A node is nil
// if the revision does not have the keyword.
func (w *walk) placeOf(old, new *tree.Node) place {
	definition := w.old.reader.pathOf(w.old.definition())
	switch {
	case old != nil && old.Parent() != nil:
		definition = w.old.reader.pathOf(owner(old))
	case new != nil && new.Parent() != nil && len(w.old.nodes) == 0:
		definition = w.new.reader.pathOf(owner(new))
	}
	return place{definition: definition, old: locationOf(old, w.old), new: locationOf(new, w.new)}
}

// nearby is the number of lines up to which a keyword is shown together with
// the name of its schema.
const nearby = 20

// locationOf returns the lines to show for a keyword. They begin at the schema
// that the keyword restricts, since readers look for that.
func locationOf(keyword *tree.Node, e *effective) diff.Location {
	if keyword == nil {
		at := e.definition().At()
		at.EndLine = at.Line
		return at
	}
	at := keyword.At()
	if schema := owner(keyword).At(); keyword.Parent() != nil && schema.Line <= at.Line &&
		at.Line-schema.Line <= nearby && owner(keyword).Key != "" {
		schema.EndLine = at.Line
		return schema
	}
	return at
}

// hashOf returns the hash of a node without annotations.
func hashOf(n *tree.Node) diff.Hash {
	if n == nil {
		return diff.Hash{}
	}
	return n.Digest(annotations...)
}

// setHash returns the hash of a keyword with a set of nodes, whatever their
// order.
func setHash(keyword string, nodes []*tree.Node) diff.Hash {
	parts := []string{keyword}
	for _, d := range digests(nodes) {
		parts = append(parts, string(d))
	}
	return diff.HashOf(parts...)
}

// digests returns the different digests of the nodes, sorted.
func digests(nodes []*tree.Node) [][]byte {
	var all [][]byte
	for _, n := range nodes {
		d := n.Digest(annotations...)
		all = append(all, d[:])
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal)
}
