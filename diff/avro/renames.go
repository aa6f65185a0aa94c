package avro

import (
	"fmt"

	"github.com/assent-dev/assent/diff"
)

// fieldPair is a field of each revision, with the record that it belongs to.
type fieldPair struct {
	oldRecord, newRecord *schema
	old, new             *field
}

var fieldRenamedWithAlias = &diff.Rule{
	ID:       "avro/field-renamed-with-alias",
	Title:    "field renamed, with an alias for old data",
	Sends:    diff.Safe,
	Receives: diff.Breaking,
	Doc: `
The alias lets the new schema read old data. Only the reader's aliases count: the old
schema does not know the new name, does not find its field, and has no default for it.
Update all readers before the writers, or give the field a default first.`,
	Aliases: []string{
		"confluent:READER_FIELD_MISSING_DEFAULT_VALUE@receives",
		"avro:READER_FIELD_MISSING_DEFAULT_VALUE@receives",
	},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "unitPrice", "type": "double", "aliases": ["price"]}
]}
-- want --
new.avsc:2:3: breaking: record Trade › unitPrice: renamed from price: old readers do not know the new name [avro/field-renamed-with-alias] (was old.avsc:2)
    for example {"unitPrice":0}: accepted by the new revision, refused by the old
    both: Trade › unitPrice
`,
}

var fieldRenamedWithAliasAndDefault = &diff.Rule{
	ID:       "avro/field-renamed-with-alias-and-default",
	Title:    "field renamed, old readers use the default",
	Sends:    diff.Safe,
	Receives: diff.Risky,
	Doc: `
The alias lets the new schema read old data. Old readers do not find the field under
its new name and use their default. Nothing fails, but they silently lose the values.
Update all readers before the writers.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double", "default": 0}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "unitPrice", "type": "double", "default": 0, "aliases": ["price"]}
]}
-- want --
new.avsc:2:3: risky: record Trade › unitPrice: renamed from price: old readers use their default [avro/field-renamed-with-alias-and-default] (was old.avsc:2)
    both: Trade › unitPrice
`,
}

var fieldRenamedBack = &diff.Rule{
	ID:       "avro/field-renamed-back",
	Title:    "field renamed to one of its aliases",
	Sends:    diff.Breaking,
	Receives: diff.Safe,
	Doc: `
Old readers know the new name as an alias and still read new data. The new schema has
neither an alias with the name that the last writers used nor a default, so it cannot
read their data. Add the alias.`,
	Aliases: []string{
		"confluent:READER_FIELD_MISSING_DEFAULT_VALUE@sends",
		"avro:READER_FIELD_MISSING_DEFAULT_VALUE@sends",
	},
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "unitPrice", "type": "double", "aliases": ["price"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- want --
new.avsc:2:3: breaking: record Trade › price: renamed from unitPrice: the new name has no alias for data under the old one [avro/field-renamed-back] (was old.avsc:2)
    for example {"unitPrice":0}: accepted by the old revision, refused by the new
    both: Trade › price
`,
}

var fieldRenamedBackWithDefault = &diff.Rule{
	ID:       "avro/field-renamed-back-with-default",
	Title:    "field renamed to one of its aliases, old data gets the default",
	Sends:    diff.Risky,
	Receives: diff.Safe,
	Doc: `
Old readers know the new name as an alias and still read new data. The new schema has
no alias with the name that the last writers used, and silently reads its default in
place of their values. Add the alias.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "unitPrice", "type": "double", "aliases": ["price"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double", "default": 0}
]}
-- want --
new.avsc:2:3: risky: record Trade › price: renamed from unitPrice: data under the old name gets the default [avro/field-renamed-back-with-default] (was old.avsc:2)
    both: Trade › price
`,
}

var fieldRenamedBothWays = &diff.Rule{
	ID:       "avro/field-renamed-both-ways",
	Title:    "field renamed, both schemas know both names",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
Each schema has the other's name as an alias, so each reads the other's data. To rename
a field this way, add the alias in one version and rename in the next.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double", "aliases": ["unitPrice"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "unitPrice", "type": "double", "aliases": ["price"]}
]}
-- want --
new.avsc:2:3: safe: record Trade › unitPrice: renamed from price: both schemas know both names [avro/field-renamed-both-ways] (was old.avsc:2)
    both: Trade › unitPrice
`,
}

// aliasedField compares two fields with different names of which one reads the
// other by an alias, in the given direction. The field was renamed only if each
// name exists in one revision alone. If not, the field is new, and old data
// fills it from another field.
func (w *walk) aliasedField(p place, m matching, pair fieldPair, side diff.Side, renamed map[*field]bool) {
	o, n := pair.old, pair.new
	both := side
	if m.fills[n] == o && m.feeds[o] == n {
		both = diff.Both
	}
	at := p.fieldPlace(n.name).descend(hop{in: pair.oldRecord, field: o}, hop{in: pair.newRecord, field: n})
	w.types(at.limitedTo(both), o.typ, n.typ)
	if m.new[o.name] != nil || m.old[n.name] != nil {
		return
	}
	renamed[o], renamed[n] = true, true
	w.defaultValidity(at, o, n)
	rule, cost := fieldRenamedBothWays, "both schemas know both names"
	switch filled, fed := m.fills[n] != nil, m.feeds[o] != nil; {
	case !fed && o.defaultValue == nil:
		rule, cost = fieldRenamedWithAlias, "old readers do not know the new name"
	case !fed:
		rule, cost = fieldRenamedWithAliasAndDefault, "old readers use their default"
	case !filled && n.defaultValue == nil:
		rule, cost = fieldRenamedBack, "the new name has no alias for data under the old one"
	case !filled:
		rule, cost = fieldRenamedBackWithDefault, "data under the old name gets the default"
	}
	w.add(p.fieldPlace(n.name), rule, found{
		old: o.node, new: n.node, before: diff.HashOf(o.name), after: diff.HashOf(n.name),
		message: fmt.Sprintf("renamed from %s: %s", o.name, cost), values: []string{o.name, n.name},
		oldSample: sample{typ: pair.oldRecord}, newSample: sample{typ: pair.newRecord},
	})
}
