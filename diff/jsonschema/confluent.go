package jsonschema

import "github.com/assent-dev/assent/diff"

// profiles answer as Confluent Schema Registry does under its two policies. Both
// read open objects as they are written: a property that nobody declared may hold
// anything. What is not shown to be compatible is refused.
var profiles = []diff.Profile{
	{
		Name:   "confluent",
		Doc:    "Answers as Confluent Schema Registry does under its policy STRICT.",
		Levels: strict,
	},
	{
		Name:   "confluent-lenient",
		Doc:    "Answers as Confluent Schema Registry does under its policy LENIENT, which lets open and closed objects gain and lose properties.",
		Levels: lenient(),
	},
}

var breaking = diff.Breaking

var requiredWithDefault = &diff.Rule{
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
}

var strict = map[string]diff.SideLevels{
	requiredWithDefault.ID: diff.Judged(diff.Safe),
	patternChanged.ID:      diff.Judged(diff.Breaking),
	narrowingUndecided.ID:  {Sends: &breaking},
	wideningUndecided.ID:   {Receives: &breaking},
}

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
}

var openPropertyDeclared = &diff.Rule{
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
}

var openPropertyUndeclared = &diff.Rule{
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
}

// lenient adds what the policy LENIENT takes for compatible.
func lenient() map[string]diff.SideLevels {
	levels := map[string]diff.SideLevels{}
	for id, l := range strict {
		levels[id] = l
	}
	for _, rule := range []*diff.Rule{
		openPropertyDeclared, openPropertyUndeclared, propertyRefused, propertyAddedToClosed, additionalRestricted, additionalOpened,
	} {
		levels[rule.ID] = diff.Judged(diff.Safe)
	}
	return levels
}

// isConfluent reports whether open and closed are read as they are written.
func isConfluent(p diff.Profile) bool {
	return p.Name == profiles[0].Name || p.Name == profiles[1].Name
}
