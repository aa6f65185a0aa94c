package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// mostWork is what the comparison of two descriptions may cost, in steps of
// about a microsecond. One change in GitHub's description of 13 MB takes 5
// percent of it, and a change in each of its schemas half. A schema that was
// made to be expensive exhausts it, which is reported.
const mostWork = 2_000_000

// perPair is what the comparison of two schemas costs, whatever they contain.
const perPair = 40

// mostNested bounds trials within trials, since each takes space on the stack.
const mostNested = 200

// budget is what a comparison may still cost.
type budget struct {
	work      int // for comparing, counted as mostWork is
	witnesses int // for showing changes by values, counted as mostWitnessed is
	trials    int // that run within one another now
}

// spend takes from the work and reports whether there was enough.
func (b *budget) spend(n int) bool {
	b.work = max(b.work-n, 0)
	return b.work > 0
}

// exhaust ends the comparison.
func (b *budget) exhaust() { b.work = 0 }

func (b *budget) exhausted() bool { return b.work == 0 }

// beginTrial counts a trial until the function that it returns is called. Where
// too many trials run within one another, it ends the comparison.
func (b *budget) beginTrial() (end func()) {
	if b.trials == mostNested {
		b.exhaust()
	}
	b.trials++
	return func() { b.trials-- }
}

// weight is what it costs to read one keyword of the schema.
func (e *effective) weight() int { return len(e.nodes) }

// nameCost is what it costs to find what the schema says of one property. Every
// pattern is matched with its name.
func (e *effective) nameCost() int {
	cost := e.weight()
	for patterns := range e.each("patternProperties") {
		cost += patterns.Len()
	}
	return cost
}

// reportExhausted reports that the comparison of two schemas was not finished.
// The findings that were made until then are reported, too.
func (c *Comparer) reportExhausted(r *diff.Report, use Use, o, n *effective) {
	if !c.exhausted() || c.unchanged(o, n) {
		return
	}
	old, new := o.definition(), n.definition()
	r.Found(diff.Place{Definition: c.older.pathOf(old), Use: use.Path, Side: use.Side}, diff.Found{
		Rule:    changeUndecided,
		Message: "too much to compare: whether the rest allows less or more is not decided",
		Old:     diff.Spot(locationOf(nil, o)),
		New:     diff.Spot(locationOf(nil, n)),
		Before:  c.cachedHash(old),
		After:   c.cachedHash(new),
	})
}

// cachedHash computes the hash of a definition once, since it may be large and
// used often.
func (c *Comparer) cachedHash(n *tree.Node) diff.Hash {
	h, known := c.hashes[n]
	if !known {
		h = hashOf(n)
		c.hashes[n] = h
	}
	return h
}
