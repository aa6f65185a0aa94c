package jsonschema

import (
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// valueText shows the value of a node in a message.
func valueText(n *tree.Node) string {
	switch {
	case n == nil:
		return "none"
	case n.Kind == tree.String:
		return n.Text
	case n.Kind == tree.Null:
		return "null"
	case n.Kind == tree.Object, n.Kind == tree.Array:
		return "an " + n.Kind.String()
	}
	return n.Text
}

func joinOr(values []string) string { return strings.Join(values, " or ") }

// quoted shows some values in a message.
func quoted(nodes []*tree.Node) string {
	var out []string
	for i, n := range nodes {
		if i == 5 {
			out = append(out, "others")
			break
		}
		out = append(out, valueText(n))
	}
	return joinOr(out)
}
