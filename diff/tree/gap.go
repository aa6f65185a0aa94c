package tree

// Placed is an element of a document of any kind. At is zero if there is none.
type Placed interface{ At() Location }

// Gap returns the line of a node that is closest to where something stood in
// the earlier revision of it that is gone: the end of the child before it that
// is still there, else the beginning of the one after it, else of the node.
// There the deletion is seen, however long the node is. Elements of arrays are
// known by their member "name" or by their own text.
func (n *Node) Gap(element Placed) Location {
	gone, _ := element.(*Node) // what is no node has no siblings
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
