package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// compareObjects compares the properties of objects.
func (w *walk) compareObjects() {
	cost := w.old.nameCost() + w.new.nameCost()
	for _, name := range w.propertyNames() {
		if !w.spend(cost) {
			return
		}
		o, n := w.old.property(name), w.new.property(name)
		w.hide(w.old, o)
		w.hide(w.new, n)
		w.compareProperty(name, o, n)
	}
	w.compareAdditional()
	w.comparePropertyNames()
	w.compareDependencies()
}

// propertyNames returns the names of all properties that one of the schemas
// declares or requires, in the order of the files.
func (w *walk) propertyNames() []string {
	var all []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	for _, e := range []*effective{w.old, w.new} {
		for properties := range e.each("properties") {
			for p := range properties.Children() {
				add(p.Key)
			}
		}
		for required := range e.each("required") {
			for r := range required.Children() {
				add(r.Str())
			}
		}
	}
	return all
}

// comparePropertyNames compares the schemas that the names of properties must
// fit.
func (w *walk) comparePropertyNames() {
	olds, news := slices.Collect(w.old.each("propertyNames")), slices.Collect(w.new.each("propertyNames"))
	if len(olds)+len(news) == 0 || w.reading == confluent { // Confluent does not compare names
		return
	}
	o, n := w.old.conjunction(olds), w.new.conjunction(news)
	w.compareBelow(diff.Step{Kind: diff.Keyword, Name: "propertyNames"},
		o.restrictedToKinds(nil, o.kinds&textual), n.restrictedToKinds(nil, n.kinds&textual))
}

// hide empties a property that is never part of a message on the side of the
// comparison, and is therefore not required there: consumers do not send
// readOnly properties, and do not receive writeOnly ones (OpenAPI 3.0.4,
// section 4.7.24.2; JSON Schema 2020-12 Validation, section 9.4).
func (w *walk) hide(e *effective, p *property) {
	if e.hidden(p, w.side) {
		*p = property{}
	}
}

// compareProperty compares what two schemas say of one property.
func (w *walk) compareProperty(name string, o, n *property) {
	switch {
	case w.reading >= literal:
		w.compareWritten(name, o, n)
	case o.present() && n.present():
		w.compareRequired(name, o, n)
		w.compareLife(name, o, n)
		w.compareBelow(field(name), w.old.conjunction(o.schemas), w.new.conjunction(n.schemas))
	case o.present():
		w.compareRemoved(name, o, n)
	case n.present():
		w.compareAdded(name, o, n)
	default: // an undeclared property may be required
		w.compareRequired(name, o, n)
	}
}

var propertyRemoved = &diff.Rule{
	ID:       "schema/property-removed",
	Title:    "required property removed",
	Sends:    diff.Risky,
	Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:response-required-property-removed@receives",
		"oasdiff:request-property-removed@sends",
	},
	Doc: `
The property was always there, and consumers that receive it rely on that. Mark
it deprecated, wait until no consumer is registered for it, and remove it then.
Whoever sends it is not refused, but what is sent is lost.`,
	Example: `
--compatibility full
-- old.json --
{
  "required": ["id", "price"],
  "properties": {
    "id": {"type": "string"},
    "price": {"type": "number"}
  }
}
-- new.json --
{
  "required": ["id"],
  "properties": {
    "id": {"type": "string"}
  }
}
-- want --
new.json:4:5: breaking: schema › price: the property was removed; it was always there [schema/property-removed] (was old.json:5)
    for example {"id":"a"}: accepted by the new revision, refused by the old
`,
}

var optionalPropertyRemoved = &diff.Rule{
	ID:       "schema/optional-property-removed",
	Title:    "optional property removed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Aliases: []string{
		"oasdiff:response-optional-property-removed@receives",
		"oasdiff:request-property-removed@sends",
	},
	Doc: `
Consumers had to be ready for its absence, but those that read it lose it. Whoever
is registered as a reader is asked.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {
  "id": {"type": "string"},
  "note": {"type": "string"}
}}
-- new.json --
{"properties": {
  "id": {"type": "string"}
}}
-- want --
new.json:2:3: risky: schema › note: the optional property was removed [schema/optional-property-removed] (was old.json:3)
`,
}

// compareRemoved compares a property that only the old schema declares.
func (w *walk) compareRemoved(name string, o, n *property) {
	stays := o.required != nil && n.required != nil && !n.refused
	if !n.refused && (!n.open() || stays) { // the value still has to fit additionalProperties
		w.compareBelow(field(name), w.old.conjunction(o.schemas), w.new.conjunction(n.schemas))
	}
	for _, schemas := range w.branchSchemas(w.new, name) {
		w.compareBelow(field(name), w.old.conjunction(o.schemas),
			w.new.conjunction(slices.Concat(n.schemas, schemas)))
	}
	rule, message := propertyRemoved, "the property was removed; it was always there"
	switch {
	case n.refused && w.side == diff.Sends:
		rule, message = propertyRefused, "the property was removed and is refused now"
	case stays:
		rule, message = optionalPropertyRemoved, "the property is no longer declared; it is still required"
	case o.required == nil:
		rule, message = optionalPropertyRemoved, "the optional property was removed"
	}
	near := locationOf(n.declared, w.new)
	if left := w.new.first("properties"); left != nil {
		near = left.Gap(o.declared)
	}
	at := place{w.propertyPath(name, o, n), o.declared.At(), near, field(name)}
	rule, more := w.removalRule(o, rule)
	w.reportProperty(name, rule, at, w.propertyHash(w.old, o), diff.Hash{}, message+more)
	if o.required == nil { // a property that is not declared can be required
		w.compareRequired(name, o, n)
	}
}

