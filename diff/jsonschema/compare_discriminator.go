package jsonschema

import (
	"maps"
	"path"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var discriminatorChanged = &diff.Rule{
	ID:       "schema/discriminator-changed",
	Title:    "discriminator's property changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-discriminator-property-name-changed@sends",
		"oasdiff:response-{body,property}-discriminator-property-name-changed@receives",
	},
	Doc: `
Generated code looks for the class of a value in the old property and does not find
it. Keep the property, or version the endpoint.`,
	Example: `
--compatibility full
-- old.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
  "discriminator": {"propertyName": "kind"}}
-- new.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
  "discriminator": {"propertyName": "type"}}
-- want --
new.json:3:3: breaking: schema: the discriminator changed from kind to type [schema/discriminator-changed] (was old.json:3)
    no example: the discriminator allows and refuses no value
`,
}

var discriminatorRemoved = &diff.Rule{
	ID:       "schema/discriminator-removed",
	Title:    "discriminator removed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Aliases: []string{
		"oasdiff:request-{body,property}-discriminator-removed@sends",
		"oasdiff:response-{body,property}-discriminator-removed@receives",
	},
	Doc: `
Newly generated code no longer finds the class of a value by a property, and tries
one class after the other.`,
	Example: `
--compatibility full
-- old.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
  "discriminator": {"propertyName": "kind"}}
-- new.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}
-- want --
new.json:1:1: risky: schema: the discriminator kind was removed [schema/discriminator-removed] (was old.json:3)
`,
}

var discriminatorAdded = &diff.Rule{
	ID: "schema/discriminator-added", Title: "discriminator added",
	Aliases: []string{
		"oasdiff:request-{body,property}-discriminator-added@sends",
		"oasdiff:response-{body,property}-discriminator-added@receives",
	},
	Doc: `
A discriminator says which branch a value has, and refuses no value. A property that
the branches require for it is a finding of its own.`,
	Example: `
--compatibility full
-- old.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}
-- new.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
  "discriminator": {"propertyName": "kind"}}
-- want --
new.json:3:3: safe: schema: a discriminator was added: kind [schema/discriminator-added] (was old.json:1)
`,
}

// compareDiscriminators compares the property that says which branch a value
// has.
func (w *walk) compareDiscriminators() {
	o, n := w.old.first("discriminator"), w.new.first("discriminator")
	if o == nil && n == nil || w.Pruner.Same(o, n) {
		return
	}
	was, is := o.Get("propertyName").Str(), n.Get("propertyName").Str()
	at := w.placeOf(o, n)
	switch {
	case o == nil:
		w.report(discriminatorAdded, at, diff.Hash{}, diff.HashOf(is), "a discriminator was added: "+is, is)
		return
	case n == nil:
		w.report(discriminatorRemoved, at, diff.HashOf(was), diff.Hash{},
			"the discriminator "+was+" was removed", was)
		return
	case was != is:
		w.report(discriminatorChanged, at, diff.HashOf(was), diff.HashOf(is),
			"the discriminator changed from "+was+" to "+is, was, is)
	}
	w.compareMapping(o.Get("mapping"), n.Get("mapping"), at)
}

var mappingChanged = &diff.Rule{
	ID:       "schema/discriminator-mapping-changed",
	Title:    "discriminator's mapping changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Aliases: []string{
		"oasdiff:request-{body,property}-discriminator-mapping-{added,changed,deleted}@sends",
		"oasdiff:response-{body,property}-discriminator-mapping-{added,changed,deleted}@receives",
	},
	Doc: `
A value of the discriminator stands for another schema than before, or for none.
Generated code reads it as the old one.`,
	Example: `
--compatibility full
-- old.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
  "discriminator": {"propertyName": "kind", "mapping": {"tom": "Cat"}}}
-- new.json --
{"$defs": {"Cat": {"type": "object"}, "Dog": {"type": "object"}},
  "anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
  "discriminator": {"propertyName": "kind", "mapping": {"tom": "Dog"}}}
-- want --
new.json:3:57: risky: schema: the value tom of the discriminator stood for Cat, now for Dog [schema/discriminator-mapping-changed] (was old.json:3)
`,
}

// compareMapping compares the schemas for which values of the discriminator
// stand. A value without an entry stands for the schema of that name, so that
// only old entries matter.
func (w *walk) compareMapping(olds, news *tree.Node, at place) {
	for _, value := range slices.Sorted(maps.Keys(keysOf(olds, nil))) {
		o, n := olds.Get(value), news.Get(value)
		was, is := path.Base(o.Str()), value
		if n != nil {
			is = path.Base(n.Str())
		}
		if was == is {
			continue
		}
		at := at
		at.old, at.new = o.At(), n.At()
		if n == nil {
			at.new = news.Gap(o)
		}
		message := "the value " + value + " of the discriminator stood for " + was + ", now for " + is
		if n == nil {
			message = "the value " + value + " of the discriminator no longer stands for " + was
		}
		w.report(mappingChanged, at, diff.HashOf(value, was), diff.HashOf(value, is), message, value, was, is)
	}
}
