package openapi

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// security are the rules on who may call: security requirements and the
// schemes that they name.
var security = []*diff.Rule{
	{
		ID: "openapi/security-required", Title: "credentials required", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:api-security-added"},
		Doc: `
The operation could be called by anybody and now needs credentials: every call
without them fails. Accept calls without credentials until all consumers send
them; an empty requirement, {}, says so.`,
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
      security: [{key: []}]
      responses: {"200": {description: all}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
-- want --
new.yaml:5:7: breaking: GET /orders › security: calls without credentials are refused [openapi/security-required]
`,
	},
	{
		ID: "openapi/security-alternative-removed", Title: "credentials no longer accepted", Sends: diff.Breaking,
		Aliases: []string{"oasdiff:api-security-removed"},
		Doc: `
Consumers that call with these credentials are refused. Keep accepting them beside
the new ones.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
security: [{key: []}, {login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
    post: {responses: {"201": {description: created}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: http, scheme: basic}
-- new.yaml --
openapi: 3.1.0
security:
  - login: []
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
    post: {responses: {"201": {description: created}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: http, scheme: basic}
-- want --
new.yaml:2:1: breaking: document › security: calls with key are refused [openapi/security-alternative-removed] (was old.yaml:2)
    sends: GET /orders › security
    sends: POST /orders › security
`,
	},
	{
		ID: "openapi/security-scope-added", Title: "scope required", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:api-security-scope-added"},
		Doc: `
Tokens without the scope are refused. Consumers have to be granted it first.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      security: [{oauth: [read]}]
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      security: [{oauth: [read, audit]}]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:7: breaking: GET /orders › security: oauth (read) needs more scopes: oauth (read, audit) [openapi/security-scope-added] (was old.yaml:5)
`,
	},
	{
		ID: "openapi/security-alternative-added", Title: "credentials accepted",
		Doc: `
Another way to authenticate, or none needed any more. Nobody has to use it.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      security: [{key: []}]
      responses: {"200": {description: all}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      security: [{key: []}, {}]
      responses: {"200": {description: all}}
-- want --
new.yaml:5:29: safe: GET /orders › security: calls pass with no credentials [openapi/security-alternative-added]
`,
	},
	{
		ID: "openapi/security-scheme-changed", Title: "security scheme changed", Sends: diff.Breaking,
		Doc: `
The credentials have to be sent in another place, under another name or in another
form: calls that send them as before are refused.`,
		Example: `
-- old.yaml --
openapi: 3.1.0
security: [{key: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
-- new.yaml --
openapi: 3.1.0
security: [{key: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: key}
-- want --
new.yaml:8:5: breaking: security scheme key: credentials are sent as a key in query key, it was a key in header X-Key [openapi/security-scheme-changed] (was old.yaml:8)
    sends: GET /orders › security
`,
	},
}

var securityRequired, alternativeRemoved, scopeAdded, alternativeAdded, schemeChanged = security[0], security[1], security[2], security[3], security[4]

// requirement is one alternative: all its schemes together let a call pass.
type requirement struct {
	node    *tree.Node
	schemes map[string][]string // to scopes
}

// securityOf is the requirement list of an operation: its own, or else that of
// the document (OpenAPI 3.1.1, section 4.8.10.1, field security).
func (d *description) securityOf(op *tree.Node) *tree.Node {
	return firstOf(op.Get("security"), d.root.Get("security"))
}

func requirements(list *tree.Node) []requirement {
	var all []requirement
	for n := range list.Children() {
		r := requirement{node: n, schemes: map[string][]string{}}
		for scheme := range n.Children() {
			r.schemes[scheme.Key] = []string{}
			for scope := range scheme.Children() {
				r.schemes[scheme.Key] = append(r.schemes[scheme.Key], scope.Str())
			}
		}
		all = append(all, r)
	}
	if len(all) == 0 { // no list, or an empty one: anybody may call
		all = append(all, requirement{node: list})
	}
	return all
}

// admits reports whether whoever fulfils the other requirement fulfils r, and
// if not, whether only scopes are missing.
func (r requirement) admits(other requirement) (ok, butForScopes bool) {
	ok = true
	for scheme, scopes := range r.schemes {
		has, known := other.schemes[scheme]
		if !known {
			return false, false
		}
		for _, scope := range scopes {
			ok = ok && slices.Contains(has, scope)
		}
	}
	return ok, !ok
}

func (r requirement) String() string {
	if len(r.schemes) == 0 {
		return "no credentials"
	}
	var names []string
	for n := range r.node.Children() {
		name := n.Key
		if scopes := r.schemes[n.Key]; len(scopes) > 0 {
			name += " (" + strings.Join(scopes, ", ") + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, " with ")
}

// security compares what lets a call pass: whoever could call must still be
// able to.
func (w *walk) security(oldOp, newOp *tree.Node) {
	oldList, newList := w.old.securityOf(oldOp), w.new.securityOf(newOp)
	if w.schemas.Pruner.Same(oldList, newList) {
		return
	}
	olds, news := requirements(oldList), requirements(newList)
	at := w.in("security")
	for _, o := range olds {
		rule, message := alternativeRemoved, "calls with "+o.String()+" are refused"
		if len(o.schemes) == 0 {
			rule, message = securityRequired, "calls without credentials are refused"
		}
		refused := true
		for _, n := range news {
			ok, butForScopes := n.admits(o)
			refused = refused && !ok
			if butForScopes {
				rule, message = scopeAdded, o.String()+" needs more scopes: "+n.String()
			}
		}
		if refused {
			at.add(found{rule: rule, old: o.node, new: firstOf(newList, newOp), message: message, before: diff.HashOf(o.String()), after: digest(newList)})
		}
	}
	for _, n := range news {
		if !slices.ContainsFunc(olds, func(o requirement) bool { return o.String() == n.String() }) && admitsMore(n, olds) {
			at.add(found{rule: alternativeAdded, new: firstOf(n.node, newOp), message: "calls pass with " + n.String(), after: diff.HashOf(n.String())})
		}
	}
}

// admitsMore reports whether some call passes by n that passed by none before.
func admitsMore(n requirement, olds []requirement) bool {
	return !slices.ContainsFunc(olds, func(o requirement) bool { ok, _ := o.admits(n); return ok })
}

// schemes compares the definitions of security schemes that operations use.
func (w *walk) schemes() {
	olds, news := w.old.root.Path("components", "securitySchemes"), w.new.root.Path("components", "securitySchemes")
	for oldSite, newSite := range keyed(olds, news, same) {
		o, n, differ := w.both(oldSite, newSite)
		if !differ || o == nil || n == nil { // a scheme that is gone shows where it was required
			continue
		}
		before, after := form(o), form(n)
		uses := w.secured(oldSite.Key)
		if before != after && len(uses) > 0 {
			w.add(found{
				rule: schemeChanged, old: oldSite, new: newSite, message: "credentials are sent as " + after + ", it was " + before,
				values: []string{before, after}, before: diff.HashOf(before), after: diff.HashOf(after), reaches: uses,
			})
		}
	}
}

// form is how credentials of a scheme are sent.
func form(scheme *tree.Node) string {
	switch typ := scheme.Get("type").Str(); typ {
	case "apiKey":
		return "a key in " + scheme.Get("in").Str() + " " + scheme.Get("name").Str()
	case "http":
		return "HTTP " + strings.ToLower(scheme.Get("scheme").Str())
	default:
		return typ
	}
}

// secured lists the operations of the base that the scheme lets pass.
func (w *walk) secured(scheme string) []diff.Subject {
	var all []diff.Subject
	for path := range w.old.root.Get("paths").Children() {
		for _, op := range operations(w.old.resolve(path)) {
			for _, r := range requirements(w.old.securityOf(op)) {
				if _, uses := r.schemes[scheme]; uses {
					all = append(all, w.call(path.Key, op).use.Join("security"))
					break
				}
			}
		}
	}
	return all
}
