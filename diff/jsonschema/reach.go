package jsonschema

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// result is what comparing a pair found. Results form a graph, with cycles
// where schemas are recursive: a pair is compared once, whoever leads to it, and
// what lies below is followed when somebody wants to know.
type result struct {
	pair     pair
	compared bool
	apart    bool      // it is compared for its own sake, see within
	within   *pair     // the schemas that have the pair among their alternatives
	local    []finding // in the compared schemas themselves
	edges    []edge    // to what is inside them

	all       []finding  // see findings; nil until asked for
	component *component // see components
	order     int
}

// edge is the way from a schema to one inside it.
type edge struct {
	step diff.Subject
	to   *result
}

// finding is a change and where it lies, seen from the compared schemas.
type finding struct {
	change *diff.Change
	paths  []diff.Subject
	steps  int // how far the paths are told; 0 is as far as any
}

// findings returns every change at or below the pair, with the ways that lead
// to it. Into cycles these are all first steps, and from there the shortest way.
func (c *Comparer) findings(m *result) []finding {
	if m == nil {
		return nil
	}
	if m.all != nil {
		return m.all
	}
	if m.component == nil {
		c.explore(m)
		c.components(m, &[]*result{})
	}
	g := &gathering{Comparer: c, index: map[*diff.Change]int{}, all: []finding{}}
	for _, s := range c.sources(m.component) {
		if s.at == m {
			g.add("", s.found)
			continue
		}
		for _, e := range m.edges {
			if way, ok := s.way(m, e); ok {
				g.add(way, s.found)
			}
			if !c.spend(1) {
				break
			}
		}
	}
	m.all = g.all
	return m.all
}

// component is a set of results that all lead to each other.
type component struct {
	members []*result
	sources []source
	known   bool
}

// source is a member in which something was found, or right outside of it.
type source struct {
	at    *result
	found []finding
	next  map[*result]edge // the first step of the shortest way to it
}

func (c *Comparer) sources(k *component) []source {
	if k.known {
		return k.sources
	}
	k.known = true
	back := map[*result][]edge{}
	for _, m := range k.members {
		g := &gathering{Comparer: c, index: map[*diff.Change]int{}}
		g.add("", m.local)
		for _, e := range m.edges {
			if e.to.component == k {
				back[e.to] = append(back[e.to], edge{e.step, m})
			} else {
				g.add(e.step, c.findings(e.to))
			}
		}
		if len(g.all) > 0 {
			k.sources = append(k.sources, source{at: m, found: g.all, next: map[*result]edge{}})
		}
	}
	for _, s := range k.sources {
		queue := []*result{s.at}
		for i := 0; i < len(queue) && c.spend(1); i++ { // queue grows
			for _, e := range back[queue[i]] {
				if _, known := s.next[e.to]; !known && e.to != s.at {
					s.next[e.to] = edge{e.step, queue[i]}
					queue = append(queue, e.to)
				}
			}
		}
	}
	return k.sources
}

// way returns the shortest way from a member to the source that begins with the
// edge; there is none that does not come back to the member first.
func (s *source) way(from *result, first edge) (diff.Subject, bool) {
	way := first.step
	for at := first.to; at != s.at; {
		next, ok := s.next[at]
		if !ok || at == from {
			return "", false
		}
		way, at = way.Join(string(next.step)), next.to
	}
	return way, true
}

// gathering collects findings, each change once.
type gathering struct {
	*Comparer
	all   []finding
	index map[*diff.Change]int // into all
}

func (g *gathering) add(way diff.Subject, findings []finding) {
	for _, f := range findings {
		if !g.spend(1) {
			return
		}
		i, known := g.index[f.change]
		if !known {
			i = len(g.all)
			g.index[f.change] = i
			g.all = append(g.all, finding{change: f.change})
		}
		g.all[i].reach(way, f.paths)
	}
}

// mostPaths bounds the ways to one change that are told apart, mostSteps how far
// one is told: descriptions in which everything leads to everything have ways
// without end, and nobody declares to use a field that lies deeper.
const (
	mostPaths = 8
	mostSteps = 6
)

// reach adds ways to the change. Where they are too many they are told less far,
// as far as it takes: whoever uses something below is still among the hit.
func (f *finding) reach(way diff.Subject, paths []diff.Subject) {
	if f.steps == 0 {
		f.steps = mostSteps
	}
	for _, p := range paths {
		p = cut(way.Join(string(p)), f.steps)
		if !slices.Contains(f.paths, p) {
			f.paths = append(f.paths, p)
		}
	}
	for len(f.paths) > mostPaths {
		f.steps--
		for i, p := range f.paths {
			f.paths[i] = cut(p, f.steps)
		}
		slices.Sort(f.paths)
		f.paths = slices.Compact(f.paths)
	}
}

// cut returns the first steps of a way.
func cut(way diff.Subject, steps int) diff.Subject {
	if steps <= 0 {
		return ""
	}
	at := 0
	for rest := string(way); ; {
		i := strings.Index(rest, diff.Separator)
		if steps--; i < 0 {
			return way
		}
		at += i
		if steps == 0 {
			return way[:at]
		}
		at += len(diff.Separator)
		rest = string(way[at:])
	}
}

// components gathers the results at and below m into components, and returns the
// lowest order that m leads back to: Tarjan's algorithm (SIAM Journal on
// Computing 1, 1972). A result on the stack has an order and no component yet.
func (c *Comparer) components(m *result, stack *[]*result) int {
	c.order++
	m.order = c.order
	low, base := m.order, len(*stack)
	*stack = append(*stack, m)
	for _, e := range m.edges {
		switch {
		case e.to.order == 0:
			low = min(low, c.components(e.to, stack))
		case e.to.component == nil:
			low = min(low, e.to.order)
		}
	}
	if low == m.order {
		k := &component{members: slices.Clone((*stack)[base:])}
		for _, member := range k.members {
			member.component = k
		}
		*stack = (*stack)[:base]
	}
	return low
}
