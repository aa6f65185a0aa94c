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

// exporter writes a schema, with all that it refers to, as one document of JSON
// Schema 2020-12 for an independent validator. It translates by keyword and
// knows nothing of how schemas are compared: the two must not share a mistake.
type exporter struct {
	reader    *Reader
	side      diff.Side
	out       bytes.Buffer
	onlyNames map[string]bool       // the names of properties that matter; nil is all
	names     map[*tree.Node]string // of the definitions
	queue     []*tree.Node          // definitions that are still to be written
	nodes     int
}

// mostExported bounds the schema that a witness is checked with, in nodes, and
// mostWitnessed what all witnesses of one comparison are checked with.
const (
	mostExported  = 3_000
	mostWitnessed = 60_000
)

// export returns the schema text of an effective schema, or an error that says
// why there is none. Properties of other names than those that matter are left
// out. It takes what it writes from the budget.
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

// site writes the schema, or some keywords of it alone.
func (x *exporter) site(n *tree.Node, lone []string) {
	if lone == nil {
		x.schema(n)
		return
	}
	x.out.WriteByte('{')
	member := x.members()
	for k := range n.Children() {
		if slices.Contains(lone, k.Key) && k.Key != "dependencies" {
			x.keyword(n, k, member)
		}
	}
	if slices.Contains(lone, "dependencies") {
		x.dependencies(n, member)
	}
	x.out.WriteByte('}')
}

// members returns what begins one more member of an object.
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

// unexported are keywords that allow and refuse nothing, or that the
// translation replaces.
var unexported = append([]string{"$ref", "nullable", "exclusiveMinimum", "exclusiveMaximum", "dependencies", "additionalItems", "discriminator",
	"readOnly", "writeOnly", "$id", "id", "$schema", "$anchor", "$dynamicAnchor", "definitions", "$defs"}, annotations...)

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

// leftOut reports whether a keyword has no part in the translation.
func (x *exporter) leftOut(k *tree.Node) bool {
	return slices.Contains(unexported, k.Key) || slices.Contains(x.reader.host.Sections, k.Key) ||
		strings.HasPrefix(k.Key, "x-") || meaningless(k)
}

// meaningless reports whether no validator can do what a keyword says: what is a
// multiple of nothing?
func meaningless(k *tree.Node) bool {
	v, ok := rational(k)
	return k.Key == "multipleOf" && (!ok || v.Sign() <= 0)
}

// define names a definition and has it written.
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
	case k.Key == "type" && x.reader.host.Dialect == OpenAPI30 && schema.Get("nullable").True() && k.Kind == tree.String:
		member(k.Key)
		fmt.Fprintf(&x.out, `[%q,"null"]`, k.Text)
	default:
		member(k.Key)
		x.value(k)
	}
}

// translated writes what earlier dialects write otherwise.
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

// dependencies writes the lists and the schemas that later became keywords of
// their own (JSON Schema 2019-09 Core, section 9.2.2.4).
func (x *exporter) dependencies(n *tree.Node, member func(string)) {
	for _, kind := range []tree.Kind{tree.Array, tree.Object} {
		keyword := map[tree.Kind]string{tree.Array: "dependentRequired", tree.Object: "dependentSchemas"}[kind]
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

// mapping writes named schemas. A property that does not travel on the side is
// as if it were not declared.
func (x *exporter) mapping(n *tree.Node) {
	x.out.WriteByte('{')
	first := true
	for c := range n.Children() {
		if n.Key == "properties" && x.hidden(c) || n.Key != "patternProperties" && x.onlyNames != nil && !x.onlyNames[c.Key] {
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

func (x *exporter) hidden(property *tree.Node) bool {
	keyword := "readOnly"
	if x.side == diff.Receives {
		keyword = "writeOnly"
	}
	return property != nil && (property.Get(keyword).True() || x.reader.Resolve(property).Get(keyword).True())
}

// quote writes a string as JSON does.
func quote(s string) json.RawMessage {
	text, _ := json.Marshal(s) // a string always encodes
	return text
}

// value writes data as it is.
func (x *exporter) value(n *tree.Node) {
	if x.nodes += n.Len(); x.nodes <= mostExported {
		x.out.Write(n.JSON())
		return
	}
	x.out.WriteString("true")
}
