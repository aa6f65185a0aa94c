package jsonschema

import (
	"math"
	"slices"

	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// mostElements returns how many elements the schema allows.
func (e *effective) mostElements() int {
	if most := e.bound(sizeOfArrays, exact.Upper).Value; most != nil && most.IsInt() && most.Num().IsInt64() {
		return int(most.Num().Int64())
	}
	return math.MaxInt
}

// closedPosition returns the first position at which no element is allowed, and
// the schema that refuses it. The schema is nil if there is no such position.
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

// mostPositions bounds the positions of an array that are compared one by one.
const mostPositions = 200

// tuple is what a schema object says of the elements of arrays.
type tuple struct {
	first  *tree.Node // the list of the schemas of the first elements
	others *tree.Node // the schema of the elements that follow
}

// tupleOf reads prefixItems and items. Before 2020-12, a list in items has the
// schemas of the first elements, and additionalItems that of the others (JSON
// Schema 2019-09 Core, section 9.3.1, and 2020-12 Core, section 10.3.1).
func tupleOf(n *tree.Node) tuple {
	if items := n.Get("items"); items.Is(tree.Array) {
		return tuple{items, n.Get("additionalItems")}
	}
	return tuple{n.Get("prefixItems"), n.Get("items")}
}

// positions returns how many elements have a schema of their own.
func (e *effective) positions() int {
	n := 0
	for _, object := range e.nodes {
		n = max(n, tupleOf(object).first.Len())
	}
	return n
}

// elements returns the schemas that the element at a position must fit.
func (e *effective) elements(position int) []*tree.Node {
	var all []*tree.Node
	evaluated := false
	for _, object := range e.nodes {
		t := tupleOf(object)
		schema := t.others
		if position < t.first.Len() {
			schema = t.first.Element(position)
		}
		if schema != nil {
			evaluated = true
			all = append(all, schema)
		}
	}
	if rest := e.unevaluated("unevaluatedItems"); rest != nil && !evaluated {
		all = append(all, rest)
	}
	return slices.DeleteFunc(all, trivial)
}
