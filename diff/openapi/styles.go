package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// schemaOrContent compares the value of a parameter or header: how it is
// written, and what the schema or content allows.
func (w *walk) schemaOrContent(o, n *tree.Node, in string) {
	oldContent, newContent := o.Get("content"), n.Get("content")
	if oldContent != nil && newContent != nil {
		w.content(oldContent, newContent, n)
		return
	}
	oldSchema, newSchema := o.Get("schema"), n.Get("schema")
	allows := func(typ string) bool {
		return w.old.schemas.Allows(oldSchema, typ) || w.new.schemas.Allows(newSchema, typ)
	}
	site := valueSite{in: in, lists: allows("array"), objects: allows("object")}
	if !w.layout(o, n, site) || oldContent != nil || newContent != nil {
		return
	}
	w.reservedCharacters(o, n)
	if w.side == diff.Sends && layoutOf(n, valueSite{
		in:      in,
		lists:   true,
		objects: true,
	}) == "form, exploded" {
		newSchema = w.singleValueSchema(oldSchema, newSchema)
	}
	w.textSchema(oldSchema, newSchema)
	w.examples(
		exampleHolder{from: w.old, holder: o, schema: oldSchema, text: true},
		exampleHolder{from: w.new, holder: n, schema: newSchema, text: true},
	)
}

var styleChanged = &diff.Rule{
	ID:       "openapi/parameter-style-changed",
	Title:    "style of a parameter changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Lists and objects are written differently in the URL or header: the server does not
understand a consumer that sends a,b where it expects a|b.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: string}}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: ids, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
      responses: {"200": {description: all}}
-- want --
new.yaml:6:34: breaking: GET /orders › query ids: the value is written as pipeDelimited instead of form [openapi/parameter-style-changed] (was old.yaml:6)
`,
}

// valueSite is where a value is written, and what the value may be besides a
// scalar.
type valueSite struct {
	in             string // "query", "header", "path" or "cookie"
	lists, objects bool
}

// layout compares how lists and objects are written. It reports whether both
// revisions write them the same way.
func (w *walk) layout(o, n *tree.Node, site valueSite) bool {
	before, after := layoutOf(o, site), layoutOf(n, site)
	if before == after {
		return true
	}
	w.add(diff.Found{
		Rule:    styleChanged,
		Old:     o,
		New:     firstOf(n.Get("style"), n.Get("explode"), n),
		Values:  []string{before, after},
		Message: "the value is written as " + after + " instead of " + before,
		Before:  diff.HashOf(before),
		After:   diff.HashOf(after),
	})
	return false
}

// layoutOf names the style of a value, with the defaults of its place filled in
// (OpenAPI 3.1.1, section 4.8.12.2). Styles that write all allowed values the
// same way get the same name: most write a text the same way.
func layoutOf(p *tree.Node, site valueSite) string {
	for media := range p.Get("content").Children() {
		return mediaType(media.Key)
	}
	style := p.Get("style").Str()
	if style == "" {
		style = map[string]string{"query": "form", "cookie": "form"}[site.in]
	}
	if style == "" {
		style = "simple"
	}
	explode := style == "form" || style == "cookie"
	if e := p.Get("explode"); e != nil {
		explode = e.True()
	}
	prefixed := style == "label" || style == "matrix"
	switch {
	case !site.lists && !site.objects && !prefixed:
		return "plain text"
	case style == "deepObject", style == "simple" && !site.objects, !site.lists && !site.objects:
		explode = false // it has no effect
	}
	if explode {
		return style + ", exploded"
	}
	return style
}

// singleValueSchema returns the schema to compare with an old value that was
// not a list. If the new value is an exploded list, name=a is a list of one
// element: the old value has to match the elements' schema.
func (w *walk) singleValueSchema(old, new *tree.Node) *tree.Node {
	n := w.new.resolve(new)
	if w.old.schemas.Allows(old, "array") || n.Get("type").Str() != "array" || n.Get("items") == nil ||
		n.Get("minItems") != nil {
		return new
	}
	return n.Get("items")
}

var reservedRefused = &diff.Rule{
	ID:    "openapi/reserved-characters-refused",
	Title: "reserved characters must be encoded",
	Sends: diff.Risky,
	Doc: `
