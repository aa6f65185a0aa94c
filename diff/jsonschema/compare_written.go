package jsonschema

import "github.com/assent-dev/assent/diff"

var propertyRefused = &diff.Rule{
	ID: "schema/property-refused", Title: "property removed from a closed object", Sends: diff.Breaking,
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
}

var propertyAddedToClosed = &diff.Rule{
	ID:       "schema/property-added-to-closed",
	Title:    "property added to a closed object",
	Receives: diff.Breaking,
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
}

var openPropertyDeclared = &diff.Rule{
	ID: "schema/open-property-declared", Title: "property of an open object declared", Sends: diff.Breaking,
	Aliases: []string{
		"confluent:OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
		"confluent:REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
	},
	Doc: `
Only with --profile confluent, which takes an open object literally: a property
that it did not declare could hold any value, so that old data may hold one that
the new schema refuses. By default, a new optional property is safe, since nobody
sends it yet.`,
	Example: `
--compatibility full --profile confluent
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}, "note": {"type": "string"}}}
-- want --
new.json:1:43: breaking: schema › note: the property could hold anything before it was declared [schema/open-property-declared] (was old.json:1)
    for example {"note":0}: accepted by the old revision, refused by the new
`,
}

var openPropertyUndeclared = &diff.Rule{
	ID:       "schema/open-property-undeclared",
	Title:    "property of an open object no longer declared",
	Receives: diff.Breaking,
	Doc: `
Only with --profile confluent, which takes an open object literally: a property
that is no longer declared may hold any value, even one that readers of the old
schema refuse.`,
	Example: `
--compatibility full --profile confluent
-- old.json --
{"properties": {"id": {"type": "string"}, "note": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}}}
-- want --
new.json:1:1: breaking: schema › note: the property may hold anything since it is no longer declared [schema/open-property-undeclared] (was old.json:1)
    for example {"note":0}: accepted by the new revision, refused by the old
`,
}

// compareWritten compares a property by the literal reading. Where one schema
// does not declare the property, it has what that schema says of undeclared
// properties.
func (w *walk) compareWritten(name string, o, n *property) {
	w.compareRequired(name, o, n)
	if o.declared == nil && n.declared == nil {
		return
	}
	at := place{
		w.propertyPath(name, o, n), w.propertyLocation(o, w.old), w.propertyLocation(n, w.new),
		field(name),
	}
	before, after := w.propertyHash(w.old, o), w.propertyHash(w.new, n)
	switch {
	case o.refused && n.refused:
	case n.refused:
		w.reportProperty(name, propertyRefused, at, before, after,
			"the property was removed and is refused now")
	case o.refused:
		w.reportProperty(name, propertyAddedToClosed, at, before, after,
			"a property was added where no other was allowed")
	case o.declared != nil && n.declared != nil || !o.open() && !n.open():
		w.compareBelow(field(name), w.old.conjunction(o.schemas), w.new.conjunction(n.schemas))
	case !n.open():
		w.reportProperty(name, openPropertyDeclared, at, before, after,
			"the property could hold anything before it was declared")
	case !o.open():
		w.reportProperty(name, openPropertyUndeclared, at, before, after,
			"the property may hold anything since it is no longer declared")
	}
}
