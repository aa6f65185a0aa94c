package odcs

import (
	"errors"
	"regexp"

	"github.com/assent-dev/assent/diff/tree"
)

// kind is the only kind of document in the standard.
const kind = "DataContract"

// supported matches the versions of the standard that assent reads.
var supported = regexp.MustCompile(`^v?3\.[012](\.\d+)?$`)

// checker collects the mistakes that make a comparison impossible.
type checker struct {
	mistakes []error
}

func (c *checker) fail(at *tree.Node, format string, args ...any) {
	c.mistakes = append(c.mistakes, at.Errorf(format, args...))
}

// check returns the author's mistakes, joined. It does not check requirements
// of the standard that a comparison does not depend on, such as a version.
func check(root *tree.Node) error {
	c := &checker{}
	version := get(root, "apiVersion")
	switch {
	case !root.Is(tree.Object):
		c.fail(root, "a data contract is an object with apiVersion, kind and schema")
	case root.Get("dataContractSpecification") != nil:
		c.fail(root.Get("dataContractSpecification"),
			"the Data Contract Specification is not compared: convert the file to the Open Data Contract "+
				"Standard 3")
	case version == nil:
		c.fail(root, "the data contract has no apiVersion: state the version of the standard, such as v3.1.0")
	case !supported.MatchString(version.Text):
		c.fail(version, "version %s of the Open Data Contract Standard is not supported: want v3.0, v3.1 "+
			"or v3.2", version.Text)
	case get(root, "kind").Str() != kind:
		c.fail(survivor(root.Get("kind"), root), "the kind of a data contract is %s", kind)
	default:
		c.contract(root)
	}
	return errors.Join(c.mistakes...)
}

func (c *checker) contract(root *tree.Node) {
	c.list(root, "servers", listKind{noun: "server", key: "server", unique: true})
	c.list(root, "slaProperties", listKind{noun: "service level", key: "property"})
	c.list(root, "roles", listKind{noun: "role", key: "role"})
	c.list(root, "support", listKind{noun: "support channel", key: "channel"})
	if team := get(root, "team"); team.Is(tree.Object) {
		c.list(team, "members", listKind{noun: "team member"})
	} else {
		c.list(root, "team", listKind{noun: "team member"})
	}
	elements := c.list(root, "schema", listKind{noun: "schema object", key: "name", unique: true})
	for len(elements) > 0 {
		e := elements[len(elements)-1]
		elements = append(elements[:len(elements)-1], c.element(e)...)
	}
}

// kinds are members that must have one kind of value. With another kind, a
// comparison would treat them as absent.
var kinds = []struct {
	member string
	kind   tree.Kind
}{
	{"required", tree.Bool}, {"unique", tree.Bool}, {"primaryKey", tree.Bool}, {"partitioned", tree.Bool},
	{"criticalDataElement", tree.Bool}, {"deprecated", tree.Bool}, {"primaryKeyPosition", tree.Number},
	{"partitionKeyPosition", tree.Number}, {"logicalType", tree.String}, {"physicalType", tree.String},
	{"logicalTypeOptions", tree.Object}, {"items", tree.Object}, {"map", tree.Object},
}

// element checks a schema object or property and returns the elements nested in
// it.
func (c *checker) element(e *tree.Node) []*tree.Node {
	for _, k := range kinds {
		if m := get(e, k.member); m != nil && m.Kind != k.kind {
			c.fail(m, "%s must be of type %s, not %s", k.member, k.kind, m.Kind)
		}
	}
	c.list(e, "quality", listKind{noun: "quality check"})
	c.list(e, "relationships", listKind{noun: "relationship"})
	nested := c.list(e, "properties", listKind{noun: "property", key: "name", unique: true})
	for _, inner := range []*tree.Node{get(e, "items"), get(e, "map", "key"), get(e, "map", "value")} {
		if inner.Is(tree.Object) {
			nested = append(nested, inner)
		}
	}
	return nested
}

// listKind says what the elements of a list are.
type listKind struct {
	noun   string // for messages
	key    string // the member by which an element is known, "" if there is none
	unique bool   // no two elements may have the same key
}

// list checks a list of objects: each has its key, keys differ if they must,
// and no two elements have the same stable id. It returns the elements.
func (c *checker) list(holder *tree.Node, member string, kind listKind) []*tree.Node {
	list := get(holder, member)
	if list == nil {
		return nil
	}
	if !list.Is(tree.Array) {
		c.fail(list, "%s must be a list of objects", member)
		return nil
	}
	names, ids := map[string]*tree.Node{}, map[string]*tree.Node{}
	var elements []*tree.Node
	for e := range list.Children() {
		if !e.Is(tree.Object) {
			c.fail(e, "a %s must be an object", kind.noun)
			continue
		}
		elements = append(elements, e)
		if name := c.key(e, kind); name != nil && kind.unique {
			c.once(name, names, kind.noun)
		}
		if id := get(e, "id"); id != nil {
			c.once(id, ids, kind.noun+" with the id")
		}
	}
	return elements
}

// key returns the key of an element, nil if it has none.
func (c *checker) key(e *tree.Node, kind listKind) *tree.Node {
	if kind.key == "" {
		return nil
	}
	name := get(e, kind.key)
	if name == nil || name.Is(tree.Object) || name.Is(tree.Array) || name.Text == "" {
		c.fail(e, "the member %s is missing: a %s is known by it", kind.key, kind.noun)
		return nil
	}
	return name
}

func (c *checker) once(name *tree.Node, seen map[string]*tree.Node, what string) {
	if first := seen[name.Text]; first != nil {
		c.fail(name, "the %s %q is defined twice, first on line %d", what, name.Text, first.At().Line)
		return
	}
	seen[name.Text] = name
}

// get follows a path of members. It returns nil if the value is absent, null or
// empty.
func get(n *tree.Node, path ...string) *tree.Node {
	m := n.Path(path...)
	if m.Is(tree.Null) || (m.Is(tree.Array) || m.Is(tree.Object)) && m.Len() == 0 {
		return nil
	}
	return m
}

// survivor returns n, or its holder if n is absent.
func survivor(n, holder *tree.Node) *tree.Node {
	if n != nil {
		return n
	}
	return holder
}
