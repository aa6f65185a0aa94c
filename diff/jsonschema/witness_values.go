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
	left *int // how many schemas values may still be made up for
}

// The limits of what is made up: mostDepth bounds how far a value nests,
// mostProposed how many values are made up for a wish, and fewProposed how many
// of them are used where the wish is for a part of a value.
const (
	mostDepth    = 4
	mostProposed = 96
	fewProposed  = 12
	mostLength   = 6_000 // of a string or an array
	mostSampled  = 400   // schemas that values are made up for, in search of one witness
)

// wish is what a made-up value should be like. It should fit some schemas at
// once, and lie at the edges of some other ones. The schemas may be of both
// revisions.
type wish struct {
	fits, edges []*effective
}

// all returns the schemas of the wish.
func (w wish) all() []*effective { return slices.Concat(w.fits, w.edges) }

// kinds returns the kinds that a value of the wish may have.
func (w wish) kinds() kinds {
	k := anything
	for _, e := range w.fits {
		k &= e.kinds
	}
	return k
}

// inside returns the wish for a part of the value, given what each schema says
// of the part.
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

// proposals are values that are made up one by one, as far as they are asked
// for.
type proposals = iter.Seq[json.RawMessage]

// propose yields different values for the wish, the plainest first.
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

// firstValues returns the first n values for a part of a value, and at least
// one.
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

// listedValues yields the values that are written in the schemas.
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

// branchValues yields values for the branches of choices: the first value of
// each branch, then the second one of each.
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

// kindValues yields values of each kind. It yields none if there are branches.
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

// branches returns the wish once for each branch, which takes the place of its
// choice.
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
