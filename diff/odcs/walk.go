package odcs

import (
	"context"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// walk compares two revisions. It keeps elements in a queue, because contracts
// may be nested deeply.
type walk struct {
	old, new *tree.Node
	report   *diff.Report
	queue    []element
	broken   diff.Side // the sides that a finding breaks, protected or not

	objectsByName map[string]*tree.Node // of the old revision, whose names consumers use
}

// element is a schema object or a property, at any depth, that both revisions
// have.
type element struct {
	place
	couple
	object bool // it is a schema object and not a property
	mapped bool // it is the keys or the values of a map
}

// place is the definition that a finding is about, with names of the new
// revision, and the uses that it reaches, with names of the old one, which
// consumers use.
type place struct {
	definition diff.Path
	uses       []diff.Path // "schema orders › price"
}

// fieldPlace is the place of a property, by its new and its old name.
func (p place) fieldPlace(name, was string) place { return p.stepTo(fieldStep(name), fieldStep(was)) }

// stepTo is the place one step further, in the new and in the old revision.
func (p place) stepTo(step, was diff.Step) place {
	return place{p.definition.Then(step), []diff.Path{p.uses[0].Then(was)}}
}

func placeOf(step, was diff.Step) place {
	return place{diff.PathOf(step), []diff.Path{diff.PathOf(was)}}
}

// aspectPlace is the place of a statement about the element. It reaches all
// uses of the element.
func (p place) aspectPlace(what string) place {
	return place{p.definition.Then(diff.Step{Kind: diff.Aspect, Name: what}), p.uses}
}

func fieldStep(name string) diff.Step { return diff.Step{Kind: diff.Field, Name: name} }

// The steps that lead into lists and maps.
var (
	items     = diff.Step{Kind: diff.Element, Name: "[]"}
	mapValues = diff.Step{Kind: diff.Value, Name: "{}"}
	mapKeys   = diff.Step{Kind: diff.Value, Name: "{key}"}
)

// aspect is the step to a statement of the contract that is not in its schema.
func aspect(noun, name string) diff.Step {
	return diff.Step{Kind: diff.Aspect, Noun: noun, Name: shortened(name)}
}

func newWalk(r *diff.Report, old, new *tree.Node) *walk {
	w := &walk{old: old, new: new, report: r, objectsByName: map[string]*tree.Node{}}
	for object := range get(old, "schema").Children() {
		w.objectsByName[get(object, "name").Text] = object
	}
	return w
}

func (w *walk) run(ctx context.Context) error {
	contract := diff.Step{Kind: diff.Whole, Name: "contract"}
	whole := placeOf(contract, contract)
	w.contract(whole)
	w.objects()
	for len(w.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		e := w.queue[0]
		w.queue = w.queue[1:]
		if e.object {
			w.object(e)
		} else {
			w.property(e)
		}
	}
	w.services(whole)
	w.servers(whole)
	w.access(whole)
	w.price(whole)
	w.version(whole) // last: it depends on what broke
	return nil
}

// objectStep names a schema object.
func objectStep(object *tree.Node) diff.Step {
	return diff.Step{Kind: diff.Definition, Noun: "schema", Name: get(object, "name").Text}
}

// enqueue adds an element to the queue if its revisions differ.
func (w *walk) enqueue(e element) {
	if e.old.Hash() != e.new.Hash() {
		w.queue = append(w.queue, e)
	}
}

// found is a finding of a rule at a place.
type found struct {
	old, new      diff.Location
	before, after diff.Hash
	message       string
	side          diff.Side // the sides that it reaches; zero: both
}

// add reports a finding of a rule at a place.
func (w *walk) add(p place, rule *diff.Rule, f found) {
	if f.side == 0 {
		f.side = diff.Both
	}
	out := diff.Found{
		Rule:    rule,
		Message: f.message,
		Old:     diff.Spot(f.old),
		New:     diff.Spot(f.new),
		Before:  f.before,
		After:   f.after,
	}
	for _, use := range p.uses {
		out.Reaches = append(out.Reaches, diff.Reach{Use: use, Side: f.side})
	}
	for _, side := range []diff.Side{diff.Sends, diff.Receives} {
		if f.side&side != 0 && rule.Level(side) == diff.Breaking {
			w.broken |= side
		}
	}
	w.report.Found(diff.Place{Definition: p.definition}, out)
}

// member reports a difference in one member of an element. If a revision does
// not have the member, the finding shows the closest object that would contain
// it.
func (w *walk) member(p place, rule *diff.Rule, message string, o, n *tree.Node, path ...string) {
	w.add(p, rule, found{
		old: origin(o, path), new: spot(o, n, path),
		before: get(o, path...).Digest(), after: get(n, path...).Digest(), message: message,
	})
}

// origin returns the place of a member in the old revision, or of the object
// that would contain it.
func origin(o *tree.Node, path []string) diff.Location {
	for _, key := range path {
		if o.Get(key) == nil {
			return line(o)
		}
		o = o.Get(key)
	}
	return o.At()
}

// spot returns the place of a member in the new revision, or the place where it
// was.
func spot(o, n *tree.Node, path []string) diff.Location {
	for _, key := range path {
		switch gone := o.Get(key); {
		case n.Get(key) != nil:
			o, n = gone, n.Get(key)
		case gone != nil:
			return n.Gap(gone)
		default:
			return line(n)
		}
	}
	return n.At()
}

// same reports whether a member is equal in two elements.
func same(o, n *tree.Node, path ...string) bool {
	return get(o, path...).Hash() == get(n, path...).Hash()
}

// raw is a value as text, "" if it is absent: a port may be a number or a text.
func raw(n *tree.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == tree.Array, n.Kind == tree.Object:
		return string(n.JSON())
	}
	return n.Text
}

// text is a value as messages show it.
func text(n *tree.Node) string {
	if n == nil {
		return "none"
	}
	return shortened(raw(n))
}

// shortened keeps a text of the author short and on one line.
func shortened(s string) string {
	const most = 80
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// changed is the message about a value that was added, removed or changed.
func changed(what string, o, n *tree.Node) string {
	switch {
	case o == nil:
		return what + " added: " + text(n)
	case n == nil:
		return what + " removed: it was " + text(o)
	}
	return what + " changed from " + text(o) + " to " + text(n)
}
