package jsonschema

import (
	"context"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Use is a place where a contract uses a schema.
type Use struct {
	Subject diff.Subject // "GET /orders/{} › 200 › application/json"
	Side    diff.Side    // Sends or Receives
	Marks   []string     // see diff.Reach
	Text    bool         // values travel as text (parameters, headers): a number is a string there
}

// Comparer compares the schemas of two revisions, each pair once.
type Comparer struct {
	Pruner  *Pruner
	Options diff.Options // what the lives of properties are judged by

	asWritten bool // a profile has all pairs read so, see there

	ctx     context.Context
	older   *Reader
	newer   *Reader
	memo    map[pair]*result
	changes map[identity]*diff.Change  // one per change: findings share it
	broken  map[*diff.Change]suspicion // where a change breaks: its witness is made from these
	budget  int                        // what is left of mostWork
	hashes  map[*tree.Node]diff.Hash   // of schemas that were too much work
	order   int                        // see components
	trials  int                        // trials within trials

	witnessed int // what is left of mostWitnessed
}

// pair is what one comparison depends on, and so the memo's key.
type pair struct {
	old, new *effective
	side     diff.Side
	text     bool
	written  bool // a name that one side alone declares may hold there what the other says of undeclared ones
}

type identity struct {
	rule          *diff.Rule
	subject       diff.Subject
	before, after diff.Hash
	written       bool // see pair; such comparisons mostly serve another one, and are not shown
}

// NewComparer compares schemas read by old with schemas read by new.
func NewComparer(ctx context.Context, old, new *Reader) *Comparer {
	return &Comparer{
		Pruner: NewPruner(old, new),
		ctx:    ctx, older: old, newer: new,
		memo: map[pair]*result{}, changes: map[identity]*diff.Change{}, broken: map[*diff.Change]suspicion{}, budget: mostWork, witnessed: mostWitnessed, hashes: map[*tree.Node]diff.Hash{},
	}
}

// Err is the context's error if it ended a comparison before its time.
func (c *Comparer) Err() error { return c.ctx.Err() }

// Compare adds to the report what differs between two schemas at one use. A
// nil schema allows everything.
func (c *Comparer) Compare(r *diff.Report, use Use, old, new *tree.Node) {
	o, n := c.effective(c.older, old), c.effective(c.newer, new)
	defer c.reportExhausted(r, use, o, n)
	joined := map[diff.Subject]diff.Subject{} // many changes lie on the same way
	var reaches []diff.Reach
	root := c.result(pair{o, n, use.Side, use.Text, c.asWritten})
	if root != nil {
		root.apart = true
	}
	for _, f := range c.findings(root) {
		if s, breaks := c.broken[f.change]; breaks && f.change.Witness == nil && use.Side&s.pair.side != 0 {
			f.change.Witness = c.witness(f.change.Rule, s)
		}
		change := *f.change
		reaches = reaches[:0]
		for _, p := range f.paths {
			subject, known := joined[p]
			if !known {
				subject = use.Subject.Join(string(p))
				joined[p] = subject
			}
			reaches = append(reaches, diff.Reach{Subject: subject, Side: use.Side, Marks: use.Marks})
		}
		change.Reaches = reaches
		r.Add(change)
	}
}

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
	*result
}

// result returns what comparing the pair finds, nil if that is nothing. The
// comparison itself is put off until somebody explores the result.
func (c *Comparer) result(p pair) *result {
	if c.unchanged(p.old, p.new) {
		return nil
	}
	m := c.memo[p]
	if m == nil {
		m = &result{pair: p}
		c.memo[p] = m
	}
	return m
}

// explore compares the pair and all that it leads to, and returns the results.
// A loop, because schemas may refer to each other in chains of any length.
func (c *Comparer) explore(m *result) []*result {
	all := []*result{m}
	seen := map[*result]bool{m: true}
	for i := 0; i < len(all); i++ { // all grows
		m := all[i]
		if !c.spend(1) || c.ctx.Err() != nil {
			return all
		}
		if !m.compared {
			m.compared = true
			w := &walk{c, m.pair, m}
			w.compare()
		}
		for _, e := range m.edges {
			if !seen[e.to] {
				seen[e.to] = true
				all = append(all, e.to)
			}
		}
	}
	return all
}

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

