package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var contentChanged = &diff.Rule{
	ID:       "schema/content-changed",
	Title:    "encoding or media type of a string changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-{content-encoding,content-media-type}-changed@sends",
		"oasdiff:response-{body,property}-{content-encoding,content-media-type}-changed@receives",
	},
	Doc: `
Whoever encodes or decodes the string does it in the old way and gets garbage.
Introduce a new property for the new encoding.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"photo": {"type": "string", "contentEncoding": "base64"}}}
-- new.json --
{"properties": {"photo": {"type": "string", "contentEncoding": "base16"}}}
-- want --
new.json:1:17: breaking: schema › photo: contentEncoding changed from base64 to base16 [schema/content-changed] (was old.json:1)
    no example: what a string encodes is not checked by validators
`,
}

var contentNarrowed = &diff.Rule{
	ID: "schema/content-narrowed", Title: "string must be encoded", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-content-schema-added@sends",
		"oasdiff:response-{body,property}-content-schema-added@receives",
	},
	Doc: `
Any string was accepted. Now it is decoded, or its content has to fit a schema, and
the strings that consumers send may not.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"claims": {"type": "string", "contentMediaType": "application/json"}}}
-- new.json --
{"properties": {"claims": {"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "object"}}}}
-- want --
new.json:1:17: breaking: schema › claims: contentSchema changed from none to an object [schema/content-narrowed] (was old.json:1)
    no example: what a string encodes is not checked by validators
`,
}

var contentWidened = &diff.Rule{
	ID: "schema/content-widened", Title: "string need not be encoded", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-content-schema-removed@sends",
		"oasdiff:response-{body,property}-content-schema-removed@receives",
	},
	Doc: `
Consumers decode the string, and may now receive one that is not encoded.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"photo": {"type": "string", "contentEncoding": "base64"}}}
-- new.json --
{"properties": {"photo": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › photo: contentEncoding changed from base64 to none [schema/content-widened] (was old.json:1)
    no example: what a string encodes is not checked by validators
`,
}

// compareContent compares what strings are the encoded form of.
func (w *walk) compareContent() {
	for _, keyword := range []string{"contentEncoding", "contentMediaType", "contentSchema"} {
		o, n := w.old.first(keyword), w.new.first(keyword)
		if w.Pruner.Same(o, n) {
			continue
		}
		at, message := w.placeOf(o, n), keyword+" changed from "+valueText(o)+" to "+valueText(n)
		switch {
		case o == nil:
			w.report(contentNarrowed, at, hashOf(o), hashOf(n), message, valueText(o), valueText(n))
		case n == nil:
			w.report(contentWidened, at, hashOf(o), hashOf(n), message, valueText(o), valueText(n))
		case keyword == "contentSchema":
			w.compareBelow(diff.Step{Kind: diff.Keyword, Name: keyword}, w.old.conjunction([]*tree.Node{o}),
				w.new.conjunction([]*tree.Node{n}))
		case valueText(o) != valueText(n):
			w.report(contentChanged, at, hashOf(o), hashOf(n), message, valueText(o), valueText(n))
		}
	}
}
