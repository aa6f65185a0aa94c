package openapi

import (
	"cmp"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// renamedSchemes finds schemes that only their name changed, and returns the
// old names by the new ones. Callers do not depend on these names.
func renamedSchemes(old, new *description) map[string]string {
	olds, news := old.root.Path("components", "securitySchemes"),
		new.root.Path("components", "securitySchemes")
	gone := map[diff.Hash]string{}
	for o := range olds.Children() {
		if news.Get(o.Key) == nil {
			gone[elementHash(old.resolve(o))] = o.Key
		}
	}
	names := map[string]string{}
	for n := range news.Children() {
		if was := gone[elementHash(new.resolve(n))]; was != "" && olds.Get(n.Key) == nil {
			names[n.Key] = was
		}
	}
	return names
}

// schemes compares the definitions of security schemes that operations use.
func (w *walk) schemes() {
	olds, news := w.old.root.Path("components", "securitySchemes"),
		w.new.root.Path("components", "securitySchemes")
	for oldSite, newSite := range memberPairs(olds, news, identity) {
		o, n, differ := w.resolveBoth(oldSite, newSite)
		if !differ || o == nil || n == nil { // security reports where a removed scheme was required
			continue
		}
		if uses := w.usesOfScheme(oldSite.Key); len(uses) > 0 {
			w.scheme(scheme{w, oldSite, newSite, uses}, o, n)
		}
	}
}

// scheme is the comparison of a security scheme that operations use.
type scheme struct {
	*walk
	old, new *tree.Node
	uses     []diff.Reach
}

// add reports a finding for all uses of the scheme. It shows the scheme itself
// where the finding names no field.
func (s scheme) add(f diff.Found) {
	if old, _ := f.Old.(*tree.Node); old == nil {
		f.Old = s.old
	}
	if new, _ := f.New.(*tree.Node); new == nil {
		f.New = s.new
	}
	f.Reaches = s.uses
	s.walk.add(f)
}

var schemeChanged = &diff.Rule{
	ID: "openapi/security-scheme-changed", Title: "security scheme changed", Sends: diff.Breaking,
	Aliases: []string{"oasdiff:api-security-component-type-changed"},
	Doc: `
Credentials have to be sent in another place, under another name or in another form.
Calls that send them as before are refused.`,
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
new.yaml:8:5: breaking: security scheme key: credentials are sent as a key in query key instead of a key in header X-Key [openapi/security-scheme-changed] (was old.yaml:8)
    sends: GET /orders › security
`,
}

var flowRemoved = &diff.Rule{
	ID: "openapi/oauth-flow-removed", Title: "OAuth flow removed", Sends: diff.Breaking,
	Doc: `
Consumers that get their tokens by this flow no longer get any. Keep the flow beside
the new one until all consumers have moved.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login:
      type: oauth2
      flows:
        password: {tokenUrl: https://login.example/token, scopes: {}}
        clientCredentials: {tokenUrl: https://login.example/token, scopes: {}}
-- new.yaml --
openapi: 3.1.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login:
      type: oauth2
      flows:
        clientCredentials: {tokenUrl: https://login.example/token, scopes: {}}
-- want --
new.yaml:10:7: breaking: security scheme login › flows › password: the flow password was removed [openapi/oauth-flow-removed] (was old.yaml:11)
    sends: GET /orders › security
`,
}

var flowAdded = &diff.Rule{
	ID: "openapi/oauth-flow-added", Title: "OAuth flow or scope added",
	Aliases: []string{"oasdiff:api-security-component-oauth-scope-added"},
	Doc: `
Consumers can use another flow, or ask for another scope. Nobody has to.`,
	Example: `
-- old.yaml --
openapi: 3.2.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://login.example/token, scopes: {}}}}
-- new.yaml --
openapi: 3.2.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login:
      type: oauth2
      flows:
        clientCredentials: {tokenUrl: https://login.example/token, scopes: {audit: read the log}}
        deviceAuthorization: {deviceAuthorizationUrl: https://login.example/device, tokenUrl: https://login.example/token, scopes: {}}
-- want --
new.yaml:11:77: safe: security scheme login: the scope audit is offered [openapi/oauth-flow-added] (was old.yaml:8)
    sends: GET /orders › security
new.yaml:12:9: safe: security scheme login: the flow deviceAuthorization was added [openapi/oauth-flow-added] (was old.yaml:8)
    sends: GET /orders › security
`,
}

func (w *walk) scheme(s scheme, o, n *tree.Node) {
	if before, after := credentialForm(o), credentialForm(n); before != after {
		s.add(diff.Found{
			Rule:    schemeChanged,
			Message: "credentials are sent as " + after + " instead of " + before,
			Values:  []string{before, after},
			Before:  diff.HashOf(before),
			After:   diff.HashOf(after),
		})
		return
	}
	w.life(elementLife, o, n, s.uses...)
	s.urls(o, n, "openIdConnectUrl", "oauth2MetadataUrl")
	for oldFlow, newFlow := range memberPairs(o.Get("flows"), n.Get("flows"), identity) {
		name := firstOf(oldFlow, newFlow).Key
		switch {
		case newFlow == nil:
			s.add(diff.Found{
				Rule:    flowRemoved,
				Old:     oldFlow,
				New:     n.Get("flows"),
				Message: "the flow " + name + " was removed",
				Values:  []string{name},
				Before:  elementHash(oldFlow),
			})
		case oldFlow == nil:
			s.add(diff.Found{
				Rule:    flowAdded,
				New:     newFlow,
				Message: "the flow " + name + " was added",
				Values:  []string{name},
				After:   elementHash(newFlow),
			})
		default:
			s.urls(oldFlow, newFlow, "authorizationUrl", "deviceAuthorizationUrl", "tokenUrl", "refreshUrl")
			s.scopes(oldFlow, newFlow)
			w.otherFields(oldFlow, newFlow, "authorizationUrl", "deviceAuthorizationUrl", "tokenUrl",
				"refreshUrl", "scopes")
		}
	}
	w.otherFields(o, n, "type", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl",
		"oauth2MetadataUrl", "deprecated")
}

var tokenURLChanged = &diff.Rule{
	ID: "openapi/token-url-changed", Title: "address for tokens changed", Sends: diff.Risky,
	Aliases: []string{"oasdiff:api-security-component-oauth-{url,token-url}-changed"},
	Doc: `
Consumers that have the old address in their configuration still ask it for tokens.
Keep it working until nobody uses it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login: {type: openIdConnect, openIdConnectUrl: https://login.example/.well-known/openid-configuration}
-- new.yaml --
openapi: 3.1.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login: {type: openIdConnect, openIdConnectUrl: https://id.example/.well-known/openid-configuration}
-- want --
new.yaml:8:34: risky: security scheme login: openIdConnectUrl changed from https://login.example/.well-known/openid-configuration to https://id.example/.well-known/openid-configuration [openapi/token-url-changed] (was old.yaml:8)
    sends: GET /orders › security
`,
}

// urls compares the addresses that consumers get tokens from.
func (s scheme) urls(o, n *tree.Node, fields ...string) {
	for _, field := range fields {
		was, is := o.Get(field).Str(), n.Get(field).Str()
		if was != "" && was != is {
			s.add(diff.Found{
				Rule:    tokenURLChanged,
				Old:     o.Get(field),
				New:     firstOf(n.Get(field), n),
				Message: field + " changed from " + was + " to " + cmp.Or(is, "none"),
				Values:  []string{was, is},
				Before:  diff.HashOf(was),
				After:   diff.HashOf(is),
			})
		}
	}
}

var scopeRemoved = &diff.Rule{
	ID: "openapi/oauth-scope-removed", Title: "scope no longer offered", Sends: diff.Risky,
	Aliases: []string{"oasdiff:api-security-component-oauth-scope-removed"},
	Doc: `
A consumer that still asks for the scope may get no token, whether or not its calls
need the scope.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://login.example/token, scopes: {audit: read the log}}}}
-- new.yaml --
openapi: 3.1.0
security: [{login: []}]
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
components:
  securitySchemes:
    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://login.example/token, scopes: {}}}}
-- want --
new.yaml:8:94: risky: security scheme login › flows › clientCredentials › scopes: the scope audit is no longer offered [openapi/oauth-scope-removed] (was old.yaml:8)
    sends: GET /orders › security
`,
}

// scopes compares the scopes that consumers may ask for. Which of them a call
// needs, security compares.
func (s scheme) scopes(oldFlow, newFlow *tree.Node) {
	for o, n := range memberPairs(oldFlow.Get("scopes"), newFlow.Get("scopes"), identity) {
		switch {
		case n == nil:
			s.add(diff.Found{
				Rule:    scopeRemoved,
				Old:     o,
				New:     firstOf(newFlow.Get("scopes"), newFlow),
				Message: "the scope " + o.Key + " is no longer offered",
				Values:  []string{o.Key},
				Before:  diff.HashOf(o.Key),
			})
		case o == nil:
			s.add(diff.Found{
				Rule:    flowAdded,
				New:     n,
				Message: "the scope " + n.Key + " is offered",
				Values:  []string{n.Key},
				After:   diff.HashOf(n.Key),
			})
		}
	}
}

// credentialForm says how the credentials of a scheme are sent.
func credentialForm(scheme *tree.Node) string {
	switch typ := scheme.Get("type").Str(); typ {
	case "apiKey":
		return "a key in " + scheme.Get("in").Str() + " " + scheme.Get("name").Str()
	case "http":
		return "HTTP " + strings.ToLower(scheme.Get("scheme").Str())
	default:
		return typ
	}
}

// usesOfScheme lists the operations of the old revision that accept the scheme.
func (w *walk) usesOfScheme(scheme string) []diff.Reach {
	var all []diff.Reach
	for path := range w.old.root.Get("paths").Children() {
		for _, op := range operationsOf(w.old.resolve(path)) {
			for _, r := range requirements(w.old.securityOf(op), nil) {
				if _, uses := r.schemes[scheme]; uses {
					all = append(all, w.atOperation(path.Key, op).descend(securityStep).reach())
					break
				}
			}
		}
	}
	return all
}
