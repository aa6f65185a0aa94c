package openapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// partsHolder is a media type whose value travels in parts, or as the fields of
// a form.
type partsHolder struct {
	media *tree.Node
	name  string // normalised by mediaType
	from  *description
}

func (p partsHolder) isForm() bool { return p.name == "application/x-www-form-urlencoded" }

// encodings compares how parts are written. Media types without parts ignore
// the field (OpenAPI 3.1.1, section 4.8.14, field encoding).
func (w *walk) encodings(old, new partsHolder) {
	for _, p := range []partsHolder{old, new} {
		if !p.isForm() && !strings.HasPrefix(p.name, "multipart/") {
			return
		}
	}
	for o, n := range memberPairs(old.media.Get("encoding"), new.media.Get("encoding"), identity) {
		name := firstOf(o, n).Key
		property := func(p partsHolder) *tree.Node {
			return p.from.resolve(p.from.resolve(p.media.Get("schema")).Path("properties", name))
		}
		w.descend(diff.Step{
			Kind: diff.Part,
			Noun: "part",
			Name: name,
		}).encoding(bodyPart{o, property(old), old}, bodyPart{n, property(new), new})
	}
	olds, news := old.media.Get("prefixEncoding"), new.media.Get("prefixEncoding")
	for i := range max(olds.Len(), news.Len()) {
		w.descend(diff.Step{
			Kind: diff.Part,
			Noun: "part",
			Name: strconv.Itoa(i + 1),
		}).encoding(bodyPart{encoding: olds.Element(i), holder: old}, bodyPart{
			encoding: news.Element(i),
			holder:   new,
		})
	}
	w.descend(diff.Step{
		Kind: diff.Part,
		Name: "parts",
	}).encoding(bodyPart{encoding: old.media.Get("itemEncoding"), holder: old}, bodyPart{
		encoding: new.media.Get("itemEncoding"),
		holder:   new,
	})
}

// bodyPart is one part of a body, or one field of a form.
type bodyPart struct {
	encoding, property *tree.Node // either may be nil
	holder             partsHolder
}

func (w *walk) encoding(old, new bodyPart) {
	o, n := old.encoding, new.encoding
	if w.schemas.Pruner.Same(o, n) {
		return
	}
	near := firstOf(n, new.holder.media.Get("encoding"), new.holder.media)
	if old.hasStyle() || new.hasStyle() {
		same := w.layout(o, firstOf(n, near), valueSite{in: "query", lists: true, objects: true})
		if same {
			w.reservedCharacters(o, firstOf(n, near))
		}
	} else {
		w.partTypes(old.types(), new.types(), firstOf(o, old.holder.media), near)
	}
	w.headers(o.Get("headers"), n.Get("headers"), near)
	if o != nil && n != nil {
		w.otherFields(o, n, "contentType", "headers", "style", "explode", "allowReserved")
	}
}

// hasStyle reports whether the part is written like a query parameter. A field
// of a form is, unless its type is given. Another part is if a style is given
// (OpenAPI 3.1.1, section 4.8.15.1.2).
func (e bodyPart) hasStyle() bool {
	return e.encoding.Get("style") != nil || e.encoding.Get("explode") != nil ||
		e.encoding.Get("allowReserved") != nil ||
		e.holder.isForm() && e.encoding.Get("contentType") == nil
}

// types returns the media types that a part may have, nil if they are unknown.
func (e bodyPart) types() []string {
	if given := e.encoding.Get("contentType").Str(); given != "" {
		var all []string
		for _, t := range strings.Split(given, ",") {
			all = append(all, mediaType(t))
		}
		return all
	}
	if e.property == nil {
		return nil
	}
	return []string{e.holder.from.defaultType(e.property)}
}

// defaultType returns the media type of a part that does not state it. It
// follows from the part's schema (OpenAPI 3.1.1, section 4.8.15.1.1).
func (d *description) defaultType(schema *tree.Node) string {
	typ := schema.Get("type").Str()
	switch {
	case typ == "array":
		return d.defaultType(d.resolve(schema.Get("items")))
	case typ == "object":
		return "application/json"
	case typ == "" || schema.Get("contentEncoding") != nil ||
		slices.Contains([]string{"binary", "byte"}, schema.Get("format").Str()):
		return "application/octet-stream"
	}
	return "text/plain"
}

var partTypeRemoved = &diff.Rule{
	ID: "openapi/part-type-removed", Title: "type of a part removed", Sends: diff.Breaking,
	Doc: `
Consumers that send the part as this type are refused. Keep accepting it beside the
new type: contentType may list several types.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /photos:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {photo: {type: string}}}
            encoding: {photo: {contentType: "image/png, image/jpeg"}}
      responses: {"201": {description: created}}
-- new.yaml --
openapi: 3.1.0
paths:
  /photos:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {photo: {type: string}}}
            encoding: {photo: {contentType: image/png}}
      responses: {"201": {description: created}}
-- want --
new.yaml:9:24: breaking: POST /photos › request › multipart/form-data › part photo: the type image/jpeg was removed [openapi/part-type-removed] (was old.yaml:9)
`,
}

var partTypeAdded = &diff.Rule{
	ID: "openapi/part-type-added", Title: "type of a part added", Receives: diff.Breaking,
	Doc: `
Consumers that send the part may choose the new type. Consumers that receive the part
may get a type that they cannot read.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /photos:
    get:
      responses:
        "200":
          description: all
          content:
            multipart/form-data:
              schema: {type: object, properties: {photo: {type: string}}}
              encoding: {photo: {contentType: image/png}}
-- new.yaml --
openapi: 3.1.0
paths:
  /photos:
    get:
      responses:
        "200":
          description: all
          content:
            multipart/form-data:
              schema: {type: object, properties: {photo: {type: string}}}
              encoding: {photo: {contentType: image/*}}
-- want --
new.yaml:11:26: breaking: GET /photos › 200 › multipart/form-data › part photo: the type image/* was added [openapi/part-type-added] (was old.yaml:11)
`,
}

func (w *walk) partTypes(olds, news []string, old, new *tree.Node) {
	if len(olds) == 0 || len(news) == 0 {
		return
	}
	report := func(rule *diff.Rule, gone []string, left []string, what string) {
		for _, t := range gone {
			if !matchesAny(t, left) {
				w.add(diff.Found{
					Rule:    rule,
					Old:     old,
					New:     new,
					Message: "the type " + t + " was " + what,
					Values:  []string{t},
					Before:  diff.HashOf(olds...),
					After:   diff.HashOf(news...),
				})
			}
		}
	}
	report(partTypeRemoved, olds, news, "removed")
	report(partTypeAdded, news, olds, "added")
}

// matchesAny reports whether a type or range is one of the types or in one of
// the ranges.
func matchesAny(t string, types []string) bool {
	return slices.ContainsFunc(types, func(in string) bool {
		return t == in || in == "*/*" ||
			strings.HasSuffix(in, "/*") && strings.HasPrefix(t, strings.TrimSuffix(in, "*"))
	})
}
