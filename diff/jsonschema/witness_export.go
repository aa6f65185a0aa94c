package jsonschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// exporter writes a schema, with everything to which it refers, as one document
// of JSON Schema 2020-12 for an independent validator. It translates keyword by
// keyword and does not use what compares schemas, so that both do not make the
// same mistake.
type exporter struct {
	reader    *Reader
	side      diff.Side
	out       bytes.Buffer
	onlyNames map[string]bool       // of properties that matter, nil for all
	names     map[*tree.Node]string // of the definitions
	queue     []*tree.Node          // definitions that are still to be written
	nodes     int
}

// mostExported bounds the nodes of a schema that a witness is checked with, and
// mostWitnessed those for all witnesses of a comparison.
const (
	mostExported  = 3_000
	mostWitnessed = 60_000
)

// export returns the text of the schema, or an error that says why there is
// none. It leaves out properties whose names do not matter, and takes its cost
// from the budget.
func (e *effective) export(side diff.Side, only map[string]bool, b *budget) ([]byte, error) {
	if b.witnesses <= 0 {
		return nil, errors.New("too many changes to look for an example of each")
	}
	x := &exporter{reader: e.reader, side: side, onlyNames: only, names: map[*tree.Node]string{}}
	defer func() { b.witnesses -= 50 + x.nodes }()
	x.out.WriteString(`{"$schema":"https://json-schema.org/draft/2020-12/schema","allOf":[`)
	for i, site := range e.sites {
		if i > 0 {
			x.out.WriteByte(',')
		}
		if len(e.nodes) == 0 && e.falseSchema == nil && e.keywords == nil {
			x.out.WriteString("true")
		} else {
			x.site(site, e.keywords)
		}
	}
	x.out.WriteString(`],"$defs":{`)
	for i := 0; i < len(x.queue); i++ { // the queue grows
		if i > 0 {
			x.out.WriteByte(',')
		}
		fmt.Fprintf(&x.out, "%q:", x.names[x.queue[i]])
		x.schema(x.queue[i])
	}
	x.out.WriteString("}}")
	if x.nodes > mostExported {
		return nil, errors.New("the schema is too large to check a value against")
	}
	return x.out.Bytes(), nil
}

// site writes a schema, or some of its keywords if any are given.
func (x *exporter) site(n *tree.Node, keywords []string) {
	if keywords == nil {
		x.schema(n)
		return
	}
	x.out.WriteByte('{')
	member := x.members()
	for k := range n.Children() {
		if slices.Contains(keywords, k.Key) && k.Key != "dependencies" {
			x.keyword(n, k, member)
		}
	}
	if slices.Contains(keywords, "dependencies") {
		x.dependencies(n, member)
	}
	x.out.WriteByte('}')
}

// members returns a function that begins a member of an object.
func (x *exporter) members() func(key string) {
	first := true
	return func(key string) {
		if !first {
			x.out.WriteByte(',')
		}
		first = false
		fmt.Fprintf(&x.out, "%q:", key)
	}
}

// unexported are keywords that have no effect on a validator, and keywords that
// translated writes.
var unexported = append([]string{"$ref", "nullable", "exclusiveMinimum", "exclusiveMaximum", "dependencies",
	"additionalItems", "discriminator",
	"readOnly", "writeOnly", "$id", "id", "$schema", "$anchor", "$dynamicAnchor", "definitions",
	"$defs"}, annotations...)

func (x *exporter) schema(n *tree.Node) {
	if x.nodes++; x.nodes > mostExported || n == nil {
		x.out.WriteString("true")
		return
	}
	if n.Kind != tree.Object {
		x.value(n)
		return
	}
	x.out.WriteByte('{')
	member := x.members()
	if ref := x.reader.reference(n); ref != nil {
		member("$ref")
		fmt.Fprintf(&x.out, "%q", "#/$defs/"+x.define(x.reader.target(ref).node))
		if x.reader.host.Dialect.refHidesSiblings() {
			x.out.WriteByte('}')
			return
		}
	}
	for k := range n.Children() {
		if !x.leftOut(k) {
			x.keyword(n, k, member)
		}
	}
	x.translated(n, member)
	x.out.WriteByte('}')
}

// leftOut reports whether a keyword is not written as it is.
func (x *exporter) leftOut(k *tree.Node) bool {
	return slices.Contains(unexported, k.Key) || slices.Contains(x.reader.host.Sections, k.Key) ||
		strings.HasPrefix(k.Key, "x-") || meaningless(k)
}

// meaningless reports whether a keyword has a value with which no validator can
// work.
func meaningless(k *tree.Node) bool {
	v, ok := rational(k)
	return k.Key == "multipleOf" && (!ok || v.Sign() <= 0)
}

