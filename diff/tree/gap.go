package tree

// Gap returns the line of the new parent that is closest to where a child of the
// old one stood that is gone: the end of the child before it that is still
// there, else the beginning of the one after it, else of the parent. There the
// deletion is seen, however long the parent is. Elements of arrays are known by
// their member "name" or by their own text.
func Gap(gone, parent *Node) Location {
	at := parent.At()
	at.EndLine = at.Line
	if gone.Parent() != nil && parent.Len() > 0 && gone.Parent().Kind == parent.Kind {
		present := map[string]*Node{}
		for c := range parent.Children() {
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
