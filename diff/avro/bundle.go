package avro

import (
	"errors"
	"path"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// typeName returns the full name of the type that the root defines, "" if it is
// a list or a name.
func typeName(s diff.Source) (string, error) {
	doc, err := tree.NewFiles(s.FS, s.Cache).Open(s.Root())
	if err != nil {
		return "", err
	}
	name, space := doc.Root.Get("name").Str(), doc.Root.Get("namespace").Str()
	if space != "" && path.Ext(name) == "" {
		return space + "." + name, nil
	}
	return name, nil
}

// bundle writes a schema as one text that needs no other file. It defines each
// type where it is used first, by its full name.
func bundle(s diff.Source) (string, error) {
	r := &diff.Report{}
	f, err := load(r, s)
	switch {
	case err != nil:
		return "", err
	case f == nil:
		return "", r.Errors[0]
	case f.protocol != nil:
		return "", errors.New("a protocol is not a schema")
	}
	b := bundler{written: map[*schema]bool{}}
	b.ref(f.root)
	return b.String(), nil
}

type bundler struct {
	strings.Builder
	written map[*schema]bool
}

func (b *bundler) ref(r ref) {
	switch s := r.to; {
	case s.isNamed() && b.written[s]:
		b.WriteString(quoted(s.name))
	case s.isNamed():
		b.written[s] = true
		b.object(s.node, map[string]func(){
			"name":    func() { b.WriteString(quoted(s.name)) },
			"aliases": func() { b.names(s.aliases) },
			"fields":  func() { b.fields(s) },
		})
	case s.kind == array:
		b.object(s.node, map[string]func(){"items": func() { b.ref(s.element) }})
	case s.kind == mapped:
		b.object(s.node, map[string]func(){"values": func() { b.ref(s.element) }})
	case s.kind == union:
		b.list(len(s.branches), func(i int) { b.ref(s.branches[i]) })
	default:
		b.Write(r.at.JSON())
	}
}

// object copies an object with replacements for some members. Names are full,
// so it writes the empty namespace, which keeps an outer one from applying.
func (b *bundler) object(n *tree.Node, replacements map[string]func()) {
	b.WriteByte('{')
	first := true
	member := func(key string, value func()) {
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(quoted(key) + ":")
		value()
	}
	if replacements["name"] != nil {
		member("namespace", func() { b.WriteString(`""`) })
	}
	for m := range n.Children() {
		if value := replacements[m.Key]; value != nil {
			member(m.Key, value)
		} else if m.Key != "namespace" {
			member(m.Key, func() { b.Write(m.JSON()) })
		}
	}
	b.WriteByte('}')
}

func (b *bundler) fields(s *schema) {
	b.list(len(s.fields), func(i int) {
		f := s.fields[i]
		b.object(f.node, map[string]func(){"type": func() { b.ref(f.typ) }})
	})
}

func (b *bundler) names(names []string) {
	b.list(len(names), func(i int) { b.WriteString(quoted(names[i])) })
}

func (b *bundler) list(n int, element func(i int)) {
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		element(i)
	}
	b.WriteByte(']')
}
