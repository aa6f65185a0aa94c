package jsonschema

import (
	"context"
	"slices"
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
	Pruner *Pruner

	ctx     context.Context
	older   *Reader
	newer   *Reader
	memo    map[pair]*result
	changes map[identity]*diff.Change // one per change: findings share it
	resting []pair                    // compared, but resting on a comparison that is open
}

// pair is what one comparison depends on, and so the memo's key.
type pair struct {
	old, new *effective
	side     diff.Side
	text     bool
}

type identity struct {
	rule          *diff.Rule
	subject       diff.Subject
	before, after diff.Hash
}

// result is what comparing a pair found.
type result struct {
	findings []finding
	depth    int // where the comparison stands on the stack while it is open
	open     bool
}

// finding is a change and where it lies, seen from the compared schemas.
type finding struct {
	change *diff.Change
	paths  []diff.Subject
}

// NewComparer compares schemas read by old with schemas read by new.
func NewComparer(ctx context.Context, old, new *Reader) *Comparer {
	return &Comparer{
		Pruner: NewPruner(old, new),
		ctx:    ctx, older: old, newer: new,
		memo: map[pair]*result{}, changes: map[identity]*diff.Change{},
	}
}

// Err is the context's error if it ended a comparison before its time.
func (c *Comparer) Err() error { return c.ctx.Err() }

// Compare adds to the report what differs between two schemas at one use. A
// nil schema allows everything.
func (c *Comparer) Compare(r *diff.Report, use Use, old, new *tree.Node) {
	o, n := c.effective(c.older, old), c.effective(c.newer, new)
	for _, f := range c.pair(pair{o, n, use.Side, use.Text}, 0).findings {
		change := *f.change
		for _, p := range f.paths {
			change.Reaches = append(change.Reaches, diff.Reach{Subject: use.Subject.Join(string(p)), Side: use.Side, Marks: use.Marks})
		}
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
	depth  int
	lowest int // the lowest depth of an open comparison that the result rests on
	found  []finding
}

// outcome is a result with what it rests on.
type outcome struct {
	findings []finding
	lowest   int
}

const closed = 1 << 30 // rests on nothing that is open

// pair compares once and replays afterwards. Recursion is coinductive: a pair
// that is being compared is taken to hold. A result that rests on such an
// assumption serves while the assumption is open and is forgotten with it.
func (c *Comparer) pair(p pair, depth int) outcome {
	if c.unchanged(p.old, p.new) || c.ctx.Err() != nil {
		return outcome{lowest: closed}
	}
	if m := c.memo[p]; m != nil {
		if m.open {
			return outcome{lowest: m.depth}
		}
		return outcome{m.findings, m.depth}
	}
	m, resting := &result{open: true, depth: depth}, len(c.resting)
	c.memo[p] = m
	w := &walk{Comparer: c, pair: p, depth: depth, lowest: closed}
	w.compare()
	m.open, m.findings = false, w.found
	if w.lowest >= depth {
		// Everything it rests on is itself: it holds for good, and what was
		// found below under that assumption must be found again elsewhere.
		m.depth = closed
		for _, p := range c.resting[resting:] {
			delete(c.memo, p)
		}
		c.resting = c.resting[:resting]
		return outcome{w.found, closed}
	}
	m.depth = w.lowest
	c.resting = append(c.resting, p)
	return outcome{w.found, w.lowest}
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
	if !w.compareKinds() {
		return
	}
	w.compareEnums()
	w.compareRanges()
	w.compareTexts()
	if w.both(object) {
		w.compareObjects()
	}
	if w.both(array) {
		w.compareArrays()
	}
	w.compareAlternatives()
	w.compareUndecided()
}

// into compares the schemas one step down and takes over what is found there.
func (w *walk) into(step string, old, new *effective) {
	out := w.Comparer.pair(pair{old, new, w.side, w.text}, w.depth+1)
	w.lowest = min(w.lowest, out.lowest)
	w.take(step, out.findings)
}

func (w *walk) take(step string, findings []finding) {
	for _, f := range findings {
		paths := make([]diff.Subject, len(f.paths))
		for i, p := range f.paths {
			paths[i] = diff.SubjectOf(step).Join(string(p))
		}
		w.note(f.change, paths)
	}
}

// mostPaths bounds the ways to one change that are told apart.
const mostPaths = 32

func (w *walk) note(change *diff.Change, paths []diff.Subject) {
	i := slices.IndexFunc(w.found, func(f finding) bool { return f.change == change })
	if i < 0 {
		w.found = append(w.found, finding{change: change})
		i = len(w.found) - 1
	}
	f := &w.found[i]
	for _, p := range paths {
		if !slices.Contains(f.paths, p) {
			f.paths = append(f.paths, p)
		}
	}
	f.paths = collapse(f.paths)
}

// collapse shortens paths that have become too many to their first step, or
// to the schema itself: whoever uses something below is still among the hit.
func collapse(paths []diff.Subject) []diff.Subject {
	if len(paths) <= mostPaths {
		return paths
	}
	var short []diff.Subject
	for _, p := range paths {
		if first := diff.Subject(p.Parts()[0]); !slices.Contains(short, first) {
			short = append(short, first)
		}
	}
	if len(short) > mostPaths {
		return []diff.Subject{""}
	}
	return short
}

// report notes a finding at the keywords (or schemas) old and new; for what is
// gone or new, the one that is missing is the closest survivor on its side.
func (w *walk) report(rule *diff.Rule, at place, before, after diff.Hash, message string, values ...string) {
	id := identity{rule, at.subject, before, after}
	change := w.changes[id]
	if change == nil {
		change = &diff.Change{Rule: rule, Subject: at.subject, Message: message, Values: values, Old: at.old, New: at.new, Before: before, After: after}
		w.changes[id] = change
	}
	w.note(change, []diff.Subject{diff.Subject(at.step)})
}

// place is where a finding lies.
type place struct {
	subject  diff.Subject
	old, new diff.Location
	step     string // from the compared schemas
}

// at is the place of a keyword of the compared schemas; either node may be nil.
func (w *walk) at(old, new *tree.Node) place {
	subject := w.old.reader.Name(w.old.definition())
	switch {
	case old != nil && old.Parent() != nil:
		subject = w.old.reader.Name(owner(old))
	case new != nil && new.Parent() != nil && len(w.old.nodes) == 0:
		subject = w.new.reader.Name(owner(new))
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
