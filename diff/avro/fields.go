package avro

import (
	"fmt"

	"github.com/assent-dev/assent/diff"
)

// matching says which field of the other revision fills a field: a field of the
// same name does in both directions, one that the reader's aliases name in one.
type matching struct {
	old, new map[string]*field
	// new field: old one that fills it; old field: new one that feeds old readers
	fills, feeds map[*field]*field
}

func matchFields(o, n *schema) matching {
	m := matching{
		old:   byName(o.fields),
		new:   byName(n.fields),
		fills: map[*field]*field{},
		feeds: map[*field]*field{},
	}
	for _, f := range n.fields {
		if s := supplier(f, m.old); s != nil {
			m.fills[f] = s
		}
	}
	for _, f := range o.fields {
		if s := supplier(f, m.new); s != nil {
			m.feeds[f] = s
		}
	}
	return m
}

// fields compares two records.
func (w *walk) fields(p place, o, n *schema) {
	m := matchFields(o, n)
	renamed := map[*field]bool{}
	for _, f := range n.fields {
		switch old := m.old[f.name]; {
		case old != nil:
			w.field(p.descend(hop{in: o, field: old}, hop{in: n, field: f}), old, f)
		case m.fills[f] != nil:
			w.aliasedField(p, m, fieldPair{o, n, m.fills[f], f}, diff.Sends, renamed)
		}
	}
	for _, f := range o.fields {
		if feed := m.feeds[f]; m.new[f.name] == nil && feed != nil && m.fills[feed] != f {
			w.aliasedField(p, m, fieldPair{o, n, f, feed}, diff.Receives, renamed)
		}
	}
	for _, f := range n.fields {
		if m.old[f.name] == nil && !renamed[f] {
			w.addedField(p, o, f, m.fills[f])
		}
	}
	for _, f := range o.fields {
		if m.new[f.name] == nil && !renamed[f] {
			w.removedField(p, f, n, m.feeds[f])
		}
	}
	w.ambiguousAliases(p.limitedTo(diff.Sends), o, n, m.old, n)
	w.ambiguousAliases(p.limitedTo(diff.Receives), n, o, m.new, n)
	w.fieldOrder(p, o, n)
}

// field compares two fields that read each other.
func (w *walk) field(p place, o, n *field) {
	at := p.fieldPlace(n.name)
	w.types(at, o.typ, n.typ)
	w.defaults(at, o, n)
	w.sortOrder(at, o, n)
	w.fieldAliases(at, o, n)
}

var fieldAddedWithoutDefault = &diff.Rule{
	ID:       "avro/field-added-without-default",
	Title:    "field added without a default",
	Sends:    diff.Breaking,
	Receives: diff.Safe,
	Doc: `
Old data has no value for the field, and without a default the new schema cannot read
it at all. Give the field a default. For a field that may be absent, use the type
["null", …] with the default null. Old readers skip a field that they do not know.`,
	Aliases: []string{
		"confluent:READER_FIELD_MISSING_DEFAULT_VALUE@sends",
		"avro:READER_FIELD_MISSING_DEFAULT_VALUE@sends",
	},
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": "string"}
]}
-- want --
new.avsc:3:3: breaking: record Trade › venue: field added without a default [avro/field-added-without-default]
    for example {"price":0}: accepted by the old revision, refused by the new
    both: Trade › venue
`,
}

var fieldAdded = &diff.Rule{
	ID: "avro/field-added", Title: "field added with a default", Sends: diff.Safe, Receives: diff.Safe,
	Doc: `
The new schema fills in the default when it reads old data. Old readers skip the field.
This is the safe way to add a field.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": ["null", "string"], "default": null}
]}
-- want --
new.avsc:3:3: safe: record Trade › venue: field added with a default [avro/field-added]
    both: Trade › venue
`,
}

func (w *walk) addedField(p place, o *schema, f, fill *field) {
	rule, message := fieldAdded, "field added with a default"
	switch {
	case fill != nil:
		message = "field added, filled from " + fill.name + " by its alias"
	case f.defaultValue == nil:
		rule, message = fieldAddedWithoutDefault, "field added without a default"
	}
	w.defaultValidity(p.fieldPlace(f.name), nil, f)
	w.add(p.fieldPlace(f.name), rule, found{
		new:       f.node,
		after:     elementHash(f.node),
		message:   message,
		oldSample: sample{typ: o},
	})
}

var fieldRemovedWithoutDefault = &diff.Rule{
	ID:       "avro/field-removed-without-default",
	Title:    "field removed that old readers need",
	Sends:    diff.Safe,
	Receives: diff.Breaking,
	Doc: `
