package jsonschema

import (
	"encoding/json"
	"iter"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// sampler makes up values that lie near the edges of a schema. It only proposes
// them: a validator decides whether they are allowed.
type sampler struct {
	side diff.Side
	left *int // schemas that may still be looked into
}

// mostDepth bounds how far a made-up value nests; most, how many are proposed for a
// wish, and few, how many of those for a value inside are tried there.
const (
	mostDepth    = 4
	mostProposed = 96
	fewProposed  = 12
	mostLength   = 6_000 // of a made-up string or array
	mostSampled  = 400   // schemas that values are made up for, for one witness
)

// wish is what a value is made up for: schemas that it should fit at once, of
// either revision, and others at whose edges it should lie.
type wish struct {
	fits, edges []*effective
}

func (w wish) all() []*effective { return slices.Concat(w.fits, w.edges) }

// kinds are those that a value of the wish may have.
func (w wish) kinds() kinds {
	k := anything
	for _, e := range w.fits {
		k &= e.kinds
	}
	return k
}

// inside is the wish for a value inside: at is what a schema says of it there.
func (w wish) inside(at func(*effective) []*tree.Node) wish {
	var in wish
	for _, e := range w.fits {
		in.fits = append(in.fits, e.conjunction(at(e)))
	}
	for _, e := range w.edges {
		in.edges = append(in.edges, e.conjunction(at(e)))
	}
	return in
}

// proposals are values, each made up when it is asked for.
type proposals = iter.Seq[json.RawMessage]

// propose yields values for the wish, each once, the plainest first.
func (s *sampler) propose(w wish, depth int) proposals {
	return func(yield func(json.RawMessage) bool) {
		if *s.left--; *s.left < 0 {
			return
		}
		seen := map[string]bool{}
		for _, some := range []proposals{w.listedValues(), s.branchValues(w, depth), s.kindValues(w, depth)} {
			for v := range some {
				if seen[string(v)] {
					continue
				}
				seen[string(v)] = true
				if len(seen) > mostProposed || !yield(v) {
					return
				}
			}
		}
	}
}

// firstValues returns the first values for what lies inside; there is always one.
func (s *sampler) firstValues(w wish, depth, n int) []json.RawMessage {
	var all []json.RawMessage
	for v := range s.propose(w, depth) {
		if all = append(all, v); len(all) == n {
			break
		}
	}
	if len(all) == 0 {
		all = append(all, []byte("null"))
	}
	return all
}

// listedValues are the values that the schemas themselves write down.
func (w wish) listedValues() proposals {
	return func(yield func(json.RawMessage) bool) {
		for _, e := range w.all() {
			listed, _ := e.enum()
			for _, v := range listed[:min(len(listed), mostProposed)] {
				if !yield(v.JSON()) {
					return
				}
			}
			for _, keyword := range []string{"example", "default"} {
				for v := range e.each(keyword) {
					if !yield(v.JSON()) {
						return
					}
				}
			}
		}
	}
}

// branchValues are values that settle for one alternative: the first value of each,
// then the second of each.
func (s *sampler) branchValues(w wish, depth int) proposals {
	return func(yield func(json.RawMessage) bool) {
		if depth >= mostDepth {
			return
		}
		var next []func() (json.RawMessage, bool)
		for _, choice := range w.branches() {
			pull, stop := iter.Pull(s.propose(choice, depth+1))
			defer stop()
			next = append(next, pull)
		}
		for len(next) > 0 {
			for i := 0; i < len(next); i++ {
				v, ok := next[i]()
				if !ok {
					next = slices.Delete(next, i, i+1)
					i--
				} else if !yield(v) {
					return
				}
			}
		}
	}
}

// kindValues are values of each kind, where there are no alternatives.
func (s *sampler) kindValues(w wish, depth int) proposals {
	return func(yield func(json.RawMessage) bool) {
		if len(w.branches()) > 0 {
			return
		}
		for _, kind := range []kinds{textual, integer, fraction, boolean, object, array, null} {
			if w.kinds()&kind == 0 {
				continue
			}
			for v := range s.valuesOfKind(w, kind, depth) {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// branches are the wishes in which one schema has settled for one of its
// alternatives.
func (w wish) branches() []wish {
	var all []wish
	for i, e := range w.fits {
		for _, g := range e.groups {
			for _, b := range g.branches {
				branch := e.reader.effective(b, b)
				chosen := wish{slices.Clone(w.fits), w.edges}
				chosen.fits[i] = e.restrictedToKinds(branch, e.kinds&branch.kinds)
				all = append(all, chosen)
			}
		}
	}
	return all
}

func (s *sampler) valuesOfKind(w wish, kind kinds, depth int) proposals {
	switch kind {
	case null:
		return slices.Values([]json.RawMessage{[]byte("null")})
	case boolean:
		return slices.Values([]json.RawMessage{[]byte("true"), []byte("false")})
	case integer:
		return slices.Values(s.numberValues(w, true))
	case fraction:
		return slices.Values(s.numberValues(w, false))
	case textual:
		return slices.Values(s.stringValues(w))
	case array:
		return s.arrayValues(w, depth)
	}
	return s.objectValues(w, depth)
}
