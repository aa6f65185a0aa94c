package jsonschema

import (
	"cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var dependencyAdded = &diff.Rule{
	ID: "schema/dependency-added", Title: "property requires another", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-dependent-required-{added,changed}@sends",
		"oasdiff:response-{body,property}-dependent-required-added@receives",
		"confluent:DEPENDENCY_ARRAY_ADDED", "confluent:DEPENDENCY_ARRAY_EXTENDED",
	},
	Doc: `
Consumers that send the first property without the second one were accepted and
are refused now. Do without the second one, or assume a default for it.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"card": {"type": "string"}, "holder": {"type": "string"}}}
-- new.json --
{"properties": {"card": {"type": "string"}, "holder": {"type": "string"}},
  "dependentRequired": {"card": ["holder"]}}
-- want --
new.json:2:3: breaking: schema: holder is required where card is present [schema/dependency-added] (was old.json:1)
    for example {"card":"a"}: accepted by the old revision, refused by the new
`,
}

var dependencyRemoved = &diff.Rule{
	ID: "schema/dependency-removed", Title: "property no longer requires another", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-dependent-required-removed@sends",
		"oasdiff:response-{body,property}-dependent-required-{removed,changed}@receives",
		"confluent:DEPENDENCY_ARRAY_REMOVED", "confluent:DEPENDENCY_ARRAY_NARROWED",
	},
	Doc: `
Consumers that find the first property expect the second one, too, which may be
missing now. Keep sending both.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"card": {"type": "string"}, "holder": {"type": "string"}},
  "dependentRequired": {"card": ["holder"]}}
-- new.json --
{"properties": {"card": {"type": "string"}, "holder": {"type": "string"}}}
-- want --
new.json:1:1: breaking: schema: holder is no longer required where card is present [schema/dependency-removed] (was old.json:2)
    for example {"card":"a"}: accepted by the new revision, refused by the old
`,
}

// compareDependencies compares which properties require other ones.
func (w *walk) compareDependencies() {
	olds, before := w.old.dependencies()
	news, after := w.new.dependencies()
	for _, d := range news {
		if before[d] == nil && !w.requiresAnyway(w.old, olds, d) && w.spend(1) {
			w.reportDependency(dependencyAdded, d, nil, after[d],
				d.requires+" is required where "+d.property+" is present")
		}
	}
	for _, d := range olds {
		if after[d] == nil && !w.requiresAnyway(w.new, news, d) && w.spend(1) {
			w.reportDependency(dependencyRemoved, d, before[d], nil,
				d.requires+" is no longer required where "+d.property+" is present")
		}
	}
}

// requiresAnyway reports whether a schema implies a dependency that it does not
// state: it always requires the other property, it requires it over several
// dependencies, or it refuses the first one.
func (w *walk) requiresAnyway(e *effective, known []dependency, d dependency) bool {
	if e.requires(d.requires) != nil || e.property(d.property).refused {
		return true
	}
	implied := map[string]bool{d.property: true}
	for more := true; more && !implied[d.requires] && w.spend(len(known)); {
		more = false
		for _, k := range known {
			if implied[k.property] && !implied[k.requires] {
				implied[k.requires], more = true, true
			}
		}
	}
	return implied[d.requires]
}

func (w *walk) reportDependency(rule *diff.Rule, d dependency, old, new *tree.Node, message string) {
	at := w.placeOf(cmp.Or(old, w.old.firstOf("dependentRequired", "dependencies")),
		cmp.Or(new, w.new.firstOf("dependentRequired", "dependencies")))
	at.definition = w.old.reader.pathOf(w.old.definition())
	hash := diff.HashOf(d.property, d.requires)
	if old == nil {
		w.report(rule, at, diff.Hash{}, hash, message, d.property, d.requires)
		return
	}
	w.report(rule, at, hash, diff.Hash{}, message, d.property, d.requires)
}
