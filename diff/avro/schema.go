package avro

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// The kinds that are not primitive. An "error" is a record here, because it is
// encoded as one.
const (
	record = "record"
	enum   = "enum"
	fixed  = "fixed"
	array  = "array"
	mapped = "map"
	union  = "union"
)

// primitives are the kinds that contain no other types.
var primitives = []string{"null", "boolean", "int", "long", "float", "double", "bytes", "string"}

// schema is one type. A named type exists once and may have many uses.
type schema struct {
	kind    string
	node    *tree.Node // the definition
	name    string     // full
	aliases []string   // full, of named types
	logical logical

	fields   []*field     // of a record
	list     *tree.Node   // the list that contains the fields
	symbols  []*tree.Node // of an enum
	fallback *tree.Node   // the default of an enum: unknown symbols are read as it
	size     string       // of a fixed, canonical
	element  ref          // of an array or map
	branches []ref        // of a union
}

// ref is one use of a type.
type ref struct {
	at *tree.Node // where the type is named or defined
	to *schema
}

type field struct {
	node         *tree.Node
	name         string
	aliases      []string
	typ          ref
	defaultValue *tree.Node // nil if there is none; a default of null is a node
	order        string
}

// file is one revision of a contract.
type file struct {
	root     ref
	protocol *protocol          // instead of a root
	types    map[string]*schema // by full name
	simple   map[string]int     // by unqualified name: how many types have it
	contents []uint64           // hashes of the documents
}

// node is a node at the beginning of the file.
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

// isAnonymous reports whether the type neither is nor contains a named type.
// Such types are equal if their text is.
func (s *schema) isAnonymous() bool {
	return !s.isNamed() && (s.element.to == nil || s.element.to.isAnonymous()) &&
		!slices.ContainsFunc(s.branches, func(b ref) bool { return !b.to.isAnonymous() })
}

// unqualified is the name without its namespace.
func unqualified(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// alternatives returns the branches of a union, and any other type as the only
// alternative.
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
