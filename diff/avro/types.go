package avro

import (
	"fmt"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// differentKinds compares types of different kinds, neither of them a union: what is
// left is promotion.
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

// unrelatedTypes reports types that have nothing in common.
func (w *walk) unrelatedTypes(p place, old, new ref) { w.typeReplaced(p, old, new, 0) }

var typeChanged = &diff.Rule{
	ID: "avro/type-changed", Title: "type changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Neither schema reads what was written with the other: Avro promotes int to long,
float and double, long to float and double, float to double, and string to bytes
and back, nothing else. Add a field with the new type, fill both for a while, and
remove the old one, which has a default by then.`,
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
The new schema reads old data, since Avro promotes the narrower type. Readers
with the old schema cannot read what is written now: promotion goes one way.
Update all readers first and writers afterwards, as backward compatibility asks
for, or add a field of the wider type.`,
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
The new schema cannot read what was written with the wider type; Avro never
converts in that direction, however small the values are. Old readers are fine.
Keep the wider type, or add a field of the narrower one.`,
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
directions. But bytes need not be UTF-8, and programs get another type than
before. It is safe only where the bytes have always been text.`,
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
		values: []string{old.String(), new.String()}, oldSample: unreadableSample(old, new), newSample: unreadableSample(new, old)}
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

// unreadableSample is what the writer's type holds and the reader's cannot: any value, or
// one of the first branch of a union that nobody reads.
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
	ID: "avro/fixed-size-changed", Title: "size of a fixed changed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
A fixed is as many bytes as its schema says, and resolution demands equal sizes.
Define a second fixed with another name and use it in a new field, or use bytes
for what may grow.`,
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
		old: o.node.Get("size"), new: n.node.Get("size"), before: diff.HashOf(o.size), after: diff.HashOf(n.size),
		message: fmt.Sprintf("size changed from %s to %s bytes", o.size, n.size), values: []string{o.size, n.size},
		oldSample: sample{typ: o}, newSample: sample{typ: n},
	})
}

// firstOf returns the node, or what stands in for it where it is gone.
func firstOf(n, other *tree.Node) *tree.Node {
	if n == nil {
		return other
	}
	return n
}
