package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// mostWork is what one comparison of two descriptions may cost, counted in steps
// of about a microsecond. One change in GitHub's description of 13 MB takes 5
// percent of it, a change in every one of its schemas half. Schemas that are
// made to be expensive end here, and in a finding.
const mostWork = 2_000_000

// perPair is what comparing two schemas costs beside their content.
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

// weight is what it costs to look at the schema once.
func (e *effective) weight() int { return len(e.nodes) }

// nameCost is what it costs to find out what the schema says of a property:
// every pattern is tried on its name.
func (e *effective) nameCost() int {
	cost := e.weight()
	for patterns := range e.each("patternProperties") {
		cost += patterns.Len()
	}
	return cost
}

// reportExhausted says of a schema that it was not compared to the end. What
// was found until then stands.
func (c *Comparer) reportExhausted(r *diff.Report, use Use, o, n *effective) {
	if !c.exhausted() || c.unchanged(o, n) {
		return
	}
	old, new := o.definition(), n.definition()
	r.Found(diff.Place{Definition: c.older.pathOf(old), Use: use.Path, Side: use.Side}, diff.Found{
		Rule: changeUndecided, Message: "too much to compare: whether the rest allows less or more is not decided",
		Old: diff.Spot(locationOf(nil, o)), New: diff.Spot(locationOf(nil, n)), Before: c.cachedHash(old), After: c.cachedHash(new),
	})
}

// cachedHash digests a definition once: it may be large, and used often.
func (c *Comparer) cachedHash(n *tree.Node) diff.Hash {
	h, known := c.hashes[n]
	if !known {
		h = hashOf(n)
		c.hashes[n] = h
	}
	return h
}
