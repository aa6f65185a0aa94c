package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// enumOf returns the values that one schema object limits itself to, nil for
// no limit.
func enumOf(n *tree.Node) []*tree.Node {
	list := n.Get("enum")
	if c := n.Get("const"); c != nil {
		only := []*tree.Node{c}
		if list.Is(tree.Array) && !haveCommon(only, slices.Collect(list.Children())) {
			return only[:0]
		}
		return only
	}
	if list.Is(tree.Array) {
		return slices.AppendSeq(make([]*tree.Node, 0, list.Len()), list.Children())
	}
	return nil
}

// setOf holds values by what they are.
func setOf(values []*tree.Node) map[uint64]bool {
	set := make(map[uint64]bool, len(values))
	for _, v := range values {
		set[v.Hash()] = true
	}
	return set
}

// A choice whose branches all list values is a list itself: {"oneOf": [{"const":
// "a"}, {"const": "b"}]}, where each value has a title, is {"enum": ["a", "b"]}.

// valueList is a choice whose branches list values.
type valueList struct {
	keyword *tree.Node
	values  []*tree.Node
	kinds   kinds
}

// extractLists takes the choices of lists out of the groups.
func (e *effective) extractLists() {
	e.groups = slices.DeleteFunc(e.groups, func(g group) bool {
		l, ok := e.reader.listOf(g)
		if ok {
			e.valueLists = append(e.valueLists, l)
		}
		return ok
	})
}

// listOf reads a choice as a list. What fits two branches of oneOf is refused:
// that is no list.
func (r *Reader) listOf(g group) (valueList, bool) {
	l := valueList{keyword: g.keyword}
	seen := map[uint64]bool{}
	for _, b := range g.branches {
		n := r.definition(b)
		values, k := enumOf(n), (&effective{reader: r}).kindsOf(n)
		if !consistsOf(n, "enum", "const", "type", "nullable") || values == nil && k != null || g.keyword.Key == "oneOf" && l.kinds&k&null != 0 {
			return l, false
		}
		for _, v := range values {
			switch {
			case kindOf(v)&k&^null == 0:
			case !seen[v.Hash()]:
				seen[v.Hash()] = true
				l.values = append(l.values, v)
			case g.keyword.Key == "oneOf":
				return l, false
			}
		}
		l.kinds |= k
	}
	return l, true
}

// enumerated is what a schema limits its values to.
type enumerated struct {
	values  []*tree.Node
	limited bool
}

// enum intersects all lists, and leaves out what other keywords refuse.
func (e *effective) enum() (values []*tree.Node, limited bool) {
	if e.enumerated == nil {
		e.enumerated = &enumerated{}
		e.enumerated.values, e.enumerated.limited = e.enumerate()
	}
	return e.enumerated.values, e.enumerated.limited
}

func (e *effective) enumerate() (values []*tree.Node, limited bool) {
	both := func(own []*tree.Node) {
		if !limited {
			values, limited = slices.Clone(own), true
			return
		}
		other := setOf(own)
		values = slices.DeleteFunc(values, func(v *tree.Node) bool { return !other[v.Hash()] })
	}
	for _, n := range e.nodes {
		if own := enumOf(n); own != nil {
			both(own)
		}
	}
	for _, l := range e.valueLists {
		both(l.values)
	}
	if !limited {
		return nil, false
	}
	// Null is told by the kinds, as nullable and type lists tell it.
	refused := e.refusal()
	values = slices.DeleteFunc(values, func(v *tree.Node) bool { return kindOf(v)&^null&e.kinds == 0 || refused(v) })
	return values, !e.exhaustsKinds(values)
}

// exhaustsKinds reports whether the values are all that there are of their kinds.
func (e *effective) exhaustsKinds(values []*tree.Node) bool {
	switch e.kinds &^ null {
	case 0:
		return true
	case boolean:
		return len(setOf(values)) == 2
	}
	return false
}

// refusal returns what tells values that scalar keywords refuse, or a list
// under not.
func (e *effective) refusal() func(v *tree.Node) bool {
	type limit struct {
		extent
		bound
		end exact.End
	}
	var limits []limit
	for _, x := range extents {
		if e.kinds&x.kinds != 0 {
			limits = append(limits, limit{x, e.bound(x, exact.Lower), exact.Lower}, limit{x, e.bound(x, exact.Upper), exact.Upper})
		}
	}
	limits = slices.DeleteFunc(limits, func(l limit) bool { return l.Value == nil })
	m := e.multiple()
	out, patterns := e.excludedValues(), e.patterns()
	return func(v *tree.Node) bool {
		return out[v.Hash()] || !multiplesOf(m)(v) ||
			slices.ContainsFunc(limits, func(l limit) bool { return !l.admits(l.extent, v, l.end) }) ||
			v.Is(tree.String) && slices.ContainsFunc(patterns, func(p string) bool { return !e.reader.mayMatch(p, v.Text) })
	}
}

// excludedValues are those on the lists under not.
func (e *effective) excludedValues() map[uint64]bool {
	var all []*tree.Node
	for not := range e.each("not") {
		all = append(all, e.reader.excludedList(not)...)
	}
	return setOf(all)
}

// excludes reports whether all that a list under not has is excluded.
func (e *effective) excludes(not *tree.Node) bool {
	values, out := e.reader.excludedList(not), e.excludedValues()
	return len(values) > 0 && !slices.ContainsFunc(values, func(v *tree.Node) bool { return !out[v.Hash()] })
}

// excludedList is the list that a not consists of, nil if it is another schema.
func (r *Reader) excludedList(not *tree.Node) []*tree.Node {
	if n := r.definition(not); consistsOf(n, "enum", "const") {
		return enumOf(n)
	}
	return nil
}

// mayMatch reports whether a text matches a pattern, as far as that is known.
func (r *Reader) mayMatch(pattern, text string) bool {
	re := r.regexp(pattern)
	return re == nil || re.MatchString(text)
}

// isList reports whether the schema is a list of values.
func (e *effective) isList() bool {
	_, limited := e.enum()
	return limited
}

// allListed reports whether the schema is a list of values that all hold.
func (e *effective) allListed(holds func(v *tree.Node) bool) bool {
	values, limited := e.enum()
	return limited && !slices.ContainsFunc(values, func(v *tree.Node) bool { return !holds(v) })
}

// listKeyword is the keyword that limits the schema to a list.
func (e *effective) listKeyword() *tree.Node {
	l := e.firstOf("enum", "const")
	if l == nil && len(e.valueLists) > 0 {
		l = e.valueLists[0].keyword
	}
	return l
}

// definitionOf names the definition of a value on a list.
func (e *effective) definitionOf(v *tree.Node) diff.Path {
	if n := owner(v); slices.Contains(e.nodes, n) {
		return e.reader.pathOf(n)
	}
	return e.reader.pathOf(e.definition())
}

// missingFrom are the keywords, each value once, whose value is none of the others'.
func missingFrom(all, others []*tree.Node) []*tree.Node {
	known := setOf(others)
	var left []*tree.Node
	for _, k := range all {
		if !known[k.Hash()] {
			known[k.Hash()] = true
			left = append(left, k)
		}
	}
	return left
}
