package jsonschema

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Dialect is the set of keywords that a schema is read with.
type Dialect uint8

// OpenAPI30 is a subset of draft 5 with nullable and boolean exclusive bounds,
// in which $ref hides its siblings (OpenAPI 3.0.4, section 4.7.24); Draft4
// differs in having type lists. All later ones read alike here.
const (
	Draft202012 Dialect = iota
	Draft4
	OpenAPI30
)

func dialectOf(root *tree.Node) Dialect {
	if strings.Contains(root.Get("$schema").Str(), "draft-04") {
		return Draft4
	}
	return Draft202012
}

// refHidesSiblings is true before draft 2019-09.
func (d Dialect) refHidesSiblings() bool { return d != Draft202012 }

// Reader reads the schemas of one revision.
type Reader struct {
	// Name gives the subject of a node: the definition it belongs to.
	Name func(*tree.Node) diff.Subject

	files   *tree.Files
	root    *tree.Node
	dialect Dialect
	targets map[reference]target
	sites   []*tree.Node // see refs
	single  map[*tree.Node]*effective
	merged  map[string]*effective
	parts   map[part]*effective
	shallow map[*tree.Node]kinds
	regexps map[string]*regexp.Regexp // nil for what Go does not understand
	names   map[*tree.Node]diff.Subject
}

// reference is what a $ref says and where, which is all that its target
// depends on.
type reference struct {
	from *tree.Document
	text string
}

type target struct {
	node *tree.Node
	key  string // equal in both revisions for what is at the same place
	err  error
}

// NewReader reads what is in, or referred to from, the document with the root.
func NewReader(files *tree.Files, root *tree.Node, dialect Dialect, name func(*tree.Node) diff.Subject) *Reader {
	return &Reader{
		Name: name, files: files, root: root, dialect: dialect,
		targets: map[reference]target{}, single: map[*tree.Node]*effective{}, merged: map[string]*effective{}, parts: map[part]*effective{},
		shallow: map[*tree.Node]kinds{}, regexps: map[string]*regexp.Regexp{}, names: map[*tree.Node]diff.Subject{},
	}
}

// Resolve follows the $ref of a node, if it has one, to its end. A reference
// that leads nowhere gives nil: ReportRefs reports it.
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

