package avro

import (
	"fmt"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// differentKinds compares two types of different kinds, neither of which is a
// union. One may be promoted to the other.
func (w *walk) differentKinds(p place, old, new ref) {
	var readable diff.Side
	if promotes(old.to, new.to) {
		readable |= diff.Sends
	}
	if promotes(new.to, old.to) {
		readable |= diff.Receives
	}
	w.typeReplaced(p, old, new, readable)
	if readable != 0 {
		w.logicals(p, old, new)
	}
}

// unrelatedTypes reports two types of which neither reads the other.
func (w *walk) unrelatedTypes(p place, old, new ref) { w.typeReplaced(p, old, new, 0) }

var typeChanged = &diff.Rule{
	ID: "avro/type-changed", Title: "type changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Neither schema reads data of the other. Avro only promotes int to long, float and
double; long to float and double; float to double; and string to bytes and back. Add a
field with the new type, fill both fields for a while, give the old one a default, and
then remove it.`,
	Aliases: []string{"confluent:TYPE_MISMATCH", "avro:TYPE_MISMATCH"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "string"}
]}
-- want --
new.avsc:2:21: breaking: record Trade › price: type changed from double to string [avro/type-changed] (was old.avsc:2)
    for example {"price":0}: accepted by the old revision, refused by the new
    both: Trade › price
`,
}

var typeWidened = &diff.Rule{
	ID: "avro/type-widened", Title: "type widened by promotion", Sends: diff.Safe, Receives: diff.Breaking,
	Doc: `
The new schema reads old data, because Avro promotes the narrower type. Readers with
the old schema cannot read new data, because promotion works in one direction only.
Update all readers before the writers, as backward compatibility requires, or add a
field of the wider type.`,
	Aliases: []string{"confluent:TYPE_MISMATCH@receives", "avro:TYPE_MISMATCH@receives"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "quantity", "type": "int"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "quantity", "type": "long"}
]}
-- want --
new.avsc:2:24: breaking: record Trade › quantity: type widened from int to long [avro/type-widened] (was old.avsc:2)
    for example {"quantity":0}: accepted by the new revision, refused by the old
    both: Trade › quantity
`,
}

var typeNarrowed = &diff.Rule{
	ID: "avro/type-narrowed", Title: "type narrowed", Sends: diff.Breaking, Receives: diff.Safe,
	Doc: `
The new schema cannot read data of the wider type: Avro never converts in that
direction, however small the values are. Old readers can read new data. Keep the wider
type, or add a field of the narrower one.`,
	Aliases: []string{"confluent:TYPE_MISMATCH@sends", "avro:TYPE_MISMATCH@sends"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "quantity", "type": "long"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "quantity", "type": "int"}
]}
-- want --
new.avsc:2:24: breaking: record Trade › quantity: type narrowed from long to int [avro/type-narrowed] (was old.avsc:2)
    for example {"quantity":0}: accepted by the old revision, refused by the new
    both: Trade › quantity
`,
}

var typeExchanged = &diff.Rule{
	ID: "avro/type-exchanged", Title: "string and bytes exchanged", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Avro reads string as bytes and bytes as string, so resolution succeeds in both
directions. But bytes need not be UTF-8, and programs get a different type. The change
is safe only if the bytes have always been text.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "note", "type": "string"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "note", "type": "bytes"}
]}
-- want --
new.avsc:2:20: risky: record Trade › note: type changed between string and bytes, which are read as each other [avro/type-exchanged] (was old.avsc:2)
    both: Trade › note
`,
}

// typeReplaced reports that a type took the place of another. The directions in
// which data can still be read decide what that costs: Sends if the new schema
// reads old data, Receives if the old schema reads new data.
func (w *walk) typeReplaced(p place, old, new ref, readable diff.Side) {
	f := found{old: old.at, new: new.at, before: diff.HashOf(old.String()), after: diff.HashOf(new.String()),
		values:    []string{old.String(), new.String()},
		oldSample: unreadableSample(old, new),
		newSample: unreadableSample(new, old)}
	switch readable {
	case diff.Both:
		f.message = fmt.Sprintf("type changed between %s and %s, which are read as each other", old, new)
		w.add(p, typeExchanged, f)
	case diff.Sends:
		f.message = fmt.Sprintf("type widened from %s to %s", old, new)
		w.add(p, typeWidened, f)
	case diff.Receives:
		f.message = fmt.Sprintf("type narrowed from %s to %s", old, new)
		w.add(p, typeNarrowed, f)
	default:
		f.message = fmt.Sprintf("type changed from %s to %s", old, new)
		w.add(p, typeChanged, f)
	}
}

// unreadableSample is a value of the writer's type that the reader's type does
// not accept: any value, or for a union a value of the first branch that the
// reader lacks.
func unreadableSample(writer, reader ref) sample {
	e := sample{typ: writer.to}
	for _, b := range writer.alternatives() {
		if readerBranch(reader.alternatives(), b) < 0 {
			e.branch = b.to
			break
		}
	}
	return e
}

var fixedSizeChanged = &diff.Rule{
	ID:       "avro/fixed-size-changed",
	Title:    "size of a fixed changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
The schema states the number of bytes of a fixed, and resolution requires equal sizes.
Define a second fixed with another name and use it in a new field, or use bytes for
values whose length may change.`,
	Aliases: []string{"confluent:FIXED_SIZE_MISMATCH", "avro:FIXED_SIZE_MISMATCH"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "fixed", "name": "Digest", "size": 16}
-- new.avsc --
{"type": "fixed", "name": "Digest", "size": 32}
-- want --
new.avsc:1:37: breaking: fixed Digest: size changed from 16 to 32 bytes [avro/fixed-size-changed] (was old.avsc:1)
    for example "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000": accepted by the old revision, refused by the new
    both: Digest
`,
}

func (w *walk) sizes(p place, o, n *schema) {
	if o.size == n.size {
		return
	}
	w.add(p, fixedSizeChanged, found{
		old:       o.node.Get("size"),
		new:       n.node.Get("size"),
		before:    diff.HashOf(o.size),
		after:     diff.HashOf(n.size),
		message:   fmt.Sprintf("size changed from %s to %s bytes", o.size, n.size),
		values:    []string{o.size, n.size},
		oldSample: sample{typ: o}, newSample: sample{typ: n},
	})
}

// firstOf returns n, or the other node if n is nil.
func firstOf(n, other *tree.Node) *tree.Node {
	if n == nil {
		return other
	}
	return n
}
