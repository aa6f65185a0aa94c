package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// property is what an effective schema says of one name.
type property struct {
	reader   *Reader
	schemas  []*tree.Node // all that its value must fit
	declared *tree.Node   // where it is declared by name
	refused  bool         // additionalProperties or a false schema rules it out
	required *tree.Node   // the element of a required list
}

// present reports whether values have the property by declaration.
func (p *property) present() bool { return p.declared != nil && !p.refused }

// property gathers the schemas that apply to a name: in each schema object the
// declared one and those of matching patterns, else additionalProperties.
func (e *effective) property(name string) *property {
	p := &property{reader: e.reader, required: e.requires(name)}
	spoken := false
	for _, n := range e.nodes {
		matched := false
		apply := func(schema *tree.Node) {
			matched, spoken = true, true
			p.schemas = append(p.schemas, schema)
			p.refused = p.refused || e.reader.refuses(schema)
		}
		if declared := n.Path("properties", name); declared != nil {
			matched, spoken = true, true
			p.schemas = append(p.schemas, declared)
			p.refused = p.refused || declared.False()
			p.declared = firstOf(p.declared, declared)
		}
		for pattern := range n.Get("patternProperties").Children() {
			if re := e.reader.regexp(pattern.Key); re != nil && re.MatchString(name) {
				apply(pattern)
			}
		}
		if additional := n.Get("additionalProperties"); additional != nil && !matched {
			apply(additional)
		}
	}
	p.schemas = append(p.schemas, e.also[name]...)
	if rest := e.unevaluated("unevaluatedProperties"); rest != nil && !spoken {
		p.schemas, p.refused = append(p.schemas, rest), e.reader.refuses(rest)
	}
	return p
}

