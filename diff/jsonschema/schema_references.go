package jsonschema

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// reference holds what the target of a $ref depends on.
type reference struct {
	resource *tree.Node // the part of a document to which a fragment is relative
	ref      string
}

type target struct {
	node *tree.Node
	key  string // the same in both revisions if the targets are at the same place
	err  error
}

// Resolve follows the $ref of a node, and the $ref of its target, to the end.
// It returns nil for a reference that leads nowhere, which ReportRefs reports.
func (r *Reader) Resolve(n *tree.Node) *tree.Node {
	for range mostRefs {
		ref := n.Get("$ref")
		if !ref.Is(tree.String) {
			return n
		}
		n = r.target(ref).node
	}
	return nil
}

// definition follows references without keywords beside them, so that all
// references to a definition give the same node.
func (r *Reader) definition(n *tree.Node) *tree.Node {
	for range mostRefs {
		ref := r.reference(n)
		if ref == nil || !r.host.Dialect.refHidesSiblings() && hasSiblings(ref) {
			return n
		}
		to := r.target(ref).node
		if to == nil {
			return n
		}
		n = to
	}
	return n
}

// reference returns the keyword by which a schema refers to another one. It
// returns nil if there is none. A dynamic reference counts if it can only lead
// to one place.
func (r *Reader) reference(n *tree.Node) *tree.Node {
	if !n.Refers() {
		return nil
	}
	if ref := n.Get("$ref"); ref.Is(tree.String) {
		return ref
	}
	for _, keyword := range []string{"$dynamicRef", "$recursiveRef"} {
		if ref := n.Get(keyword); ref.Is(tree.String) && r.leadsToOnePlace(ref) {
			return ref
		}
	}
	return nil
}

// leadsToOnePlace reports whether the target of a dynamic reference does not
// depend on the way to it, because only one schema has its anchor (JSON Schema
// 2020-12 Core, section 8.2.3.2; 2019-09 Core, section 8.2.4.2).
func (r *Reader) leadsToOnePlace(ref *tree.Node) bool {
	if r.anchors == nil {
		r.anchors = map[string]int{}
		for _, doc := range r.documents() {
			doc.Root.Walk(func(n *tree.Node) bool {
				if name := n.Get("$dynamicAnchor").Str(); name != "" {
					r.anchors[name]++
				}
				if n.Get("$recursiveAnchor").True() {
					r.anchors[""]++
				}
				return n.Is(tree.Object) || n.Is(tree.Array)
			})
		}
	}
	_, name, _ := strings.Cut(ref.Text, "#")
	return r.anchors[name] <= 1
}

// hasSiblings reports whether there are keywords with an effect beside a $ref.
func hasSiblings(ref *tree.Node) bool {
	for c := range ref.Parent().Children() {
		if c != ref && !slices.Contains(annotations, c.Key) {
			return true
		}
	}
	return false
}

// mostRefs bounds the references that are followed one after the other.
const mostRefs = 100

// target returns what a reference refers to, and remembers it.
func (r *Reader) target(ref *tree.Node) target {
	at := reference{ref.Resource(), ref.Text}
	t, ok := r.targets[at]
	if !ok {
		t.node, t.err = r.files.ResolveIn(at.resource, at.ref)
		t.key = r.key(at.resource, at.ref)
		r.targets[at] = t
	}
	return t
}

// key identifies the target of a reference by its path from the folder of the
// root, which is the same for old/api.yaml and new/api.yaml.
func (r *Reader) key(resource *tree.Node, ref string) string {
	file, fragment, _ := strings.Cut(ref, "#")
	doc := resource.Document()
	from := r.relative(doc.Path)
	if resource.Parent() != nil && file == "" {
		from += "#" + resource.Get("$id").Str()
	}
	if file != "" {
		if joined, err := tree.Join(doc.Path, file); err == nil {
			from = r.relative(joined)
		} else {
			from = file
		}
	}
	return from + "#" + fragment
}

