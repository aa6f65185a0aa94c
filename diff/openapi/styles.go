package openapi

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// schemaOrContent compares how the value of a parameter or header is written, and what
// it may be.
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
	if w.side == diff.Sends && layoutOf(n, valueSite{in: in, lists: true, objects: true}) == "form, exploded" {
		newSchema = w.singleValueSchema(oldSchema, newSchema)
	}
	w.textSchema(oldSchema, newSchema)
	w.examples(
		exampleHolder{from: w.old, holder: o, schema: oldSchema, text: true},
		exampleHolder{from: w.new, holder: n, schema: newSchema, text: true},
	)
}

var styleChanged = &diff.Rule{
	ID: "openapi/parameter-style-changed", Title: "parameter written in another way", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Lists and objects are written differently into the URL or header: a consumer that
sends a,b is not understood where a|b is expected.`,
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
new.yaml:6:34: breaking: GET /orders › query ids: the value is written as pipeDelimited, it was form [openapi/parameter-style-changed] (was old.yaml:6)
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
		Rule: styleChanged, Old: o, New: firstOf(n.Get("style"), n.Get("explode"), n), Values: []string{before, after},
		Message: "the value is written as " + after + ", it was " + before, Before: diff.HashOf(before), After: diff.HashOf(after),
	})
	return false
}

// layoutOf says how a value is written, with the defaults of the place filled
// in (OpenAPI 3.1.1, section 4.8.12.2), as far as it matters for what the value
// may be: a text looks the same in most styles.
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
		explode = false // it changes nothing
	}
	if explode {
		return style + ", exploded"
	}
	return style
}

// singleValueSchema returns the schema that a lone value has to fulfil: to a reader of
// exploded lists, name=a is a list of one.
func (w *walk) singleValueSchema(old, new *tree.Node) *tree.Node {
	n := w.new.resolve(new)
	if w.old.schemas.Allows(old, "array") || n.Get("type").Str() != "array" || n.Get("items") == nil || n.Get("minItems") != nil {
		return new
	}
	return n.Get("items")
}

var reservedRefused = &diff.Rule{
	ID: "openapi/reserved-characters-refused", Title: "reserved characters must be encoded", Sends: diff.Risky,
	Doc: `
Consumers that send / or ? in the value as it is may be misunderstood: the characters
have a meaning of their own in a URL. Keep accepting both.`,
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
new.yaml:5:20: risky: GET /files › query at: reserved characters have to be encoded [openapi/reserved-characters-refused] (was old.yaml:5)
`,
}

var reservedAllowed = &diff.Rule{
	ID: "openapi/reserved-characters-allowed", Title: "reserved characters allowed", Receives: diff.Risky,
	Doc: `
Consumers may send / and ? as they are; who encodes them still may. In a webhook or
callback it is the consumer who has to read them.`,
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
new.yaml:5:42: safe: GET /files › query at: reserved characters may stand as they are [openapi/reserved-characters-allowed] (was old.yaml:5)
`,
}

func (w *walk) reservedCharacters(o, n *tree.Node) {
	w.flag(o, n, flag{
		field:       "allowReserved",
		set:         reservedAllowed,
		setNotice:   "reserved characters may stand as they are",
		unset:       reservedRefused,
		unsetNotice: "reserved characters have to be encoded",
	})
}

var emptyRefused = &diff.Rule{
	ID: "openapi/empty-value-refused", Title: "parameter without a value refused", Sends: diff.Breaking,
	Doc: `
Consumers that send the name alone, ?archived, are refused. Keep accepting it.`,
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
new.yaml:5:20: breaking: GET /orders › query archived: the parameter may no longer stand without a value [openapi/empty-value-refused] (was old.yaml:5)
`,
}

var emptyAllowed = &diff.Rule{
	ID: "openapi/empty-value-allowed", Title: "parameter allowed without a value", Receives: diff.Breaking,
	Doc: `
Consumers may send the name alone, ?archived. In a webhook or callback it is the
consumer who may now receive it so.`,
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
new.yaml:5:48: safe: GET /orders › query archived: the parameter may stand without a value [openapi/empty-value-allowed] (was old.yaml:5)
`,
}

func (w *walk) emptyValue(o, n *tree.Node) {
	w.flag(o, n, flag{
		field:       "allowEmptyValue",
		set:         emptyAllowed,
		setNotice:   "the parameter may stand without a value",
		unset:       emptyRefused,
		unsetNotice: "the parameter may no longer stand without a value",
	})
}

// flag is a boolean field: the rules that report its change, and their messages.
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
		w.add(diff.Found{Rule: f.unset, Old: was, New: firstOf(is, n), Message: f.unsetNotice, Before: after, After: before})
	}
}
