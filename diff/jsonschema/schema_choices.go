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
	return g.keyword.Key == list.Key && g.keyword.Hash() == list.Hash() && g.keyword.Document() == list.Document()
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
		all = append(all, &branch{node: b.node, schema: e.restrictedToKinds(b.schema, e.kinds&b.schema.kinds)})
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

// overlaps reports whether some value may fit two branches.
func (e *effective) overlaps(r reading) bool {
	branches := e.branches()
	if len(branches)*len(branches)/2 > mostPairs {
		return true
	}
	for i, a := range branches {
		for _, b := range branches[:i] {
			if !(exclusion{r}).disjoint(a.schema, b.schema, mostDepth) {
				return true
			}
		}
	}
	return false
}

// mostPairs bounds the pairs of branches that are compared to find an overlap.
const mostPairs = 64 * 64 / 2

// exclusion decides whether branches exclude each other. By the usual reading a
// value has no properties that its branch does not declare.
type exclusion struct{ reading reading }

// disjoint reports whether it is proven that no value fits both schemas. Both
// are of the same revision.
func (x exclusion) disjoint(a, b *effective, depth int) bool {
	common := a.kinds & b.kinds
	if common == 0 {
		return true
	}
	first, limited := a.enum()
	second, limitedToo := b.enum()
	if limited && limitedToo && common&null == 0 {
		return !haveCommon(first, second)
	}
	if common != object || depth == 0 {
		return false
	}
	return x.excludes(a, b, depth) || x.excludes(b, a, depth)
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

// excludes reports whether a requires a property that b refuses, or one whose
// values cannot fit both a and b.
func (x exclusion) excludes(a, b *effective, depth int) bool {
	for _, name := range a.propertyNames() {
		if a.requires(name) == nil {
			continue
		}
		p, q := a.property(name), b.property(name)
		if q.refused || q.declared == nil && q.open() && x.reading < literal {
			return true
		}
		if !q.open() && !p.open() && x.disjoint(a.conjunction(p.schemas), b.conjunction(q.schemas), depth-1) {
			return true
		}
	}
	return false
}
