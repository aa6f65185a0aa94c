package avro

import "github.com/assent-dev/assent/diff"

var defaultAdded = &diff.Rule{
	ID: "avro/default-added", Title: "default of a field added", Sends: diff.Safe, Receives: diff.Safe,
	Doc: `
With a default, the schema also reads data without the field. Adding a default is the
first of two steps to remove a field safely.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string", "default": ""}
]}
-- want --
new.avsc:2:39: safe: record Trade › venue: default added [avro/default-added] (was old.avsc:2)
    both: Trade › venue
`,
}

var defaultRemoved = &diff.Rule{
	ID: "avro/default-removed", Title: "default of a field removed", Sends: diff.Risky, Receives: diff.Safe,
	Doc: `
The last version always wrote the field, so its data is still read. Data of
versions before the field was added is not: a comparison with every version
(backward_transitive) finds that. Without the default, removing the field later breaks
readers of this schema. Keep the default.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string", "default": ""}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string"}
]}
-- want --
new.avsc:2:3: risky: record Trade › venue: default removed: data without the field can no longer be read [avro/default-removed] (was old.avsc:2)
    both: Trade › venue
`,
}

var defaultChanged = &diff.Rule{
	ID: "avro/default-changed", Title: "default of a field changed", Sends: diff.Risky, Receives: diff.Safe,
	Doc: `
Nothing fails, but data that was written before the field was added now reads with
another value. Readers of the two schemas disagree on it until all are updated.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "currency", "type": "string", "default": "USD"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "currency", "type": "string", "default": "EUR"}
]}
-- want --
new.avsc:2:42: risky: record Trade › currency: default changed [avro/default-changed] (was old.avsc:2)
    both: Trade › currency
`,
}

// defaults compares the defaults of two fields with one name. Both revisions
// write the field, so a default only matters for data of earlier or later
// versions.
func (w *walk) defaults(p place, o, n *field) {
	w.defaultValidity(p, o, n)
	if o.defaultValue.Hash() == n.defaultValue.Hash() {
		return
	}
	f := found{
		old:    firstOf(o.defaultValue, o.node),
		new:    firstOf(n.defaultValue, n.node),
		before: elementHash(o.defaultValue),
		after:  elementHash(n.defaultValue),
	}
	switch {
	case o.defaultValue == nil:
		f.message = "default added"
		w.add(p, defaultAdded, f)
	case n.defaultValue == nil:
		f.message = "default removed: data without the field can no longer be read"
		w.add(p, defaultRemoved, f)
	default:
		f.message = "default changed"
		w.add(p, defaultChanged, f)
	}
}
