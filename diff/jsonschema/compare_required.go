package jsonschema

import "github.com/assent-dev/assent/diff"

var propertyBecameRequired = &diff.Rule{
	ID:      "schema/property-became-required",
	Title:   "property became required",
	Sends:   diff.Breaking,
	Absence: true,
	Aliases: []string{
		"oasdiff:request-property-became-required@sends",
		"oasdiff:request-header-property-became-required@sends",
		"oasdiff:response-property-became-required@receives",
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
}

var propertyBecameOptional = &diff.Rule{
	ID: "schema/property-became-optional", Title: "property became optional", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-property-became-optional@sends",
		"oasdiff:response-property-became-optional@receives", "confluent:REQUIRED_ATTRIBUTE_REMOVED",
	},
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
}

var requiredWithDefault = &diff.Rule{
	ID:      "schema/required-with-default",
	Title:   "property with a default became required",
	Sends:   diff.Risky,
	Absence: true,
	Aliases: []string{
		"oasdiff:new-required-request-property-with-default@sends",
		"oasdiff:request-property-became-required-with-default@sends",
		"confluent:REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED",
		"confluent:REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL",
	},
	Doc: `
Validators refuse data without the property, whatever its default: a default is an
annotation (JSON Schema 2020-12 Validation, section 9.2). Many servers fill it in
before they validate, and then nobody is hurt. The contract does not say which of
the two this server does.`,
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

// compareRequired compares whether a property is required. Both schemas declare
// the property, or neither does.
func (w *walk) compareRequired(name string, o, n *property) {
	if (o.required == nil) == (n.required == nil) ||
		w.reading == confluent && o.declared == nil && n.declared == nil {
		return // Confluent compares declared properties only
	}
	definition := w.propertyPath(name, o, n)
	if n.required != nil {
		rule, message := propertyBecameRequired, "the property became required"
		if w.new.hasDefault(n) {
			rule, message = requiredWithDefault, "the property became required; it has a default"
		}
		at := place{definition, w.propertyLocation(o, w.old), n.required.At(), field(name)}
		w.reportProperty(name, rule, at, diff.HashOf("optional"), diff.HashOf("required"), message)
		return
	}
	at := place{definition, o.required.At(), w.propertyLocation(n, w.new), field(name)}
	w.reportProperty(name, propertyBecameOptional, at, diff.HashOf("required"), diff.HashOf("optional"),
		"the property became optional")
}
