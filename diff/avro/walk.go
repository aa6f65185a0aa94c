package avro

import (
	"context"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
	"github.com/assent-dev/assent/diff/tree"
)

// walk compares two revisions. It compares a pair of definitions once for each
// set of directions in which it is used, however many uses there are. That
// bounds the work, also for recursive types.
type walk struct {
	ctx      context.Context
	old, new *file
	at       diff.Place // where the schemas are used
	graph    *reach.Graph[pair]
	guessed  map[*vertex]bool // the result depends on the contract's other definitions
	sampler  *sampler
}

// pair is a definition of each revision, and the directions in which data is
// read. In the direction Sends the new one reads what the old one wrote, in the
// direction Receives the reverse.
type pair struct {
	old, new *schema
	sides    diff.Side
	root     *file // the new revision, for the pair of the roots
}

type vertex = reach.Vertex[pair]

// limits bounds the ways to a definition that are reported. A schema has one
// use, and consumers name fields in it at almost any depth.
var limits = reach.Limits{Ways: 32, Parts: 32}

// place is a place in a definition. Arrays, maps and unions have no name, so
// they belong to the definition that contains them.
type place struct {
	in    *vertex
	path  diff.Path // "legs[]"; rootStep at the root of a file
	trail *step     // the steps from the definition, for samples; nil at the definition itself
	sides diff.Side
}

var (
	// rootStep names a type without a name at the root of a file.
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

// limitedTo is the place with only those of its directions that are in sides.
func (p place) limitedTo(sides diff.Side) place {
	p.sides &= sides
	return p
}

func newWalk(ctx context.Context, old, new *file) *walk {
	w := &walk{
		ctx:     ctx,
		old:     old,
		new:     new,
		at:      diff.Place{Side: diff.Both},
		guessed: map[*vertex]bool{},
		sampler: newSampler(),
	}
	w.graph = reach.New(limits, func(int) bool { return w.ctx.Err() == nil }, w.compare)
	return w
}

// run compares the revisions and reports the findings with their uses.
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

// root is the vertex of the pair of roots.
func (w *walk) root() *vertex { return w.graph.Vertex(pair{root: w.new, sides: w.at.Side}) }

// compare compares a pair of definitions, or the roots.
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

// isEmbedded reports whether the schemas are part of another document. Their
// uses then begin in that document, and not with the name of the root.
func (w *walk) isEmbedded() bool { return !w.at.Use.IsZero() }

// types compares the types of two revisions at one place.
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

// useDefinition records that the place uses a pair of definitions.
func (w *walk) useDefinition(p place, o, n *schema) {
	at := p.path
	if p.in.Pair.root != nil && at.Equal(diff.PathOf(rootStep)) {
		at = diff.PathOf(diff.Step{Kind: diff.Definition, Name: n.name})
	}
	w.graph.Uses(p.in, at, w.graph.Vertex(pair{old: o, new: n, sides: p.sides}))
}

// definitions compares two named types of the same kind.
func (w *walk) definitions(p place, o, n *schema) {
	w.names(p, o, n)
	if same := matchingNames(o, n) & p.sides; same != 0 {
		// A direction in which the names do not match reads no data at all.
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

// found is one finding. Its values distinguish it from others of the same rule
// at the same place.
type found struct {
	old, new             *tree.Node // nil if there is nothing to show
	gone                 bool       // new is what contained the old node
	before, after        diff.Hash
	message              string
	values               []string
	oldSample, newSample sample // data that shows a break, written by the old or by the new revision
	noWitness            string // why no data can show a break
}

// add records a finding at the place.
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

// definition names a definition: by its unqualified name if that is unique.
func (w *walk) definition(s *schema) diff.Step {
	name := unqualified(s.name)
	if max(w.old.simple[name], w.new.simple[name]) > 1 {
		name = s.name
	}
	return diff.Step{Kind: diff.Definition, Noun: s.kind, Name: name}
}

// elementHash identifies the content of a node, without its documentation.
func elementHash(n *tree.Node) diff.Hash { return n.Digest("doc") }
