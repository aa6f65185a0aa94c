package avro

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// validity says whether a default is a value of its field's type. Worse is
// less.
type validity uint8

const (
	invalidDefault     validity = iota
	laterBranchDefault          // a value of a later branch of a union: allowed since Avro 1.12
	validDefault                // valid in every version of Avro
)

// mostDefaultValues bounds the values that are checked for one default:
// defaults of nested records can multiply.
const mostDefaultValues = 10_000

// defaultChecker checks one default (specification, "Complex Types": the table
// of default values). Bytes and fixed are strings in which each character is a
// byte.
type defaultChecker struct{ left int }

func validityOf(t *schema, n *tree.Node) validity {
	return (&defaultChecker{mostDefaultValues}).value(t, n)
}

func (f *defaultChecker) value(t *schema, n *tree.Node) validity {
	if f.left--; f.left < 0 {
		return validDefault // the default contains itself, or too much to check
	}
	switch t.kind {
	case union:
		return f.union(t, n)
	case record:
		return f.record(t, n)
	case array:
		if !n.Is(tree.Array) {
			return invalidDefault
		}
		return f.elements(t.element, n)
	case mapped:
		if !n.Is(tree.Object) {
			return invalidDefault
		}
		return f.elements(t.element, n)
	}
	if validScalar(t, n) {
		return validDefault
	}
	return invalidDefault
}

func (f *defaultChecker) union(t *schema, n *tree.Node) validity {
	for i, b := range t.branches {
		if fits := f.value(b.to, n); fits > invalidDefault {
			if i > 0 {
				return laterBranchDefault
			}
			return fits
		}
	}
	return invalidDefault
}

// record checks a record's default. A field that it leaves out needs a default
// itself.
func (f *defaultChecker) record(t *schema, n *tree.Node) validity {
	if !n.Is(tree.Object) {
		return invalidDefault
	}
	least := validDefault
	for _, each := range t.fields {
		v := firstOf(n.Get(each.name), each.defaultValue)
		if v == nil {
			return invalidDefault
		}
		if least = min(least, f.value(each.typ.to, v)); f.left < 0 {
			break
		}
	}
	return least
}

func (f *defaultChecker) elements(element ref, n *tree.Node) validity {
	least := validDefault
	for v := range n.Children() {
		least = min(least, f.value(element.to, v))
	}
	return least
}

func validScalar(t *schema, n *tree.Node) bool {
	switch t.kind {
	case "null":
		return n.Is(tree.Null)
	case "boolean":
		return n.Is(tree.Bool)
	case "int", "long":
		bits := map[string]int{"int": 32, "long": 64}[t.kind]
		_, err := strconv.ParseInt(n.Text, 10, bits)
		return n.Is(tree.Number) && err == nil
	case "float", "double":
		return n.Is(tree.Number)
	case enum:
		return n.Is(tree.String) && set(t.symbolNames())[n.Text]
	case fixed:
		return n.Is(tree.String) && strconv.Itoa(utf8.RuneCountInString(n.Text)) == t.size
	}
	return n.Is(tree.String)
}

var defaultInvalid = &diff.Rule{
	ID:       "avro/default-invalid",
	Title:    "default is not a value of its type",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Libraries refuse the whole schema, so nobody can read with it or read data that was
written with it. Give a default of the field's type. Write bytes and fixed as a string,
with "\u00ff" for the byte 255, and a record as an object with all fields that have no
default themselves.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "quantity", "type": "int", "default": 0}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "quantity", "type": "int", "default": "0"}
]}
-- want --
new.avsc:2:39: breaking: record Trade › quantity: the default is not a value of its type, int [avro/default-invalid] (was old.avsc:2)
    no example: schemas with such a default are refused before any data is read
    both: Trade › quantity
new.avsc:2:39: risky: record Trade › quantity: default changed [avro/default-changed] (was old.avsc:2)
    both: Trade › quantity
`,
}

var defaultOfLaterBranch = &diff.Rule{
	ID:       "avro/default-of-later-branch",
	Title:    "default is not of the first branch",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Since Avro 1.12 a default may be of any branch of a union. Older versions require the
first branch: their libraries refuse the schema for writing and for reading. For an
optional field write ["null", "string"] with the default null, or ["string", "null"]
with the default "".`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": ["string", "null"], "default": null}
]}
-- want --
new.avsc:3:3: safe: record Trade › venue: field added with a default [avro/field-added]
    both: Trade › venue
new.avsc:3:49: risky: record Trade › venue: the default is not of the union's first branch: Avro before 1.12 refuses [string, null] with it [avro/default-of-later-branch]
    both: Trade › venue
`,
}

// defaultValidity reports a default of the new revision that is not a value of
// its type or of its first branch, unless the old revision's was as bad.
func (w *walk) defaultValidity(p place, o, n *field) {
	if n.defaultValue == nil {
		return
	}
	now, was := validityOf(n.typ.to, n.defaultValue), validDefault
	if o != nil && o.defaultValue != nil {
		was = validityOf(o.typ.to, o.defaultValue)
	}
	if now >= was {
		return
	}
	f := found{
		new:       n.defaultValue,
		after:     elementHash(n.defaultValue),
		values:    []string{n.typ.String()},
		noWitness: "schemas with such a default are refused before any data is read",
	}
	if o != nil {
		f.old = firstOf(o.defaultValue, o.node)
	}
	if now == invalidDefault {
		f.message = fmt.Sprintf("the default is not a value of its type, %s", n.typ)
		w.add(p, defaultInvalid, f)
		return
	}
	f.message = fmt.Sprintf("the default is not of the union's first branch: Avro before 1.12 refuses %s "+
		"with it", n.typ)
	w.add(p, defaultOfLaterBranch, f)
}
