package jsonschema

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Down extends the subject of the node from by the way down to n within a
// schema: property names, [] for items, {} for additional properties, and a
// name or the content for a branch, never an index.
func Down(s diff.Subject, from, n *tree.Node) diff.Subject {
	var way []*tree.Node
	for at := n; at != nil && at != from; at = at.Parent() {
		way = append(way, at)
	}
	for i := len(way) - 1; i >= 0; i-- {
		switch at := way[i]; at.Key {
		case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
			if i > 0 { // the next one down is a name
				i--
				s = s.Join(way[i].Key)
			}
		case "items":
			if at.Is(tree.Array) && i > 0 { // before 2020-12, a list by position
				i--
				s = s.Join(fmt.Sprintf("[%d]", position(way[i])))
				continue
			}
			s = s.Join("[]")
		case "additionalProperties":
			s = s.Join("{}")
		case "oneOf", "anyOf":
			if i > 0 {
				i--
				s = s.Join(branchName(way[i]))
			}
		case "prefixItems":
			if i > 0 {
				i--
				s = s.Join(fmt.Sprintf("[%d]", position(way[i])))
			}
		case "additionalItems", "unevaluatedItems":
			s = s.Join("[]")
		case "unevaluatedProperties":
			s = s.Join("{}")
		case "allOf", "":
		default:
			s = s.Join(at.Key)
		}
	}
	return s
}

// position is the index of an element.
func position(element *tree.Node) int {
	i := 0
	for c := range element.Parent().Children() {
		if c == element {
			break
		}
		i++
	}
	return i
}

// branchName identifies a branch of oneOf or anyOf by its reference, its
// title, its type or its content.
func branchName(n *tree.Node) string {
	if ref := n.Get("$ref").Str(); ref != "" {
		return "(" + path.Base(ref) + ")"
	}
	if title := n.Get("title").Str(); title != "" {
		return "(" + title + ")"
	}
	if typ := n.Get("type").Str(); typ != "" && typ != "object" {
		return "(" + typ + ")"
	}
	return fmt.Sprintf("(%x)", diff.HashOf(sketch(n, nil)...))[:8] + ")"
}

// mostSketched is enough to tell branches apart, and little to do where they
// are nested in branches.
const mostSketched = 192

// sketch lists what comes first in a value, its members sorted.
func sketch(n *tree.Node, parts []string) []string {
	if len(parts) >= mostSketched || slices.Contains(annotations, n.Key) {
		return parts
	}
	parts = append(parts, n.Key, n.Kind.String(), n.Text)
	children := slices.Collect(n.Children())
	if n.Is(tree.Object) {
		slices.SortFunc(children, func(a, b *tree.Node) int { return strings.Compare(a.Key, b.Key) })
	}
	for _, c := range children {
		parts = sketch(c, parts)
	}
	return parts
}
