package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// objects are the rules on the properties of objects.
var objects = []*diff.Rule{
	{
		ID: "schema/property-removed", Title: "required property removed", Sends: diff.Risky, Receives: diff.Breaking,
		Aliases: []string{"oasdiff:response-required-property-removed@receives", "oasdiff:request-property-removed@sends"},
		Doc: `
The property was always there, and consumers that receive it rely on that. Mark
it deprecated, wait until no consumer is registered for it, and remove it then.
Whoever sends it is not refused, but what is sent is lost.`,
		Example: `
--compatibility full
-- old.json --
{
  "required": ["id", "price"],
  "properties": {
    "id": {"type": "string"},
    "price": {"type": "number"}
  }
}
-- new.json --
{
  "required": ["id"],
  "properties": {
    "id": {"type": "string"}
  }
}
-- want --
new.json:4:5: breaking: schema › price: the property was removed; it was always there [schema/property-removed] (was old.json:5)
    for example {"id":"a"}: accepted by the new revision, refused by the old
`,
	},
	{
		ID: "schema/optional-property-removed", Title: "optional property removed", Sends: diff.Risky, Receives: diff.Risky,
		Aliases: []string{"oasdiff:response-optional-property-removed@receives", "oasdiff:request-property-removed@sends"},
		Doc: `
Consumers had to be ready for its absence, but those that read it lose it. Whoever
is registered as a reader is asked.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {
  "id": {"type": "string"},
  "note": {"type": "string"}
}}
-- new.json --
{"properties": {
  "id": {"type": "string"}
}}
-- want --
new.json:2:3: risky: schema › note: the optional property was removed [schema/optional-property-removed] (was old.json:3)
`,
	},
	{
		ID: "schema/property-refused", Title: "property removed from a closed object", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{"confluent:PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL"},
		Doc: `
The object allows no other properties, so whoever still sends this one is refused.
Keep the property and ignore it.`,
		Example: `
--compatibility backward
-- old.json --
{"additionalProperties": false, "properties": {
  "id": {"type": "string"},
  "note": {"type": "string"}
}}
-- new.json --
{"additionalProperties": false, "properties": {
  "id": {"type": "string"}
}}
-- want --
new.json:2:3: breaking: schema › note: the property was removed and is refused now [schema/property-refused] (was old.json:3)
    for example {"note":"a"}: accepted by the old revision, refused by the new
new.json:2:3: safe: schema › note: the optional property was removed [schema/optional-property-removed] (was old.json:3)
`,
	},
	{
		ID: "schema/property-added", Title: "optional property added",
		Aliases: []string{"oasdiff:response-optional-property-added@receives", "oasdiff:new-optional-request-property@sends"},
		Doc: `
Nobody sends it yet, and readers of an open object are ready for more.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}, "note": {"type": "string"}}}
-- want --
new.json:1:43: safe: schema › note: an optional property was added [schema/property-added]
`,
	},
	{
		ID: "schema/property-added-to-closed", Title: "property added to a closed object", Receives: diff.Breaking,
		Doc: `
The old object promised that no other property would come; readers that refuse
unknown ones break.`,
		Example: `
--compatibility forward
-- old.json --
{"additionalProperties": false, "properties": {"id": {"type": "string"}}}
-- new.json --
{"additionalProperties": false, "properties": {"id": {"type": "string"}, "note": {"type": "string"}}}
-- want --
new.json:1:74: breaking: schema › note: a property was added where no other was allowed [schema/property-added-to-closed]
    for example {"note":"a"}: accepted by the new revision, refused by the old
new.json:1:74: safe: schema › note: an optional property was added [schema/property-added]
`,
	},
	{
		ID: "schema/required-property-added", Title: "required property added", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:new-required-request-property@sends", "confluent:REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"},
		Doc: `
Consumers do not send it yet and are refused. Add it as optional, with a default
on the receiving side.`,
		Example: `
--compatibility full
-- old.json --
{"required": ["id"], "properties": {
  "id": {"type": "string"}
}}
-- new.json --
{"required": ["id", "currency"], "properties": {
  "id": {"type": "string"},
  "currency": {"type": "string"}
}}
-- want --
new.json:3:3: breaking: schema › currency: a required property was added [schema/required-property-added]
    for example {"id":"a"}: accepted by the old revision, refused by the new
new.json:3:3: safe: schema › currency: a property was added that is always there [schema/property-added]
`,
	},
	{
		ID: "schema/property-became-required", Title: "property became required", Sends: diff.Breaking, Absence: true,
		Aliases: []string{"oasdiff:request-property-became-required@sends", "confluent:REQUIRED_ATTRIBUTE_ADDED"},
		Doc: `
Consumers that leave it out are refused. Keep it optional and assume a default.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}}, "required": ["id"]}
-- want --
new.json:1:57: breaking: schema › id: the property became required [schema/property-became-required] (was old.json:1)
    for example {}: accepted by the old revision, refused by the new
`,
	},
	{
		ID: "schema/property-became-optional", Title: "property became optional", Receives: diff.Breaking,
		Aliases: []string{"oasdiff:response-property-became-optional@receives", "confluent:REQUIRED_ATTRIBUTE_REMOVED"},
		Doc: `
Consumers rely on its presence and break where it is missing. Keep sending it.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}, "required": ["id"]}
-- new.json --
{"properties": {"id": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › id: the property became optional [schema/property-became-optional] (was old.json:1)
    for example {}: accepted by the new revision, refused by the old
`,
	},
}