// compare runs the themes. Each claims what it reports: where no value is left
// in common there is nothing more to say.
func (w *walk) compare() {
	if w.old.excess || w.new.excess {
		w.budget = 0
	}
	if !w.spend(perPair+w.old.weight()+w.new.weight()) || !w.compareKinds() || w.compareParts() {
		return
	}
	if len(w.old.groups)+len(w.new.groups) == 1 { // what stands beside a choice holds in each branch
		w.compareDiscriminators()
		w.compareChoice()
		return
	}
	w.compareEnums()
	w.compareRanges()
	w.compareTexts()
	if w.both(textual) {
		w.compareContents()
	}
	w.compareKnown()
	w.compareDiscriminators()
	if w.both(object) {
		w.compareObjects()
	}
	if w.both(array) {
		w.compareArrays()
	}
	w.compareAlternatives()
	w.compareAssertions()
}

// into compares the schemas one step down.
func (w *walk) into(step string, old, new *effective) {
	if to := w.Comparer.result(pair{old, new, w.side, w.text, w.written}); to != nil {
		to.apart = true
		w.edges = append(w.edges, edge{diff.SubjectOf(step), to})
	}
}

// among compares alternatives, or parts, of the schemas.
func (w *walk) among(step string, old, new *effective) {
	if to := w.alternatives(pair{old, new, w.side, w.text, w.written}); to != nil {
		w.edges = append(w.edges, edge{diff.SubjectOf(step), to})
	}
}

// alternatives returns the result of a pair that stands for the schemas as one of
// their alternatives. What it refuses may be allowed by another one, so that only
// a value on which the schemas themselves differ shows a break.
func (w *walk) alternatives(p pair) *result {
	to := w.Comparer.result(p)
	if to != nil && to.within == nil {
		whole := w.result.judges()
		to.within = &whole
	}
	return to
}

// judges are the schemas that tell whether a value shows what was found.
func (m *result) judges() pair {
	if m.within == nil || m.apart {
		return m.pair
	}
	return *m.within
}

// report notes a finding at the keywords (or schemas) old and new; for what is
// gone or new, the one that is missing is the closest survivor on its side.
func (w *walk) report(rule *diff.Rule, at place, before, after diff.Hash, message string, values ...string) *diff.Change {
	w.spend(len(at.subject)) // naming what is nested deep costs
	id := identity{rule, at.subject, before, after, w.written}
	change := w.changes[id]
	if change == nil {
		change = &diff.Change{Rule: rule, Subject: at.subject, Message: message, Values: values, Old: at.old, New: at.new, Before: before, After: after}
		w.changes[id] = change
	}
	if rule.Level(w.side) == diff.Breaking {
		w.suspect(change)
	}
	w.local = append(w.local, finding{change: change, paths: []diff.Subject{diff.Subject(at.step)}})
	return change
}

// place is where a finding lies.
type place struct {
	subject  diff.Subject
	old, new diff.Location
	step     string // from the compared schemas
}

// at is the place of a keyword of the compared schemas; either node may be nil.
func (w *walk) at(old, new *tree.Node) place {
	subject := w.old.reader.named(w.old.definition())
	switch {
	case old != nil && old.Parent() != nil:
		subject = w.old.reader.named(owner(old))
	case new != nil && new.Parent() != nil && len(w.old.nodes) == 0:
		subject = w.new.reader.named(owner(new))
	}
	return place{subject: subject, old: spot(old, w.old), new: spot(new, w.new)}
}

// owner is the schema object that a keyword belongs to.
func owner(keyword *tree.Node) *tree.Node {
	n := keyword.Parent()
	for n.Is(tree.Array) {
		n = n.Parent()
	}
	return n
}

// nearby is how far below the key of its schema a keyword may stand to be
// shown together with it.
const nearby = 20

// spot shows a keyword: from the line of the schema that it narrows, since that
// is what people look for, to its own.
func spot(keyword *tree.Node, e *effective) diff.Location {
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

// text quotes the value of a node for a message.
func text(n *tree.Node) string {
	switch {
	case n == nil:
		return "none"
	case n.Kind == tree.String:
		return n.Text
	case n.Kind == tree.Null:
		return "null"
	case n.Kind == tree.Object, n.Kind == tree.Array:
		return "a " + n.Kind.String()
	}
	return n.Text
}

func hashes(n *tree.Node) diff.Hash {
	if n == nil {
		return diff.Hash{}
	}
	return n.Digest(annotations...)
}

func list(values []string) string { return strings.Join(values, " or ") }
