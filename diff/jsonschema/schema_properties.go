package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// property is what an effective schema says of one name.
type property struct {
	reader   *Reader
	schemas  []*tree.Node // all that its value must fit
	declared *tree.Node   // where it is declared by name
	refused  bool         // additionalProperties or a false schema rules it out
	required *tree.Node   // the element of a required list
}

// present reports whether values have the property by declaration.
func (p *property) present() bool { return p.declared != nil && !p.refused }

// property gathers the schemas that apply to a name: in each schema object the
// declared one and those of matching patterns, else additionalProperties.
func (e *effective) property(name string) *property {
	p := &property{reader: e.reader, required: e.requires(name)}
	spoken := false
	for _, n := range e.nodes {
		matched := false
		apply := func(schema *tree.Node) {
			matched, spoken = true, true
			p.schemas = append(p.schemas, schema)
			p.refused = p.refused || e.reader.refusesEverything(schema)
		}
		if declared := n.Path("properties", name); declared != nil {
			matched, spoken = true, true
			p.schemas = append(p.schemas, declared)
			p.refused = p.refused || declared.False()
			p.declared = firstPresent(p.declared, declared)
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
	if rest := e.unevaluated("unevaluatedProperties"); rest != nil && !spoken {
		p.schemas, p.refused = append(p.schemas, rest), e.reader.refusesEverything(rest)
	}
	return p
}

// propertyNames lists the properties that are declared, required or depended on.
func (e *effective) propertyNames() []string {
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) && len(all) < mostProposed {
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

// hidden reports whether a property does not travel on a side.
func (e *effective) hidden(p *property, side diff.Side) bool {
	keyword := "readOnly"
	if side == diff.Receives {
		keyword = "writeOnly"
	}
	return p.declared != nil && e.conjunction(p.schemas).flag(keyword)
}

// hasDefault reports whether a value is known to stand in for the property.
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

// undeclared is what the schema says of names that it does not declare.
func (e *effective) undeclared() *property {
	p := &property{reader: e.reader}
	spoken := false
	for a := range e.each("additionalProperties") {
		p.schemas, spoken = append(p.schemas, a), true
		p.refused = p.refused || e.reader.refusesEverything(a)
	}
	if rest := e.unevaluated("unevaluatedProperties"); rest != nil && !spoken {
		p.schemas, p.refused = append(p.schemas, rest), e.reader.refusesEverything(rest)
	}
	return p
}

// open reports whether anything is allowed.
func (p *property) open() bool {
	return !slices.ContainsFunc(p.schemas, func(n *tree.Node) bool { return !p.reader.allowsEverything(n) })
}

// refusesEverything reports whether no value fits a schema.
func (r *Reader) refusesEverything(n *tree.Node) bool { return n.False() || r.kindsBelow(n) == 0 }

// neutralKeywords are keywords that allow and refuse nothing by themselves, or whose effect
// is told by the kinds.
var neutralKeywords = []string{"$ref", "type", "nullable", "readOnly", "writeOnly", "$defs", "definitions", "$id", "id", "$schema", "$anchor", "$dynamicAnchor", "allOf"}

// allowsEverything reports whether every value fits a schema, in whatever words.
func (r *Reader) allowsEverything(n *tree.Node) bool {
	if trivial(n) || !n.Is(tree.Object) || r.kindsBelow(n) != anything {
		return trivial(n)
	}
	e := r.effective(n, n)
	return e.kinds == anything && len(e.groups)+len(e.valueLists) == 0 && !e.tooLarge &&
		!slices.ContainsFunc(e.nodes, func(object *tree.Node) bool { return !consistsOf(object, neutralKeywords...) })
}

func (p *property) describe() string {
	switch {
	case p.refused:
		return "refused"
	case p.open():
		return "allowed"
	}
	return "allowed if they fit a schema"
}

// requires returns the element of a required list that names the property.
func (e *effective) requires(name string) *tree.Node {
	if e.required == nil {
		e.required = map[string]*tree.Node{}
		for list := range e.each("required") {
			for r := range list.Children() {
				e.required[r.Str()] = firstPresent(e.required[r.Str()], r)
			}
		}
		e.requireDependent()
	}
	return e.required[name]
}

// mostDependent bounds how far properties that require others are followed.
const mostDependent = 8

// requireDependent adds what required properties bring along.
func (e *effective) requireDependent() {
	if len(e.required) == 0 {
		return
	}
	known, at := e.dependencies()
	for range mostDependent {
		before := len(e.required)
		for _, d := range known {
			if e.required[d.property] != nil && e.required[d.requires] == nil {
				e.required[d.requires] = at[d]
			}
		}
		if len(e.required) == before {
			return
		}
	}
}

// dependency says that who has the one property must have the other.
type dependency struct{ property, requires string }

// dependencies lists them with where they stand, in the order of the files:
// dependentRequired; before 2019-09, lists in dependencies; schemas and conditions
// that say no more than that.
func (e *effective) dependencies() (all []dependency, at map[dependency]*tree.Node) {
	at = map[dependency]*tree.Node{}
	add := func(on string, list *tree.Node) {
		for name := range list.Children() {
			d := dependency{on, name.Str()}
			if at[d] == nil && d.property != d.requires {
				all, at[d] = append(all, d), list
			}
		}
	}
	for _, keyword := range []string{"dependentRequired", "dependencies", "dependentSchemas"} {
		for lists := range e.each(keyword) {
			for list := range lists.Children() {
				switch {
				case list.Is(tree.Array):
					add(list.Key, list)
				case consistsOf(list, "required"):
					add(list.Key, list.Get("required"))
				}
			}
		}
	}
	for _, n := range e.nodes {
		if on := conditionOf(n); on != nil {
			add(on.Str(), n.Path("then", "required"))
		}
	}
	return all, at
}

// conditionOf returns the name of the property whose presence is all that the
// object's if asks, where its then only requires others.
func conditionOf(n *tree.Node) *tree.Node {
	asks, then := n.Get("if"), n.Get("then")
	if asks.Is(tree.Object) && then.Is(tree.Object) && n.Get("else") == nil && consistsOf(asks, "required") && consistsOf(then, "required") && asks.Get("required").Len() == 1 {
		return asks.Get("required").Element(0)
	}
	return nil
}