var propertyRemoved, optionalPropertyRemoved, propertyRefused, propertyAdded, propertyAddedToClosed, requiredPropertyAdded,
	propertyBecameRequired, propertyBecameOptional = objects[0], objects[1], objects[2], objects[3], objects[4], objects[5],
	objects[6], objects[7]

// property is what an effective schema says of one name.
type property struct {
	schemas  []*tree.Node // all that its value must fit
	declared *tree.Node   // where it is declared by name
	refused  bool         // additionalProperties or a false schema rules it out
	required *tree.Node   // the element of a required list
}

// present reports whether values have the property by declaration.
func (p *property) present() bool { return p.declared != nil && !p.refused }

// property gathers the schemas that apply to a name: in each schema object the
// declared one and those of matching patterns, else additionalProperties.
func (e *effective) property(name string) *property {
	p := &property{required: e.requires(name)}
	for _, n := range e.nodes {
		matched := false
		apply := func(schema *tree.Node) {
			matched = true
			p.schemas = append(p.schemas, schema)
			p.refused = p.refused || schema.False()
		}
		if declared := n.Path("properties", name); declared != nil {
			apply(declared)
			p.declared = firstOf(p.declared, declared)
		}
		for pattern := range n.Get("patternProperties").Children() {
			if re := e.reader.regexp(pattern.Key); re != nil && re.MatchString(name) {
				apply(pattern)
			}
		}
		if additional := n.Get("additionalProperties"); additional != nil && !matched {
			apply(additional)
		}
	}
	return p
}

// names yields every property that either side declares or requires, in the
// order of the files.
func (w *walk) names() []string {
	var all []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	for _, e := range []*effective{w.old, w.new} {
		for properties := range e.each("properties") {
			for p := range properties.Children() {
				add(p.Key)
			}
		}
		for required := range e.each("required") {
			for r := range required.Children() {
				add(r.Str())
			}
		}
	}
	return all
}

func (w *walk) compareObjects() {
	cost := w.old.perName() + w.new.perName()
	for _, name := range w.names() {
		if !w.spend(cost) {
			return
		}
		o, n := w.old.property(name), w.new.property(name)
		w.hide(w.old, o)
		w.hide(w.new, n)
		w.compareProperty(name, o, n)
	}
	w.compareAdditional()
}

// hide takes away what does not travel on this side: a readOnly property is
// never sent by consumers and a writeOnly one never received, and neither is
// required there (OpenAPI 3.0.4, section 4.7.24.2; JSON Schema 2020-12
// Validation, section 9.4).
func (w *walk) hide(e *effective, p *property) {
	keyword := "readOnly"
	if w.side == diff.Receives {
		keyword = "writeOnly"
	}
	if p.declared == nil || !e.reader.effective(e.definition(), p.schemas...).flag(keyword) {
		return
	}
	*p = property{}
}

