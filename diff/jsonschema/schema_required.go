package jsonschema

import (
	"cmp"

	"github.com/assent-dev/assent/diff/tree"
)

// requires returns the element of a required list that names the property. It
// returns nil if the property is not required.
func (e *effective) requires(name string) *tree.Node {
	if e.required == nil {
		e.required = map[string]*tree.Node{}
		for list := range e.each("required") {
			for r := range list.Children() {
				e.required[r.Str()] = cmp.Or(e.required[r.Str()], r)
			}
		}
		e.requireDependent()
	}
	return e.required[name]
}

// mostDependent bounds the chains of properties that require the next one.
const mostDependent = 8

// requireDependent adds the properties that required properties require.
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

// dependency says that an object with the property must have another one, too.
type dependency struct{ property, requires string }

// dependencies returns the dependencies in the order of the files, and the
// lists that state them: dependentRequired; lists in dependencies, before
// 2019-09; and schemas and conditions that only require properties.
func (e *effective) dependencies() (all []dependency, at map[dependency]*tree.Node) {
	at = map[dependency]*tree.Node{}
	add := func(property string, list *tree.Node) {
		for name := range list.Children() {
			d := dependency{property, name.Str()}
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
		if property := conditionOf(n); property != nil {
			add(property.Str(), n.Path("then", "required"))
		}
	}
	return all, at
}

// conditionOf returns the name of the property for whose presence an if asks,
// if the schema object condition for nothing else and its then only requires other
// properties.
func conditionOf(n *tree.Node) *tree.Node {
	condition, then := n.Get("if"), n.Get("then")
	if condition.Is(tree.Object) && then.Is(tree.Object) && n.Get("else") == nil &&
		consistsOf(condition, "required") && condition.Get("required").Len() == 1 &&
		consistsOf(then, "required") {
		return condition.Get("required").Element(0)
	}
	return nil
}
