package jsonschema

import (
	"regexp"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/pattern"
)

// compareAdditional compares the properties that neither schema declares: those
// whose names match a pattern, then all others.
func (w *walk) compareAdditional() {
	for _, pattern := range w.patternKeys() {
		if !w.spend(w.old.nameCost() + w.new.nameCost()) {
			return
		}
		w.comparePattern(pattern)
	}
	at := w.placeOf(w.old.firstOf("additionalProperties", "unevaluatedProperties"),
		w.new.firstOf("additionalProperties", "unevaluatedProperties"))
	at.step = values
	w.compareUndeclared(at, "other properties", w.old.undeclared(), w.new.undeclared())
}

// patternKeys returns the patterns for names of properties of both schemas.
func (w *walk) patternKeys() []string {
	var all []string
	for _, e := range []*effective{w.old, w.new} {
		for patterns := range e.each("patternProperties") {
			for p := range patterns.Children() {
				if !slices.Contains(all, p.Key) && len(all) < mostPatterns {
					all = append(all, p.Key)
				}
			}
		}
	}
	return all
}

// mostPatterns bounds the patterns for names that are compared in one pair of
// schemas.
const mostPatterns = 200

var changeUndecided = &diff.Rule{
	ID: "schema/undecided", Title: "effect of a change not decided", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The schema changed in a way whose effect on the allowed values is not decided, or
it would take too much work to decide it. Look at it: it may allow less to those
who send or more to those who receive.`,
	Example: `
--compatibility full
-- old.json --
{"patternProperties": {"^(?!x-)": {"type": "string"}}}
-- new.json --
{"patternProperties": {"^(?!x-)": {"type": "integer"}}}
-- want --
new.json:1:2: risky: schema: properties that match ^(?!x-) changed: whether they allow less or more is not decided [schema/undecided] (was old.json:1)
    both: schema › {^(?!x-)}
`,
}

// comparePattern compares the undeclared properties whose names match a
// pattern.
func (w *walk) comparePattern(pattern string) {
	old, new := w.old.patternSchema(pattern), w.new.patternSchema(pattern)
	if w.Pruner.Same(old, new) {
		return
	}
	at := w.placeOf(old, new)
	at.step = diff.Step{Kind: diff.Value, Name: "{" + pattern + "}"}
	if w.allDeclared(pattern) {
		return
	}
	name, ok := w.exampleName(pattern)
	if !ok {
		w.report(changeUndecided, at, hashOf(old), hashOf(new),
			"properties that match "+pattern+" changed: whether they allow less or more is not decided",
			pattern)
		return
	}
	o, n := w.old.property(name), w.new.property(name)
	w.compareUndeclared(at, "properties that match "+pattern, o, n)
}

// exampleName makes up a name that matches the pattern and is not declared. If
// possible, it matches no other pattern.
func (w *walk) exampleName(key string) (string, bool) {
	var others []string
	for _, other := range w.patternKeys() {
		if other != key {
			others = append(others, other)
		}
	}
	declared := w.declaredNamePatterns(key)
	if name, ok := pattern.Example(key, slices.Concat(others, declared)...); ok {
		return name, true
	}
	return pattern.Example(key, declared...)
}

// allDeclared reports whether all names that match the pattern are declared.
func (w *walk) allDeclared(key string) bool {
	answer, _ := pattern.AllOf(key).Within(pattern.AnyOf(w.declaredNamePatterns(key)...))
	return answer == pattern.Yes
}

// mostExact bounds the declared names that a made-up name avoids.
const mostExact = 20

// declaredNamePatterns returns a pattern for each declared name that matches
// the pattern. It matches nothing but the name.
func (w *walk) declaredNamePatterns(pattern string) []string {
	re := w.old.reader.regexp(pattern)
	var all []string
	for _, name := range w.propertyNames() {
		if len(all) < mostExact && re != nil && re.MatchString(name) {
			all = append(all, "^"+regexp.QuoteMeta(name)+"$")
		}
	}
	return all
}

var additionalRestricted = &diff.Rule{
	ID:      "schema/additional-properties-restricted",
	Title:   "additional properties restricted",
	Sends:   diff.Breaking,
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
}

var additionalOpened = &diff.Rule{
	ID:       "schema/additional-properties-opened",
	Title:    "additional properties allowed",
	Receives: diff.Breaking,
	Aliases:  []string{"confluent:ADDITIONAL_PROPERTIES_ADDED", "confluent:ADDITIONAL_PROPERTIES_EXTENDED"},
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
}

// compareUndeclared compares what two schemas say of undeclared properties. All
// readings take this literally.
func (w *walk) compareUndeclared(at place, what string, o, n *property) {
	switch {
	case o.open() && n.open(), o.refused && n.refused:
	case n.refused, o.open():
		w.report(additionalRestricted, at, w.propertyHash(w.old, o), w.propertyHash(w.new, n),
			what+" are "+n.describe()+", they were "+o.describe())
	case o.refused, n.open():
		w.report(additionalOpened, at, w.propertyHash(w.old, o), w.propertyHash(w.new, n),
			what+" are "+n.describe()+", they were "+o.describe())
	default:
		w.compareBelow(at.step, w.old.conjunction(o.schemas), w.new.conjunction(n.schemas))
	}
}
