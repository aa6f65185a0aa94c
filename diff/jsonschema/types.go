package jsonschema

import (
	"math/bits"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// types are the rules on which kinds of values a schema allows.
var types = []*diff.Rule{
	{
		ID: "schema/type-changed", Title: "type changed", Sends: diff.Breaking, Receives: diff.Breaking,
		Aliases: []string{
			"oasdiff:{request-body,request-property,request-parameter,request-parameter-property}-type-changed@sends",
			"oasdiff:response-{body,property,header}-type-changed@receives", "confluent:TYPE_CHANGED",
		},
		Doc: `
No value of the old type is a value of the new one. Whoever sends the old type is
refused; whoever receives the new one cannot read it. Add a property of the new
type beside the old one, move the consumers over, and remove the old one then.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {
  "sku": {"type": "string"}
}}
-- new.json --
{"properties": {
  "sku": {"type": "integer"}
}}
-- want --
new.json:2:3: breaking: schema › sku: type changed from string to integer [schema/type-changed] (was old.json:2)
    for example "a": accepted by the old revision, refused by the new
`,
	},
	{
		ID: "schema/type-narrowed", Title: "type allows less", Sends: diff.Breaking,
		Aliases: []string{
			"oasdiff:{request-body,request-property,request-parameter,request-parameter-property}-list-of-types-narrowed@sends",
			"oasdiff:request-parameter-property-type-specialized@sends", "oasdiff:response-{body,property}-{type-specialized,list-of-types-narrowed}@receives",
			"oasdiff:response-header-type-specialized@receives", "confluent:TYPE_NARROWED",
		},
		Doc: `
Values that were accepted before are refused now: consumers that send them break.
Whoever receives loses nothing. Keep accepting the wider type.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"size": {"type": "number"}}}
-- new.json --
{"properties": {"size": {"type": "integer"}}}
-- want --
new.json:1:17: breaking: schema › size: type changed from number to integer [schema/type-narrowed] (was old.json:1)
    for example 0.5: accepted by the old revision, refused by the new
`,
	},
	{
		ID: "schema/type-widened", Title: "type allows more", Receives: diff.Breaking,
		Aliases: []string{
			"oasdiff:{request-body,request-property,request-parameter,request-parameter-property}-{type-generalized,list-of-types-widened}@sends",
			"oasdiff:response-{body,property}-{type-generalized,list-of-types-widened}@receives", "oasdiff:response-header-type-generalized@receives",
			"confluent:TYPE_EXTENDED",
		},
		Doc: `
Consumers may receive values of a type that they have not seen before. Whoever
sends loses nothing. Put the new type into a new property.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"size": {"type": "integer"}}}
-- new.json --
{"properties": {"size": {"type": ["integer", "string"]}}}
-- want --
new.json:1:17: breaking: schema › size: type changed from integer to integer or string [schema/type-widened] (was old.json:1)
    for example "a": accepted by the new revision, refused by the old
`,
	},
	{
		ID: "schema/null-allowed", Title: "null allowed", Receives: diff.Breaking,
		Aliases: []string{"oasdiff:{request-body,request-property,request-parameter,request-parameter-property}-became-nullable@sends", "oasdiff:response-{body,property,header}-became-nullable@receives"},
		Doc: `
Consumers that receive the value and do not expect null break on it. Leave the
property out instead, if it is optional, or introduce a new one.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"name": {"type": "string"}}}
-- new.json --
{"properties": {"name": {"type": ["string", "null"]}}}
-- want --
new.json:1:17: breaking: schema › name: null became possible [schema/null-allowed] (was old.json:1)
    for example null: accepted by the new revision, refused by the old
`,
	},
	{
		ID: "schema/null-refused", Title: "null no longer allowed", Sends: diff.Breaking,
		Aliases: []string{"oasdiff:{request-body,request-property,request-parameter,request-parameter-property}-became-not-nullable@sends", "oasdiff:response-{body,property,header}-became-not-nullable@receives"},
		Doc: `
Consumers that send null are refused. Keep accepting it and treat it as absent.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"name": {"type": ["string", "null"]}}}
-- new.json --
{"properties": {"name": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › name: null is no longer possible [schema/null-refused] (was old.json:1)
    for example null: accepted by the old revision, refused by the new
`,
	},
	{
		ID: "schema/nothing-allowed", Title: "no value allowed any more", Sends: diff.Breaking,
		Aliases: []string{"oasdiff:{request-body,request-property,request-parameter,request-parameter-property}-schema-became-false@sends", "oasdiff:response-{body,property,header}-schema-became-false@receives"},
		Doc: `
The schema has become false: every value is refused.`,
		Example: `
--compatibility full
-- old.json --
{"items": {"type": "string"}}
-- new.json --
{"items": false}
-- want --
new.json:1:2: breaking: schema[]: no value is allowed any more [schema/nothing-allowed] (was old.json:1)
    for example "a": accepted by the old revision, refused by the new
`,
	},
	{
		ID: "schema/something-allowed", Title: "values allowed where none were", Receives: diff.Breaking,
		Aliases: []string{"oasdiff:{request-body,request-property,request-parameter,request-parameter-property}-schema-became-not-false@sends", "oasdiff:response-{body,property,header}-schema-became-not-false@receives"},
		Doc: `
The schema was false, so that consumers never received a value here. Now they may.`,
		Example: `
--compatibility full
-- old.json --
{"items": false}
-- new.json --
{"items": {"type": "string"}}
-- want --
new.json:1:2: breaking: schema: values are allowed where none were [schema/something-allowed] (was old.json:1)
    for example "a": accepted by the new revision, refused by the old
    both: schema[]
`,
	},
}

var typeChanged, typeNarrowed, typeWidened, nullAllowed, nullRefused, nothingAllowed, somethingAllowed = types[0], types[1], types[2], types[3], types[4], types[5], types[6]

// kinds is the set of kinds of values that a schema allows. Numbers are split
// so that integer is a part of number.
type kinds uint8

const (
	null kinds = 1 << iota
	boolean
	integer
	fraction
	textual
	array
	object
	number   = integer | fraction
	anything = null | boolean | number | textual | array | object
)

var kindNames = map[string]kinds{
	"null": null, "boolean": boolean, "integer": integer, "number": number, "string": textual, "array": array, "object": object,
}

func (k kinds) String() string {
	if k == anything {
		return "anything"
	}
	if rest := anything &^ k; bits.OnesCount8(uint8(k)) > 3 && k&null != 0 {
		return "anything but " + list(rest.names())
	}
	if k == 0 {
		return "nothing"
	}
	return list(k.names())
}

func (k kinds) names() []string {
	var names []string
	for _, name := range []string{"boolean", "number", "integer", "string", "array", "object", "null"} {
		if of := kindNames[name]; k&of == of && k != 0 {
			names = append(names, name)
			k &^= of
		}
	}
	if k&fraction != 0 {
		names = append(names, "fraction")
	}
	return names
}

// allKinds intersects what the schema objects allow by type, nullable, enum
// and const, and by the kinds of alternatives.
func (e *effective) allKinds() kinds {
	all := anything
	if e.never != nil {
		return 0
	}
	for _, n := range e.nodes {
		all &= e.kindsOf(n)
	}
	for _, g := range e.groups {
		var some kinds
		for _, branch := range g.branches {
			some |= e.reader.kindsBelow(branch)
		}
		all &= some
	}
	return all
}

// kindsOf reads the type of one schema object.
func (e *effective) kindsOf(n *tree.Node) kinds {
	all := anything
	switch t := n.Get("type"); {
	case t.Is(tree.String):
		all = kindNames[t.Text]
	case t.Is(tree.Array):
		all = 0
		for c := range t.Children() {
			all |= kindNames[c.Str()]
		}
	}
	// OpenAPI 3.0.3: nullable adds null to the type of the same object.
	if e.reader.dialect == OpenAPI30 && all != anything && n.Get("nullable").True() {
		all |= null
	}
	if values := enumOf(n); values != nil {
		var some kinds
		for _, v := range values {
			some |= kindOf(v)
		}
		all &= some
	}
	if not := n.Get("not"); not != nil {
		excluded, _ := e.reader.excludedKinds(not)
		all &^= excluded
	}
	return all
}

// excludedKinds are the kinds that a schema under not refuses, and whether
// that is all it does.
func (r *Reader) excludedKinds(not *tree.Node) (k kinds, only bool) {
	n := r.definition(not)
	if trivial(n) {
		return anything, true
	}
	for c := range n.Children() {
		if c.Key != "type" && !slices.Contains(annotations, c.Key) {
			return 0, false
		}
	}
	switch {
	case n.False():
		return 0, true
	case n.Get("type") == nil:
		return anything, true
	}
	return (&effective{reader: r}).kindsOf(n), true
}

// kindOf is the kind of a value; 1.0 is an integer (draft 6 and later).
func kindOf(v *tree.Node) kinds {
	switch v.Kind {
	case tree.Bool:
		return boolean
	case tree.String:
		return textual
	case tree.Array:
		return array
	case tree.Object:
		return object
	case tree.Number:
		if r, ok := rational(v); ok && !r.IsInt() {
			return fraction
		}
		return integer
	}
	return null
}

// kindsBelow is what a branch allows by its own type and by those of its
// references and alternatives, as far as can be seen without comparing. A
// branch that contains itself restricts nothing.
func (r *Reader) kindsBelow(n *tree.Node) kinds {
	if all, known := r.shallow[n]; known {
		return all
	}
	if n.False() {
		return 0
	}
	r.shallow[n] = anything
	r.shallow[n] = r.look(n)
	return r.shallow[n]
}

func (r *Reader) look(n *tree.Node) kinds {
	all := anything
	if ref := r.reference(n); ref != nil {
		all = r.kindsBelow(r.target(ref).node)
		if r.dialect.refHidesSiblings() {
			return all
		}
	}
	all &= (&effective{reader: r}).kindsOf(n)
	for branch := range n.Get("allOf").Children() {
		all &= r.kindsBelow(branch)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		var some kinds
		for branch := range n.Get(keyword).Children() {
			some |= r.kindsBelow(branch)
		}
		if some != 0 {
			all &= some
		}
	}
	return all
}

// asText widens kinds to what is told apart when values travel as text: to a
// reader of strings, a number is one.
func asText(k kinds) kinds {
	if k&textual != 0 {
		k |= number | boolean
	}
	return k
}

// both reports whether both sides allow the kind.
func (w *walk) both(k kinds) bool { return w.old.kinds&k != 0 && w.new.kinds&k != 0 }

// compareKinds reports whether the schemas have values in common, so that
// there is more to compare.
func (w *walk) compareKinds() bool {
	o, n := w.old.kinds, w.new.kinds
	if w.text {
		o, n = asText(o), asText(n)
	}
	at := w.at(w.old.origin(), w.new.origin())
	before, after := diff.HashOf(o.String()), diff.HashOf(n.String())
	switch {
	case o == n:
		return o != 0
	case n == 0:
		w.report(nothingAllowed, at, before, after, "no value is allowed any more")
		return false
	case o == 0:
		w.report(somethingAllowed, at, before, after, "values are allowed where none were")
		return false
	}
	plainOld, plainNew := o&^null, n&^null
	if o&^null == n&^null || bits.OnesCount8(uint8(o^n)) == 1 && (o^n) == null {
		w.compareNull(o, n, at)
		return true
	}
	was, is := w.old.kinds.String(), w.new.kinds.String()
	message := "type changed from " + was + " to " + is
	switch {
	case plainNew&^plainOld == 0:
		w.report(typeNarrowed, at, before, after, message, was, is)
	case plainOld&^plainNew == 0:
		w.report(typeWidened, at, before, after, message, was, is)
	default:
		w.report(typeChanged, at, before, after, message, was, is)
	}
	if plainOld&plainNew != 0 {
		w.compareNull(o, n, at)
	}
	return plainOld&plainNew != 0
}

func (w *walk) compareNull(o, n kinds, at place) {
	before, after := diff.HashOf((o & null).String()), diff.HashOf((n & null).String())
	switch {
	case o&null == 0 && n&null != 0 && n != anything:
		w.report(nullAllowed, at, before, after, "null became possible")
	case o&null != 0 && n&null == 0 && o != anything:
		w.report(nullRefused, at, before, after, "null is no longer possible")
	}
}

// origin is the keyword that restricts the kinds.
func (e *effective) origin() *tree.Node {
	if e.never != nil {
		return e.never
	}
	return e.firstOf("type", "enum", "const", "oneOf", "anyOf", "not")
}
