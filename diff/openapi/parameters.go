package openapi

import (
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// parameters are the rules on parameters, wherever they are declared: at the
// operation or for the whole path.
var parameters = []*diff.Rule{
	{
		ID: "openapi/parameter-removed", Title: "parameter removed", Sends: diff.Risky, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:request-parameter-removed"},
		Doc: `
Most servers ignore a parameter that they do not know, so the call succeeds and
does something else than the consumer meant: a filter that no longer filters.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: status, in: query, schema: {type: string}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters: []
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: risky: GET /orders › query status: the parameter was removed [openapi/parameter-removed] (was old.yaml:6)
`,
	},
	{
		ID: "openapi/parameter-added", Title: "optional parameter added",
		Aliases: []string{"oasdiff:new-optional-request-parameter"},
		Doc: `
Nobody has to send it.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: status, in: query, schema: {type: string}}
      responses: {"200": {description: all}}
-- want --
new.yaml:6:11: safe: GET /orders › query status: an optional parameter was added [openapi/parameter-added]
`,
	},
	{
		ID: "openapi/required-parameter-added", Title: "required parameter added", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:new-required-request-parameter"},
		Doc: `
Consumers do not send it and are refused. Add it as optional, with a default.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    parameters:
      - {name: X-Tenant, in: header, required: true, schema: {type: string}}
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:5:9: breaking: /orders › header X-Tenant: a required parameter was added [openapi/required-parameter-added]
    sends: GET /orders › header X-Tenant
`,
	},
	{
		ID: "openapi/parameter-became-required", Title: "parameter became required", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:request-parameter-became-required"},
		Doc: `
Consumers that leave it out are refused. Keep it optional, with a default.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: status, in: query, schema: {type: string}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - name: status
          in: query
          required: true
          schema: {type: string}
      responses: {"200": {description: all}}
-- want --
new.yaml:8:11: breaking: GET /orders › query status: the parameter became required [openapi/parameter-became-required] (was old.yaml:6)
`,
	},
	{
		ID: "openapi/parameter-became-optional", Title: "parameter became optional", Receives: diff.Breaking,
		Aliases: []string{"oasdiff:request-parameter-became-optional"},
		Doc: `
Nobody has to change what they send. In a webhook or callback it is the consumer
who receives it, and may now miss it.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: status, in: query, required: true, schema: {type: string}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: status, in: query, schema: {type: string}}
      responses: {"200": {description: all}}
-- want --
new.yaml:6:11: safe: GET /orders › query status: the parameter became optional [openapi/parameter-became-optional] (was old.yaml:6)
`,
	},
	{
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
new.yaml:6:34: breaking: GET /orders › query ids: the parameter is written as pipeDelimited, it was form [openapi/parameter-style-changed] (was old.yaml:6)
`,
	},
}

var parameterRemoved, parameterAdded, requiredParameterAdded, parameterBecameRequired, parameterBecameOptional, styleChanged = parameters[0],
	parameters[1], parameters[2], parameters[3], parameters[4], parameters[5]

// parameter is one that applies to an operation.
type parameter struct {
	key  string     // identity: place and name, for path parameters the position
	node *tree.Node // resolved
	site *tree.Node // the element of the list
}

// parametersOf lists what applies to an operation: its own parameters, and
// those of the path item that it does not redefine (OpenAPI 3.1.1, section
// 4.8.9).
func (d *description) parametersOf(op, item *tree.Node, path string) []parameter {
	var all []parameter
	seen := map[string]bool{}
	for _, list := range []*tree.Node{op.Get("parameters"), item.Get("parameters")} {
		for site := range list.Children() {
			p := parameter{node: d.resolve(site), site: site}
			if p.node == nil {
				continue
			}
			p.key = parameterKey(p.node, path)
			if !seen[p.key] {
				seen[p.key] = true
				all = append(all, p)
			}
		}
	}
	return all
}

func parameterKey(p *tree.Node, path string) string {
	in, name := p.Get("in").Str(), p.Get("name").Str()
	switch in {
	case "header":
		name = strings.ToLower(name)
	case "path":
		for i, variable := range templateName.FindAllString(path, -1) {
			if variable == "{"+name+"}" {
				name = "#" + strconv.Itoa(i)
			}
		}
	}
	return in + " " + name
}

func (w *walk) parameters(olds, news []parameter, op *tree.Node) {
	byKey := map[string]parameter{}
	for _, n := range news {
		byKey[n.key] = n
	}
	kept := map[string]bool{}
	for _, o := range olds {
		kept[o.key] = true
		at := w.in(label(o.node))
		n, ok := byKey[o.key]
		if !ok {
			near := firstOf(op.Get("parameters"), op)
			at.add(found{rule: parameterRemoved, old: o.site, near: near, message: "the parameter was removed", before: digest(o.node)})
			continue
		}
		if _, _, differ := w.both(o.site, n.site); differ {
			at.parameter(o, n)
		}
	}
	for _, n := range news {
		if kept[n.key] {
			continue
		}
		rule, message := parameterAdded, "an optional parameter was added"
		if required(n.node) {
			rule, message = requiredParameterAdded, "a required parameter was added"
		}
		w.in(label(n.node)).add(found{rule: rule, new: n.site, message: message, after: digest(n.node)})
	}
}

// label names a parameter in a use. The name of a path parameter is no part of
// the contract, but people look for it.
func label(p *tree.Node) string { return p.Get("in").Str() + " " + p.Get("name").Str() }

func required(n *tree.Node) bool { return n.Get("required").True() || n.Get("in").Str() == "path" }

func (w *walk) parameter(o, n parameter) {
	w.requiredness(o.node, n.node, parameterBecameRequired, parameterBecameOptional, "parameter")
	before, after := style(o.node), style(n.node)
	if before != after && (w.old.composite(o.node) || w.new.composite(n.node)) {
		w.add(found{
			rule: styleChanged, old: o.node, new: firstOf(n.node.Get("style"), n.node.Get("explode"), n.node),
			message: "the parameter is written as " + after + ", it was " + before,
			values:  []string{before, after}, before: diff.HashOf(before), after: diff.HashOf(after),
		})
	}
	w.schema(o.node.Get("schema"), n.node.Get("schema"), true)
	w.content(o.node.Get("content"), n.node.Get("content"), n.node)
}

// requiredness compares the required field of parameters, bodies and headers.
func (w *walk) requiredness(o, n *tree.Node, became, ceased *diff.Rule, what string) {
	before, after := diff.HashOf("optional"), diff.HashOf("required")
	switch {
	case required(n) && !required(o):
		w.add(found{rule: became, old: o, new: firstOf(n.Get("required"), n), message: "the " + what + " became required", before: before, after: after})
	case required(o) && !required(n):
		w.add(found{rule: ceased, old: o, new: firstOf(n.Get("required"), n), message: "the " + what + " became optional", before: after, after: before})
	}
}

// style says how a list or object is written, with the defaults of the place
// filled in (OpenAPI 3.1.1, section 4.8.12.2).
func style(p *tree.Node) string {
	s := p.Get("style").Str()
	if s == "" {
		s = map[string]string{"query": "form", "cookie": "form"}[p.Get("in").Str()]
	}
	if s == "" {
		s = "simple"
	}
	explode := s == "form"
	if e := p.Get("explode"); e != nil {
		explode = e.True()
	}
	if explode {
		s += ", exploded"
	}
	return s
}

// composite reports whether the parameter may be a list or an object: all else
// is written the same in every style but for a prefix.
func (d *description) composite(p *tree.Node) bool {
	t := d.resolve(p.Get("schema")).Get("type")
	return t.Str() == "array" || t.Str() == "object" || t.Is(tree.Array)
}
