package jsonschema

import (
	"math/bits"
	"slices"

	"github.com/assent-dev/assent/diff/exact"
	"github.com/assent-dev/assent/diff/tree"
)

// kinds is a set of kinds of values. Numbers consist of integers and fractions,
// so that the kinds of integer are a subset of the kinds of number.
type kinds uint8

const (
	null kinds = 1 << iota
	boolean
	integer
	fraction
	textual
	array
	object
	number   = integer | fraction
	anything = null | boolean | number | textual | array | object
)

var kindNames = map[string]kinds{
	"null":    null,
	"boolean": boolean,
	"integer": integer,
	"number":  number,
	"string":  textual,
	"array":   array,
	"object":  object,
}

// kindNamed returns the kinds of a type. An unknown name allows anything, as
// "any" did in draft 3. compareUnknownTypes reports such names.
func kindNamed(name *tree.Node) kinds {
	if k, known := kindNames[name.Str()]; known {
		return k
	}
	return anything
}

// String names the kinds in a message.
func (k kinds) String() string {
	if k == anything {
		return "anything"
	}
	if rest := anything &^ k; bits.OnesCount8(uint8(k)) > 3 && k&null != 0 {
		return "anything but " + joinOr(rest.names())
	}
	if k == 0 {
		return "nothing"
	}
	return joinOr(k.names())
}

func (k kinds) names() []string {
	var names []string
	for _, name := range []string{"boolean", "number", "integer", "string", "array", "object", "null"} {
		if named := kindNames[name]; k&named == named && k != 0 {
			names = append(names, name)
			k &^= named
		}
	}
	if k&fraction != 0 {
		names = append(names, "fraction")
	}
	return names
}

// asText returns the kinds that a reader of text cannot distinguish from the
// given ones: where a string is allowed, a number and a boolean can be read as
// one.
func asText(k kinds) kinds {
	if k&textual != 0 {
		k |= number | boolean
	}
	return k
}

// fractionOf returns all numbers if k has some, so that integers and fractions
// have something in common.
func fractionOf(k kinds) kinds {
	if k&number != 0 {
		return number
	}
	return 0
}

// allowedKinds returns the kinds that the schema objects allow by type,
// nullable, enum, const and not, and that some branch of each choice allows.
func (e *effective) allowedKinds() kinds {
	all := anything
	if e.falseSchema != nil {
		return 0
	}
	for _, n := range e.nodes {
		all &= e.kindsOf(n)
	}
	for _, g := range e.groups {
		var some kinds
		for _, branch := range g.branches {
			some |= e.reader.kindsBelow(branch)
		}
		all &= some
	}
	for _, l := range e.valueLists {
		all &= l.kinds
	}
	return all
}

// impossibleKinds returns the kinds whose values are all refused by other
// keywords: by bounds that exclude each other, or by a list without a value of
// the kind.
func (e *effective) impossibleKinds() kinds {
	var none kinds
	for _, x := range extents {
		if e.kinds&x.kinds != 0 && e.emptyRange(x) {
			none |= x.kinds
		}
	}
	if values, limited := e.enum(); limited {
		none |= anything &^ null
		for _, v := range values {
			none &^= kindOf(v)
		}
	}
	return none
}

// emptyRange reports whether the bounds exclude each other.
func (e *effective) emptyRange(x extent) bool {
	if e.first(x.lowKeyword) == nil && (!x.numeric || e.first(exclusiveOf[x.lowKeyword]) == nil) {
		return false
	}
	return exact.Span{Low: e.bound(x, exact.Lower).Bound, High: e.bound(x, exact.Upper).Bound}.Empty()
}

// kindsOf returns the kinds that the keywords of one schema object allow.
func (e *effective) kindsOf(n *tree.Node) kinds {
	all := anything
	switch t := n.Get("type"); {
	case t.Is(tree.String):
		all = kindNamed(t)
	case t.Is(tree.Array):
		all = 0
		for c := range t.Children() {
			all |= kindNamed(c)
		}
	}
	// OpenAPI 3.0.3: nullable adds null to the type of the same object.
	if e.reader.host.Dialect == OpenAPI30 && all != anything && n.Get("nullable").True() {
		all |= null
	}
	if values := enumOf(n); values != nil {
		var some kinds
		for _, v := range values {
			some |= kindOf(v)
		}
		all &= some
	}
	if not := n.Get("not"); not != nil {
		excluded, _ := e.reader.excludedKinds(not)
		all &^= excluded
	}
	return all
}

