package openapi

import (
	"iter"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// walk is a comparison on its way through both descriptions. It is copied for
// each place, so that what it says of the place holds until the copy ends.
type walk struct {
	old, new *description
	report   *diff.Report
	options  diff.Options
	schemas  *jsonschema.Comparer
	checker  *exampleChecker

	use   diff.Path // the place, by the way it is used: "GET /orders › 200"
	side  diff.Side // of a request here: Sends; Receives in webhooks and callbacks
	marks []string  // of the place, at the base: "tag:WIP", "stability:alpha"
	depth int       // of callbacks within callbacks

	renamedSchemes   map[string]string // the old names of security schemes that have a new one
	inheritedDiffers bool              // what operations inherit from the document differs: each needs a look
}

// descend returns the walk one step further down the use.
func (w *walk) descend(step diff.Step) *walk {
	next := *w
	next.use = w.use.Then(step)
	return &next
}

// flipped returns the walk with the side of what consumers receive here.
func (w *walk) flipped() *walk {
	next := *w
	next.side = w.side.Flip()
	return &next
}

// atDocument returns the walk at the document itself.
func (w *walk) atDocument(steps ...diff.Step) *walk {
	next := *w
	next.use, next.side = diff.PathOf(document).Join(diff.PathOf(steps...)), diff.Both
	return &next
}

// add reports a finding at the definition of its element, or at the use where
// the element has none of its own.
func (w *walk) add(f diff.Found) {
	definition := w.use
	if old, _ := f.Old.(*tree.Node); old != nil {
		definition = w.old.path(owner(old))
	} else if new, _ := f.New.(*tree.Node); new != nil {
		definition = w.new.path(owner(new))
	}
	w.addTo(definition, f)
}

// addTo reports a finding at a definition. Elements are shown without their
// content, which may fill pages.
func (w *walk) addTo(definition diff.Path, f diff.Found) {
	f.Old, f.New = diff.Heading(f.Old), diff.Heading(f.New)
	w.report.Found(diff.Place{Definition: definition, Use: w.use, Side: w.side}, f)
}

// reach is the place itself.
func (w *walk) reach() diff.Reach { return diff.Reach{Use: w.use, Side: w.side} }

// owner is the object that a field with a plain value belongs to.
func owner(n *tree.Node) *tree.Node {
	if n.Parent() == nil || n.Is(tree.Object) || n.Is(tree.Array) {
		return n
	}
	if n = n.Parent(); n.Is(tree.Array) {
		n = n.Parent()
	}
	return n
}

// schema compares the schemas of data at this place.
func (w *walk) schema(old, new *tree.Node) {
	w.schemaAs(jsonschema.Use{Path: w.use, Side: w.side}, old, new)
}

// textSchema compares the schemas of values that travel as text at this place:
// a number is a string there.
func (w *walk) textSchema(old, new *tree.Node) {
	w.schemaAs(jsonschema.Use{Path: w.use, Side: w.side, Text: true}, old, new)
}

func (w *walk) schemaAs(use jsonschema.Use, old, new *tree.Node) {
	w.schemas.Compare(w.report, use, old, new)
	w.schemaExamples(old, new)
}

// resolveBoth resolves an element on both sides and reports whether it needs a look.
// What leads nowhere on both sides does not.
func (w *walk) resolveBoth(old, new *tree.Node) (o, n *tree.Node, differ bool) {
	o, n = w.old.resolve(old), w.new.resolve(new)
	return o, n, (o != nil || n != nil) && !w.schemas.Pruner.Same(old, new)
}

// memberPairs pairs the members of two objects under normalised keys, old ones
// first, each in the order of its file. Keys that are equal to the letter
// belong together before all others.
func memberPairs(old, new *tree.Node, normal func(string) string) iter.Seq2[*tree.Node, *tree.Node] {
	return func(yield func(o, n *tree.Node) bool) {
		left := map[string][]*tree.Node{} // new members without a namesake
		for n := range new.Children() {
			if old.Get(n.Key) == nil {
				left[normal(n.Key)] = append(left[normal(n.Key)], n)
			}
		}
		paired := map[*tree.Node]bool{}
		for o := range old.Children() {
			n, key := new.Get(o.Key), normal(o.Key)
			if n == nil && len(left[key]) > 0 {
				n, left[key] = left[key][0], left[key][1:]
			}
			paired[n] = true
			if !extension(o.Key) && !yield(o, n) {
				return
			}
		}
		for n := range new.Children() {
			if !paired[n] && !extension(n.Key) && !yield(nil, n) {
				return
			}
		}
	}
}

func extension(key string) bool { return strings.HasPrefix(key, "x-") }

// elementHash identifies an element as a whole.
func elementHash(n *tree.Node) diff.Hash {
	if n == nil {
		return diff.Hash{}
	}
	return n.Digest("description", "summary", "example", "examples", "externalDocs")
}
