package avro

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// The kinds that are not primitive. An "error" is a record here: it is encoded
// as one.
const (
	record = "record"
	enum   = "enum"
	fixed  = "fixed"
	array  = "array"
	mapped = "map"
	union  = "union"
)

// primitives holds the kinds that have no parts.
var primitives = []string{"null", "boolean", "int", "long", "float", "double", "bytes", "string"}

// schema is one type. A named type exists once, however often it is used.
type schema struct {
	kind    string
	node    *tree.Node // the definition
	name    string     // full
	aliases []string   // full, of named types
	logical logical

	fields   []*field     // of a record
	list     *tree.Node   // what holds them
	symbols  []*tree.Node // of an enum
	fallback *tree.Node   // the default of an enum: what stands for an unknown symbol
	size     string       // of a fixed, canonical
	element  ref          // of an array or map
	branches []ref        // of a union
}

// ref is one use of a type.
type ref struct {
	at *tree.Node // what names or defines the type there
	to *schema
}

type field struct {
	node         *tree.Node
	name         string
	aliases      []string
	typ          ref
	defaultValue *tree.Node // the default; nil without one, unlike a default of null
	order        string
}

// file is one revision of a contract.
type file struct {
	root     ref
	protocol *protocol          // instead of a root
	types    map[string]*schema // by full name
	simple   map[string]int     // how many types share the unqualified name
	contents []uint64           // hashes of the documents
}

// node is where the file begins.
func (f *file) node() *tree.Node {
	if f.protocol == nil {
		return f.root.at
	}
	return f.protocol.name
}

// roots are the types that a file begins with.
func (f *file) roots() []ref {
	if f.protocol == nil {
		return []ref{f.root}
	}
	return f.protocol.roots()
}

func (s *schema) isNamed() bool { return s.kind == record || s.kind == enum || s.kind == fixed }

// isAnonymous reports whether no named type is used within: then equal text means
// equal types.
func (s *schema) isAnonymous() bool {
	return !s.isNamed() && (s.element.to == nil || s.element.to.isAnonymous()) &&
		!slices.ContainsFunc(s.branches, func(b ref) bool { return !b.to.isAnonymous() })
}

// unqualified is the name without its namespace.
func unqualified(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// alternatives returns the branches of a union; any other type is its own only
// one.
func (r ref) alternatives() []ref {
	if r.to.kind == union {
		return r.to.branches
	}
	return []ref{r}
}

// String describes the type for messages: "array of int", "[null, trade.Leg]".
func (r ref) String() string {
	switch s := r.to; {
	case s.isNamed():
		return s.kind + " " + s.name
	case s.kind == array, s.kind == mapped:
		return s.kind + " of " + s.element.String()
	case s.kind == union:
		return "[" + strings.Join(texts(s.branches), ", ") + "]"
	default:
		return s.kind
	}
}

func texts(refs []ref) []string {
	var out []string
	for _, r := range refs {
		out = append(out, r.String())
	}
	return out
}

func (s *schema) symbolNames() []string {
	var out []string
	for _, symbol := range s.symbols {
		out = append(out, symbol.Text)
	}
	return out
}
