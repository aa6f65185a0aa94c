package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff/tree"
)

// effort estimates how many schemas a validator looks at for one value. A few
// lines can take more time than there is: a validator follows every way through
// {"allOf": [A, A]}, where A is of the same form over B, and so on. So the
// effort is estimated before a value is checked.
type effort struct {
	reader *Reader
	names  map[string]bool // of properties that matter, nil for all
	known  map[visit]int
}

// visit is a schema that is applied to a value with so many levels of other
// values in it.
type visit struct {
	schema *tree.Node
	levels int
}

// mostEffort bounds the effort for one value.
const mostEffort = 20_000

// inPlace are the keywords whose schemas are applied to the value itself, not
// to a part of it.
var inPlace = []string{
	"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies",
}

// estimate returns the effort, at most mostEffort. A schema that contains
// itself costs nothing the second time, since validators notice that.
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
		case slices.Contains(listKeywords, k.Key), slices.Contains(mapKeywords, k.Key),
			k.Key == "dependencies", k.Key == "items":
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
