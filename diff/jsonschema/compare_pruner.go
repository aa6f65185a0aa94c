package jsonschema

import "github.com/assent-dev/assent/diff/tree"

// Pruner finds the subtrees that need not be compared, because nothing differs
// in them, nor in anything to which they refer. A comparison then costs as much
// as what changed, not as much as the whole document.
type Pruner struct {
	off     bool
	touched map[*tree.Node]bool // there is a reference below the node to something that differs
}

// NewPruner finds what differs by reference. A definition differs if its own
// content does, or if it refers, over any number of steps, to a definition
// whose content does. Cycles of references change nothing about that.
func NewPruner(old, new *Reader) *Pruner {
	p := &Pruner{touched: map[*tree.Node]bool{}}
	if old.host.Dialect != new.host.Dialect {
		p.off = true // the same keyword may have another meaning
		return p
	}
	g := graph{
		sites: map[string][]*tree.Node{},
		keys:  map[*tree.Node][]string{},
		olds:  map[string]*tree.Node{},
		news:  map[string]*tree.Node{},
	}
	g.read(old, g.olds)
	g.read(new, g.news)
	dirty := map[string]bool{}
	var queue []string
	mark := func(key string) {
		if !dirty[key] {
			dirty[key] = true
			queue = append(queue, key)
		}
	}
	for key := range g.sites {
		if o, n := g.olds[key], g.news[key]; o == nil || n == nil || o.Hash() != n.Hash() {
			mark(key)
		}
	}
	for len(queue) > 0 {
		key := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, site := range g.sites[key] {
			for n := site; n != nil && !p.touched[n]; n = n.Parent() {
				p.touched[n] = true
				for _, k := range g.keys[n] {
					mark(k)
				}
			}
		}
	}
	return p
}

// Same reports whether nothing differs between the subtrees, nor in anything to
// which they refer.
func (p *Pruner) Same(old, new *tree.Node) bool {
	if old == nil || new == nil {
		return old == new
	}
	return !p.off && old.Hash() == new.Hash() && !p.touched[old] && !p.touched[new]
}

// graph holds the references of both revisions by the keys of their targets.
type graph struct {
	sites      map[string][]*tree.Node // $ref members by their target
	keys       map[*tree.Node][]string // by which a node is referred to
	olds, news map[string]*tree.Node   // targets
}

func (g *graph) read(r *Reader, targets map[string]*tree.Node) {
	for _, ref := range r.refs() {
		t := r.target(ref)
		g.sites[t.key] = append(g.sites[t.key], ref)
		if _, known := targets[t.key]; !known && t.node != nil {
			targets[t.key] = t.node
			g.keys[t.node] = append(g.keys[t.node], t.key)
		}
	}
}
