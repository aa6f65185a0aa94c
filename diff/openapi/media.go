package openapi

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var mediaTypeRemoved = &diff.Rule{
	ID:       "openapi/media-type-removed",
	Title:    "media type removed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-body-media-type-removed@sends", "oasdiff:response-media-type-removed@receives",
		"oasdiff:response-media-type-parameter-{changed,removed}@receives",
		"oasdiff:response-media-type-name-generalized@receives",
	},
	Doc: `
Consumers that send this type are refused with status 415. Consumers that ask for it
get another type, or status 406. Keep offering it beside the new one.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200":
          description: all
          content:
            application/json: {schema: {type: object}}
            text/csv: {schema: {type: string}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get:
      responses:
        "200":
          description: all
          content:
            application/json: {schema: {type: object}}
-- want --
new.yaml:9:13: breaking: GET /orders › 200 › text/csv: the media type text/csv was removed [openapi/media-type-removed] (was old.yaml:10)
`,
}

var mediaTypeAdded = &diff.Rule{
	ID: "openapi/media-type-added", Title: "media type added",
	Aliases: []string{
		"oasdiff:request-body-media-type-added@sends", "oasdiff:response-media-type-added@receives",
	},
	Doc: `
Consumers name the type that they send and the types that they accept, so the new type
affects none of them.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/xml: {schema: {type: object}}
      responses: {"201": {description: created}}
-- want --
new.yaml:8:11: safe: POST /orders › request › application/xml: the media type application/xml was added [openapi/media-type-added]
`,
}

var mediaTypeRenamed = &diff.Rule{
	ID: "openapi/media-type-renamed", Title: "media type renamed", Sends: diff.Breaking, Receives: diff.Risky,
	Aliases: []string{"oasdiff:response-media-type-name-{changed,specialized}@receives"},
	Doc: `
The data keeps its syntax, such as JSON or XML, under another name. Requests with the
old name are refused with status 415. Many consumers that receive the data only look at
the syntax, but those that ask for the old name get status 406, and those that compare
the name fail.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {application/json: {schema: {type: object}}}}}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {application/vnd.orders+json: {schema: {type: object}}}}}}
-- want --
new.yaml:4:59: risky: GET /orders › 200 › application/json: the media type is now application/vnd.orders+json [openapi/media-type-renamed] (was old.yaml:4)
`,
}

var mediaRangeNarrowed = &diff.Rule{
	ID: "openapi/media-range-narrowed", Title: "range of media types narrowed", Sends: diff.Breaking,
	Doc: `
Only some types of the range remain. Consumers that send another type of the range are
refused. Consumers that receive the data had to be ready for all of them.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {"*/*": {schema: {type: object}}}}}}
    post:
      requestBody: {content: {"application/*": {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all, content: {application/json: {schema: {type: object}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: created}}
-- want --
new.yaml:4:49: safe: GET /orders › 200 › */*: only part of */* remains [openapi/media-range-narrowed] (was old.yaml:4)
new.yaml:6:21: breaking: POST /orders › request › application/*: only part of application/* remains [openapi/media-range-narrowed] (was old.yaml:6)
`,
}

// content compares media types and their content. A type that the other
// revision does not list is compared with the range that contains it.
func (w *walk) content(old, new, near *tree.Node) {
	renamed := renamedType(old, new)
	for o, n := range memberPairs(old, new, mediaType) {
		at := w.descend(diff.Step{Kind: diff.Media, Name: mediaType(firstOf(o, n).Key)})
		switch {
		case n != nil && o != nil:
			at.media(o, n)
		case o == nil && n == renamed[1]: // compared under the old name
		case o == nil && coveringRange(old, n.Key) != nil:
			at.media(coveringRange(old, n.Key), n)
		case o == nil:
			at.add(diff.Found{
				Rule:    mediaTypeAdded,
				New:     n,
				Message: "the media type " + n.Key + " was added",
				Values:  []string{n.Key},
				After:   elementHash(n),
			})
		case o == renamed[0]:
			at.add(diff.Found{
				Rule:    mediaTypeRenamed,
				Old:     o,
				New:     renamed[1],
				Message: "the media type is now " + renamed[1].Key,
				Values:  []string{o.Key, renamed[1].Key},
				Before:  diff.HashOf(mediaType(o.Key)),
				After:   diff.HashOf(mediaType(renamed[1].Key)),
			})
			at.media(o, renamed[1])
		case coveringRange(new, o.Key) != nil:
			at.media(o, coveringRange(new, o.Key))
		default:
			rule, message := mediaTypeRemoved, "the media type "+o.Key+" was removed"
			if coversAny(o.Key, new) {
				rule, message = mediaRangeNarrowed, "only part of "+o.Key+" remains"
			}
			at.add(diff.Found{
				Rule:    rule,
				Old:     o,
				Near:    firstOf(new, near),
				Message: message,
				Values:  []string{o.Key},
				Before:  elementHash(o),
			})
		}
	}
}

