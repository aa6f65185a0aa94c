package tree

import (
	"hash/maphash"
	"math/bits"
	"strings"
)

// slab is how many nodes the arena allocates at a time: large enough to be
// cheap, small enough that a short schema does not waste it.
const slab = 1024

// scanned is the largest object whose members are looked up by scanning.
const scanned = 12

// builder is the one place that makes nodes; the parsers feed it.
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

// adopt makes children, given in order, those of n, and closes n: from here on
// its hash is fixed.
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
		n.named = n.named || c.named || c.Key == "$id" && c.Kind == String
	}
	if n.Kind == Object && len(children) > scanned {
		n.index = make(map[string]*Node, len(children))
		for _, c := range children {
			n.index[c.Key] = c
		}
	}
	n.hash = hash(n, children)
}

// isReference reports whether the member names another place.
func (n *Node) isReference() bool {
	return n.Kind == String && strings.HasPrefix(n.Key, "$") && (n.Key == "$ref" || n.Key == "$dynamicRef" || n.Key == "$recursiveRef")
}

// duplicate returns the first child whose name another one has already. Small
// objects are compared pair by pair, which is quicker than a map.
func duplicate(children []*Node) *Node {
	if len(children) <= scanned {
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

// Secret to the process: see Node.Hash. The keys have seeds of their own, so
// that no member's name can hash to one of them and cancel it out.
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

// mix folds the 128-bit product of its keyed arguments, the step that wyhash is
// made of: nearly all that is hashed is two hashes.
func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a^keyA, b^keyB)
	return high ^ low
}

// canonicalNumber writes a JSON number in one way: 1.0, 1e0 and 1 are equal.
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