// define returns the name of a definition, and puts it into the queue the first
// time.
func (x *exporter) define(n *tree.Node) string {
	name, known := x.names[n]
	if !known {
		name = fmt.Sprintf("d%d", len(x.names))
		x.names[n] = name
		x.queue = append(x.queue, n)
	}
	return name
}

func (x *exporter) keyword(schema, k *tree.Node, member func(string)) {
	switch {
	case k.Key == "items" && k.Kind == tree.Array: // before 2020-12, a list by position
		member("prefixItems")
		x.list(k)
		if rest := schema.Get("additionalItems"); rest != nil {
			member("items")
			x.schema(rest)
		}
	case slices.Contains(schemaKeywords, k.Key):
		member(k.Key)
		x.schema(k)
	case slices.Contains(listKeywords, k.Key):
		member(k.Key)
		x.list(k)
	case slices.Contains(mapKeywords, k.Key):
		member(k.Key)
		x.mapping(k)
	case k.Key == "required":
		member(k.Key)
		x.required(schema, k)
	case k.Key == "type" && x.reader.host.Dialect == OpenAPI30 && schema.Get("nullable").True() &&
		k.Kind == tree.String:
		member(k.Key)
		fmt.Fprintf(&x.out, `[%q,"null"]`, k.Text)
	default:
		member(k.Key)
		x.value(k)
	}
}

// translated writes the keywords that are different in other dialects.
func (x *exporter) translated(n *tree.Node, member func(string)) {
	for bound, exclusive := range exclusiveOf {
		switch k := n.Get(exclusive); {
		case k.Is(tree.Number):
			member(exclusive)
			x.value(k)
		case k.True() && n.Get(bound).Is(tree.Number):
			member(exclusive)
			x.value(n.Get(bound))
		}
	}
	x.dependencies(n, member)
}

// dependencies writes the two keywords into which dependencies was split (JSON
// Schema 2019-09 Core, section 9.2.2.4).
func (x *exporter) dependencies(n *tree.Node, member func(string)) {
	for _, kind := range []tree.Kind{tree.Array, tree.Object} {
		keyword := map[tree.Kind]string{
			tree.Array:  "dependentRequired",
			tree.Object: "dependentSchemas",
		}[kind]
		first := true
		for d := range n.Get("dependencies").Children() {
			if (d.Kind == tree.Array) != (kind == tree.Array) {
				continue
			}
			if first {
				member(keyword)
				x.out.WriteByte('{')
			} else {
				x.out.WriteByte(',')
			}
			first = false
			x.out.Write(quote(d.Key))
			x.out.WriteByte(':')
			if kind == tree.Array {
				x.value(d)
			} else {
				x.schema(d)
			}
		}
		if !first {
			x.out.WriteByte('}')
		}
	}
}

func (x *exporter) list(n *tree.Node) {
	x.out.WriteByte('[')
	for i, c := 0, n.Element(0); c != nil; i, c = i+1, n.Element(i+1) {
		if i > 0 {
			x.out.WriteByte(',')
		}
		x.schema(c)
	}
	x.out.WriteByte(']')
}

// mapping writes schemas by name. It leaves out properties that are never part
// of a message on the side.
func (x *exporter) mapping(n *tree.Node) {
	x.out.WriteByte('{')
	first := true
	for c := range n.Children() {
		if n.Key == "properties" && x.hidden(c) ||
			n.Key != "patternProperties" && x.onlyNames != nil && !x.onlyNames[c.Key] {
			continue
		}
		if !first {
			x.out.WriteByte(',')
		}
		first = false
		x.out.Write(quote(c.Key))
		x.out.WriteByte(':')
		x.schema(c)
	}
	x.out.WriteByte('}')
}

func (x *exporter) required(schema, n *tree.Node) {
	names := []string{}
	for c := range n.Children() {
		if !x.hidden(schema.Path("properties", c.Str())) {
			names = append(names, c.Str())
		}
	}
	text, _ := json.Marshal(names) // strings always encode
	x.out.Write(text)
}

// hidden reports whether a property is never part of a message on the side.
func (x *exporter) hidden(property *tree.Node) bool {
	keyword := "readOnly"
	if x.side == diff.Receives {
		keyword = "writeOnly"
	}
	return property != nil && (property.Get(keyword).True() || x.reader.Resolve(property).Get(keyword).True())
}

// quote returns a string as JSON.
func quote(s string) json.RawMessage {
	text, _ := json.Marshal(s) // a string always encodes
	return text
}

// value writes a node as it is.
func (x *exporter) value(n *tree.Node) {
	if x.nodes += n.Len(); x.nodes <= mostExported {
		x.out.Write(n.JSON())
		return
	}
	x.out.WriteString("true")
}
