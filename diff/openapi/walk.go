package openapi

import (
	"iter"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// walk is a comparison at one place of both descriptions. Each step to another
// place copies it, so that no step has to restore the fields that describe the
// place.
type walk struct {
	old, new *description
	report   *diff.Report
	options  diff.Options
	schemas  *jsonschema.Comparer
	checker  *exampleChecker

	use   diff.Path // the place, as consumers use it: "GET /orders › 200"
	side  diff.Side // what consumers do with a request here: they receive it in webhooks and callbacks
	marks []string  // of the place in the old revision: "tag:WIP", "stability:alpha"
	depth int       // how many callbacks contain the place

	renamedSchemes   map[string]string // the old names of security schemes, by their new names
	inheritedDiffers bool              // operations inherit something that differs: all have to be compared
}

// descend returns the walk one step further.
func (w *walk) descend(step diff.Step) *walk {
	next := *w
	next.use = w.use.Then(step)
	return &next
}

// flipped returns the walk with the other side: consumers receive the response
// where they send the request.
func (w *walk) flipped() *walk {
	next := *w
	next.side = w.side.Flip()
	return &next
}

// atDocument returns the walk at the document, or at the steps below it.
func (w *walk) atDocument(steps ...diff.Step) *walk {
	next := *w
	next.use, next.side = diff.PathOf(document).Join(diff.PathOf(steps...)), diff.Both
	return &next
}

// add reports a finding at the definition of its element, or at the use if
// there is no element.
func (w *walk) add(f diff.Found) {
	definition := w.use
	if old, _ := f.Old.(*tree.Node); old != nil {
		definition = w.old.path(owner(old))
	} else if new, _ := f.New.(*tree.Node); new != nil {
		definition = w.new.path(owner(new))
	}
	w.addTo(definition, f)
}

// addTo reports a finding at a definition. It shows only the first line of an
// element, whose content may fill pages.
func (w *walk) addTo(definition diff.Path, f diff.Found) {
	f.Old, f.New = diff.Heading(f.Old), diff.Heading(f.New)
	w.report.Found(diff.Place{Definition: definition, Use: w.use, Side: w.side}, f)
}

// reach is the use of the place itself.
func (w *walk) reach() diff.Reach { return diff.Reach{Use: w.use, Side: w.side} }

// owner returns the object that a scalar belongs to, and any other node itself.
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

// resolveBoth follows the references of an element in both revisions and
// reports whether the results have to be compared. A reference that leads
// nowhere gives nil.
func (w *walk) resolveBoth(old, new *tree.Node) (o, n *tree.Node, differ bool) {
	o, n = w.old.resolve(old), w.new.resolve(new)
	return o, n, (o != nil || n != nil) && !w.schemas.Pruner.Same(old, new)
}

// memberPairs pairs the members of two objects whose keys are equal once they
// are normalised. Members with identical keys are paired first. It yields the
// old members in the order of their file, then the new ones that have no
// partner. Extensions are left out.
func memberPairs(old, new *tree.Node, normal func(string) string) iter.Seq2[*tree.Node, *tree.Node] {
	return func(yield func(o, n *tree.Node) bool) {
		left := map[string][]*tree.Node{} // new members without an identical key among the old ones
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

// elementHash identifies the content of an element, without its documentation.
func elementHash(n *tree.Node) diff.Hash {
	if n == nil {
		return diff.Hash{}
	}
	return n.Digest("description", "summary", "example", "examples", "externalDocs")
}
