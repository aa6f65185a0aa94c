// Package tree reads JSON and YAML documents into nodes that know their line.
//
// A document is parsed once into an arena. Every node has its key, its scalar,
// its place in the file and a hash of its content, so that a comparison of two
// revisions can skip equal parts. JSON and YAML have separate parsers, because
// a YAML parser refuses some valid JSON (`\/`, surrogate pairs). Size, depth
// and the expansion of aliases are bounded, because pull requests could abuse
// them.
//
// The package knows no contract format. The formats in diff/... call it.
package tree

import (
	"fmt"
	"iter"
)

// Kind is the kind of value of a node.
type Kind uint8

// The kinds of JSON values. YAML's timestamps and binaries are strings here.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String returns the name that JSON Schema gives to the kind.
func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// Location is a place in a file. Lines and columns start at 1, and columns
// count bytes. EndLine is the last line of the element. The zero Location
// stands for nothing.
type Location struct {
	File    string
	Line    int
	Column  int
	EndLine int
}

// IsZero reports whether l stands for nothing.
func (l Location) IsZero() bool { return l.File == "" && l.Line == 0 }

// String returns file:line:column, the form that editors recognise.
func (l Location) String() string {
	if l.Line == 0 {
		return l.File
	}
	return fmt.Sprintf("%s:%d:%d", l.File, l.Line, l.Column)
}

// Error is a mistake in a file that its author has to correct. Trying again
// does not help: the same file gives the same error.
type Error struct {
	Location
	Message string
}

func (e *Error) Error() string { return e.Location.String() + ": " + e.Message }

// Node is one value of a document. A nil *Node means that the value is absent.
// All methods accept nil, so that look-ups can be chained.
type Node struct {
	Kind Kind
	Key  string // the member's name, "" for array elements and the root
	Text string // a scalar's value: unquoted for strings, canonical for numbers

	hash                uint64
	line, column, end   int32
	size                int32 // children
	parent, child, next *Node
	index               map[string]*Node // of objects too large to scan
	document            *Document        // set only at the root
	refers              bool             // a descendant is a reference
	hasID               bool             // the node or a descendant has a $id
}

// At returns where the node begins: its key for a member, else its value.
func (n *Node) At() Location {
	if n == nil {
		return Location{}
	}
	return Location{File: n.Document().Path, Line: int(n.line), Column: int(n.column), EndLine: int(n.end)}
}

// Errorf returns an Error at the node.
func (n *Node) Errorf(format string, args ...any) *Error {
	return &Error{Location: n.At(), Message: fmt.Sprintf(format, args...)}
}

// Hash is equal for equal values, whatever their formatting, the order of their
// members and their language. Its seed differs in each process, so that nobody
// can prepare two contracts that collide. Use Digest for a hash that is stored.
func (n *Node) Hash() uint64 {
	if n == nil {
		return 0
	}
	return n.hash
}

// Refers reports whether a descendant is a member named $ref, $dynamicRef or
// $recursiveRef.
func (n *Node) Refers() bool { return n != nil && n.refers }

// Parent returns the object or array that contains the node, nil for the root.
func (n *Node) Parent() *Node {
	if n == nil {
		return nil
	}
	return n.parent
}

// Document returns the file that the node was read from.
func (n *Node) Document() *Document {
	for n.parent != nil {
		n = n.parent
	}
	return n.document
}

// Len returns the number of members or elements.
func (n *Node) Len() int {
	if n == nil {
		return 0
	}
	return int(n.size)
}

// Get returns the member with that name, nil if there is none.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	if n.index != nil {
		return n.index[key]
	}
	for c := n.child; c != nil; c = c.next {
		if c.Key == key {
			return c
		}
	}
	return nil
}

// Path follows members by their names, each below the one before.
func (n *Node) Path(keys ...string) *Node {
	for _, key := range keys {
		n = n.Get(key)
	}
	return n
}

// Children yields members or elements in the order of the file.
func (n *Node) Children() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if n == nil {
			return
		}
		for c := n.child; c != nil; c = c.next {
			if !yield(c) {
				return
			}
		}
	}
}

// Element returns the i-th element of an array, nil if there is none.
func (n *Node) Element(i int) *Node {
	if n == nil || n.Kind != Array || i < 0 {
		return nil
	}
	c := n.child
	for ; c != nil && i > 0; i-- {
		c = c.next
	}
	return c
}

// Is reports whether the node is present and has the kind.
func (n *Node) Is(k Kind) bool { return n != nil && n.Kind == k }

// Str returns the text of a string, and "" for any other value.
func (n *Node) Str() string {
	if n.Is(String) {
		return n.Text
	}
	return ""
}

// True reports whether the node is the boolean true.
func (n *Node) True() bool { return n.Is(Bool) && n.Text == "true" }

// False reports whether the node is the boolean false.
func (n *Node) False() bool { return n.Is(Bool) && n.Text == "false" }

// Walk calls f for the node and all its descendants, parents first. If f
// returns false, it skips the descendants of that node.
func (n *Node) Walk(f func(*Node) bool) {
	if n == nil || !f(n) {
		return
	}
	for c := n.child; c != nil; c = c.next {
		c.Walk(f)
	}
}
