package avro

import "github.com/assent-dev/assent/diff"

var unionRules = []*diff.Rule{
	{
		ID: "avro/made-nullable", Title: "null allowed", Sends: diff.Safe, Receives: diff.Breaking,
		Doc: `
Readers with the old schema cannot read null. Making a field optional is safe for
old data and for new readers only: update all readers before any writer leaves
the value out.`,
		Aliases: []string{"confluent:TYPE_MISMATCH@receives", "confluent:MISSING_UNION_BRANCH@receives", "avro:MISSING_UNION_BRANCH@receives"},
		Example: `
assent compare --compatibility full old.avsc new.avsc
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- want --
new.avsc:2:30: breaking: record Trade › venue: null is now allowed [avro/made-nullable] (was old.avsc:2)
    for example {"venue":null}: accepted by the new revision, refused by the old
    both: Trade › venue
`,
	},
	{
		ID: "avro/made-required", Title: "null no longer allowed", Sends: diff.Breaking, Receives: diff.Safe,
		Doc: `
The new schema cannot read old data that holds null, not even if the field has a
default: defaults stand for absent fields, not for nulls. Keep null in the union
as long as data with it is read.`,
		Aliases: []string{"confluent:TYPE_MISMATCH@sends", "confluent:MISSING_UNION_BRANCH@sends", "avro:MISSING_UNION_BRANCH@sends"},
		Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string", "default": ""}
]}
-- want --
new.avsc:2:21: breaking: record Trade › venue: null is no longer allowed [avro/made-required] (was old.avsc:2)
    for example {"venue":null}: accepted by the old revision, refused by the new
    both: Trade › venue
new.avsc:2:39: safe: record Trade › venue: default added [avro/default-added] (was old.avsc:2)
    both: Trade › venue
`,
	},
	{
		ID: "avro/union-branch-added", Title: "union branch added", Sends: diff.Safe, Receives: diff.Breaking,
		Doc: `
Readers with the old schema cannot read a value of the new branch. Update all
readers before the first writer uses it.`,
		Aliases: []string{"confluent:MISSING_UNION_BRANCH@receives", "avro:MISSING_UNION_BRANCH@receives"},
		Example: `
assent compare --compatibility full old.avsc new.avsc
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string", "int"]}
]}
-- want --
new.avsc:2:48: breaking: record Trade › venue: branches added: int [avro/union-branch-added] (was old.avsc:2)
    for example {"venue":{"int":0}}: accepted by the new revision, refused by the old
    both: Trade › venue
`,
	},
	{
		ID: "avro/union-branch-removed", Title: "union branch removed", Sends: diff.Breaking, Receives: diff.Safe,
		Doc: `
Every branch that was written must be readable, whether or not it was ever used:
the new schema has none for the old branch. Keep it, and stop writing it.`,
		Aliases: []string{"confluent:MISSING_UNION_BRANCH@sends", "avro:MISSING_UNION_BRANCH@sends"},
		Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string", "int"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- want --
new.avsc:2:21: breaking: record Trade › venue: branches removed: int [avro/union-branch-removed] (was old.avsc:2)
    for example {"venue":{"int":0}}: accepted by the old revision, refused by the new
    both: Trade › venue
`,
	},
}

// branchRules are on unions that stay readable in both directions.
var branchRules = []*diff.Rule{
	{
		ID: "avro/union-branch-split", Title: "union branch added that old readers read as another", Sends: diff.Safe, Receives: diff.Safe,
		Doc: `
Old readers promote the values of the new branch to one that they have: an int is
read as the long that was in the union before.`,
		Example: `
-- old.avsc --
["null", "long"]
-- new.avsc --
["null", "long", "int"]
-- want --
new.avsc:1:18: safe: schema: branches added that old readers read as another: int [avro/union-branch-split] (was old.avsc:1)
`,
	},
	{
		ID: "avro/union-branch-merged", Title: "union branch removed that a wider one reads", Sends: diff.Safe, Receives: diff.Safe,
		Doc: `
The new schema promotes the values of the old branch to one that stays: an int
that was written is read as a long.`,
		Example: `
-- old.avsc --
["null", "long", "int"]
-- new.avsc --
["null", "long"]
-- want --
new.avsc:1:1: safe: schema: branches removed that a wider one reads: int [avro/union-branch-merged] (was old.avsc:1)
`,
	},
	{
		ID: "avro/union-wrapping-changed", Title: "type wrapped in a union of itself, or unwrapped", Sends: diff.Safe, Receives: diff.Safe,
		Doc: `
A union of one branch allows what its branch allows, and each is read as the
other. The bytes differ by the number of the branch, which matters only to those
who read without the writer's schema.`,
		Example: `
-- old.avsc --
{"type": "map", "values": "long"}
-- new.avsc --
{"type": "map", "values": ["long"]}
-- want --
new.avsc:1:17: safe: schema{}: written as [long], no longer as long [avro/union-wrapping-changed] (was old.avsc:1)
`,
	},
	{
		ID: "avro/union-branches-reordered", Title: "union branches in another order", Sends: diff.Safe, Receives: diff.Safe,
		Doc: `
Readers that know the writer's schema match branches by type. The numbers that
are written differ. Before Avro 1.12 a field's default had to be of the first
branch: look at the defaults.`,
		Example: `
-- old.avsc --
["null", "string"]
-- new.avsc --
["string", "null"]
-- want --
new.avsc:1:1: safe: schema: branches in another order [avro/union-branches-reordered] (was old.avsc:1)
`,
	},
}