The server may misunderstand consumers that send / or ? unencoded: these characters
have their own meaning in a URL. Keep accepting both forms.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /files:
    get:
      parameters: [{name: at, in: query, allowReserved: true, schema: {type: string}}]
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /files:
    get:
      parameters: [{name: at, in: query, schema: {type: string}}]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:20: risky: GET /files › query at: reserved characters must be encoded [openapi/reserved-characters-refused] (was old.yaml:5)
`,
}

var reservedAllowed = &diff.Rule{
	ID: "openapi/reserved-characters-allowed", Title: "reserved characters allowed", Receives: diff.Risky,
	Doc: `
Consumers may send / and ? unencoded, and may still encode them. In a webhook or
callback the consumer has to read both forms.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /files:
    get:
      parameters: [{name: at, in: query, schema: {type: string}}]
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /files:
    get:
      parameters: [{name: at, in: query, allowReserved: true, schema: {type: string}}]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:42: safe: GET /files › query at: reserved characters may be sent unencoded [openapi/reserved-characters-allowed] (was old.yaml:5)
`,
}

func (w *walk) reservedCharacters(o, n *tree.Node) {
	w.flag(o, n, flag{
		field:       "allowReserved",
		set:         reservedAllowed,
		setNotice:   "reserved characters may be sent unencoded",
		unset:       reservedRefused,
		unsetNotice: "reserved characters must be encoded",
	})
}

var emptyRefused = &diff.Rule{
	ID: "openapi/empty-value-refused", Title: "parameter without a value refused", Sends: diff.Breaking,
	Doc: `
Consumers that send only the name, ?archived, are refused. Keep accepting it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters: [{name: archived, in: query, allowEmptyValue: true, schema: {type: boolean}}]
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters: [{name: archived, in: query, schema: {type: boolean}}]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:20: breaking: GET /orders › query archived: the parameter may no longer be sent without a value [openapi/empty-value-refused] (was old.yaml:5)
`,
}

var emptyAllowed = &diff.Rule{
	ID: "openapi/empty-value-allowed", Title: "parameter allowed without a value", Receives: diff.Breaking,
	Doc: `
Consumers may send only the name, ?archived. In a webhook or callback the consumer
may now receive the parameter without a value.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters: [{name: archived, in: query, schema: {type: boolean}}]
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters: [{name: archived, in: query, allowEmptyValue: true, schema: {type: boolean}}]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:48: safe: GET /orders › query archived: the parameter may be sent without a value [openapi/empty-value-allowed] (was old.yaml:5)
`,
}

func (w *walk) emptyValue(o, n *tree.Node) {
	w.flag(o, n, flag{
		field:       "allowEmptyValue",
		set:         emptyAllowed,
		setNotice:   "the parameter may be sent without a value",
		unset:       emptyRefused,
		unsetNotice: "the parameter may no longer be sent without a value",
	})
}

// flag is a boolean field: the rules that report its change, and their
// messages.
type flag struct {
	field                  string
	set, unset             *diff.Rule
	setNotice, unsetNotice string
}

// flag compares a boolean field.
func (w *walk) flag(o, n *tree.Node, f flag) {
	was, is := o.Get(f.field), n.Get(f.field)
	before, after := diff.HashOf(f.field, "false"), diff.HashOf(f.field, "true")
	switch {
	case is.True() && !was.True():
		w.add(diff.Found{Rule: f.set, Old: o, New: is, Message: f.setNotice, Before: before, After: after})
	case was.True() && !is.True():
		w.add(diff.Found{
			Rule:    f.unset,
			Old:     was,
			New:     firstOf(is, n),
			Message: f.unsetNotice,
			Before:  after,
			After:   before,
		})
	}
}