// concernsNames reports whether a rule is about the absence of a property,
// which makes no value invalid.
func concernsNames(rule *diff.Rule, side diff.Side) bool {
	return rule == optionalPropertyRemoved || rule == propertyRemoved && side == diff.Sends
}

var propertyAdded = &diff.Rule{
	ID: "schema/property-added", Title: "optional property added",
	Aliases: []string{
		"oasdiff:response-{optional,required}-property-added@receives",
		"oasdiff:new-optional-request-property@sends",
	},
	Doc: `
Nobody sends it yet, and readers of an open object are ready for more.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}, "note": {"type": "string"}}}
-- want --
new.json:1:43: safe: schema › note: an optional property was added [schema/property-added]
`,
}

var requiredPropertyAdded = &diff.Rule{
	ID:      "schema/required-property-added",
	Title:   "required property added",
	Sends:   diff.Breaking,
	Absence: true,
	Aliases: []string{
		"oasdiff:new-required-request-property@sends",
		"oasdiff:new-required-request-header-property@sends",
		"confluent:REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL",
	},
	Doc: `
Consumers do not send it yet and are refused. Add it as optional, with a default
on the receiving side.`,
	Example: `
--compatibility full
-- old.json --
{"required": ["id"], "properties": {
  "id": {"type": "string"}
}}
-- new.json --
{"required": ["id", "currency"], "properties": {
  "id": {"type": "string"},
  "currency": {"type": "string"}
}}
-- want --
new.json:3:3: breaking: schema › currency: a required property was added [schema/required-property-added]
    for example {"id":"a"}: accepted by the old revision, refused by the new
new.json:3:3: safe: schema › currency: a property was added that is always there [schema/property-added]
`,
}

// compareAdded compares a property that only the new schema declares.
func (w *walk) compareAdded(name string, o, n *property) {
	if !o.refused && !o.open() {
		w.compareBelow(field(name), w.old.conjunction(o.schemas), w.new.conjunction(n.schemas))
	}
	for _, schemas := range w.branchSchemas(w.old, name) {
		w.compareBelow(field(name), w.old.conjunction(slices.Concat(o.schemas, schemas)),
			w.new.conjunction(n.schemas))
	}
	rule, message := propertyAdded, "an optional property was added"
	switch {
	case n.required != nil && o.required == nil && w.side == diff.Sends && w.new.hasDefault(n):
		rule, message = requiredWithDefault, "a required property was added; it has a default"
	case n.required != nil && o.required == nil && w.side == diff.Sends:
		rule, message = requiredPropertyAdded, "a required property was added"
	case o.refused && w.side == diff.Receives:
		rule, message = propertyAddedToClosed, "a property was added where no other was allowed"
	case n.required != nil:
		message = "a property was added that is always there"
	}
	at := place{w.propertyPath(name, o, n), diff.Location{}, n.declared.At(), field(name)}
	w.reportProperty(name, rule, at, diff.Hash{}, w.propertyHash(w.new, n), message)
	if n.required == nil { // it may have been required before it was declared
		w.compareRequired(name, o, n)
	}
}

// branchSchemas returns the schemas of a property in each branch that declares
// it. The schema with the branches does not declare it.
func (w *walk) branchSchemas(e *effective, name string) [][]*tree.Node {
	var all [][]*tree.Node
	for _, b := range e.branches() {
		if p := b.schema.property(name); p.present() && w.spend(1) {
			all = append(all, p.schemas)
		}
	}
	return all
}

// reportProperty reports a finding whose witness must be refused because of the
// property.
func (w *walk) reportProperty(name string, rule *diff.Rule, at place, before, after diff.Hash,
	message string) {
	w.hint(w.report(rule, at, before, after, message), hint{property: name})
}

// propertyHash returns the hash of all that a schema says of a property.
func (w *walk) propertyHash(e *effective, p *property) diff.Hash {
	var parts []string
	for _, s := range p.schemas {
		digest := s.Digest(annotations...)
		parts = append(parts, string(digest[:]))
	}
	if p.required != nil {
		parts = append(parts, "required")
	}
	return diff.HashOf(parts...)
}

// propertyPath returns the path of the property's declaration, if possible in
// the old revision.
func (w *walk) propertyPath(name string, o, n *property) diff.Path {
	switch {
	case o.declared != nil:
		return w.old.reader.pathOf(o.declared)
	case n.declared != nil:
		return w.new.reader.pathOf(n.declared)
	}
	return w.old.reader.pathOf(w.old.definition()).Then(field(name))
}

// propertyLocation returns the line where a property is declared, or the line
// of the schema if it is not.
func (w *walk) propertyLocation(p *property, e *effective) diff.Location {
	if p.declared == nil {
		return locationOf(nil, e)
	}
	at := p.declared.At()
	at.EndLine = at.Line
	return at
}
