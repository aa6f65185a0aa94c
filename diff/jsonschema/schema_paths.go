package jsonschema

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// The steps within schemas.
var (
	elements = diff.Step{Kind: diff.Element, Name: "[]"}
	values   = diff.Step{Kind: diff.Value, Name: "{}"}
)

func field(name string) diff.Step { return diff.Step{Kind: diff.Field, Name: name} }

func element(position int) diff.Step {
	return diff.Step{Kind: diff.Element, Name: fmt.Sprintf("[%d]", position)}
}

// memberKinds are the keywords whose members have names of their author's
// choice, and the kinds of the members.
var memberKinds = map[string]diff.Kind{
	"properties": diff.Field, "dependentSchemas": diff.Field, "patternProperties": diff.Value,
	"$defs": diff.Definition, "definitions": diff.Definition,
}

// Down extends the path of the node from by the way to n within a schema. A
// step is the name of a property, [] for items, {} for additional properties,
// and for a branch its name or what identifies its content. It is never an
// index, which other branches would change.
func Down(p diff.Path, from, n *tree.Node) diff.Path {
	var way []*tree.Node
	for at := n; at != nil && at != from; at = at.Parent() {
		way = append(way, at)
	}
	for i := len(way) - 1; i >= 0; i-- {
		at := way[i]
		var next *tree.Node // within the keyword
		if i > 0 {
			next = way[i-1]
		}
		step, both := stepOf(at, next)
		p = p.Then(step)
		if both {
			i--
		}
	}
	return p
}

// stepOf returns the step that a keyword is, and whether the step leads on to
// the next node.
func stepOf(at, next *tree.Node) (step diff.Step, both bool) {
	if kind, ok := memberKinds[at.Key]; ok {
		if next == nil {
			return diff.Step{}, false
		}
		return diff.Step{Kind: kind, Name: next.Key}, true
	}
	switch at.Key {
	case "items":
		if at.Is(tree.Array) && next != nil { // before 2020-12, a list by position
			return element(position(next)), true
		}
		return elements, false
	case "prefixItems":
		if next == nil {
			return diff.Step{}, false
		}
		return element(position(next)), true
	case "oneOf", "anyOf":
		if next == nil {
			return diff.Step{}, false
		}
		return branchStep(next), true
	case "additionalItems", "unevaluatedItems":
		return elements, false
	case "additionalProperties", "unevaluatedProperties":
		return values, false
	case "allOf", "":
		return diff.Step{}, false
	}
	return diff.Step{Kind: diff.Keyword, Name: at.Key}, false
}

// position returns the index of an element.
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

func branchStep(n *tree.Node) diff.Step { return diff.Step{Kind: diff.Branch, Name: branchName(n)} }

// branchName identifies a branch of oneOf or anyOf by its reference, its title,
// its type or its content.
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

// mostSketched bounds how much of a branch is read to identify it. More would
// not distinguish more branches, and would take long where branches are nested.
const mostSketched = 192

// sketch lists the first parts of a value, with its members sorted.
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

// owner returns the schema object to which a keyword belongs.
func owner(keyword *tree.Node) *tree.Node {
	n := keyword.Parent()
	for n.Is(tree.Array) {
		n = n.Parent()
	}
	return n
}
