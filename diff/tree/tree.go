// Package tree reads JSON and YAML documents into nodes that know their line.
//
// A document is parsed once into an arena: every node has its key, its scalar,
// its place in the file and a hash of its content, so that two revisions can be
// compared without looking at what did not change. JSON is read by a JSON
// parser and YAML by a YAML parser: a YAML parser refuses valid JSON (`\/`,
// surrogate pairs). What a pull request can abuse is bounded: size, depth, and
// the expansion of aliases.
//
// The package knows no contract format. The formats in diff/... call it.
package tree

import (
	"fmt"
	"iter"
)

// Kind tells what a node holds.
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

// Location is a place in a file. Lines and columns start at 1, columns count
// bytes; EndLine is the last line of the element. The zero Location is nowhere.
type Location struct {
	File    string
	Line    int
	Column  int
	EndLine int
}

// IsZero reports whether l is nowhere.
func (l Location) IsZero() bool { return l.File == "" && l.Line == 0 }

// String returns file:line:column, the form that editors jump to.
func (l Location) String() string {
	if l.Line == 0 {
		return l.File
	}
	return fmt.Sprintf("%s:%d:%d", l.File, l.Line, l.Column)
}

// Error is a mistake in a file that its author has to mend. It is never
// retried: the same file gives the same error.
type Error struct {
	Location
	Message string
}

func (e *Error) Error() string { return e.Location.String() + ": " + e.Message }

// Node is one value of a document. The zero of *Node, nil, stands for "absent",
// and all methods accept it, so that look-ups chain.
type Node struct {
	Kind Kind
	Key  string // the member's name, "" for array elements and the root
	Text string // a scalar's value: unquoted for strings, canonical for numbers

	hash                uint64
	line, column, end   int32
	size                int32 // children
	parent, child, next *Node
	index               map[string]*Node // of objects too large to scan
	document            *Document        // of the root alone
	refers              bool             // a reference lies below
	named               bool             // a schema with a name of its own lies at or below
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

// Hash is equal for values that are equal, whatever their formatting, their
// order of members and their language. It is seeded anew in each process, so
// that nobody can prepare two contracts that collide; see Digest for one that
// may be stored.
func (n *Node) Hash() uint64 {
	if n == nil {
		return 0
	}
	return n.hash
}

// Refers reports whether a member named $ref, $dynamicRef or $recursiveRef lies
// below the node.
func (n *Node) Refers() bool { return n != nil && n.refers }

// Parent returns the object or array that holds the node, nil for the root.
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

// Path follows one member after the other.
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

// Is reports whether the node is of the kind; an absent node is of none.
func (n *Node) Is(k Kind) bool { return n != nil && n.Kind == k }

// Str returns the text of a string, "" for all else.
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

// Walk calls f for the node and all below it, parents first, until f returns
// false for a subtree: then what is below is passed over.
func (n *Node) Walk(f func(*Node) bool) {
	if n == nil || !f(n) {
		return
	}
	for c := n.child; c != nil; c = c.next {
		c.Walk(f)
	}
}
