package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff/tree"
)

// group is a oneOf or anyOf with more than one branch.
type group struct {
	keyword  *tree.Node
	branches []*tree.Node
}

func groupOf(list *tree.Node) group {
	return group{keyword: list, branches: slices.Collect(list.Children())}
}

// sameAs reports whether a list is a copy of the group.
func (g group) sameAs(list *tree.Node) bool {
	return g.keyword.Key == list.Key && g.keyword.Hash() == list.Hash() &&
		g.keyword.Document() == list.Document()
}

// branch is one alternative of a schema. A schema without alternatives counts
// as its own only branch.
type branch struct {
	node   *tree.Node
	schema *effective
	paired bool
}

// branches returns the branches of all groups.
func (e *effective) branches() []*branch {
	var all []*branch
	for _, g := range e.groups {
		for _, n := range g.branches {
			all = append(all, &branch{node: n, schema: e.reader.effective(n, n)})
		}
	}
	return all
}

// choiceSchema returns the schema that consists of the choice.
func (e *effective) choiceSchema(g group) *effective {
	return e.reader.keywordsOf(g.keyword.Parent(), g.keyword.Key)
}

// mergedBranches returns the branches together with the keywords beside their
// choice.
func (e *effective) mergedBranches(branches []*branch) []*branch {
	var all []*branch
	for _, b := range branches {
		all = append(all, &branch{
			node:   b.node,
			schema: e.restrictedToKinds(b.schema, e.kinds&b.schema.kinds),
		})
	}
	return all
}

// exclusive returns the oneOf of a schema whose only choice it is, and nil for
// other schemas.
func (e *effective) exclusive() *tree.Node {
	if len(e.groups) == 1 && e.groups[0].keyword.Key == "oneOf" {
		return e.groups[0].keyword
	}
	return nil
}

// haveCommon reports whether some value is in both lists.
func haveCommon(a, b []*tree.Node) bool {
	set := setOf(a)
	for _, v := range b {
		if set[v.Hash()] {
			return true
		}
	}
	return false
}
