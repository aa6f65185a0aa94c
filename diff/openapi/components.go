package openapi

import (
	"maps"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// isLibrary reports whether a revision has components and no operations: other
// documents use its definitions.
func (d *description) isLibrary() bool {
	return d.root.Get("paths").Len() == 0 && d.root.Get("webhooks").Len() == 0 &&
		d.root.Get("components").Len() > 0
}

var componentRemoved = &diff.Rule{
	ID:       "openapi/component-removed",
	Title:    "definition removed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases:  []string{"oasdiff:api-schema-removed"},
	Doc: `
The document has no operations: other documents refer to its definitions. References
to this one lead nowhere now. Keep the old name beside the new one until no document
refers to it.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
components:
  schemas:
    Money: {type: object, properties: {amount: {type: string}}}
    Price: {type: string}
-- new.yaml --
openapi: 3.1.0
components:
  schemas:
    Money: {type: object, properties: {amount: {type: string}}}
-- want --
new.yaml:4:5: breaking: schema Price: the definition was removed [openapi/component-removed] (was old.yaml:5)
`,
}

var componentAdded = &diff.Rule{
	ID: "openapi/component-added", Title: "definition added",
	Doc: `
Nobody refers to it yet.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
components:
  schemas:
    Money: {type: object, properties: {amount: {type: string}}}
-- new.yaml --
openapi: 3.1.0
components:
  schemas:
    Money: {type: object, properties: {amount: {type: string}}}
    Price: {type: string}
-- want --
new.yaml:5:5: safe: schema Price: the definition was added [openapi/component-added]
`,
}

// components compares the definitions of a library. The library does not say
// whether consumers send or receive the data of a schema, so both are assumed.
func (w *walk) components(old, new *tree.Node) {
	for _, field := range slices.Sorted(maps.Keys(componentNouns)) {
		for o, n := range memberPairs(old.Get(field), new.Get(field), identity) {
			at := *w
			at.use, at.side = diff.PathOf(component(field, firstOf(o, n).Key)), diff.Both
			switch {
			case n == nil:
				gone := w.old.resolve(o)
				at.removal(diff.Found{
					Rule:    componentRemoved,
					Old:     o,
					Near:    firstOf(new.Get(field), w.new.root),
					Message: "the definition was removed",
					Before:  elementHash(gone),
				}, gone)
			case o == nil:
				at.add(diff.Found{
					Rule:    componentAdded,
					New:     n,
					Message: "the definition was added",
					After:   elementHash(w.new.resolve(n)),
				})
			default:
				at.component(field, o, n)
			}
		}
	}
}

func (w *walk) component(field string, oldSite, newSite *tree.Node) {
	o, n, differ := w.resolveBoth(oldSite, newSite)
	if !differ || o == nil || n == nil {
		return
	}
	sent, received := *w, *w
	sent.side, received.side = diff.Sends, diff.Receives
	switch field {
	case "schemas":
		sent.schema(oldSite, newSite)
		received.schema(oldSite, newSite)
	case "parameters":
		sent.parameter(parameter{node: o}, parameter{node: n})
	case "requestBodies":
		sent.requestBody(oldSite, newSite, w.new.root)
	case "responses":
		received.response(oldSite, newSite)
	case "headers":
		received.header(o, n)
	case "pathItems":
		sent.item(oldSite.Key, newSite.Key, o, n)
	case "callbacks":
		received.items(callbackCalls, o, n, newSite)
	case "mediaTypes":
		sent.media(oldSite, newSite)
		received.media(oldSite, newSite)
	case "securitySchemes":
		sent.scheme(scheme{&sent, oldSite, newSite, []diff.Reach{w.reach()}}, o, n)
	case "links":
		if elementHash(o) != elementHash(n) {
			w.add(diff.Found{
				Rule:    linkChanged,
				Old:     oldSite,
				New:     newSite,
				Message: "the link leads to another call",
				Before:  elementHash(o),
				After:   elementHash(n),
			})
		}
	}
}
