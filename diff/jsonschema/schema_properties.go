package jsonschema

import (
	"cmp"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// property is what an effective schema says of the values of one property.
type property struct {
	reader   *Reader
	schemas  []*tree.Node // which the value must fit
	declared *tree.Node   // the schema under properties, nil if there is none
	refused  bool         // no value is allowed
	required *tree.Node   // the element of a required list
}

// present reports whether the schema declares the property and allows a value.
func (p *property) present() bool { return p.declared != nil && !p.refused }

// property returns what the schema says of a property. In each schema object,
// the schema under properties and those of matching patterns apply. If there
// are none, additionalProperties applies.
func (e *effective) property(name string) *property {
	p := &property{reader: e.reader, required: e.requires(name)}
	evaluated := false
	for _, n := range e.nodes {
		matched := false
		apply := func(schema *tree.Node) {
			matched, evaluated = true, true
			p.schemas = append(p.schemas, schema)
			p.refused = p.refused || e.reader.refusesEverything(schema)
		}
		if declared := n.Path("properties", name); declared != nil {
			matched, evaluated = true, true
			p.schemas = append(p.schemas, declared)
			p.refused = p.refused || declared.False()
			p.declared = cmp.Or(p.declared, declared)
		}
		for pattern := range n.Get("patternProperties").Children() {
			if re := e.reader.regexp(pattern.Key); re != nil && re.MatchString(name) {
				apply(pattern)
			}
		}
		if additional := n.Get("additionalProperties"); additional != nil && !matched {
			apply(additional)
		}
	}
	p.schemas = append(p.schemas, e.extraProperties[name]...)
	if rest := e.unevaluated("unevaluatedProperties"); rest != nil && !evaluated {
		p.schemas, p.refused = append(p.schemas, rest), e.reader.refusesEverything(rest)
	}
	return p
}

// propertyNames returns the names of the properties that the schema declares,
// requires, or makes others depend on.
func (e *effective) propertyNames() []string {
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) && len(all) < mostNames {
			all = append(all, name)
		}
	}
	for required := range e.each("required") {
		for r := range required.Children() {
			add(r.Str())
		}
	}
	objects := e.nodes
	if e.keywords != nil { // a keyword by itself
		objects = e.sites
	}
	for _, keyword := range []string{"properties", "dependentRequired", "dependentSchemas", "dependencies"} {
		for _, object := range objects {
			for m := range object.Get(keyword).Children() {
				add(m.Key)
				for name := range m.Children() {
					if m.Is(tree.Array) {
						add(name.Str())
					}
				}
			}
		}
	}
	return all
}

// mostNames bounds the properties of one schema that propertyNames returns.
const mostNames = 96

// hidden reports whether the property is never part of a message in the
// direction: a consumer does not send what is readOnly, and does not receive
// what is writeOnly.
func (e *effective) hidden(p *property, side diff.Side) bool {
	keyword := "readOnly"
	if side == diff.Receives {
		keyword = "writeOnly"
	}
	return p.declared != nil && e.conjunction(p.schemas).flag(keyword)
}

// hasDefault reports whether a value is known that can stand in for the
// property.
func (e *effective) hasDefault(p *property) bool {
	return e.conjunction(p.schemas).first("default") != nil
}

// patternSchema returns the first schema for names that match the pattern.
func (e *effective) patternSchema(pattern string) *tree.Node {
	for patterns := range e.each("patternProperties") {
		if p := patterns.Get(pattern); p != nil {
			return p
		}
	}
	return nil
}

// undeclared returns what the schema says of properties that it neither
// declares nor has a pattern for.
func (e *effective) undeclared() *property {
	p := &property{reader: e.reader}
	evaluated := false
	for a := range e.each("additionalProperties") {
		p.schemas, evaluated = append(p.schemas, a), true
		p.refused = p.refused || e.reader.refusesEverything(a)
	}
	if rest := e.unevaluated("unevaluatedProperties"); rest != nil && !evaluated {
		p.schemas, p.refused = append(p.schemas, rest), e.reader.refusesEverything(rest)
	}
	return p
}

// open reports whether every value is allowed.
func (p *property) open() bool {
	return !slices.ContainsFunc(p.schemas, func(n *tree.Node) bool { return !p.reader.allowsEverything(n) })
}

// refusesEverything reports whether no value fits a schema.
func (r *Reader) refusesEverything(n *tree.Node) bool { return n.False() || r.kindsBelow(n) == 0 }

// neutralKeywords are keywords that neither allow nor refuse any value, or only
// by the kinds.
var neutralKeywords = []string{
	"$ref", "type", "nullable", "readOnly", "writeOnly", "$defs", "definitions", "$id", "id",
	"$schema", "$anchor", "$dynamicAnchor", "allOf",
}

// allowsEverything reports whether it is evident that every value fits a
// schema.
func (r *Reader) allowsEverything(n *tree.Node) bool {
	if trivial(n) || !n.Is(tree.Object) || r.kindsBelow(n) != anything {
		return trivial(n)
	}
	e := r.effective(n, n)
	return e.kinds == anything && len(e.groups)+len(e.valueLists) == 0 && !e.tooLarge &&
		!slices.ContainsFunc(e.nodes, func(object *tree.Node) bool {
			return !consistsOf(object, neutralKeywords...)
		})
}

// describe says in a message whether the properties are allowed.
func (p *property) describe() string {
	switch {
	case p.refused:
		return "refused"
	case p.open():
		return "allowed"
	}
	return "allowed if they fit a schema"
}