// excludedKinds returns the kinds of which a schema under not refuses every
// value. It reports whether the not refuses nothing else.
func (r *Reader) excludedKinds(not *tree.Node) (k kinds, whole bool) {
	return r.excludedWithin(not, mostLevels)
}

// mostLevels bounds how many anyOf under a not are followed within one another.
const mostLevels = 4

func (r *Reader) excludedWithin(not *tree.Node, depth int) (k kinds, whole bool) {
	n := r.definition(not)
	switch values := enumOf(n); {
	case n.False():
		return 0, true
	case values != nil && consistsOf(n, "enum", "const"):
		k = exhaustedKinds(values)
		return k, !slices.ContainsFunc(values, func(v *tree.Node) bool { return kindOf(v)&^k != 0 })
	case n.Get("anyOf") != nil && consistsOf(n, "anyOf") && depth > 0:
		whole = true
		for branch := range n.Get("anyOf").Children() {
			some, all := r.excludedWithin(branch, depth-1)
			k, whole = k|some, whole && all
		}
		return k, whole
	case !consistsOf(n, "type"):
		return 0, false
	case n.Get("type") == nil:
		return anything, true
	}
	return (&effective{reader: r}).kindsOf(n), true
}

// exhaustedKinds returns the kinds of which the list has every value.
func exhaustedKinds(values []*tree.Node) (k kinds) {
	var booleans []*tree.Node
	for _, v := range values {
		switch v.Kind {
		case tree.Null:
			k |= null
		case tree.Bool:
			booleans = append(booleans, v)
		}
	}
	if len(setOf(booleans)) == 2 {
		k |= boolean
	}
	return k
}

// kindOf returns the kind of a value. 1.0 is an integer (draft 6 and later).
func kindOf(v *tree.Node) kinds {
	switch v.Kind {
	case tree.Bool:
		return boolean
	case tree.String:
		return textual
	case tree.Array:
		return array
	case tree.Object:
		return object
	case tree.Number:
		if r, ok := rational(v); ok && !r.IsInt() {
			return fraction
		}
		return integer
	}
	return null
}

// kindsBelow returns the kinds that a schema allows by its type, its references
// and its branches. It does not build the effective schema, so it may return
// too many kinds. A schema that contains itself restricts nothing the second
// time.
func (r *Reader) kindsBelow(n *tree.Node) kinds {
	if all, known := r.kindsFound[n]; known {
		return all
	}
	if n.False() {
		return 0
	}
	r.kindsFound[n] = anything
	r.kindsFound[n] = r.findKinds(n)
	return r.kindsFound[n]
}

func (r *Reader) findKinds(n *tree.Node) kinds {
	all := anything
	if ref := r.reference(n); ref != nil {
		all = r.kindsBelow(r.target(ref).node)
		if r.host.Dialect.refHidesSiblings() {
			return all
		}
	}
	all &= (&effective{reader: r}).kindsOf(n)
	for branch := range n.Get("allOf").Children() {
		all &= r.kindsBelow(branch)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		var some kinds
		for branch := range n.Get(keyword).Children() {
			some |= r.kindsBelow(branch)
		}
		if some != 0 {
			all &= some
		}
	}
	return all
}

// kindsByMultiple returns the kinds of a schema. It leaves out fractions if the
// numbers are multiples of an integer.
func (e *effective) kindsByMultiple() kinds {
	if m := e.multiple(); m != nil && m.IsInt() {
		return e.kinds &^ fraction
	}
	return e.kinds
}

// unknownTypes returns the names under type that are not the name of a type,
// sorted.
func (e *effective) unknownTypes() []string {
	var all []string
	add := func(name *tree.Node) {
		if _, known := kindNames[name.Str()]; !known && name.Is(tree.String) {
			all = append(all, name.Str())
		}
	}
	for t := range e.each("type") {
		add(t)
		for c := range t.Children() {
			add(c)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// kindsKeyword returns the keyword that restricts the kinds.
func (e *effective) kindsKeyword() *tree.Node {
	if e.falseSchema != nil {
		return e.falseSchema
	}
	return e.firstOf("type", "enum", "const", "oneOf", "anyOf", "not")
}
