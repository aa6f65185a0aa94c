package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// additional are the rules on properties that a schema does not declare.
var additional = []*diff.Rule{
	{
		ID: "schema/additional-properties-restricted", Title: "additional properties restricted", Sends: diff.Breaking,
		Aliases: []string{"confluent:ADDITIONAL_PROPERTIES_REMOVED", "confluent:ADDITIONAL_PROPERTIES_NARROWED"},
		Doc: `
Properties beyond the declared ones were accepted and are refused now, or have to
fit a schema. Whoever sends some, perhaps without knowing, breaks.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}}, "additionalProperties": false}
-- want --
new.json:1:44: breaking: schema: other properties are refused, they were allowed [schema/additional-properties-restricted] (was old.json:1)
    for example {"assent-undeclared":"a"}: accepted by the old revision, refused by the new
    both: schema{}
`,
	},
	{
		ID: "schema/additional-properties-opened", Title: "additional properties allowed", Receives: diff.Breaking,
		Aliases: []string{"confluent:ADDITIONAL_PROPERTIES_ADDED", "confluent:ADDITIONAL_PROPERTIES_EXTENDED"},
		Doc: `
Consumers may receive properties beyond the declared ones. Most ignore them; those
that were generated from a closed schema may refuse.`,
		Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}, "additionalProperties": false}
-- new.json --
{"properties": {"id": {"type": "string"}}}
-- want --
new.json:1:1: breaking: schema: other properties are allowed, they were refused [schema/additional-properties-opened] (was old.json:1)
    for example {"assent-undeclared":"a"}: accepted by the new revision, refused by the old
    both: schema{}
`,
	},
}

var additionalRestricted, additionalOpened = additional[0], additional[1]

// compareAdditional compares what names that neither side declares may hold.
func (w *walk) compareAdditional() {
	o, n := w.old.additional(), w.new.additional()
	at := w.at(w.old.first("additionalProperties"), w.new.first("additionalProperties"))
	at.step = "{}"
	switch {
	case o.open() && n.open(), o.refused && n.refused:
	case n.refused, o.open():
		w.report(additionalRestricted, at, w.hash(w.old, o), w.hash(w.new, n), "other properties are "+n.allows()+", they were "+o.allows())
	case o.refused, n.open():
		w.report(additionalOpened, at, w.hash(w.old, o), w.hash(w.new, n), "other properties are "+n.allows()+", they were "+o.allows())
	default:
		w.into("{}", w.schema(w.old, o), w.schema(w.new, n))
	}
}

// additional is what the schema says of names that it does not declare.
func (e *effective) additional() *property {
	p := &property{}
	for a := range e.each("additionalProperties") {
		if a.True() || a.Is(tree.Object) && a.Len() == 0 {
			continue
		}
		p.schemas = append(p.schemas, a)
		p.refused = p.refused || a.False()
	}
	return p
}

// open reports whether anything is allowed.
func (p *property) open() bool { return len(p.schemas) == 0 }

func (p *property) allows() string {
	switch {
	case p.refused:
		return "refused"
	case p.open():
		return "allowed"
	}
	return "allowed if they fit a schema"
}
