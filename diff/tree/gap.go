package tree

// Gap returns the line of the new parent that is closest to where a member of
// the old one stood that is gone: the end of the member before it that is still
// there, else the beginning of the one after it, else of the parent. There the
// deletion is seen, however long the parent is.
func Gap(gone, parent *Node) Location {
	at := parent.At()
	at.EndLine = at.Line
	if gone.Parent().Is(Object) && parent.Is(Object) {
		var before, after *Node
		passed := false
		for sibling := range gone.Parent().Children() {
			left := parent.Get(sibling.Key)
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