// media compares the content of one media type.
func (w *walk) media(oldSite, newSite *tree.Node) {
	o, n, differ := w.resolveBoth(oldSite, newSite)
	if !differ || o == nil || n == nil {
		return
	}
	text := slices.Contains(textual, mediaType(oldSite.Key)) &&
		slices.Contains(textual, mediaType(newSite.Key))
	if text {
		w.textSchema(o.Get("schema"), n.Get("schema"))
	} else {
		w.schema(o.Get("schema"), n.Get("schema"))
	}
	if o.Get("itemSchema") != nil || n.Get("itemSchema") != nil {
		w.descend(diff.Step{Kind: diff.Element, Name: "[]"}).schema(o.Get("itemSchema"), n.Get("itemSchema"))
	}
	// examples of other types do not show the value as it travels
	if text || syntax(oldSite.Key) == "json" && syntax(newSite.Key) == "json" {
		w.examples(
			exampleHolder{from: w.old, holder: o, schema: o.Get("schema"), text: text},
			exampleHolder{from: w.new, holder: n, schema: n.Get("schema"), text: text},
		)
	}
	w.xml(oldSite.Key, o.Get("schema"), n.Get("schema"))
	w.encodings(partsHolder{o, mediaType(oldSite.Key), w.old}, partsHolder{n, mediaType(newSite.Key), w.new})
	w.otherFields(o, n, "schema", "itemSchema", "encoding", "prefixEncoding", "itemEncoding")
}

// textual are the media types whose values travel as text: a number is a
// string there.
var textual = []string{"text/plain", "application/x-www-form-urlencoded"}

// mediaType normalises a media type: it drops case, spaces and the charset of
// JSON, which has only one (RFC 8259, section 11).
func mediaType(key string) string {
	name, parameters, given := strings.Cut(strings.ToLower(strings.ReplaceAll(key, " ", "")), ";")
	if !given || parameters == "charset=utf-8" && strings.HasSuffix(name, "json") {
		return name
	}
	return name + ";" + parameters
}

// isRange reports whether a key is a range of media types: text/* or */*.
func isRange(key string) bool { return strings.HasSuffix(mediaType(key), "/*") }

// coveringRange finds the narrowest range that contains a type: application/*
// before */*.
func coveringRange(content *tree.Node, key string) *tree.Node {
	family, _, _ := strings.Cut(mediaType(key), "/")
	for _, r := range []string{family + "/*", "*/*"} {
		for c := range content.Children() {
			if mediaType(c.Key) == r && mediaType(key) != r {
				return c
			}
		}
	}
	return nil
}

// coversAny reports whether a key is a range that contains a type of the
// content.
func coversAny(key string, content *tree.Node) bool {
	in := strings.TrimSuffix(strings.TrimSuffix(mediaType(key), "*"), "*/")
	for c := range content.Children() {
		if isRange(key) && strings.HasPrefix(mediaType(c.Key), in) {
			return true
		}
	}
	return false
}

// renamedType returns the removed and the added type if there is exactly one of
// each and they have the same syntax.
func renamedType(old, new *tree.Node) (pair [2]*tree.Node) {
	for o, n := range memberPairs(old, new, mediaType) {
		switch {
		case o != nil && n != nil:
		case o != nil && pair[0] == nil:
			pair[0] = o
		case n != nil && pair[1] == nil:
			pair[1] = n
		default:
			return [2]*tree.Node{} // more than one
		}
	}
	if pair[0] == nil || pair[1] == nil || syntax(pair[0].Key) == "" ||
		syntax(pair[0].Key) != syntax(pair[1].Key) {
		return [2]*tree.Node{}
	}
	return pair
}

// syntax is json for application/json and for types that end in +json (RFC
// 6839), and likewise xml, yaml and cbor. It is empty if the name does not
// tell. The type's parameters are part of the syntax: they say how to read the
// data.
func syntax(key string) string {
	name, parameters, _ := strings.Cut(mediaType(key), ";")
	_, name, _ = strings.Cut(name, "/")
	if i := strings.LastIndex(name, "+"); i >= 0 {
		name = name[i+1:]
	}
	if slices.Contains([]string{"json", "xml", "yaml", "cbor"}, name) {
		return name + parameters
	}
	return ""
}
