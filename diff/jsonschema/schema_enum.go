package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// enumOf returns the values to which one schema object limits its instances. It
// returns nil if there is no limit.
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

// setOf returns the hashes of the values.
func setOf(values []*tree.Node) map[uint64]bool {
	set := make(map[uint64]bool, len(values))
	for _, v := range values {
		set[v.Hash()] = true
	}
	return set
}

// valueList is a choice whose branches list values. {"oneOf": [{"const": "a"},
// {"const": "b"}]}, where each branch may have a title, is {"enum": ["a",
// "b"]}.
type valueList struct {
	keyword *tree.Node
	values  []*tree.Node
	kinds   kinds
}

// extractLists moves the choices that are lists from the groups to the lists.
func (e *effective) extractLists() {
	e.groups = slices.DeleteFunc(e.groups, func(g group) bool {
		l, ok := e.reader.listOf(g)
		if ok {
			e.valueLists = append(e.valueLists, l)
		}
		return ok
	})
}

// listOf reads a choice as a list. A oneOf with a value in two branches refuses
// the value, so it is not read as a list.
func (r *Reader) listOf(g group) (valueList, bool) {
	l := valueList{keyword: g.keyword}
	seen := map[uint64]bool{}
	for _, b := range g.branches {
		n := r.definition(b)
		values, k := enumOf(n), (&effective{reader: r}).kindsOf(n)
		if !consistsOf(n, "enum", "const", "type", "nullable") || values == nil && k != null ||
			g.keyword.Key == "oneOf" && l.kinds&k&null != 0 {
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

// enumerated is the result of enum.
type enumerated struct {
	values  []*tree.Node
	limited bool
}

// enum returns the values that the schema allows, if some keyword limits them
// to a list. The values are those of all lists without those that other
// keywords refuse.
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
	// The kinds say whether null is allowed, since nullable and type say it, too.
	refused := e.refusal()
	values = slices.DeleteFunc(values, func(v *tree.Node) bool {
		return kindOf(v)&^null&e.kinds == 0 || refused(v)
	})
	return values, !e.exhaustsKinds(values)
}

// exhaustsKinds reports whether there is no other value of the kinds that the
// schema allows.
func (e *effective) exhaustsKinds(values []*tree.Node) bool {
	switch e.kinds &^ null {
	case 0:
		return true
	case boolean:
		return len(setOf(values)) == 2
	}
	return false
}

// refusal returns a function that reports whether a value is refused by a
// bound, a multipleOf, a pattern, or a list under not.
func (e *effective) refusal() func(v *tree.Node) bool {
	type limit struct {
		extent
		bound
		end exact.End
	}
	var limits []limit
	for _, x := range extents {
		if e.kinds&x.kinds != 0 {
			limits = append(limits, limit{x, e.bound(x, exact.Lower), exact.Lower},
				limit{x, e.bound(x, exact.Upper), exact.Upper})
		}
	}
	limits = slices.DeleteFunc(limits, func(l limit) bool { return l.Value == nil })
	m := e.multiple()
	out, patterns := e.excludedValues(), e.patterns()
	return func(v *tree.Node) bool {
		return out[v.Hash()] || !multiplesOf(m)(v) ||
			slices.ContainsFunc(limits, func(l limit) bool { return !l.admits(l.extent, v, l.end) }) ||
			v.Is(tree.String) && slices.ContainsFunc(patterns, func(p string) bool {
				return !e.reader.mayMatch(p, v.Text)
			})
	}
}

// excludedValues returns the values of the lists under not.
func (e *effective) excludedValues() map[uint64]bool {
	var all []*tree.Node
	for not := range e.each("not") {
		all = append(all, e.reader.excludedList(not)...)
	}
	return setOf(all)
}

// excludes reports whether the schema excludes each value of a list under not.
func (e *effective) excludes(not *tree.Node) bool {
	values, out := e.reader.excludedList(not), e.excludedValues()
	return len(values) > 0 && !slices.ContainsFunc(values, func(v *tree.Node) bool { return !out[v.Hash()] })
}

// excludedList returns the values of the list that a schema under not consists
// of. It returns nil for other schemas.
func (r *Reader) excludedList(not *tree.Node) []*tree.Node {
	if n := r.definition(not); consistsOf(n, "enum", "const") {
		return enumOf(n)
	}
	return nil
}

// mayMatch reports whether a text matches a pattern. A pattern that Go does not
// understand may match.
func (r *Reader) mayMatch(pattern, text string) bool {
	re := r.regexp(pattern)
	return re == nil || re.MatchString(text)
}

// isList reports whether the schema limits its values to a list.
func (e *effective) isList() bool {
	_, limited := e.enum()
	return limited
}

// allListed reports whether the schema limits its values to a list, and the
// condition holds for each of them.
func (e *effective) allListed(holds func(v *tree.Node) bool) bool {
	values, limited := e.enum()
	return limited && !slices.ContainsFunc(values, func(v *tree.Node) bool { return !holds(v) })
}

// listKeyword returns the keyword that limits the schema to a list.
func (e *effective) listKeyword() *tree.Node {
	l := e.firstOf("enum", "const")
	if l == nil && len(e.valueLists) > 0 {
		l = e.valueLists[0].keyword
	}
	return l
}

// definitionOf returns the path of the definition to which a value on a list
// belongs.
func (e *effective) definitionOf(v *tree.Node) diff.Path {
	if n := owner(v); slices.Contains(e.nodes, n) {
		return e.reader.pathOf(n)
	}
	return e.reader.pathOf(e.definition())
}

// missingFrom returns the nodes whose value none of the others has. Of equal
// nodes it returns the first.
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
