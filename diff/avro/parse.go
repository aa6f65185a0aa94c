package avro

import (
	"slices"
	"strings"
	"unicode"

	"github.com/assent-dev/assent/diff/tree"
)

// mostBranches bounds unions: each branch is compared with all branches of the
// other revision.
const mostBranches = 4096

// parser turns nodes into types. It collects mistakes, so that the author sees
// all of them at once. Package tree bounds how deep nodes are nested.
type parser struct {
	file     *file
	mistakes []error
	pending  []pending
}

// pending is a name that was used before its definition was read. The
// specification requires definitions to come first; Java since 1.12 does not.
type pending struct {
	ref   *ref
	name  *tree.Node
	space string
}

func newParser() *parser {
	return &parser{file: &file{types: map[string]*schema{}, simple: map[string]int{}}}
}

// document reads the root.
func (p *parser) document(root *tree.Node) {
	p.file.contents = append(p.file.contents, root.Hash())
	if root.Get("protocol") != nil {
		p.protocol(root)
		return
	}
	p.typ(&p.file.root, root, "")
}

// furtherFile reads a file that defines a type which the root uses.
func (p *parser) furtherFile(root *tree.Node) {
	name := qualify(root.Get("name").Str(), root.Get("namespace").Str())
	if p.file.types[name] != nil {
		return
	}
	p.file.contents = append(p.file.contents, root.Hash())
	p.typ(&ref{}, root, "")
}

// undefinedNames lists the names that have been used and not yet defined.
func (p *parser) undefinedNames() []pending {
	return slices.DeleteFunc(slices.Clone(p.pending), func(late pending) bool {
		return p.lookup(late.name.Text, late.space) != nil
	})
}

// finish resolves the names that were used before their definition.
func (p *parser) finish() (*file, []error) {
	for _, use := range p.pending {
		use.ref.to = p.lookup(use.name.Text, use.space)
		if use.ref.to == nil {
			p.fail(use.name, "unknown type %q: define it in this file, or in %s beside it", use.name.Text,
				unqualified(use.name.Text)+extension)
		}
	}
	if len(p.mistakes) == 0 {
		// Branches are distinguished by their names, which are known only now.
		p.checkUnions(map[*schema]bool{})
	}
	return p.file, p.mistakes
}

func (p *parser) fail(n *tree.Node, format string, args ...any) {
	p.mistakes = append(p.mistakes, n.Errorf(format, args...))
}

// typ reads a type into r. After a mistake r.to is an arbitrary type, which is
// not used.
func (p *parser) typ(r *ref, n *tree.Node, space string) {
	r.at, r.to = n, &schema{node: n}
	switch {
	case n.Is(tree.String):
		p.name(r, n, space)
	case n.Is(tree.Array):
		r.to.kind = union
		if n.Len() > mostBranches {
			p.fail(n, "a union of more than %d branches is not compared", mostBranches)
			return
		}
		r.to.branches = make([]ref, n.Len())
		i := 0
		for b := range n.Children() {
			p.typ(&r.to.branches[i], b, space)
			i++
		}
	case n.Is(tree.Object):
		p.object(r, n, space)
	default:
		p.fail(n, "a type must be a name, an object or a list, not %s", n.Kind)
	}
}

// name reads the name of a primitive or of a type that is defined elsewhere.
func (p *parser) name(r *ref, n *tree.Node, space string) {
	if slices.Contains(primitives, n.Text) {
		r.to.kind = n.Text
		return
	}
	if s := p.lookup(n.Text, space); s != nil {
		r.to = s
		return
	}
	p.pending = append(p.pending, pending{r, n, space})
}

// lookup finds the type that a name means in a namespace. If there is none, it
// tries the name without the namespace, as Java does.
func (p *parser) lookup(name, space string) *schema {
	if s := p.file.types[qualify(name, space)]; s != nil {
		return s
	}
	return p.file.types[name]
}

func (p *parser) object(r *ref, n *tree.Node, space string) {
	s, t := r.to, n.Get("type")
	switch {
	case t == nil:
		p.fail(n, `a type needs the member "type"`)
		return
	case !t.Is(tree.String):
		p.typ(r, t, space) // {"type": {"type": "int"}} is accepted everywhere
		r.at = n
		return
	}
	s.kind = t.Text
	switch t.Text {
	case "record", "error":
		s.kind = record
		p.fields(s, "fields", p.define(s, space))
	case enum:
		p.define(s, space)
		p.symbols(s)
	case fixed:
		p.define(s, space)
		p.size(s)
	case array:
		p.element(s, "items", space)
	case mapped:
		p.element(s, "values", space)
	default:
		p.name(r, t, space)
		if r.to != s {
			return
		}
	}
	s.logical = logicalOf(s)
}

func (p *parser) element(s *schema, key, space string) {
	n := s.node.Get(key)
	if n == nil {
		s.element = ref{s.node, s}
		p.fail(s.node, "%s needs the member %q", s.kind, key)
		return
	}
	p.typ(&s.element, n, space)
}

// checkUnions reports what the specification forbids: unions in unions, and
// branches that a writer could not distinguish. It skips types that are done.
func (p *parser) checkUnions(done map[*schema]bool) {
	var visit func(r ref)
	visit = func(r ref) {
		if done[r.to] {
			return
		}
		done[r.to] = true
		seen := map[string]bool{}
		for _, b := range r.to.branches {
			key := b.to.kind
			if b.to.isNamed() {
				key = b.to.name
			}
			switch {
			case b.to.kind == union:
				p.fail(b.at, "a union must not contain another union")
			case seen[key]:
				p.fail(b.at, "the union has %s twice", key)
			}
			seen[key] = true
			visit(b)
		}
		for _, f := range r.to.fields {
			visit(f.typ)
		}
		if r.to.element.to != nil {
			visit(r.to.element)
		}
	}
	for _, r := range p.file.roots() {
		visit(r)
	}
}

// qualify makes a full name. A name with a dot is full already.
func qualify(name, space string) string {
	if space == "" || strings.Contains(name, ".") {
		return name
	}
	return space + "." + name
}

func validFullName(name string) bool {
	return !slices.ContainsFunc(strings.Split(name, "."), func(part string) bool { return !validName(part) })
}

// validName accepts letters of every script, as Java does since 1.12.
func validName(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}
