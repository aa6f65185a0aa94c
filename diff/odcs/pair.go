package odcs

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// pairing says which elements of two lists correspond.
type pairing struct {
	both  []couple
	gone  []loss
	fresh []*tree.Node
}

type couple struct{ old, new *tree.Node }

// loss is a removed element, and the place where it would be in the new list.
type loss struct {
	old  *tree.Node
	near diff.Location
}

// identity identifies an element. Two elements with equal identities
// correspond; "" means that the element has none.
type identity func(*tree.Node) string

// byMembers identifies elements by the texts of members.
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

// stableID distinguishes a renamed element from a new one. The standard has it
// since 3.1.
var stableID = byMembers("id")

// pair pairs the elements of a list that two holders have.
func pair(o, n *tree.Node, list string, identities ...identity) pairing {
	near := spot(o, n, []string{list})
	near.EndLine = near.Line
	return pairLists(get(o, list), get(n, list), near, identities...)
}

// pairLists pairs elements by the first identity, then the remaining ones by
// the next identity, and so on. Near is the place for losses if no element
// remains.
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

// locate finds the places of losses: the end of the last remaining element
// before, else the beginning of the first remaining one, else near.
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

// line returns the first line of an element, whose content may fill pages.
func line(n *tree.Node) diff.Location {
	at := n.At()
	at.EndLine = at.Line
	return at
}
