package jsonschema

import (
	"context"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// Use is a place where a contract uses a schema.
type Use struct {
	Path diff.Path // "GET /orders/{} › 200 › application/json"
	Side diff.Side // Sends or Receives
	Text bool      // values are sent as text (parameters, headers), where numbers are strings, too
}

// Comparer compares the schemas of two revisions. It compares each pair of
// schemas once.
type Comparer struct {
	Pruner  *Pruner
	Options diff.Options // the day and the notice periods that properties announce their end by

	budget
	ctx         context.Context
	older       *Reader
	newer       *Reader
	graph       *reach.Graph[pair]
	found       map[identity]*reach.Finding  // a finding is shared by all pairs in which it was made
	suspicions  map[*reach.Finding]suspicion // of the findings that break, for their witnesses
	enclosing   map[*vertex]pair             // see alternative
	independent map[*vertex]bool             // not only compared as an alternative; see judgedSchemas
	hashes      map[*tree.Node]diff.Hash     // see cachedHash
}

// pair is what one comparison depends on.
type pair struct {
	old, new *effective
	side     diff.Side
	text     bool
	reading  reading
}

// reading is how schemas are read.
type reading uint8

// By the usual reading, consumers neither send nor expect properties that no
// schema declares. The literal reading takes open objects at their word: a
// property that only one schema declares may be in values of the other schema
// and hold whatever that says of undeclared properties. Confluent reads
// literally and compares keyword by keyword.
const (
	usual reading = iota
	literal
	confluent
)

type vertex = reach.Vertex[pair]

// identity says which findings are the same.
type identity struct {
	rule          *diff.Rule
	definition    string
	before, after diff.Hash
	reading       reading // findings by a literal reading are mostly made for another comparison
}

// limits bounds the ways to one change that are reported. In descriptions in
// which every schema leads to every other one, there would be no end of them,
// and nobody declares to use a field that lies deeper.
var limits = reach.Limits{Ways: 8, Parts: 6}

// NewComparer returns a Comparer of the schemas that old reads with those that
// new reads.
func NewComparer(ctx context.Context, old, new *Reader) *Comparer {
	c := &Comparer{
		Pruner:      NewPruner(old, new),
		budget:      budget{work: mostWork, witnesses: mostWitnessed},
		ctx:         ctx,
		older:       old,
		newer:       new,
		found:       map[identity]*reach.Finding{},
		suspicions:  map[*reach.Finding]suspicion{},
		enclosing:   map[*vertex]pair{},
		independent: map[*vertex]bool{},
		hashes:      map[*tree.Node]diff.Hash{},
	}
	goOn := func(cost int) bool { return c.spend(cost) && c.ctx.Err() == nil }
	c.graph = reach.New(limits, goOn, func(v *vertex) { (&walk{c, v.Pair, v}).compare() })
	return c
}

// Err returns the context's error if it ended a comparison early.
func (c *Comparer) Err() error { return c.ctx.Err() }

// Compare reports what differs between two schemas at one use. A nil schema
// allows every value.
func (c *Comparer) Compare(r *diff.Report, use Use, old, new *tree.Node) {
	o, n := c.effective(c.older, old), c.effective(c.newer, new)
	defer c.reportExhausted(r, use, o, n)
	root := c.vertex(pair{o, n, use.Side, use.Text, readingOf(c.Options.Profile)})
	if root == nil {
		return
	}
	c.independent[root] = true
	for f := range c.graph.Findings(root) {
		if s, breaks := c.suspicions[f]; breaks && f.Witness == nil && use.Side&s.vertex.Pair.side != 0 {
			f.Witness = c.witness(f.Rule, s)
		}
	}
	c.graph.Report(r, diff.Place{Use: use.Path, Side: use.Side}, root)
}

// effective returns the effective form of a schema, which is nil if it allows
// every value.
func (c *Comparer) effective(r *Reader, n *tree.Node) *effective {
	if n == nil {
		return r.effective(r.root)
	}
	return r.effective(n, n)
}

// walk is one comparison in progress.
type walk struct {
	*Comparer
	pair
	vertex *vertex
}

// vertex returns the vertex of a pair. It returns nil if the schemas do not
// differ.
func (c *Comparer) vertex(p pair) *vertex {
	if c.unchanged(p.old, p.new) {
		return nil
	}
	return c.graph.Vertex(p)
}

// unchanged reports whether the schemas, and all schemas to which they refer,
// are the same.
func (c *Comparer) unchanged(o, n *effective) bool {
	if len(o.sites) != len(n.sites) {
		return false
	}
	for i := range o.sites {
		if !c.Pruner.Same(o.sites[i], n.sites[i]) {
			return false
		}
	}
	return len(o.nodes) > 0 || len(n.nodes) == 0
}

// compare compares a pair. Where the schemas have no value in common, nothing
// but that is reported.
func (w *walk) compare() {
	if w.old.tooLarge || w.new.tooLarge {
		w.exhaust()
	}
	if !w.spend(perPair+w.old.weight()+w.new.weight()) || !w.compareKinds() || w.compareByKinds() {
		return
	}
	// each branch is compared with all keywords beside the choice
	if len(w.old.groups)+len(w.new.groups) == 1 {
		w.compareDiscriminators()
		w.compareChoice()
		return
	}
	w.compareEnums()
	w.compareRanges()
	w.compareStrings()
	if w.bothAllow(textual) {
		w.compareContent()
	}
	w.compareKnownValues()
	w.compareDiscriminators()
	if w.bothAllow(object) {
		w.compareObjects()
	}
	if w.bothAllow(array) {
		w.compareArrays()
	}
	w.compareAlternatives()
	w.compareDemands()
}

// compareBelow compares schemas that lie one step below the pair.
func (w *walk) compareBelow(step diff.Step, old, new *effective) {
	if to := w.Comparer.vertex(pair{old, new, w.side, w.text, w.reading}); to != nil {
		w.independent[to] = true
		w.graph.Uses(w.vertex, diff.PathOf(step), to)
	}
}

// compareAlternative compares branches of the pair's schemas, or other parts of
// them.
func (w *walk) compareAlternative(step diff.Step, old, new *effective) {
	if to := w.alternative(pair{old, new, w.side, w.text, w.reading}); to != nil {
		w.graph.Uses(w.vertex, diff.PathOf(step), to)
	}
}

// alternative returns the vertex of a pair of branches. A value that a branch
// refuses may be allowed by another branch. A witness must therefore be a value
// that the enclosing schemas treat differently.
func (w *walk) alternative(p pair) *vertex {
	to := w.Comparer.vertex(p)
	if to == nil {
		return nil
	}
	if _, known := w.enclosing[to]; !known {
		w.enclosing[to] = w.judgedSchemas(w.vertex)
	}
	return to
}

// judgedSchemas returns the schemas that a witness must tell apart: those of
// the vertex, or those that enclose it if it was only compared as an
// alternative.
func (c *Comparer) judgedSchemas(v *vertex) pair {
	if whole, ok := c.enclosing[v]; ok && !c.independent[v] {
		return whole
	}
	return v.Pair
}

// Schemas visits pairs of schemas that are at the same place in both revisions,
// and follows references. A schema that is new has a nil partner. It does not
// visit what is below a pair for which visit returns false, nor below a pair
// that is the same.
func (c *Comparer) Schemas(old, new *tree.Node, visit func(old, new *tree.Node) bool) {
	if new == nil || c.Pruner.Same(old, new) || !visit(old, new) {
		return
	}
	if c.newer.reference(new) != nil {
		c.Schemas(c.older.Resolve(old), c.newer.Resolve(new), visit)
	}
	for k := range new.Children() {
		before := old.Get(k.Key)
		switch {
		case slices.Contains(mapKeywords, k.Key):
			for n := range k.Children() {
				c.Schemas(before.Get(n.Key), n, visit)
			}
		case slices.Contains(listKeywords, k.Key), k.Key == "items" && k.Is(tree.Array):
			for i, n := 0, k.Element(0); n != nil; i, n = i+1, k.Element(i+1) {
				c.Schemas(before.Element(i), n, visit)
			}
		case slices.Contains(schemaKeywords, k.Key):
			c.Schemas(before, k, visit)
		}
	}
}
