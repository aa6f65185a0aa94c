package avro

import (
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// define reads the members that all named types have. It returns the namespace
// that applies inside the type: that of its full name (specification, "Names").
func (p *parser) define(s *schema, space string) string {
	n := s.node.Get("name")
	if n.Str() == "" {
		p.fail(s.node, `%s needs the member "name"`, s.kind)
		return space
	}
	if own := s.node.Get("namespace"); own.Is(tree.String) {
		space = own.Text
	}
	s.name = strings.TrimPrefix(qualify(n.Text, space), ".")
	space = strings.TrimSuffix(s.name[:len(s.name)-len(unqualified(s.name))], ".")
	switch {
	case !validFullName(s.name):
		p.fail(n, "%q is not a valid name: use letters, digits and _, with dots between the parts", s.name)
	case slices.Contains(primitives, s.name):
		p.fail(n, "the name %s belongs to a primitive type", s.name)
	case p.file.types[s.name] != nil:
		p.fail(n, "%s is defined a second time (first in line %d)", s.name,
			p.file.types[s.name].node.At().Line)
	default:
		p.file.types[s.name] = s
		p.file.simple[unqualified(s.name)]++
	}
	for _, alias := range p.aliases(s.node) {
		s.aliases = append(s.aliases, qualify(alias, space))
	}
	return space
}

func (p *parser) aliases(n *tree.Node) []string {
	list := n.Get("aliases")
	if list != nil && !list.Is(tree.Array) {
		p.fail(list, "aliases must be a list of names")
	}
	var out []string
	for alias := range list.Children() {
		if alias.Str() == "" {
			p.fail(alias, "an alias must be a name")
			continue
		}
		out = append(out, alias.Text)
	}
	return out
}

// fields reads a record's fields, or a request's parameters.
func (p *parser) fields(s *schema, key, space string) {
	if s.list = s.node.Get(key); !s.list.Is(tree.Array) {
		p.fail(s.node, "%s %s needs a list of %q", s.kind, s.name, key)
		return
	}
	seen := map[string]bool{}
	for n := range s.list.Children() {
		name, typ := n.Get("name"), n.Get("type")
		switch {
		case name.Str() == "":
			p.fail(n, `a field needs the member "name"`)
			continue
		case typ == nil:
			p.fail(n, `field %s needs the member "type"`, name.Text)
			continue
		case !validName(name.Text):
			p.fail(name, "%q is not a valid name: use letters, digits and _", name.Text)
		case seen[name.Text]:
			p.fail(name, "%s has the field %s twice", s.name, name.Text)
		}
		seen[name.Text] = true
		f := &field{
			node:         n,
			name:         name.Text,
			aliases:      p.aliases(n),
			defaultValue: n.Get("default"),
			order:        n.Get("order").Str(),
		}
		if f.order == "" {
			f.order = "ascending"
		}
		p.typ(&f.typ, typ, space)
		s.fields = append(s.fields, f)
	}
}

func (p *parser) symbols(s *schema) {
	list := s.node.Get("symbols")
	if !list.Is(tree.Array) {
		p.fail(s.node, `enum %s needs a list of "symbols"`, s.name)
		return
	}
	seen := map[string]bool{}
	for n := range list.Children() {
		switch {
		case !validName(n.Str()):
			p.fail(n, "a symbol must be a name: use letters, digits and _")
			continue
		case seen[n.Text]:
			p.fail(n, "%s has the symbol %s twice", s.name, n.Text)
		}
		seen[n.Text] = true
		s.symbols = append(s.symbols, n)
	}
	s.fallback = s.node.Get("default")
	if s.fallback != nil && !seen[s.fallback.Str()] {
		p.fail(s.fallback, "the default of %s is not one of its symbols", s.name)
	}
}

func (p *parser) size(s *schema) {
	n := s.node.Get("size")
	if n == nil {
		p.fail(s.node, `fixed %s needs the member "size"`, s.name)
		return
	}
	if size, err := strconv.ParseInt(n.Text, 10, 64); err != nil || size < 0 || !n.Is(tree.Number) {
		p.fail(n, "the size of %s must be a number of bytes", s.name)
	}
	s.size = n.Text
}