func (w *walk) compareProperty(name string, o, n *property) {
	switch {
	case o.present() && n.present():
		w.compareRequired(name, o, n)
		w.into(name, w.schema(w.old, o), w.schema(w.new, n))
	case o.present():
		w.compareRemoved(name, o, n)
	case n.present():
		w.compareAdded(name, o, n)
	case o.declared == nil && n.declared == nil:
		w.compareRequired(name, o, n)
	}
}

func (w *walk) schema(e *effective, p *property) *effective {
	return e.reader.effective(e.definition(), p.schemas...)
}

// compareRequired compares presence where both sides know the property, or
// neither declares it.
func (w *walk) compareRequired(name string, o, n *property) {
	if (o.required == nil) == (n.required == nil) {
		return
	}
	subject := w.propertySubject(name, o, n)
	if n.required != nil {
		at := place{subject, w.shown(o, w.old), n.required.At(), name}
		w.report(propertyBecameRequired, at, diff.HashOf("optional"), diff.HashOf("required"), "the property became required")
		return
	}
	at := place{subject, o.required.At(), w.shown(n, w.new), name}
	w.report(propertyBecameOptional, at, diff.HashOf("required"), diff.HashOf("optional"), "the property became optional")
}

func (w *walk) compareRemoved(name string, o, n *property) {
	if !n.refused && len(n.schemas) > 0 { // the value still has to fit additionalProperties
		w.into(name, w.schema(w.old, o), w.schema(w.new, n))
	}
	rule, message := propertyRemoved, "the property was removed; it was always there"
	switch {
	case n.refused && w.side == diff.Sends:
		rule, message = propertyRefused, "the property was removed and is refused now"
	case o.required == nil:
		rule, message = optionalPropertyRemoved, "the optional property was removed"
	}
	survivor := spot(n.declared, w.new)
	if left := w.new.first("properties"); left != nil {
		survivor = tree.Gap(o.declared, left)
	}
	at := place{w.propertySubject(name, o, n), o.declared.At(), survivor, name}
	w.report(rule, at, w.hash(w.old, o), diff.Hash{}, message)
}

func (w *walk) compareAdded(name string, o, n *property) {
	if !o.refused && len(o.schemas) > 0 {
		w.into(name, w.schema(w.old, o), w.schema(w.new, n))
	}
	rule, message := propertyAdded, "an optional property was added"
	switch {
	case n.required != nil && o.required == nil && w.side == diff.Sends:
		rule, message = requiredPropertyAdded, "a required property was added"
	case o.refused && w.side == diff.Receives:
		rule, message = propertyAddedToClosed, "a property was added where no other was allowed"
	case n.required != nil:
		message = "a property was added that is always there"
	}
	at := place{w.propertySubject(name, o, n), diff.Location{}, n.declared.At(), name}
	w.report(rule, at, diff.Hash{}, w.hash(w.new, n), message)
}

// hash identifies a property that only one side has, by its whole content.
func (w *walk) hash(e *effective, p *property) diff.Hash {
	var parts []string
	for _, s := range p.schemas {
		digest := s.Digest(annotations...)
		parts = append(parts, string(digest[:]))
	}
	if p.required != nil {
		parts = append(parts, "required")
	}
	return diff.HashOf(parts...)
}

// propertySubject names the definition of the property: on the old side where
// that has one.
func (w *walk) propertySubject(name string, o, n *property) diff.Subject {
	switch {
	case o.declared != nil:
		return w.old.reader.named(o.declared)
	case n.declared != nil:
		return w.new.reader.named(n.declared)
	}
	return w.old.reader.named(w.old.definition()).Join(name)
}

// shown is where a property that is still there is declared.
func (w *walk) shown(p *property, e *effective) diff.Location {
	if p.declared == nil {
		return spot(nil, e)
	}
	at := p.declared.At()
	at.EndLine = at.Line
	return at
}
