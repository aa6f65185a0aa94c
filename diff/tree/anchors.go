package tree

import (
	"cmp"
	"net/url"
	"strings"
	"sync"
)

// anchors are the names that a document gives to places in itself (JSON Schema
// 2020-12 Core, section 8.2; drafts 4 to 7 write anchors into $id, or id).
type anchors struct {
	once      sync.Once
	names     map[string]*Node
	resources map[string]*Node // by $id, both as written and as a full URI
	base      *url.URL         // the document's own URI, nil if it has no $id
}

func (d *Document) anchorIndex() *anchors {
	a := &d.anchors
	a.once.Do(func() {
		a.names, a.resources = map[string]*Node{}, map[string]*Node{}
		if id := identity(d.Root); id != "" {
			// A name that is not a URI leaves the base nil.
			a.base, _ = url.Parse(id)
		}
		d.Root.Walk(func(n *Node) bool {
			a.add(n)
			return n.Kind == Object || n.Kind == Array
		})
	})
	return a
}

// Resource returns the innermost schema that contains the node and has a $id,
// or the root if there is none.
func (n *Node) Resource() *Node {
	for ; n.parent != nil; n = n.parent {
		if !n.hasID {
			continue // saves the look-up for most nodes
		}
		if id := n.Get("$id").Str(); id != "" && !strings.HasPrefix(id, "#") {
			return n
		}
	}
	return n
}

// identity is the name that a schema gives to itself, or a description by $self
// (OpenAPI 3.2.0, section 4.1).
func identity(n *Node) string {
	return cmp.Or(n.Get("$id").Str(), n.Get("$self").Str(), n.Get("id").Str())
}

func (a *anchors) add(n *Node) {
	for _, keyword := range []string{"$anchor", "$dynamicAnchor"} {
		if name := n.Get(keyword).Str(); name != "" && a.names[name] == nil {
			a.names[name] = n
		}
	}
	id, name, named := strings.Cut(identity(n), "#")
	if named && name != "" && a.names[name] == nil {
		a.names[name] = n
	}
	if id == "" || a.resources[id] != nil {
		return
	}
	a.resources[id] = n
	if full, ok := a.absolute(id); ok {
		a.resources[full] = n
	}
}

// absolute resolves a reference against the document's own URI.
func (a *anchors) absolute(ref string) (string, bool) {
	if a.base == nil {
		return "", false
	}
	full, err := a.base.Parse(ref)
	if err != nil {
		return "", false
	}
	return full.String(), true
}

// resource returns the schema of the document that a URI names, nil if there is
// none.
func (d *Document) resource(uri string) *Node {
	a := d.anchorIndex()
	if n := a.resources[uri]; n != nil {
		return n
	}
	if full, ok := a.absolute(uri); ok {
		return a.resources[full]
	}
	return nil
}

// sibling turns a full URI into a path relative to the document, if the
// document's own URI has the same host. It assumes that the host has the files
// of the repository, in the same folders. It fetches nothing.
func (d *Document) sibling(uri string) (string, bool) {
	to, err := url.Parse(uri)
	base := d.anchorIndex().base
	if err != nil || base == nil || !to.IsAbs() || to.Host == "" || to.Host != base.Host ||
		to.Scheme != base.Scheme {
		return "", false
	}
	from := strings.Split(base.EscapedPath(), "/")
	way := strings.Split(to.EscapedPath(), "/")
	for len(from) > 1 && len(way) > 1 && from[0] == way[0] {
		from, way = from[1:], way[1:]
	}
	return strings.Repeat("../", len(from)-1) + strings.Join(way, "/"), true
}