// relative returns the path of a file from the folder of the root.
func (r *Reader) relative(name string) string {
	root := r.root.Document().Path
	if name == root {
		return ""
	}
	if rel, ok := strings.CutPrefix(name, path.Dir(root)+"/"); ok {
		return rel
	}
	return name
}

// refs returns every reference in the documents. Some may be part of an
// example: those do no harm where it is only asked what may differ.
func (r *Reader) refs() []*tree.Node {
	r.documents()
	return r.refsFound
}

// documents returns the root's document and those to which it refers.
func (r *Reader) documents() []*tree.Document {
	if r.docs != nil {
		return r.docs
	}
	r.docs = []*tree.Document{r.root.Document()}
	seen := map[*tree.Document]bool{r.docs[0]: true}
	for i := 0; i < len(r.docs); i++ { // the documents grow
		r.docs[i].Root.Walk(func(n *tree.Node) bool {
			for _, keyword := range []string{"$ref", "$dynamicRef", "$recursiveRef"} {
				ref := n.Get(keyword)
				if !ref.Is(tree.String) {
					continue
				}
				r.refsFound = append(r.refsFound, ref)
				if t := r.target(ref).node; t != nil && !seen[t.Document()] {
					seen[t.Document()] = true
					r.docs = append(r.docs, t.Document())
				}
			}
			return n.Refers()
		})
	}
	return r.docs
}

// The members of containers have names of their author's choice. The
// valueKeywords hold values.
var (
	containers    = []string{"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
	valueKeywords = []string{"example", "default", "const", "enum"}
)

// inValue reports whether a $ref is part of a value, and therefore not a
// reference.
func (r *Reader) inValue(ref *tree.Node) bool {
	var way []*tree.Node
	for n := ref.Parent(); n != nil; n = n.Parent() {
		way = append(way, n)
	}
	slices.Reverse(way)
	for i := 0; i < len(way); i++ {
		switch key := way[i].Key; {
		case slices.Contains(valueKeywords, key):
			return true
		case key == "examples" && (way[i].Is(tree.Array) || i+2 < len(way) && way[i+2].Key == "value"):
			return true
		case way[i].Is(tree.Object) &&
			(slices.Contains(containers, key) || slices.Contains(r.host.Containers, key)):
			i++
		}
	}
	return false
}

// ReportRefs reports the references of the new revision that lead nowhere, out
// of the tree, or in a circle. The old revision cannot be corrected any more,
// so its references are not reported. The error is that of a file system that
// failed. Then nothing is known of either revision.
func ReportRefs(report *diff.Report, old, new *Reader) error {
	_, err := old.brokenRefs()
	if err != nil {
		return err
	}
	mistakes, err := new.brokenRefs()
	return errors.Join(err, report.Fail(errors.Join(mistakes...)))
}

// brokenRefs returns the author's mistakes. The error is that of a file system
// that failed.
func (r *Reader) brokenRefs() (mistakes []error, err error) {
	for _, ref := range r.refs() {
		t := r.target(ref)
		if t.err == nil && !r.isCircular(ref) || r.inValue(ref) {
			continue
		}
		var mistake *tree.Error
		var end tree.DeadEnd
		switch {
		case t.err == nil:
			mistakes = append(mistakes, ref.Errorf("$ref %q refers to itself", ref.Text))
		case errors.As(t.err, &mistake):
			mistakes = append(mistakes, mistake, ref.Errorf("$ref %q: %v", ref.Text, t.err))
		case errors.As(t.err, &end):
			mistakes = append(mistakes, ref.Errorf("$ref %q: %v", ref.Text, t.err))
		default:
			return nil, fmt.Errorf("follow $ref %q: %w", ref.Text, t.err)
		}
	}
	return mistakes, nil
}

// isCircular reports whether a chain of references never ends.
func (r *Reader) isCircular(ref *tree.Node) bool {
	for range mostRefs {
		t := r.target(ref)
		if t.err != nil {
			return false // reported where it breaks
		}
		if ref = t.node.Get("$ref"); ref == nil {
			return false
		}
	}
	return true
}
