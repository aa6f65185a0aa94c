package jsonschema

import "github.com/assent-dev/assent/diff"

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
	},
	{
		ID: "schema/property-added", Title: "optional property added",
		Aliases: []string{"oasdiff:response-{optional,required}-property-added@receives", "oasdiff:new-optional-request-property@sends"},
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
		Aliases: []string{"oasdiff:new-required-request-property@sends", "oasdiff:new-required-request-header-property@sends", "confluent:REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"},
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
		Aliases: []string{
			"oasdiff:request-property-became-required@sends", "oasdiff:request-header-property-became-required@sends", "oasdiff:response-property-became-required@receives",
			"confluent:REQUIRED_ATTRIBUTE_ADDED",
		},
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
		Aliases: []string{"oasdiff:request-property-became-optional@sends", "oasdiff:response-property-became-optional@receives", "confluent:REQUIRED_ATTRIBUTE_REMOVED"},
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
	{
		ID: "schema/open-property-declared", Title: "property of an open object declared", Sends: diff.Breaking,
		Aliases: []string{"confluent:OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", "confluent:REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL"},
		Doc: `
Only with --profile confluent, which reads an open object as it is written: a
property that nobody had declared could hold any value, and old data in which it
holds another than the new schema allows cannot be read any more. By default a
new optional property is safe, as nobody sends it yet.`,
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
	},
	{
		ID: "schema/open-property-undeclared", Title: "property of an open object no longer declared", Receives: diff.Breaking,
		Doc: `
Only with --profile confluent, which reads an open object as it is written: where
the property is not declared any more, it may hold any value, and readers of the
old schema refuse other ones than it allowed.`,
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
	},
	{
		ID: "schema/required-with-default", Title: "property with a default became required", Sends: diff.Risky, Absence: true,
		Aliases: []string{
			"oasdiff:new-required-request-property-with-default@sends", "oasdiff:request-property-became-required-with-default@sends",
			"confluent:REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED", "confluent:REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL",
		},
		Doc: `
Validators refuse data without the property, whatever its default: a default is an
annotation (JSON Schema 2020-12 Validation, section 9.2). Many servers fill it in
before they validate, and then nobody is hurt: which of the two this one does is
not written in the contract.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}, "currency": {"type": "string", "default": "EUR"}},
  "required": ["currency"]}
-- want --
new.json:1:43: risky: schema › currency: a required property was added; it has a default [schema/required-with-default]
new.json:1:43: safe: schema › currency: a property was added that is always there [schema/property-added]
`,
	},
}

var propertyRemoved, optionalPropertyRemoved, propertyRefused, propertyAdded, propertyAddedToClosed, requiredPropertyAdded,
	propertyBecameRequired, propertyBecameOptional, openPropertyDeclared, openPropertyUndeclared, requiredWithDefault = objects[0], objects[1],
	objects[2], objects[3], objects[4], objects[5], objects[6], objects[7], objects[8], objects[9], objects[10]
