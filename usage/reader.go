package usage

import (
	"slices"

	"github.com/assent-dev/assent/diff"
)

// Reader is what a contract's changes do to a consumer that has a schema of its
// own to read with: that very schema decides, not what the contract's says.
type Reader struct {
	impacts map[string]Impact // by the change's fingerprint
}

// Resolve finds which of the contract's changes keep a reader from reading, or
// let it read something else. Before and after are what comparing found between
// the reader's schema, as the older revision, and the contract at the base and
// at the head. Trouble that the base has already does not count. What is new and
// belongs to no change by its place may come from any that touches readers.
func Resolve(contract, before, after *diff.Report) *Reader {
	r := &Reader{impacts: map[string]Impact{}}
	raise := func(c *diff.Change, i Impact) {
		fingerprint := c.Fingerprint()
		r.impacts[fingerprint] = max(r.impacts[fingerprint], i)
	}
	for i := range after.Changes {
		trouble := &after.Changes[i]
		cost := reading(trouble)
		if cost == diff.Safe || slices.ContainsFunc(before.Changes, func(c diff.Change) bool {
			return c.Fingerprint() == trouble.Fingerprint()
		}) {
			continue
		}
		placed := false
		for j := range contract.Changes {
			if c := &contract.Changes[j]; c.Side()&diff.Receives != 0 &&
				touches(slices.Collect(c.Subject.Steps()), slices.Collect(trouble.Subject.Steps())) {
				raise(c, ofLevel(cost))
				placed = true
			}
		}
		for j := range contract.Changes {
			if c := &contract.Changes[j]; !placed && reading(c) > diff.Safe {
				raise(c, Unknown)
			}
		}
	}
	return r
}

// reading is what the change costs whoever reads.
func reading(c *diff.Change) (worst diff.Level) {
	for _, r := range c.Reaches {
		worst = max(worst, r.Costs.Receives)
	}
	return worst
}

// Of returns what the change does to the reader.
func (r *Reader) Of(c *diff.Change) Hit {
	h := Hit{Impact: r.impacts[c.Fingerprint()]}
	if c.RemovesContract() {
		h.Impact = Broken // nothing is left to read
	}
	if h.Impact == Unaffected {
		return h
	}
	for _, reach := range c.Reaches {
		if reach.Side&diff.Receives != 0 && !reach.InProgress {
			h.Reaches = append(h.Reaches, reach.Use)
		}
	}
	if len(h.Reaches) == 0 {
		h.Impact = Unaffected
	}
	return h
}
