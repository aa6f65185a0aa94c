// Package reach compares pairs of definitions once each, however many others
// use them, and tells on which ways what was found in one is reached.
//
// A format makes a Graph with the function that compares one pair. That function
// notes on the Vertex of the pair what it finds in the definitions themselves,
// and which other pairs they use and where. Report then adds each finding to a
// diff.Report with a reach for every way from a root to it. Definitions may be
// recursive, and may share each other without end: the Limits say how many ways
// to one finding are told apart and how far.
//
// The package knows no format and no documents. jsonschema and avro call it.
package reach

import (
	"iter"

	"github.com/assent-dev/assent/diff"
)

// Graph holds the pairs that are compared, by what identifies a pair: the two
// definitions, and whatever else the comparison depends on. It is not safe for
// concurrent use.
type Graph[P comparable] struct {
	compare  func(*Vertex[P])
	spend    func(cost int) bool
	vertices map[P]*Vertex[P]
	explored int // how many explorations there were
	order    int // see components
	ways     *ways
}

// New returns a graph without vertices. Compare is called for each vertex that
// Explore comes to, once. Spend is asked before every step of the work; the
// graph stops where it is when spend refuses.
func New[P comparable](limits Limits, spend func(cost int) bool, compare func(*Vertex[P])) *Graph[P] {
	return &Graph[P]{compare: compare, spend: spend, vertices: map[P]*Vertex[P]{}, ways: newWays(limits)}
}

// Vertex is a pair, what was found in it, and the pairs that it uses.
type Vertex[P comparable] struct {
	Pair P

	compared bool
	local    []Local
	edges    []edge[P]
	seen     int // the last exploration that came here

	told      *[]told // see findings
	arrivals  []arrival[P]
	arrived   bool
	component *component[P]
	order     int
}

// edge is a place in a definition where another one is used.
type edge[P comparable] struct {
	at *span
	to *Vertex[P]
}

// Finding is what a rule says of a definition. Vertices in which the same was
// found share it.
type Finding struct {
	Definition diff.Path
	diff.Found

	in *diff.Report // that has it already
	as diff.Reported
}

// Local is a finding in the definitions of one pair.
type Local struct {
	*Finding
	At   diff.Path // from the definition
	Side diff.Side // on which it was found
	span *span
}

// Vertex returns the vertex of a pair, always the same one.
func (g *Graph[P]) Vertex(p P) *Vertex[P] {
	v := g.vertices[p]
	if v == nil {
		v = &Vertex[P]{Pair: p}
		g.vertices[p] = v
	}
	return v
}

// Uses notes that the definitions of a vertex use those of another one.
func (g *Graph[P]) Uses(v *Vertex[P], at diff.Path, to *Vertex[P]) {
	v.edges = append(v.edges, edge[P]{g.ways.span(at), to})
}

// Found notes what was found in the definitions of a vertex.
func (g *Graph[P]) Found(v *Vertex[P], at diff.Path, side diff.Side, f *Finding) {
	v.local = append(v.local, Local{f, at, side, g.ways.span(at)})
}

// Local is what was found in the definitions of the pair themselves so far.
func (v *Vertex[P]) Local() []Local { return v.local }

// Explore compares the pair and all that it leads to, and returns their
// vertices, the closest first. It is a loop, because definitions may use each
// other in chains of any length.
func (g *Graph[P]) Explore(v *Vertex[P]) []*Vertex[P] {
	all := []*Vertex[P]{v}
	id := g.mark(all)
	for i := 0; i < len(all); i++ { // all grows
		if !g.spend(1) {
			return all
		}
		if v := all[i]; !v.compared {
			v.compared = true
			if g.compare(v); g.explored != id { // it explored, and left its own marks
				id = g.mark(all)
			}
		}
		for _, e := range all[i].edges {
			if e.to.seen != id {
				e.to.seen = id
				all = append(all, e.to)
			}
		}
	}
	return all
}

// mark begins an exploration that has seen these vertices.
func (g *Graph[P]) mark(seen []*Vertex[P]) (id int) {
	g.explored++
	for _, v := range seen {
		v.seen = g.explored
	}
	return g.explored
}

// Findings yields what was found in a pair and in all that it leads to, each
// finding once.
func (g *Graph[P]) Findings(root *Vertex[P]) iter.Seq[*Finding] {
	return func(yield func(*Finding) bool) {
		for _, t := range g.findings(root) {
			if !yield(t.finding) {
				return
			}
		}
	}
}

// Report adds to the report what was found in a pair that is used at a place and
// in all that it leads to. The reaches begin at the use of the place.
func (g *Graph[P]) Report(r *diff.Report, at diff.Place, root *Vertex[P]) {
	uses := map[*way]diff.Path{} // many findings lie on the same way
	var reaches []diff.Reach
	for _, t := range g.findings(root) {
		reaches = reaches[:0]
		for _, y := range t.ways {
			use, known := uses[y]
			if !known {
				use = at.Use.Join(y.told())
				uses[y] = use
			}
			reaches = append(reaches, diff.Reach{Use: use, Side: at.Side & t.side})
		}
		if f := t.finding; f.in == r {
			r.FoundAlso(f.as, f.Witness, reaches)
		} else {
			found := f.Found
			found.Reaches = reaches
			f.in, f.as = r, r.Found(diff.Place{Definition: f.Definition, Use: at.Use, Side: at.Side}, found)
		}
	}
}

// told is a finding with the ways that lead to it from one root.
type told struct {
	finding *Finding
	side    diff.Side
	waySet
}

// findings returns what was found at or below a vertex, in the order in which
// the definitions use each other.
func (g *Graph[P]) findings(root *Vertex[P]) []told {
	if root.told != nil {
		return *root.told
	}
	g.ways.left = min(g.ways.left+linksPerRoot, mostLinks)
	all := []told{}
	index := map[*Finding]int{}
	for _, a := range g.arrivalsAt(root) {
		for _, l := range a.at.local {
			i, known := index[l.Finding]
			if !known {
				i = len(all)
				index[l.Finding] = i
				all = append(all, told{finding: l.Finding, waySet: g.ways.none()})
			}
			all[i].side |= l.Side
			g.ways.addTo(&all[i].waySet, a.waySet, l.span)
		}
	}
	root.told = &all
	return all
}
