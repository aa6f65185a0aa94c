package jsonschema

import (
	"math"
	"slices"

	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// mostElements is how many elements the schema allows.
func (e *effective) mostElements() int {
	if most := e.bound(sizeOfArrays, exact.Upper).Value; most != nil && most.IsInt() && most.Num().IsInt64() {
		return int(most.Num().Int64())
	}
	return math.MaxInt
}

// closedPosition returns the first position at which no value is allowed, and the schema
// that says so; a nil schema is none.
func (e *effective) closedPosition() (int, *tree.Node) {
	for i := range min(e.positions(), mostPositions) + 1 {
		for _, schema := range e.elements(i) {
			if e.reader.kindsBelow(schema) == 0 {
				return i, schema
			}
		}
	}
	return 0, nil
}

// mostPositions bounds how many elements with a schema of their own are looked
// at.
const mostPositions = 200

// tuple is what a schema object says of the elements of arrays: of the first
// ones by position, and of the rest.
type tuple struct {
	first  *tree.Node // a list of schemas
	others *tree.Node
}

// tupleOf reads prefixItems and items; before 2020-12, a list in items goes by
// position and additionalItems says what follows (JSON Schema 2019-09 Core,
// section 9.3.1, and 2020-12 Core, section 10.3.1).
func tupleOf(n *tree.Node) tuple {
	if items := n.Get("items"); items.Is(tree.Array) {
		return tuple{items, n.Get("additionalItems")}
	}
	return tuple{n.Get("prefixItems"), n.Get("items")}
}

// positions is how many elements have a schema of their own.
func (e *effective) positions() int {
	n := 0
	for _, object := range e.nodes {
		n = max(n, tupleOf(object).first.Len())
	}
	return n
}

// elements are the schemas that the element at a position must fit.
func (e *effective) elements(position int) []*tree.Node {
	var all []*tree.Node
	spoken := false
	for _, object := range e.nodes {
		t := tupleOf(object)
		schema := t.others
		if position < t.first.Len() {
			schema = t.first.Element(position)
		}
		if schema != nil {
			spoken = true
			all = append(all, schema)
		}
	}
	if rest := e.unevaluated("unevaluatedItems"); rest != nil && !spoken {
		all = append(all, rest)
	}
	return slices.DeleteFunc(all, trivial)
}
