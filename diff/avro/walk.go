package avro

import (
	"context"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// walk compares two revisions. A pair of definitions is compared once for each
// set of directions it is met in, whoever uses it: that bounds the work and
// makes recursive types end (what is being compared is assumed to match).
type walk struct {
	ctx      context.Context
	old, new *file
	at       diff.Place // where the schemas are used
	graph    *reach.Graph[pair]
	guessed  map[*vertex]bool // something in it depends on what else the contract has
	sampler  *sampler
}

// pair is two definitions, and who reads with which: in the direction Sends the
// new one reads what the old one wrote, in the direction Receives the reverse.
type pair struct {
	old, new *schema
	sides    diff.Side
	root     *file // the new revision, for the pair of what its root holds
}

type vertex = reach.Vertex[pair]

// The limits of ways to one definition. A schema has one use, in which consumers
// name fields at almost any depth.
var limits = reach.Limits{Ways: 32, Parts: 32}

// place is where in a definition the walk is. Arrays, maps and unions have no
// name, so they belong to the definition that holds them.
type place struct {
	in    *vertex
	path  diff.Path // "legs[]"; rootStep at the root of a file
	trail *step     // what leads there, to show data; nil at the definition itself
	sides diff.Side
}

var (
	// rootStep names what has no name at the root of a file.
	rootStep = diff.Step{Kind: diff.Definition, Name: "schema"}

	elements  = diff.Step{Kind: diff.Element, Name: "[]"}
	mapValues = diff.Step{Kind: diff.Value, Name: "{}"}
	request   = diff.Step{Kind: diff.Request, Name: "request"}
	response  = diff.Step{Kind: diff.Response, Name: "response"}
	failure   = diff.Step{Kind: diff.Response, Name: "errors"}
)

// fieldPlace is the place of a field of a record.
func (p place) fieldPlace(name string) place {
	return p.stepTo(diff.Step{Kind: diff.Field, Name: name})
}

func (p place) stepTo(s diff.Step) place {
	p.path = p.path.Then(s)
	return p
}

// limitedTo is the place for some of its directions.
func (p place) limitedTo(sides diff.Side) place {
	p.sides &= sides
	return p
}

func newWalk(ctx context.Context, old, new *file) *walk {
	w := &walk{ctx: ctx, old: old, new: new, at: diff.Place{Side: diff.Both}, guessed: map[*vertex]bool{}, sampler: newSampler()}
	w.graph = reach.New(limits, func(int) bool { return w.ctx.Err() == nil }, w.compare)
	return w
}

// run compares everything and adds what it found, with its reaches, to the
// report.
func (w *walk) run(r *diff.Report) error {
	if slices.Equal(w.old.contents, w.new.contents) {
		return nil
	}
	root := w.root()
	if w.old.protocol != nil {
		w.unusedTypes(place{in: root, sides: diff.Both}, w.graph.Explore(root))
	}
	w.graph.Report(r, w.at, root)
	return w.ctx.Err()
}

// root is the vertex of what stands at the root of both revisions.
func (w *walk) root() *vertex { return w.graph.Vertex(pair{root: w.new, sides: w.at.Side}) }

// compare compares a pair that others use, or the roots.
func (w *walk) compare(v *vertex) {
	p := place{in: v, sides: v.Pair.sides}
	switch {
	case v.Pair.root == nil:
		w.definitions(p, v.Pair.old, v.Pair.new)
	case w.old.protocol != nil:
		w.messages(p, w.old.protocol, w.new.protocol)
	case w.isEmbedded():
		w.types(p, w.old.root, w.new.root)
	default:
		w.types(p.stepTo(rootStep), w.old.root, w.new.root)
	}
}

// isEmbedded reports whether the schemas lie within other documents: the uses
// begin there, and not with the name of the root.
func (w *walk) isEmbedded() bool { return !w.at.Use.IsZero() }

// types compares what two revisions say of one place.
func (w *walk) types(p place, old, new ref) {
	o, n := old.to, new.to
	switch {
	case p.sides == 0:
	case old.at.Hash() == new.at.Hash() && o.isAnonymous():
	case o.kind == union || n.kind == union:
		w.unions(p, old, new)
	case o.kind != n.kind:
		w.differentKinds(p, old, new)
	case o.isNamed():
		if matchingNames(o, n)&p.sides == 0 && !w.looksRenamed(p, o, n) {
			w.unrelatedTypes(p, old, new)
			return
		}
		w.useDefinition(p, o, n)
	case o.kind == array:
		w.types(p.stepTo(elements).descend(hop{in: o}, hop{in: n}), o.element, n.element)
	case o.kind == mapped:
		w.types(p.stepTo(mapValues).descend(hop{in: o}, hop{in: n}), o.element, n.element)
	default:
		w.logicals(p, old, new)
	}
}

// useDefinition notes that the place uses two definitions.
func (w *walk) useDefinition(p place, o, n *schema) {
	at := p.path
	if p.in.Pair.root != nil && at.Equal(diff.PathOf(rootStep)) {
		at = diff.PathOf(diff.Step{Kind: diff.Definition, Name: n.name})
	}
	w.graph.Uses(p.in, at, w.graph.Vertex(pair{old: o, new: n, sides: p.sides}))
}

// definitions compares a pair of named types of one kind.
func (w *walk) definitions(p place, o, n *schema) {
	w.names(p, o, n)
	if same := matchingNames(o, n) & p.sides; same != 0 {
		// Where the names keep data from being read, its content does not matter.
		p = p.limitedTo(same)
	}
	switch n.kind {
	case record:
		w.fields(p, o, n)
	case enum:
		w.enums(p, o, n)
	case fixed:
		w.sizes(p, o, n)
		w.logicals(p, ref{o.node, o}, ref{n.node, n})
	}
	w.typeAliases(p, o, n)
}

// found is one finding: the values tell it from others of the same rule and
// definition.
type found struct {
	old, new             *tree.Node // nil where there is nothing, not even a survivor
	gone                 bool       // new is what held the old one
	before, after        diff.Hash
	message              string
	values               []string
	oldSample, newSample sample // data that shows a break: written by the old revision, by the new one
	noWitness            string // why no data shows it
}

// add records what was found at the place.
func (w *walk) add(p place, rule *diff.Rule, f found) {
	if p.sides == 0 {
		return
	}
	out := diff.Found{
		Rule: rule, Message: f.message, Values: f.values, Old: f.old, Before: f.before, After: f.after,
		Witness: w.witness(p, rule, f),
	}
	if f.gone {
		out.Near = f.new
	} else {
		out.New = f.new
	}
	definition := w.at.Definition
	if n := p.in.Pair.new; n != nil {
		definition = diff.PathOf(w.definition(n))
	}
	w.graph.Found(p.in, p.path, p.sides, &reach.Finding{Definition: definition.Join(p.path), Found: out})
}

// definition names a definition as short as it can be told from the others.
func (w *walk) definition(s *schema) diff.Step {
	name := unqualified(s.name)
	if max(w.old.simple[name], w.new.simple[name]) > 1 {
		name = s.name
	}
	return diff.Step{Kind: diff.Definition, Noun: s.kind, Name: name}
}

// elementHash identifies a node without its documentation, which no program reads.
func elementHash(n *tree.Node) diff.Hash { return n.Digest("doc") }
