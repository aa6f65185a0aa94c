package jsonschema

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// mostElementsSampled bounds the elements of an array for which different
// values are made up.
const mostElementsSampled = 6

// arrayValues yields arrays with no element, with some, and with as many as the
// bounds allow and one more. Then it yields arrays in which one element after
// the other has its other values.
func (s *sampler) arrayValues(w wish, depth int) proposals {
	return func(yield func(json.RawMessage) bool) {
		if !yield([]byte("[]")) || depth >= mostDepth {
			return
		}
		elements := s.elementValues(w, depth)
		for _, n := range s.elementCounts(w, 1, 2, len(elements)-1, len(elements)) {
			if !yield(writeElements(elements, n, false)) || !yield(writeElements(elements, n, true)) {
				return
			}
		}
		least := 0
		for _, e := range w.fits {
			least = max(least, int(min(count(e.first("minItems"), 0), mostLength)))
		}
		for i := range elements {
			for _, v := range elements[i] {
				if !yield(replaceElement(elements, max(i+1, least), i, v)) {
					return
				}
			}
		}
		for _, v := range s.containedValues(w, depth) {
			for _, n := range s.elementCounts(w, 1, 2) {
				if !yield(writeElements([][]json.RawMessage{{v}}, n, false)) {
					return
				}
			}
		}
	}
}

// elementValues returns values for each position with a schema of its own, and
// then for all other positions.
func (s *sampler) elementValues(w wish, depth int) [][]json.RawMessage {
	positions := 0
	for _, e := range w.all() {
		positions = max(positions, min(e.positions(), mostElementsSampled))
	}
	var all [][]json.RawMessage
	for i := range positions + 1 {
		all = append(all, s.firstValues(w.inside(func(e *effective) []*tree.Node {
			return e.elements(i)
		}), depth+1, fewProposed))
	}
	return all
}

// elementCounts returns the given lengths of arrays, and those near bounds.
func (s *sampler) elementCounts(w wish, some ...int) []int {
	for _, e := range w.all() {
		some = append(some, s.sizes(e, "minItems", "maxItems", "minContains", "maxContains")...)
	}
	return some
}

// containedValues returns elements that fit a schema under contains.
func (s *sampler) containedValues(w wish, depth int) []json.RawMessage {
	var all []json.RawMessage
	for _, e := range w.all() {
		for c := range e.each("contains") {
			in := w.inside(func(e *effective) []*tree.Node { return e.elements(0) })
			in.fits = append(in.fits, e.reader.effective(c, c))
			all = append(all, s.firstValues(in, depth+1, 4)...)
		}
	}
	return all
}

// writeElements writes an array of n elements. If they differ, the values at a
// position take turns. If not, each element is the first value at its
// position.
func writeElements(elements [][]json.RawMessage, n int, differ bool) json.RawMessage {
	parts := make([]string, n)
	for i := range parts {
		proposed := elements[min(i, len(elements)-1)]
		if differ {
			parts[i] = string(proposed[i%len(proposed)])
		} else {
			parts[i] = string(proposed[0])
		}
	}
	return []byte("[" + strings.Join(parts, ",") + "]")
}

// replaceElement writes an array of n elements, one of which has the given
// value.
func replaceElement(elements [][]json.RawMessage, n, at int, value json.RawMessage) json.RawMessage {
	changed := slices.Clone(elements)
	for len(changed) <= at+1 {
		changed = append(changed, changed[len(changed)-1])
	}
	changed[at] = []json.RawMessage{value}
	return writeElements(changed, n, false)
}
