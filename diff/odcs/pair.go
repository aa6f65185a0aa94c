package odcs

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// pairing says which elements of two lists are the same one.
type pairing struct {
	both  []couple
	gone  []loss
	fresh []*tree.Node
}

type couple struct{ old, new *tree.Node }

// loss is an element that is gone, and where it would stand in the new list.
type loss struct {
	old  *tree.Node
	near diff.Location
}

// identity is something by which two elements are the same; "" by which this
// one is not known.
type identity func(*tree.Node) string

// byMembers is the identity by the texts of members.
func byMembers(members ...string) identity {
	return func(n *tree.Node) string {
		var b strings.Builder
		for _, member := range members {
			m := get(n, member)
			if m == nil {
				return ""
			}
			b.WriteString(m.Text + "\x00")
		}
		return b.String()
	}
}

// stableID is what the standard has since 3.1 to tell a renamed element from a
// new one.
var stableID = byMembers("id")

// pair matches the elements of the same list in two holders.
func pair(o, n *tree.Node, list string, identities ...identity) pairing {
	near := spot(o, n, []string{list})
	near.EndLine = near.Line
	return pairLists(get(o, list), get(n, list), near, identities...)
}

// pairLists matches elements by the first identity that both are known by, then
// those left by the next one. Near is where they are missed if none is left.
func pairLists(o, n *tree.Node, near diff.Location, identities ...identity) pairing {
	partner, taken := map[*tree.Node]*tree.Node{}, map[*tree.Node]bool{}
	for _, known := range identities {
		waiting := map[string][]*tree.Node{}
		for e := range n.Children() {
			if key := known(e); key != "" && !taken[e] {
				waiting[key] = append(waiting[key], e)
			}
		}
		for e := range o.Children() {
			if partner[e] != nil {
				continue
			}
			if key := known(e); len(waiting[key]) > 0 {
				partner[e], waiting[key] = waiting[key][0], waiting[key][1:]
				taken[partner[e]] = true
			}
		}
	}
	var p pairing
	for e := range o.Children() {
		if partner[e] != nil {
			p.both = append(p.both, couple{e, partner[e]})
		} else {
			p.gone = append(p.gone, loss{old: e})
		}
	}
	for e := range n.Children() {
		if !taken[e] {
			p.fresh = append(p.fresh, e)
		}
	}
	p.locate(o, near, partner)
	return p
}

// locate finds where the losses would stand: at the end of the element before
// that is still there, else at the beginning of the first one, else near.
func (p *pairing) locate(o *tree.Node, near diff.Location, partner map[*tree.Node]*tree.Node) {
	if len(p.both) > 0 {
		near = line(p.both[0].new)
	}
	next := 0
	for e := range o.Children() {
		if left := partner[e]; left != nil {
			near = left.At()
			near.Line = near.EndLine
			continue
		}
		p.gone[next].near = near
		next++
	}
}

// line is the place of an element without its content, which may fill pages.
func line(n *tree.Node) diff.Location {
	at := n.At()
	at.EndLine = at.Line
	return at
}
