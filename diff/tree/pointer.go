package tree

import (
	"net/url"
	"strconv"
	"strings"
)

var pointerEscapes = strings.NewReplacer("~1", "/", "~0", "~")

// Pointer finds a node by the fragment of a reference: a JSON Pointer (RFC
// 6901), percent-encoded as in a URI (RFC 6901, section 6), the name of an
// anchor, or "" for the root. It returns nil if there is no such node.
func (d *Document) Pointer(fragment string) *Node { return d.inPart(d.Root, fragment) }

// Closest follows a JSON Pointer as far as there are nodes.
func (d *Document) Closest(pointer string) *Node {
	for {
		if n := d.Pointer(pointer); n != nil {
			return n
		}
		pointer = pointer[:max(strings.LastIndexByte(pointer, '/'), 0)]
	}
}

// inPart finds the node that a fragment means in the part of the document that
// begins at n.
func (d *Document) inPart(n *Node, fragment string) *Node {
	fragment = unescape(fragment)
	if fragment == "" {
		return n
	}
	if fragment[0] != '/' {
		return d.anchorIndex().names[fragment]
	}
	for _, token := range strings.Split(fragment[1:], "/") {
		token = pointerEscapes.Replace(token)
		if n.Is(Array) {
			i, err := strconv.Atoi(token)
			if err != nil {
				return nil
			}
			n = n.Element(i)
		} else {
			n = n.Get(token)
		}
	}
	return n
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
