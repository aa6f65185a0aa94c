package avro

import (
	"context"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// walk compares two revisions. A pair of definitions is compared once for each
// set of directions it is met in, whoever uses it: that bounds the work and
// makes recursive types end (what is being compared is assumed to match).
type walk struct {
	old, new *file
	root     *vertex
	vertices map[pair]*vertex
	queue    []*vertex
	sampler  *sampler
}

// pair is two definitions, and who reads with which: in the direction Sends the
// new one reads what the old one wrote, in the direction Receives the reverse.
type pair struct {
	old, new *schema
	sides    diff.Side
}

// vertex is a pair with what was found in it, and the pairs that it uses. That
// of a file's root has no definitions.
type vertex struct {
	pair
	uses     []use
	findings []finding
	guessed  bool // something in it depends on what else the contract has
}

// use is a place in a definition where another one is used.
type use struct {
	of   *vertex
	path diff.Subject
}

type finding struct {
	change diff.Change // without subject and reaches
	path   diff.Subject
}

// place is where in a definition the walk is. Arrays, maps and unions have no
// name, so they belong to the definition that holds them.
type place struct {
	in    *vertex
	path  diff.Subject // "legs[]"; rootPath at the root of the file
	trail *step        // what leads there, to show data; nil at the definition itself
	sides diff.Side
}

// rootPath names what has no name at the root of a file.
const rootPath = "schema"

func (p place) under(part string) place {
	p.path = p.path.Join(part)
	return p
}

// inside is the place of an array's items or a map's values.
func (p place) inside(mark string) place {
	p.path += diff.Subject(mark)
	return p
}

func (p place) within(sides diff.Side) place {
	p.sides &= sides
	return p
}

func newWalk(old, new *file) *walk {
	return &walk{old: old, new: new, vertices: map[pair]*vertex{}, sampler: newSampler()}
}

// run compares everything and adds what it found, with its reaches, to the
// report.
func (w *walk) run(ctx context.Context, r *diff.Report) error {
	if slices.Equal(w.old.contents, w.new.contents) {
		return nil
	}
	w.root = &vertex{}
	start := place{in: w.root, path: rootPath, sides: diff.Both}
	if w.old.protocol == nil {
		w.types(start, w.old.root, w.new.root)
		if err := w.drain(ctx, 0); err != nil {
			return err
		}
	} else {
		w.messages(start, w.old.protocol, w.new.protocol)
		if err := w.drain(ctx, 0); err != nil {
			return err
		}
		from := len(w.queue)
		w.unused(start)
		if err := w.drain(ctx, from); err != nil {
			return err
		}
	}
	w.report(r, reachOf(w.root))
	return nil
}

// drain compares the pairs in the queue, and those that they lead to.
func (w *walk) drain(ctx context.Context, from int) error {
	for i := from; i < len(w.queue); i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.definitions(w.queue[i])
	}
	return nil
}

// types compares what two revisions say of one place.
func (w *walk) types(p place, old, new ref) {
	o, n := old.to, new.to
	switch {
	case p.sides == 0:
	case old.at.Hash() == new.at.Hash() && o.nameless():
	case o.kind == union || n.kind == union:
		w.unions(p, old, new)
	case o.kind != n.kind:
		w.kinds(p, old, new)
	case o.named():
		if namedAlike(o, n)&p.sides == 0 && !w.renamed(p, o, n) {
			w.change(p, old, new)
			return
		}
		w.meet(p, o, n)
	case o.kind == array:
		w.types(p.inside("[]").into(hop{in: o}, hop{in: n}), o.element, n.element)
	case o.kind == mapped:
		w.types(p.inside("{}").into(hop{in: o}, hop{in: n}), o.element, n.element)
	default:
		w.logicals(p, old, new)
	}
}

// meet notes that the place uses two definitions, and queues them if nobody
// did before.
func (w *walk) meet(p place, o, n *schema) {
	path := p.path
	if p.in == w.root && path == rootPath {
		path = diff.Subject(n.name)
	}
	key := pair{o, n, p.sides}
	v := w.vertices[key]
	if v == nil {
		v = &vertex{pair: key}
		w.vertices[key] = v
		w.queue = append(w.queue, v)
	}
	p.in.uses = append(p.in.uses, use{v, path})
}

// definitions compares a pair of named types of one kind.
func (w *walk) definitions(v *vertex) {
	o, n := v.old, v.new
	p := place{in: v, sides: v.sides}
	w.names(p, o, n)
	if same := namedAlike(o, n) & v.sides; same != 0 {
		// Where the names keep data from being read, its content is no matter.
		p = p.within(same)
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

// found is one finding before its rule's identity: the values tell it from
// others of the same rule and subject.
type found struct {
	old, new      *tree.Node // nil where there is nothing, not even a survivor
	gone          bool       // new is what held the old one
	before, after diff.Hash
	message       string
	values        []string
	was, now      example // data that shows a break: written by the old revision, by the new one
	unseen        string  // why no data shows it
}

// add records what was found at the place.
func (w *walk) add(p place, rule *diff.Rule, f found) {
	if p.sides == 0 {
		return
	}
	at := f.new.At()
	if f.gone {
		at = tree.Gap(f.old, f.new)
	}
	p.in.findings = append(p.in.findings, finding{path: p.path, change: diff.Change{
		Rule: rule, Witness: w.witness(p, rule, f), Message: f.message, Values: f.values,
		Old: f.old.At(), New: at, Before: f.before, After: f.after,
		Reaches: []diff.Reach{{Side: p.sides}},
	}})
}

// hash identifies a node without what no program reads.
func hash(n *tree.Node) diff.Hash { return n.Digest("doc") }