// definition follows references that say nothing beside what they refer to:
// whoever names a definition shares it.
func (r *Reader) definition(n *tree.Node) *tree.Node {
	for range mostRefs {
		ref := n.Get("$ref")
		if !ref.Is(tree.String) || !r.dialect.refHidesSiblings() && hasSiblings(ref) {
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

// hasSiblings reports whether a $ref stands beside keywords that count.
func hasSiblings(ref *tree.Node) bool {
	for c := range ref.Parent().Children() {
		if c != ref && !slices.Contains(annotations, c.Key) {
			return true
		}
	}
	return false
}

// named returns the subject of a node; finding it out takes as long as the node
// lies deep.
func (r *Reader) named(n *tree.Node) diff.Subject {
	s, known := r.names[n]
	if !known {
		s = r.Name(n)
		r.names[n] = s
	}
	return s
}

// regexp compiles a pattern once.
func (r *Reader) regexp(pattern string) *regexp.Regexp {
	re, known := r.regexps[pattern]
	if !known {
		re, _ = regexp.Compile(pattern) // nil: it matches nothing that is looked at
		r.regexps[pattern] = re
	}
	return re
}

// mostRefs bounds a chain of references that only name each other.
const mostRefs = 100

func (r *Reader) target(ref *tree.Node) target {
	at := reference{ref.Document(), ref.Text}
	t, ok := r.targets[at]
	if !ok {
		t.node, t.err = r.files.Resolve(at.from, at.text)
		t.key = r.key(at.from, at.text)
		r.targets[at] = t
	}
	return t
}

// key names a reference's target from the folder of the root, so that it is
// the same for old/api.yaml and new/api.yaml.
func (r *Reader) key(doc *tree.Document, ref string) string {
	file, fragment, _ := strings.Cut(ref, "#")
	from := r.relative(doc.Path)
	if file != "" {
		if joined, err := tree.Join(doc.Path, file); err == nil {
			from = r.relative(joined)
		} else {
			from = file
		}
	}
	return from + "#" + fragment
}

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

// refs returns every $ref in the documents reached from the root, also those in
// examples: there is no harm in taking data for a reference when looking for
// what may differ.
func (r *Reader) refs() []*tree.Node {
	if r.sites != nil {
		return r.sites
	}
	docs := []*tree.Document{r.root.Document()}
	seen := map[*tree.Document]bool{docs[0]: true}
	for i := 0; i < len(docs); i++ { // docs grows
		docs[i].Root.Walk(func(n *tree.Node) bool {
			if ref := n.Get("$ref"); ref.Is(tree.String) {
				r.sites = append(r.sites, ref)
				if t := r.target(ref).node; t != nil && !seen[t.Document()] {
					seen[t.Document()] = true
					docs = append(docs, t.Document())
				}
			}
			return n.Refers()
		})
	}
	return r.sites
}

// named are the keywords of schemas and of OpenAPI whose members have names of
// their author's choice, such as a response called default; data are those that
// hold values.
var (
	named = []string{
		"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "responses", "parameters",
		"requestBodies", "headers", "callbacks", "links", "examples", "pathItems", "mediaTypes", "content", "paths", "webhooks",
	}
	data = []string{"example", "default", "const", "enum"}
)

// inExample reports whether a $ref is part of a value and refers to nothing.
func inExample(ref *tree.Node) bool {
	var way []*tree.Node
	for n := ref.Parent(); n != nil; n = n.Parent() {
		way = append(way, n)
	}
	slices.Reverse(way)
	for i := 0; i < len(way); i++ {
		switch key := way[i].Key; {
		case slices.Contains(data, key):
			return true
		case key == "examples" && (way[i].Is(tree.Array) || i+2 < len(way) && way[i+2].Key == "value"):
			return true
		case way[i].Is(tree.Object) && slices.Contains(named, key):
			i++
		}
	}
	return false
}

// ReportRefs reports the references of the new revision that lead nowhere, out
// of the tree, or in a circle of nothing but references. Those of the old one
// are past mending. The error is that of a file system that failed on either
// side: nothing may be concluded then.
func ReportRefs(report *diff.Report, old, new *Reader) error {
	_, err := old.brokenRefs()
	if err != nil {
		return err
	}
	mistakes, err := new.brokenRefs()
	return errors.Join(err, report.Fail(errors.Join(mistakes...)))
}

func (r *Reader) brokenRefs() (mistakes []error, err error) {
	for _, ref := range r.refs() {
		t := r.target(ref)
		if t.err == nil && !r.circular(ref) || inExample(ref) {
			continue
		}
		var broken *tree.Error
		var end tree.DeadEnd
		switch {
		case t.err == nil:
			mistakes = append(mistakes, ref.Errorf("$ref %q refers to itself", ref.Text))
		case errors.As(t.err, &broken):
			mistakes = append(mistakes, broken, ref.Errorf("$ref %q: %v", ref.Text, t.err))
		case errors.As(t.err, &end):
			mistakes = append(mistakes, ref.Errorf("$ref %q: %v", ref.Text, t.err))
		default:
			return nil, fmt.Errorf("follow $ref %q: %w", ref.Text, t.err)
		}
	}
	return mistakes, nil
}

func (r *Reader) circular(ref *tree.Node) bool {
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

// Down extends the subject of the node from by the way down to n within a
// schema: property names, [] for items, {} for additional properties, and a
// name or the content for a branch, never an index.
func Down(s diff.Subject, from, n *tree.Node) diff.Subject {
	var way []*tree.Node
	for at := n; at != nil && at != from; at = at.Parent() {
		way = append(way, at)
	}
	for i := len(way) - 1; i >= 0; i-- {
		switch at := way[i]; at.Key {
		case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
			if i > 0 { // the next one down is a name
				i--
				s = s.Join(way[i].Key)
			}
		case "items":
			s = s.Join("[]")
		case "additionalProperties":
			s = s.Join("{}")
		case "oneOf", "anyOf":
			if i > 0 {
				i--
				s = s.Join(branchName(way[i]))
			}
		case "allOf", "":
		default:
			s = s.Join(at.Key)
		}
	}
	return s
}

// branchName identifies a branch of oneOf or anyOf by its reference, its
// title, its type or its content.
func branchName(n *tree.Node) string {
	if ref := n.Get("$ref").Str(); ref != "" {
		return "(" + path.Base(ref) + ")"
	}
	if title := n.Get("title").Str(); title != "" {
		return "(" + title + ")"
	}
	if typ := n.Get("type").Str(); typ != "" && typ != "object" {
		return "(" + typ + ")"
	}
	return fmt.Sprintf("(%x)", diff.HashOf(sketch(n, nil)...))[:8] + ")"
}

// mostSketched is enough to tell branches apart, and little to do where they
// are nested in branches.
const mostSketched = 192

// sketch lists what comes first in a value, its members sorted.
func sketch(n *tree.Node, parts []string) []string {
	if len(parts) >= mostSketched || slices.Contains(annotations, n.Key) {
		return parts
	}
	parts = append(parts, n.Key, n.Kind.String(), n.Text)
	children := slices.Collect(n.Children())
	if n.Is(tree.Object) {
		slices.SortFunc(children, func(a, b *tree.Node) int { return strings.Compare(a.Key, b.Key) })
	}
	for _, c := range children {
		parts = sketch(c, parts)
	}
	return parts
}

// annotations are the keywords that allow and refuse no value.
var annotations = []string{"title", "description", "summary", "example", "examples", "$comment", "externalDocs", "deprecated", "default", "xml"}
