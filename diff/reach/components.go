package reach

import "slices"

// arrival is a vertex in which something was found, and the ways that lead to
// it from another one.
type arrival[P comparable] struct {
	at *Vertex[P]
	waySet
}

// arrivalsAt returns the vertices at or below one in which something was found.
// Into cycles the ways are all first steps, and from there the shortest way.
func (g *Graph[P]) arrivalsAt(v *Vertex[P]) []arrival[P] {
	if v.arrived {
		return v.arrivals
	}
	if v.component == nil {
		g.Explore(v)
		g.components(v, &[]*Vertex[P]{})
	}
	all := gathering[P]{graph: g}
	for _, s := range g.sources(v.component) {
		if s.at == v {
			all.add(s.arrivals, nil)
			continue
		}
		for _, e := range v.edges {
			if way, ok := s.way(v, e); ok {
				all.add(s.arrivals, way)
			}
			if !g.spend(1) {
				break
			}
		}
	}
	v.arrivals, v.arrived = all.arrivals, true
	if g.ways.left <= 0 {
		v.arrivals = g.untold(v)
	}
	return v.arrivals
}

// untold returns the arrivals without their ways: everybody who uses the vertex
// is taken to be hit. If all ways begin with the same step, that much is told.
func (g *Graph[P]) untold(v *Vertex[P]) []arrival[P] {
	begin := cutOff
	if len(v.edges) == 1 {
		begin = g.ways.through(v.edges[0].at, cutOff)
	}
	var all []arrival[P]
	for _, below := range g.Explore(v) {
		switch {
		case len(below.local) == 0:
		case below == v:
			all = append(all, arrival[P]{at: v, waySet: g.ways.here()})
		default:
			all = append(all, arrival[P]{at: below, waySet: waySet{ways: []*way{begin}, limit: begin.parts}})
		}
	}
	return all
}

// gathering collects arrivals, each vertex once.
type gathering[P comparable] struct {
	graph    *Graph[P]
	arrivals []arrival[P]
	index    map[*Vertex[P]]int
}

// add adds the arrivals that lie behind these spans.
func (c *gathering[P]) add(arrivals []arrival[P], spans []*span) {
	if c.index == nil {
		c.index = map[*Vertex[P]]int{}
	}
	for _, a := range arrivals {
		if c.graph.ways.left <= 0 || !c.graph.spend(1) {
			return
		}
		i, known := c.index[a.at]
		if !known {
			i = len(c.arrivals)
			c.index[a.at] = i
			c.arrivals = append(c.arrivals, arrival[P]{at: a.at, waySet: c.graph.ways.none()})
		}
		c.graph.ways.addThrough(&c.arrivals[i].waySet, spans, a.ways)
	}
}

// component is a set of vertices that all lead to each other.
type component[P comparable] struct {
	members []*Vertex[P]
	sources []source[P]
	known   bool
}

// source is a member in which something was found, or one right outside of
// which something was.
type source[P comparable] struct {
	at       *Vertex[P]
	arrivals []arrival[P]
	next     map[*Vertex[P]]edge[P] // the first step of the shortest way to it
}

func (g *Graph[P]) sources(k *component[P]) []source[P] {
	if k.known {
		return k.sources
	}
	k.known = true
	back := map[*Vertex[P]][]edge[P]{}
	for _, v := range k.members {
		found := gathering[P]{graph: g}
		if len(v.local) > 0 {
			found.add([]arrival[P]{{at: v, waySet: g.ways.here()}}, nil)
		}
		for _, e := range v.edges {
			if e.to.component == k {
				back[e.to] = append(back[e.to], edge[P]{e.at, v})
			} else {
				found.add(g.arrivalsAt(e.to), []*span{e.at})
			}
		}
		if len(found.arrivals) > 0 {
			k.sources = append(k.sources, source[P]{
				at:       v,
				arrivals: found.arrivals,
				next:     map[*Vertex[P]]edge[P]{},
			})
		}
	}
	for _, s := range k.sources {
		queue := []*Vertex[P]{s.at}
		for i := 0; i < len(queue) && g.spend(1); i++ { // queue grows
			for _, e := range back[queue[i]] {
				if _, known := s.next[e.to]; !known && e.to != s.at {
					s.next[e.to] = edge[P]{e.at, queue[i]}
					queue = append(queue, e.to)
				}
			}
		}
	}
	return k.sources
}

// way returns the shortest way from a member to the source that begins with the
// edge; there is none if it comes back to the member first.
func (s *source[P]) way(from *Vertex[P], first edge[P]) ([]*span, bool) {
	spans := []*span{first.at}
	for at := first.to; at != s.at; {
		next, ok := s.next[at]
		if !ok || at == from {
			return nil, false
		}
		spans, at = append(spans, next.at), next.to
	}
	return spans, true
}

// components gathers the vertices at and below one into components, and returns
// the lowest order that it leads back to: Tarjan's algorithm (SIAM Journal on
// Computing 1, 1972). A vertex on the stack has an order and no component yet.
func (g *Graph[P]) components(v *Vertex[P], stack *[]*Vertex[P]) int {
	g.order++
	v.order = g.order
	low, base := v.order, len(*stack)
	*stack = append(*stack, v)
	for _, e := range v.edges {
		switch {
		case e.to.order == 0:
			low = min(low, g.components(e.to, stack))
		case e.to.component == nil:
			low = min(low, e.to.order)
		}
	}
	if low == v.order {
		k := &component[P]{members: slices.Clone((*stack)[base:])}
		for _, member := range k.members {
			member.component = k
		}
		*stack = (*stack)[:base]
	}
	return low
}