Readers with the old schema expect the field and have no default for it, so they cannot
read new data. Removal takes two steps: give the field a default, wait until every
reader has that schema, and then remove the field. The new schema reads old data and
drops the value.`,
	Aliases: []string{
		"confluent:READER_FIELD_MISSING_DEFAULT_VALUE@receives",
		"avro:READER_FIELD_MISSING_DEFAULT_VALUE@receives",
	},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": "string"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:2:3: breaking: record Trade › venue: field removed, old readers have no default for it [avro/field-removed-without-default] (was old.avsc:3)
    for example {"price":0}: accepted by the new revision, refused by the old
    both: Trade › venue
`,
}

var fieldRemoved = &diff.Rule{
	ID: "avro/field-removed", Title: "field with a default removed", Sends: diff.Safe, Receives: diff.Safe,
	Doc: `
Old readers use their default, and the new schema drops the value of old data. Nothing
fails, but a consumer that relies on the value gets the default from now on. Ask the
consumers that are registered for the field.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": ["null", "string"], "default": null}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:2:3: safe: record Trade › venue: field removed, old readers have a default for it [avro/field-removed] (was old.avsc:3)
    both: Trade › venue
`,
}

func (w *walk) removedField(p place, f *field, n *schema, feed *field) {
	rule, message := fieldRemoved, "field removed, old readers have a default for it"
	switch {
	case feed != nil:
		message = "field removed, old readers get " + feed.name + " by their alias"
	case f.defaultValue == nil:
		rule, message = fieldRemovedWithoutDefault, "field removed, old readers have no default for it"
	}
	w.add(p.fieldPlace(f.name), rule, found{
		old:       f.node,
		new:       n.list,
		gone:      true,
		before:    elementHash(f.node),
		message:   message,
		newSample: sample{typ: n},
	})
}

var fieldAliasAmbiguous = &diff.Rule{
	ID:       "avro/field-alias-ambiguous",
	Title:    "aliases of a field match several fields",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
An alias renames a field of the data before it is read. If the data has both the field
and a field with its alias, or fields with two of its aliases, the result would have
one name twice. Implementations refuse to read it. Remove the alias that is the name of
a field that is still written.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "cost", "type": "double", "default": 0}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double", "aliases": ["cost"]}
]}
-- want --
new.avsc:2:3: breaking: record Trade › price: the aliases of price match several fields of the data: price and cost [avro/field-alias-ambiguous] (was old.avsc:1)
    for example {"price":0,"cost":0}: accepted by the old revision, refused by the new
    sends: Trade › price
new.avsc:2:3: safe: record Trade › cost: field removed, old readers have a default for it [avro/field-removed] (was old.avsc:3)
    both: Trade › cost
new.avsc:2:39: safe: record Trade › price: aliases added: cost [avro/alias-added] (was old.avsc:2)
    both: Trade › price
`,
}

// ambiguousAliases finds fields of the reader that fit several of the writer's.
func (w *walk) ambiguousAliases(p place, writer, reader *schema, written map[string]*field, n *schema) {
	direct := byName(reader.fields)
	for _, f := range reader.fields {
		claims := []string{}
		if written[f.name] != nil {
			claims = append(claims, f.name)
		}
		for _, alias := range f.aliases {
			if written[alias] != nil && direct[alias] == nil && alias != f.name {
				claims = append(claims, alias)
			}
		}
		if len(claims) < 2 {
			continue
		}
		at := found{old: writer.list,
			new:       f.node,
			values:    claims,
			oldSample: sample{typ: writer},
			newSample: sample{typ: writer},
			message: fmt.Sprintf("the aliases of %s match several fields of the data: %s and %s", f.name,
				claims[0], claims[1])}
		if n == writer {
			at.old, at.new = f.node, written[claims[1]].node
		}
		at.before, at.after = diff.HashOf(f.name), diff.HashOf(claims...)
		w.add(p.fieldPlace(f.name), fieldAliasAmbiguous, at)
	}
}
