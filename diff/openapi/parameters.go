package openapi

import (
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// parameter is a parameter that applies to an operation.
type parameter struct {
	key  string     // its identity: place and name, or the position of a path parameter
	node *tree.Node // resolved
	site *tree.Node // the element of the list, possibly a reference
}

// parametersOf lists the parameters that apply to an operation: its own, and
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

// inPath reports whether the parameter is part of the path. Its value is then
// part of every call, whether the parameter is declared or not. A parameter
// that the path does not name cannot be sent, see inTemplate.
func (p parameter) inPath() bool { return p.node.Get("in").Str() == "path" }

// inTemplate reports whether the path names the parameter.
func (p parameter) inTemplate() bool { return strings.HasPrefix(p.key, "path #") }

func parameterKey(p *tree.Node, path string) string {
	in, name := p.Get("in").Str(), p.Get("name").Str()
	switch in {
	case "header":
		name = strings.ToLower(name)
	case "querystring":
		name = "" // it is the whole query string: the name has no effect
	case "path":
		for i, variable := range templateName.FindAllString(path, -1) {
			if variable == "{"+name+"}" {
				name = "#" + strconv.Itoa(i)
			}
		}
	}
	return in + " " + name
}

var parameterRemoved = &diff.Rule{
	ID:       "openapi/parameter-removed",
	Title:    "parameter removed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-parameter-removed", "oasdiff:request-parameter-removed-before-sunset",
	},
	Doc: `
A strict server refuses a parameter that it does not know. Most servers ignore it,
which is worse: the call succeeds but does not do what the consumer meant. A filter,
for example, no longer filters. Mark the parameter deprecated, wait until no consumer
is registered for it, and remove it then.`,
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
new.yaml:5:7: breaking: GET /orders › query status: the parameter was removed [openapi/parameter-removed] (was old.yaml:6)
`,
}

var parameterAdded = &diff.Rule{
	ID: "openapi/parameter-added", Title: "optional parameter added",
	Aliases: []string{
		"oasdiff:new-optional-request-parameter",
		"oasdiff:new-optional-request-default-parameter-to-existing-path",
	},
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
}

var requiredParameterAdded = &diff.Rule{
	ID:      "openapi/required-parameter-added",
	Title:   "required parameter added",
	Sends:   diff.Breaking,
	Absence: true,
	Aliases: []string{
		"oasdiff:new-required-request-parameter",
		"oasdiff:new-required-request-default-parameter-to-existing-path",
		"oasdiff:new-request-path-parameter",
	},
	Doc: `
Consumers that do not send it are refused. Add it as optional, with a default.`,
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
}

func (w *walk) parameters(olds, news []parameter, op *tree.Node) {
	byKey := map[string]parameter{}
	for _, n := range news {
		byKey[n.key] = n
	}
	kept := map[string]bool{}
	for _, o := range olds {
		kept[o.key] = true
		at := w.descend(parameterUseStep(o.node))
		n, ok := byKey[o.key]
		switch {
		case ok:
			if _, _, differ := w.resolveBoth(o.site, n.site); differ {
				at.parameter(o, n)
			}
		case o.inTemplate():
			at.textSchema(o.node.Get("schema"), nil)
		case !o.inPath():
			near := firstOf(op.Get("parameters"), op)
			at.removal(diff.Found{
				Rule:    parameterRemoved,
				Old:     o.site,
				Near:    near,
				Message: "the parameter was removed",
				Before:  elementHash(o.node),
			}, o.node)
		}
	}
	for _, n := range news {
		rule, message := parameterAdded, "an optional parameter was added"
		switch {
		case kept[n.key] || n.inPath() && !n.inTemplate():
			continue
		case n.inPath():
			message = "the path variable is described now"
		case isRequired(n.node):
			rule, message = requiredParameterAdded, "a required parameter was added"
		}
		w.descend(parameterUseStep(n.node)).add(diff.Found{
			Rule:    rule,
			New:     n.site,
			Message: message,
			After:   elementHash(n.node),
		})
	}
}

// parameterUseStep is the step to a parameter in a use. It gives the name of a
// path parameter too, which does not matter to callers, because people look for
// it.
func parameterUseStep(p *tree.Node) diff.Step {
	return diff.Step{Kind: diff.Parameter, Noun: p.Get("in").Str(), Name: p.Get("name").Str()}
}

func isRequired(n *tree.Node) bool { return n.Get("required").True() || n.Get("in").Str() == "path" }

var parameterBecameRequired = &diff.Rule{
	ID:      "openapi/parameter-became-required",
	Title:   "parameter became required",
	Sends:   diff.Breaking,
	Absence: true,
	Aliases: []string{"oasdiff:request-parameter-became-required"},
	Doc: `
Consumers that leave it out are refused. Keep it optional and give it a default.`,
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
}

var parameterBecameOptional = &diff.Rule{
	ID: "openapi/parameter-became-optional", Title: "parameter became optional", Receives: diff.Breaking,
	Aliases: []string{"oasdiff:request-parameter-became-optional"},
	Doc: `
Nobody has to change what they send. In a webhook or callback the consumer
receives the parameter, and it may be missing now.`,
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
}

func (w *walk) parameter(o, n parameter) {
	w.mark(o.node)
	w.life(elementLife, o.node, n.node)
	w.requiredness(o.node, n.node, parameterBecameRequired, parameterBecameOptional, "parameter")
	w.emptyValue(o.node, n.node)
	w.defaults(o.node, n.node)
	w.schemaOrContent(o.node, n.node, o.node.Get("in").Str())
	w.otherFields(o.node, n.node, "name", "in", "required", "deprecated", "allowEmptyValue", "style",
		"explode", "allowReserved", "schema", "content")
}

var defaultChanged = &diff.Rule{
	ID: "openapi/parameter-default-changed", Title: "default of a parameter changed", Sends: diff.Risky,
	Aliases: []string{"oasdiff:request-parameter-default-value-{changed,removed}"},
	Doc: `
Consumers that leave the parameter out get a different answer. Keep the old default;
consumers that want the other value can send it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: size, in: query, schema: {type: integer, default: 20}}
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      parameters:
        - {name: size, in: query, schema: {type: integer, default: 50}}
      responses: {"200": {description: all}}
