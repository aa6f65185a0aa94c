package jsonschema

import (
	"context"
	"slices"
	"strings"

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
		Pruner: NewPruner(old, new),
		ctx:    ctx, older: old, newer: new,
		found: map[identity]*reach.Finding{}, suspicions: map[*reach.Finding]suspicion{},
		enclosing: map[*vertex]pair{}, independent: map[*vertex]bool{},
		hashes: map[*tree.Node]diff.Hash{},
		budget: budget{work: mostWork, witnesses: mostWitnessed},
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
	if len(w.old.groups)+len(w.new.groups) == 1 { // each branch is compared with all keywords beside the choice
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

// report adds a finding. If a keyword exists in one revision only, the place
// has what is next to it in the other revision.
func (w *walk) report(rule *diff.Rule, at place, before, after diff.Hash, message string, values ...string) *reach.Finding {
	w.spend(len(at.definition.String())) // a long path costs time
	id := identity{rule, at.definition.String(), before, after, w.reading}
	f := w.found[id]
	if f == nil {
		f = &reach.Finding{Definition: at.definition, Found: diff.Found{
			Rule: rule, Message: message, Values: values, Old: diff.Spot(at.old), New: diff.Spot(at.new), Before: before, After: after,
		}}
		w.found[id] = f
	}
	if rule.Level(w.side) == diff.Breaking {
		w.suspect(f)
	}
	w.graph.Found(w.vertex, diff.PathOf(at.step), w.side, f)
	return f
}

// place is where a finding lies.
type place struct {
	definition diff.Path
	old, new   diff.Location
	step       diff.Step // leads there from the compared schemas
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

// owner returns the schema object to which a keyword belongs.
func owner(keyword *tree.Node) *tree.Node {
	n := keyword.Parent()
	for n.Is(tree.Array) {
		n = n.Parent()
	}
	return n
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
	if schema := owner(keyword).At(); keyword.Parent() != nil && schema.Line <= at.Line && at.Line-schema.Line <= nearby && owner(keyword).Key != "" {
		schema.EndLine = at.Line
		return schema
	}
	return at
}

// valueText shows the value of a node in a message.
func valueText(n *tree.Node) string {
	switch {
	case n == nil:
		return "none"
	case n.Kind == tree.String:
		return n.Text
	case n.Kind == tree.Null:
		return "null"
	case n.Kind == tree.Object, n.Kind == tree.Array:
		return "an " + n.Kind.String()
	}
	return n.Text
}

// hashOf returns the hash of a node without annotations.
func hashOf(n *tree.Node) diff.Hash {
	if n == nil {
		return diff.Hash{}
	}
	return n.Digest(annotations...)
}

func joinOr(values []string) string { return strings.Join(values, " or ") }

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
