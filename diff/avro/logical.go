package avro

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// logical is the logical type of a type. The zero value means that it has none.
type logical struct {
	name             string
	precision, scale string // of a decimal
}

func (l logical) String() string {
	if l.name == "decimal" {
		return fmt.Sprintf("decimal(%s, %s)", l.precision, l.scale)
	}
	return l.name
}

// annotatedKinds lists the logical types of the specification, and the kinds of
// types that each may annotate.
var annotatedKinds = map[string][]string{
	"decimal":                {"bytes", fixed},
	"big-decimal":            {"bytes"},
	"uuid":                   {"string", fixed},
	"date":                   {"int"},
	"time-millis":            {"int"},
	"time-micros":            {"long"},
	"timestamp-millis":       {"long"},
	"timestamp-micros":       {"long"},
	"timestamp-nanos":        {"long"},
	"local-timestamp-millis": {"long"},
	"local-timestamp-micros": {"long"},
	"local-timestamp-nanos":  {"long"},
	"duration":               {fixed},
}

// isStandard reports whether the specification defines the logical type. Only
// programs that registered them interpret others.
func (l logical) isStandard() bool { return annotatedKinds[l.name] != nil }

// logicalOf reads the logical type of a type. It ignores one that the
// specification does not allow for the type, as readers must.
func logicalOf(s *schema) logical {
	l := logical{name: s.node.Get("logicalType").Str()}
	if l.isStandard() && !slices.Contains(annotatedKinds[l.name], s.kind) {
		return logical{}
	}
	if l.name != "decimal" {
		return l
	}
	precision, scale := s.node.Get("precision"), s.node.Get("scale")
	l.precision, l.scale = number(precision), number(scale)
	if scale == nil {
		l.scale = "0"
	}
	p, perr := strconv.Atoi(l.precision)
	if d, err := strconv.Atoi(l.scale); err != nil || perr != nil || p < 1 || d < 0 || d > p {
		return logical{}
	}
	return l
}

func number(n *tree.Node) string {
	if !n.Is(tree.Number) {
		return ""
	}
	return n.Text
}

var logicalTypeChanged = &diff.Rule{
	ID:       "avro/logical-type-changed",
	Title:    "logical type changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
The bytes stay the same, but their meaning changes. A time of today that is written as
timestamp-millis and read as timestamp-micros, for example, is a day in January 1970.
Schema registries accept the change, because resolution ignores logical types, and
nothing fails until somebody looks at the values. Add a field with the new type, fill
both for a while, and then remove the old one.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "time", "type": {"type": "long", "logicalType": "timestamp-millis"}}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "time", "type": {"type": "long", "logicalType": "timestamp-micros"}}
]}
-- want --
new.avsc:2:45: breaking: record Trade › time: logical type changed from timestamp-millis to timestamp-micros [avro/logical-type-changed] (was old.avsc:2)
    no example: all data can be read, but its meaning changes
    both: Trade › time
`,
}

var decimalChanged = &diff.Rule{
	ID:       "avro/decimal-changed",
	Title:    "precision or scale of a decimal changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
A decimal is written as an unscaled integer; only the schema states the scale. A reader
with a different scale moves the decimal point, and a reader with a smaller precision
refuses large values. By the specification two decimals match only if both precision
and scale are equal, but most implementations do not check that. Add a field with the
new precision and scale instead.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4}}
]}
-- want --
new.avsc:2:47: breaking: record Trade › price: logical type changed from decimal(9, 2) to decimal(9, 4) [avro/decimal-changed] (was old.avsc:2)
    no example: all data can be read, but its meaning changes
    both: Trade › price
`,
}

var logicalTypeAdded = &diff.Rule{
	ID: "avro/logical-type-added", Title: "logical type added", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The encoding stays the same, but readers now give programs another type (an instant in
place of a long, a UUID in place of a string). Values that were written without the
logical type may not be valid for it. The change is safe if writers have always
followed the logical type and only the schema did not state it.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "id", "type": "string"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "id", "type": {"type": "string", "logicalType": "uuid"}}
]}
-- want --
new.avsc:2:45: risky: record Trade › id: logical type uuid added [avro/logical-type-added] (was old.avsc:2)
    both: Trade › id
`,
}

var logicalTypeRemoved = &diff.Rule{
	ID: "avro/logical-type-removed", Title: "logical type removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The encoding stays the same, but the schema no longer says what the number or the bytes
mean: programs get the raw value, and a decimal loses its scale. Writers no longer have
to follow the logical type, while old readers still assume it.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "day", "type": {"type": "int", "logicalType": "date"}}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "day", "type": "int"}
]}
-- want --
new.avsc:2:19: risky: record Trade › day: logical type date removed [avro/logical-type-removed] (was old.avsc:2)
    both: Trade › day
`,
}

var customLogicalTypeChanged = &diff.Rule{
	ID:       "avro/custom-logical-type-changed",
	Title:    "logical type outside the specification changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Avro ignores logical types that it does not know. Only programs that registered a
conversion for one of the two names see a difference. Ask their owners.`,
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "isin", "type": {"type": "string", "logicalType": "isin"}}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "isin", "type": {"type": "string", "logicalType": "security-id"}}
]}
-- want --
new.avsc:2:47: risky: record Trade › isin: logical type changed from isin to security-id [avro/custom-logical-type-changed] (was old.avsc:2)
    both: Trade › isin
`,
}

// logicals compares the logical types of two types of which one reads the
// other.
func (w *walk) logicals(p place, old, new ref) {
	o, n := old.to.logical, new.to.logical
	if o == n {
		return
	}
	f := found{
		old:    logicalAt(old),
		new:    logicalAt(new),
		before: diff.HashOf(o.String()),
		after:  diff.HashOf(n.String()),
	}
	switch {
	case o.name == "":
		f.message, f.values = "logical type "+n.String()+" added", []string{n.String()}
		w.add(p, logicalTypeAdded, f)
		return
	case n.name == "":
		f.message, f.values = "logical type "+o.String()+" removed", []string{o.String()}
		w.add(p, logicalTypeRemoved, f)
		return
	}
	f.message = fmt.Sprintf("logical type changed from %s to %s", o, n)
	f.values = []string{o.String(), n.String()}
	f.noWitness = "all data can be read, but its meaning changes"
	switch {
	case o.name == n.name:
		w.add(p, decimalChanged, f)
	case o.isStandard() && n.isStandard():
		w.add(p, logicalTypeChanged, f)
	default:
		w.add(p, customLogicalTypeChanged, f)
	}
}

func logicalAt(r ref) *tree.Node { return firstOf(r.to.node.Get("logicalType"), r.at) }