-- want --
new.yaml:6:59: risky: GET /orders › query size: the default changed from 20 to 50 [openapi/parameter-default-changed] (was old.yaml:6)
`,
}

// defaults compares the values that are assumed if the parameter is left out.
func (w *walk) defaults(o, n *tree.Node) {
	if isRequired(o) && isRequired(n) {
		return
	}
	before, after := w.old.resolve(o.Get("schema")).Get("default"),
		w.new.resolve(n.Get("schema")).Get("default")
	// a default that is documented only now may have applied before
	if before == nil || elementHash(before) == elementHash(after) {
		return
	}
	say := func(value *tree.Node) string {
		if value == nil {
			return "none"
		}
		return string(value.JSON())
	}
	w.addTo(w.old.path(o), diff.Found{
		Rule:    defaultChanged,
		Old:     firstOf(before, o),
		New:     firstOf(after, n),
		Message: "the default changed from " + say(before) + " to " + say(after),
		Values:  []string{say(before), say(after)}, Before: elementHash(before), After: elementHash(after),
	})
}

// requiredness compares the field "required" of parameters, bodies and headers.
func (w *walk) requiredness(o, n *tree.Node, became, ceased *diff.Rule, what string) {
	before, after := diff.HashOf("optional"), diff.HashOf("required")
	switch {
	case isRequired(n) && !isRequired(o):
		w.add(diff.Found{
			Rule:    became,
			Old:     o,
			New:     firstOf(n.Get("required"), n),
			Message: "the " + what + " became required",
			Before:  before,
			After:   after,
		})
	case isRequired(o) && !isRequired(n):
		w.add(diff.Found{
			Rule:    ceased,
			Old:     o,
			New:     firstOf(n.Get("required"), n),
			Message: "the " + what + " became optional",
			Before:  after,
			After:   before,
		})
	}
}
