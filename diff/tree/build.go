package tree

import (
	"hash/maphash"
	"math/bits"
	"strings"
)

// slab is how many nodes the arena allocates at a time: large enough to be
// cheap, small enough that a short schema does not waste it.
const slab = 1024

// mostScanned is the largest object whose members are looked up by scanning.
const mostScanned = 12

// builder makes all nodes. The parsers call it.
type builder struct {
	free  []Node
	count int
}

func (b *builder) node(kind Kind, key string, line, column int) *Node {
	if len(b.free) == 0 {
		b.free = make([]Node, min(slab, 16+b.count))
	}
	n := &b.free[0]
	b.free = b.free[1:]
	b.count++
	n.Kind, n.Key = kind, key
	n.line, n.column, n.end = int32(line), int32(column), int32(line)
	return n
}

// adopt makes the children, in this order, those of n, and computes the hash of
// n, which must not change afterwards.
func (b *builder) adopt(n *Node, children []*Node) {
	n.size = int32(len(children))
	for i, c := range children {
		c.parent = n
		if i == 0 {
			n.child = c
		} else {
			children[i-1].next = c
		}
		n.end = max(n.end, c.end)
		n.refers = n.refers || c.refers || c.isReference()
		n.hasID = n.hasID || c.hasID || c.Key == "$id" && c.Kind == String
	}
	if n.Kind == Object && len(children) > mostScanned {
		n.index = make(map[string]*Node, len(children))
		for _, c := range children {
			n.index[c.Key] = c
		}
	}
	n.hash = hash(n, children)
}

// isReference reports whether the node is the member of a reference.
func (n *Node) isReference() bool {
	return n.Kind == String && strings.HasPrefix(n.Key, "$") &&
		(n.Key == "$ref" || n.Key == "$dynamicRef" || n.Key == "$recursiveRef")
}

// duplicate returns the first child that has the name of an earlier one. It
// compares the children of small objects in pairs, which is faster than a map.
func duplicate(children []*Node) *Node {
	if len(children) <= mostScanned {
		for i, c := range children {
			for _, before := range children[:i] {
				if before.Key == c.Key {
					return c
				}
			}
		}
		return nil
	}
	seen := make(map[string]bool, len(children))
	for _, c := range children {
		if seen[c.Key] {
			return c
		}
		seen[c.Key] = true
	}
	return nil
}

// These are secrets of the process, see Node.Hash. The keys have their own
// seeds, so that no member's name can have the hash of a key and cancel it out.
var (
	seed = maphash.MakeSeed()
	keyA = maphash.String(maphash.MakeSeed(), "")
	keyB = maphash.String(maphash.MakeSeed(), "")
)

func hash(n *Node, children []*Node) uint64 {
	switch n.Kind {
	case Object:
		// A sum, because members have no order.
		sum := uint64(len(children))
		for _, c := range children {
			sum += mix(maphash.String(seed, c.Key), c.hash)
		}
		return mix(uint64(Object), sum)
	case Array:
		sum := uint64(len(children))
		for _, c := range children {
			sum = mix(sum, c.hash)
		}
		return mix(uint64(Array), sum)
	default:
		return mix(uint64(n.Kind)+1<<8, maphash.String(seed, n.Text))
	}
}

// mix combines two hashes: it folds the 128-bit product of its keyed arguments,
// as wyhash does.
func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a^keyA, b^keyB)
	return high ^ low
}

// canonicalNumber returns the canonical form of a JSON number: that of 1.0 and
// 1e0 is 1.
func canonicalNumber(text string) string {
	if !strings.ContainsAny(text, ".eE+") && (text == "0" || !strings.HasPrefix(text, "-0")) {
		return text
	}
	d, ok := parseDecimal(text)
	if !ok {
		return text
	}
	return d.String()
}
