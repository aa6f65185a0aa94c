package tree

// Placed is an element of any kind of document. At is zero if there is no
// element.
type Placed interface{ At() Location }

// Gap returns the place in the node that is closest to where a removed element
// was in the earlier revision of the node: the end of the last remaining child
// before it, else the beginning of the first remaining child after it, else
// that of the node. A diff shows the deletion there, however long the node is.
// Elements of arrays are identified by their member "name" or by their text.
func (n *Node) Gap(element Placed) Location {
	gone, _ := element.(*Node) // other elements have no siblings
	at := n.At()
	at.EndLine = at.Line
	if gone.Parent() != nil && n.Len() > 0 && gone.Parent().Kind == n.Kind {
		present := map[string]*Node{}
		for c := range n.Children() {
			present[c.identity()] = c
		}
		var before, after *Node
		passed := false
		for sibling := range gone.Parent().Children() {
			left := present[sibling.identity()]
			switch {
			case sibling == gone:
				passed = true
			case left != nil && !passed:
				before = left
			case left != nil && after == nil:
				after = left
			}
		}
		switch {
		case before != nil:
			at = before.At()
			at.Line = at.EndLine
		case after != nil:
			at = after.At()
			at.EndLine = at.Line
		}
	}
	return at
}

func (n *Node) identity() string {
	switch {
	case n.Key != "":
		return n.Key
	case n.Kind == Object:
		return n.Get("name").Str()
	}
	return n.Text
}
