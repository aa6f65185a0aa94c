package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff/tree"
)

// A validator follows every way through a schema for every value, and a few
// lines can hold more ways than there is time: {"allOf": [A, A]}, where A is the
// same over B. What checking a value would take is therefore estimated first.

// effort counts the schemas that are looked at for one value.
type effort struct {
	reader *Reader
	names  map[string]bool // of properties that matter; nil is all
	known  map[visit]int
}

// visit is a schema that is applied so many levels above the innermost value.
type visit struct {
	schema *tree.Node
	levels int
}

// mostEffort is what may be spent on one value.
const mostEffort = 20_000

// inPlace are keywords whose schemas are applied to the value itself.
var inPlace = []string{"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"}

// estimate returns the effort, at most mostEffort. A schema that contains itself costs
// nothing the second time: validators notice.
func (f *effort) estimate(n *tree.Node, levels int) int {
	at := visit{n, levels}
	if n == nil || levels == 0 {
		return 1
	}
	if sum, known := f.known[at]; known {
		return sum
	}
	f.known[at] = 1
	sum := 1
	if ref := f.reader.reference(n); ref != nil {
		sum += f.estimate(f.reader.target(ref).node, levels)
	}
	for k := range n.Children() {
		inside := levels
		if !slices.Contains(inPlace, k.Key) {
			inside--
		}
		switch {
		case slices.Contains(schemaKeywords, k.Key) && k.Kind != tree.Array:
			sum += f.estimate(k, inside)
		case slices.Contains(listKeywords, k.Key), slices.Contains(mapKeywords, k.Key), k.Key == "dependencies", k.Key == "items":
			for c := range k.Children() {
				if k.Key != "properties" || f.names == nil || f.names[c.Key] {
					sum += f.estimate(c, inside)
				}
			}
		}
		if sum >= mostEffort {
			sum = mostEffort
			break
		}
	}
	f.known[at] = sum
	return sum
}
