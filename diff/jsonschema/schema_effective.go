package jsonschema

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// effective is a schema as it applies at one place: the conjunction of the
// schema objects that references and allOf bring together. A keyword is read
// from each of the objects, so that a finding can point to the object that it
// comes from.
type effective struct {
	reader      *Reader
	sites       []*tree.Node // where it applies: several places if several objects declare a property
	nodes       []*tree.Node // the schema objects, the definition itself first
	falseSchema *tree.Node   // a false schema among the nodes, which refuses every value
	groups      []group      // of branches: a value must fit each group
	valueLists  []valueList  // groups whose branches list values
	kinds       kinds
	tooLarge    bool // there are more schema objects than mostObjects
	// schemas of properties in addition to the nodes; see restrictedTo
	extraProperties map[string][]*tree.Node
	keywords        []string // if not nil, the schema consists of these keywords of its site; see keywordsOf

	required   map[string]*tree.Node // elements of required lists by name, filled by requires
	enumerated *enumerated           // filled by enum
}

// mostObjects bounds how many schema objects references and allOf may bring
// together in one schema.
const mostObjects = 10_000

// effective returns the schema that applies at all of the sites at once. The
// same sites give the same pointer. Without sites, it returns the schema that
// allows every value, and findings about it point to at.
func (r *Reader) effective(at *tree.Node, sites ...*tree.Node) *effective {
	if len(sites) == 1 {
		sites = []*tree.Node{r.definition(sites[0])}
		if e := r.single[sites[0]]; e != nil {
			return e
		}
		e := r.build(sites)
		r.single[sites[0]] = e
		return e
	}
	var key strings.Builder
	fmt.Fprintf(&key, "%p", at)
	for _, s := range sites {
		fmt.Fprintf(&key, " %p", s)
	}
	if e := r.merged[key.String()]; e != nil {
		return e
	}
	e := r.build(sites)
	if len(sites) == 0 {
		e.sites = []*tree.Node{at}
	}
	r.merged[key.String()] = e
	return e
}

func (r *Reader) build(sites []*tree.Node) *effective {
	e := &effective{reader: r, sites: sites}
	seen := map[*tree.Node]bool{}
	for _, s := range sites {
		e.add(s, seen)
	}
	e.extractLists()
	e.kinds = e.allowedKinds()
	e.kinds &^= e.impossibleKinds()
	return e
}