// names yields every property that either side declares or requires, in the
// order of the files.
func (w *walk) names() []string {
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

func (w *walk) compareObjects() {
	cost := w.old.perName() + w.new.perName()
	for _, name := range w.names() {
		if !w.spend(cost) {
			return
		}
		o, n := w.old.property(name), w.new.property(name)
		w.hide(w.old, o)
		w.hide(w.new, n)
		w.compareProperty(name, o, n)
	}
	w.compareAdditional()
	w.compareNames()
	w.compareDependencies()
}

// compareNames compares what names properties may have.
func (w *walk) compareNames() {
	olds, news := slices.Collect(w.old.each("propertyNames")), slices.Collect(w.new.each("propertyNames"))
	if len(olds)+len(news) == 0 || w.asWritten { // Confluent does not compare names
		return
	}
	o, n := w.old.all(olds), w.new.all(news)
	w.into(diff.Step{Kind: diff.Keyword, Name: "propertyNames"}, o.part(nil, o.kinds&textual), n.part(nil, n.kinds&textual))
}

// hide takes away what does not travel on this side: a readOnly property is
// never sent by consumers and a writeOnly one never received, and neither is
// required there (OpenAPI 3.0.4, section 4.7.24.2; JSON Schema 2020-12
// Validation, section 9.4).
func (w *walk) hide(e *effective, p *property) {
	if e.hidden(p, w.side) {
		*p = property{}
	}
}

// hidden reports whether a property does not travel on a side.
func (e *effective) hidden(p *property, side diff.Side) bool {
	keyword := "readOnly"
	if side == diff.Receives {
		keyword = "writeOnly"
	}
	return p.declared != nil && e.all(p.schemas).flag(keyword)
}

func (w *walk) compareProperty(name string, o, n *property) {
	switch {
	case w.written:
		w.compareWritten(name, o, n)
	case o.present() && n.present():
		w.compareRequired(name, o, n)
		w.compareLife(name, o, n)
		w.into(field(name), w.old.all(o.schemas), w.new.all(n.schemas))
	case o.present():
		w.compareRemoved(name, o, n)
	case n.present():
		w.compareAdded(name, o, n)
	default: // what a closed object refuses may still be required
		w.compareRequired(name, o, n)
	}
}

// compareWritten compares what a name may hold that one side alone declares with
// what the other says of names that it does not declare.
func (w *walk) compareWritten(name string, o, n *property) {
	w.compareRequired(name, o, n)
	if o.declared == nil && n.declared == nil {
		return
	}
	at := place{w.propertyPath(name, o, n), w.shown(o, w.old), w.shown(n, w.new), field(name)}
	before, after := w.hash(w.old, o), w.hash(w.new, n)
	switch {
	case o.refused && n.refused:
	case n.refused:
		w.reportProperty(name, propertyRefused, at, before, after, "the property was removed and is refused now")
	case o.refused:
		w.reportProperty(name, propertyAddedToClosed, at, before, after, "a property was added where no other was allowed")
	case o.declared != nil && n.declared != nil || !o.open() && !n.open():
		w.into(field(name), w.old.all(o.schemas), w.new.all(n.schemas))
	case !n.open():
		w.reportProperty(name, openPropertyDeclared, at, before, after, "the property could hold anything before it was declared")
	case !o.open():
		w.reportProperty(name, openPropertyUndeclared, at, before, after, "the property may hold anything since it is no longer declared")
	}
}

var propertyBecameRequired = &diff.Rule{
	ID: "schema/property-became-required", Title: "property became required", Sends: diff.Breaking, Absence: true,
	Aliases: []string{
		"oasdiff:request-property-became-required@sends", "oasdiff:request-header-property-became-required@sends", "oasdiff:response-property-became-required@receives",
		"confluent:REQUIRED_ATTRIBUTE_ADDED",
	},
	Doc: `
Consumers that leave it out are refused. Keep it optional and assume a default.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}}
-- new.json --
{"properties": {"id": {"type": "string"}}, "required": ["id"]}
-- want --
new.json:1:57: breaking: schema › id: the property became required [schema/property-became-required] (was old.json:1)
    for example {}: accepted by the old revision, refused by the new
`,
}

var propertyBecameOptional = &diff.Rule{
	ID: "schema/property-became-optional", Title: "property became optional", Receives: diff.Breaking,
	Aliases: []string{"oasdiff:request-property-became-optional@sends", "oasdiff:response-property-became-optional@receives", "confluent:REQUIRED_ATTRIBUTE_REMOVED"},
	Doc: `
Consumers rely on its presence and break where it is missing. Keep sending it.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"id": {"type": "string"}}, "required": ["id"]}
-- new.json --
{"properties": {"id": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › id: the property became optional [schema/property-became-optional] (was old.json:1)
    for example {}: accepted by the new revision, refused by the old
`,
}

// compareRequired compares presence where both sides know the property, or
// neither declares it.
func (w *walk) compareRequired(name string, o, n *property) {
	if (o.required == nil) == (n.required == nil) || w.asWritten && o.declared == nil && n.declared == nil {
		return // Confluent looks at what is declared
	}
	definition := w.propertyPath(name, o, n)
	if n.required != nil {
		rule, message := propertyBecameRequired, "the property became required"
		if w.new.hasDefault(n) {
			rule, message = requiredWithDefault, "the property became required; it has a default"
		}
		at := place{definition, w.shown(o, w.old), n.required.At(), field(name)}
		w.reportProperty(name, rule, at, diff.HashOf("optional"), diff.HashOf("required"), message)
		return
	}
	at := place{definition, o.required.At(), w.shown(n, w.new), field(name)}
	w.reportProperty(name, propertyBecameOptional, at, diff.HashOf("required"), diff.HashOf("optional"), "the property became optional")
}

func (w *walk) compareRemoved(name string, o, n *property) {
	stays := o.required != nil && n.required != nil && !n.refused
	if !n.refused && (!n.open() || stays) { // the value still has to fit additionalProperties
		w.into(field(name), w.old.all(o.schemas), w.new.all(n.schemas))
	}
	for _, also := range w.inBranches(w.new, name) {
		w.into(field(name), w.old.all(o.schemas), w.new.all(slices.Concat(n.schemas, also)))
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
	survivor := spot(n.declared, w.new)
	if left := w.new.first("properties"); left != nil {
		survivor = left.Gap(o.declared)
	}
	at := place{w.propertyPath(name, o, n), o.declared.At(), survivor, field(name)}
	rule, more := w.removal(o, rule)
	w.reportProperty(name, rule, at, w.hash(w.old, o), diff.Hash{}, message+more)
	if o.required == nil { // what is not declared can be required
		w.compareRequired(name, o, n)
	}
}

var propertyAdded = &diff.Rule{
	ID: "schema/property-added", Title: "optional property added",
	Aliases: []string{"oasdiff:response-{optional,required}-property-added@receives", "oasdiff:new-optional-request-property@sends"},
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
	ID: "schema/required-property-added", Title: "required property added", Sends: diff.Breaking, Absence: true,
	Aliases: []string{"oasdiff:new-required-request-property@sends", "oasdiff:new-required-request-header-property@sends", "confluent:REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"},
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

func (w *walk) compareAdded(name string, o, n *property) {
	if !o.refused && !o.open() {
		w.into(field(name), w.old.all(o.schemas), w.new.all(n.schemas))
	}
	for _, also := range w.inBranches(w.old, name) {
		w.into(field(name), w.old.all(slices.Concat(o.schemas, also)), w.new.all(n.schemas))
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
	w.reportProperty(name, rule, at, diff.Hash{}, w.hash(w.new, n), message)
	if n.required == nil { // what is declared now may have been required before
		w.compareRequired(name, o, n)
	}
}

// inBranches returns what the branches of a schema's choices say of a property that
// the schema itself does not declare, and the other side's does.
func (w *walk) inBranches(e *effective, name string) [][]*tree.Node {
	var all [][]*tree.Node
	for _, b := range e.branches() {
		if p := b.schema.property(name); p.present() && w.spend(1) {
			all = append(all, p.schemas)
		}
	}
	return all
}

// reportProperty notes a finding that a value can only show by the property.
func (w *walk) reportProperty(name string, rule *diff.Rule, at place, before, after diff.Hash, message string) {
	w.hint(w.report(rule, at, before, after, message), hint{property: name})
}

// hasDefault reports whether a value is known to stand in for the property.
func (e *effective) hasDefault(p *property) bool { return e.all(p.schemas).first("default") != nil }

// hash identifies a property that only one side has, by its whole content.
func (w *walk) hash(e *effective, p *property) diff.Hash {
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

// propertyPath names the definition of the property: on the old side where
// that has one.
func (w *walk) propertyPath(name string, o, n *property) diff.Path {
	switch {
	case o.declared != nil:
		return w.old.reader.named(o.declared)
	case n.declared != nil:
		return w.new.reader.named(n.declared)
	}
	return w.old.reader.named(w.old.definition()).Then(field(name))
}

// shown is where a property that is still there is declared.
func (w *walk) shown(p *property, e *effective) diff.Location {
	if p.declared == nil {
		return spot(nil, e)
	}
	at := p.declared.At()
	at.EndLine = at.Line
	return at
}
