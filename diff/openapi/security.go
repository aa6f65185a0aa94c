package openapi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// requirement is one of several alternatives: a call is accepted if it fulfils
// all its schemes.
type requirement struct {
	node    *tree.Node
	names   []string            // the names of the schemes, in the order of the file
	schemes map[string][]string // the scopes, by the name of the scheme
}

// securityOf returns the list of requirements of an operation: its own or, if
// it has none, that of the document (OpenAPI 3.1.1, section 4.8.10.1, field
// security).
func (d *description) securityOf(op *tree.Node) *tree.Node {
	return firstOf(op.Get("security"), d.root.Get("security"))
}

// requirements reads a list of requirements. A scheme that names contains is
// given the name that it maps to.
func requirements(list *tree.Node, names map[string]string) []requirement {
	var all []requirement
	for n := range list.Children() {
		r := requirement{node: n, schemes: map[string][]string{}}
		for scheme := range n.Children() {
			// OpenAPI 3.2 allows a reference
			name := strings.TrimPrefix(scheme.Key, "#/components/securitySchemes/")
			name = cmp.Or(names[name], name)
			r.names = append(r.names, name)
			r.schemes[name] = []string{}
			for scope := range scheme.Children() {
				r.schemes[name] = append(r.schemes[name], scope.Str())
			}
		}
		all = append(all, r)
	}
	if len(all) == 0 { // no list, or an empty one: anybody may call
		all = append(all, requirement{node: list})
	}
	return all
}

// admits reports whether every call that fulfils the other requirement fulfils
// r too, and if not, whether only scopes are missing.
func (r requirement) admits(other requirement) (ok, onlyScopesMissing bool) {
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
	var all []string
	for _, name := range r.names {
		if scopes := r.schemes[name]; len(scopes) > 0 {
			name += " (" + strings.Join(scopes, ", ") + ")"
		}
		all = append(all, name)
	}
	return strings.Join(all, " with ")
}

var securityRequired = &diff.Rule{
	ID: "openapi/security-required", Title: "credentials required", Sends: diff.Breaking, Absence: true,
	Aliases: []string{"oasdiff:api-security-added"},
	Doc: `
Anybody could call the operation, and now it needs credentials: every call without
them fails. Accept calls without credentials until all consumers send them: add an
empty requirement, {}, to the list.`,
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
}

var alternativeRemoved = &diff.Rule{
	ID: "openapi/security-alternative-removed", Title: "credentials no longer accepted", Sends: diff.Breaking,
	Aliases: []string{"oasdiff:api-security-removed", "oasdiff:api-global-security-removed"},
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
}

var scopeAdded = &diff.Rule{
	ID: "openapi/security-scope-added", Title: "scope required", Sends: diff.Breaking, Absence: true,
	Aliases: []string{"oasdiff:api-security-scope-added", "oasdiff:api-global-security-scope-added"},
	Doc: `
Tokens without the scope are refused. Grant the scope to all consumers first.`,
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
new.yaml:5:7: breaking: GET /orders › security: calls with oauth (read) need more scopes: oauth (read, audit) [openapi/security-scope-added] (was old.yaml:5)
`,
}

var alternativeAdded = &diff.Rule{
	ID: "openapi/security-alternative-added", Title: "credentials accepted",
	Aliases: []string{
		"oasdiff:api-global-security-added", "oasdiff:api-security-scope-removed",
		"oasdiff:api-global-security-scope-removed",
	},
	Doc: `
Consumers may authenticate in another way, or no longer have to. The old ways still
work.`,
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
new.yaml:5:29: safe: GET /orders › security: calls with no credentials are accepted [openapi/security-alternative-added]
`,
}

var securityStep = diff.Step{Kind: diff.Aspect, Name: "security"}

// security compares the requirements for a call: a call that was accepted must
// still be accepted.
func (w *walk) security(oldOp, newOp *tree.Node) {
	oldList, newList := w.old.securityOf(oldOp), w.new.securityOf(newOp)
	if w.schemas.Pruner.Same(oldList, newList) {
		return
	}
	if max(oldList.Len(), newList.Len()) > mostListed {
		w.descend(securityStep).undecided("security", oldList, newList, newOp)
		return
	}
	olds, news := requirements(oldList, nil), requirements(newList, w.renamedSchemes)
	at := w.descend(securityStep)
	for _, o := range olds {
		rule, message := alternativeRemoved, "calls with "+o.String()+" are refused"
		if len(o.schemes) == 0 {
			rule, message = securityRequired, "calls without credentials are refused"
		}
		refused := true
		for _, n := range news {
			ok, onlyScopesMissing := n.admits(o)
			refused = refused && !ok
			if onlyScopesMissing {
				rule, message = scopeAdded, "calls with "+o.String()+" need more scopes: "+n.String()
			}
		}
		if refused {
			at.add(diff.Found{
				Rule:    rule,
				Old:     o.node,
				New:     firstOf(newList, newOp),
				Message: message,
				Before:  diff.HashOf(o.String()),
				After:   elementHash(newList),
			})
		}
	}
	for _, n := range news {
		if !slices.ContainsFunc(olds, func(o requirement) bool {
			return o.String() == n.String()
		}) && admitsMore(n, olds) {
			at.add(diff.Found{
				Rule:    alternativeAdded,
				New:     firstOf(n.node, newOp),
				Message: "calls with " + n.String() + " are accepted",
				After:   diff.HashOf(n.String()),
			})
		}
	}
}

// admitsMore reports whether n accepts calls that no old requirement accepted.
func admitsMore(n requirement, olds []requirement) bool {
	return !slices.ContainsFunc(olds, func(o requirement) bool { ok, _ := o.admits(n); return ok })
}