// add adds a schema object and the objects that references and allOf bring into
// it. A schema that contains itself this way adds nothing the second time.
func (e *effective) add(n *tree.Node, seen map[*tree.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	if len(seen) == mostObjects {
		e.tooLarge = true
		return
	}
	seen[n] = true
	if n.False() {
		e.falseSchema = n
	}
	if n.Kind != tree.Object {
		return
	}
	ref := e.reader.reference(n)
	if ref != nil {
		e.add(e.reader.target(ref).node, seen)
		if e.reader.host.Dialect.refHidesSiblings() {
			return
		}
	}
	if ref == nil || n.Len() > 1 {
		e.nodes = append(e.nodes, n)
	}
	if twice := e.reader.negatedTwice(n); twice != nil {
		e.add(twice, seen)
	}
	for branch := range n.Get("allOf").Children() {
		e.add(branch, seen)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		list := n.Get(keyword)
		switch list.Len() {
		case 0:
		case 1: // a single branch must hold
			e.add(list.Element(0), seen)
		default:
			if slices.ContainsFunc(e.groups, func(g group) bool { return g.sameAs(list) }) {
				continue
			}
			e.groups = append(e.groups, groupOf(list))
		}
	}
}

// negatedTwice returns the schema under a not under a not, which values must
// fit. It is nil if there is none.
func (r *Reader) negatedTwice(n *tree.Node) *tree.Node {
	not := n.Get("not")
	if not == nil {
		return nil
	}
	inner := r.definition(not)
	if inner.Get("not") == nil || inner.Len() > 1 {
		return nil
	}
	return inner.Get("not")
}

// each yields the keyword of each schema object that has it.
func (e *effective) each(keyword string) iter.Seq[*tree.Node] {
	return func(yield func(*tree.Node) bool) {
		for _, n := range e.nodes {
			if k := n.Get(keyword); k != nil && !yield(k) {
				return
			}
		}
	}
}

// first returns the keyword of the first schema object that has it.
func (e *effective) first(keyword string) *tree.Node {
	for k := range e.each(keyword) {
		return k
	}
	return nil
}

// firstOf returns the first of the keywords that any schema object has.
func (e *effective) firstOf(keywords ...string) *tree.Node {
	for _, keyword := range keywords {
		if k := e.first(keyword); k != nil {
			return k
		}
	}
	return nil
}

// flag reports whether a boolean keyword is true in any of the schema objects.
func (e *effective) flag(keyword string) bool {
	for k := range e.each(keyword) {
		if k.True() {
			return true
		}
	}
	return false
}

// conjunction returns the schema of the values that fit all of the schemas.
// They are parts of this schema.
func (e *effective) conjunction(schemas []*tree.Node) *effective {
	return e.reader.effective(e.definition(), schemas...)
}

// keywordsOf returns the schema that consists of some keywords of a schema
// object. The result is remembered by the first keyword.
func (r *Reader) keywordsOf(object *tree.Node, keywords ...string) *effective {
	key := object.Get(keywords[0])
	if key == nil {
		key = object
	}
	e := r.keywordSchemas[key]
	if e == nil {
		e = &effective{reader: r, sites: []*tree.Node{object}, keywords: keywords}
		r.keywordSchemas[key] = e
		if choice := slices.Contains([]string{"oneOf", "anyOf"}, key.Key); choice && key.Is(tree.Array) {
			e.groups = []group{groupOf(key)}
		}
		e.kinds = e.allowedKinds()
	}
	return e
}

// unevaluated returns the schema under unevaluatedItems or
// unevaluatedProperties. It returns nil if what is evaluated depends on the
// value (JSON Schema 2020-12 Core, section 11).
func (e *effective) unevaluated(keyword string) *tree.Node {
	if !e.evaluationKnown() {
		return nil
	}
	return e.sites[0].Get(keyword)
}

// evaluationKnown reports whether the schema evaluates the same items and
// properties of every value, and only the site itself has unevaluated keywords.
func (e *effective) evaluationKnown() bool {
	return len(e.sites) == 1 && len(e.groups) == 0 && !slices.ContainsFunc(e.nodes, func(n *tree.Node) bool {
		return n.Get("if") != nil || n.Get("dependentSchemas") != nil || n.Get("$dynamicRef") != nil ||
			n.Get("contains") != nil ||
			n != e.sites[0] && (n.Get("unevaluatedItems") != nil || n.Get("unevaluatedProperties") != nil)
	})
}

// definition returns the node that stands for the schema as a whole.
func (e *effective) definition() *tree.Node {
	if len(e.nodes) > 0 {
		return e.nodes[0]
	}
	return e.sites[0]
}

// firstNode returns the first of the nodes, nil if there is none.
func firstNode(nodes []*tree.Node) *tree.Node {
	if len(nodes) == 0 {
		return nil
	}
	return nodes[0]
}

// trivial reports whether a schema is true or empty.
func trivial(n *tree.Node) bool { return n.True() || n.Is(tree.Object) && n.Len() == 0 }

// consistsOf reports whether a schema has none but the given keywords,
// annotations and extensions.
func consistsOf(n *tree.Node, keywords ...string) bool {
	if n.False() {
		return false
	}
	for c := range n.Children() {
		if !slices.Contains(keywords, c.Key) && !slices.Contains(annotations, c.Key) &&
			!strings.HasPrefix(c.Key, "x-") {
			return false
		}
	}
	return true
}
