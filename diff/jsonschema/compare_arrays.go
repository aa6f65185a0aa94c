package jsonschema

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var uniqueRequired = &diff.Rule{
	ID: "schema/unique-items-required", Title: "items must be unique", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-unique-items-set@sends", "confluent:UNIQUE_ITEMS_ADDED",
	},
	Doc: `
Arrays with equal items were accepted and are refused now.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"tags": {"type": "array"}}}
-- new.json --
{"properties": {"tags": {"type": "array", "uniqueItems": true}}}
-- want --
new.json:1:17: breaking: schema › tags: items must be unique [schema/unique-items-required] (was old.json:1)
    for example ["a","a"]: accepted by the old revision, refused by the new
`,
}

var uniqueDropped = &diff.Rule{
	ID: "schema/unique-items-dropped", Title: "items need not be unique", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-unique-items-unset@sends",
		"oasdiff:response-{body,property}-unique-items-unset@receives",
		"confluent:UNIQUE_ITEMS_REMOVED",
	},
	Doc: `
Consumers may receive equal items where each was promised to come once.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"tags": {"type": "array", "uniqueItems": true}}}
-- new.json --
{"properties": {"tags": {"type": "array"}}}
-- want --
new.json:1:17: breaking: schema › tags: items need not be unique any more [schema/unique-items-dropped] (was old.json:1)
    for example ["a","a"]: accepted by the new revision, refused by the old
`,
}

// compareArrays compares the elements of arrays. compareRanges compares their
// number.
func (w *walk) compareArrays() {
	o, n := w.old.flag("uniqueItems"), w.new.flag("uniqueItems")
	at := w.placeOf(w.old.first("uniqueItems"), w.new.first("uniqueItems"))
	switch {
	case n && !o && w.old.mostElements() > 1: // a single item is always unique
		w.report(uniqueRequired, at, diff.HashOf("false"), diff.HashOf("true"), "items must be unique")
	case o && !n && w.new.mostElements() > 1:
		w.report(uniqueDropped, at, diff.HashOf("true"), diff.HashOf("false"),
			"items need not be unique any more")
	}
	positions, last := max(w.old.positions(), w.new.positions()), w.mostElements()
	for i := range min(positions, mostPositions, last) {
		w.compareElements(element(i), w.old.elements(i), w.new.elements(i))
	}
	if positions < last {
		w.compareElements(elements, w.old.elements(positions), w.new.elements(positions))
	}
}

// mostElements returns how many elements both schemas allow.
func (w *walk) mostElements() int { return min(w.old.mostElements(), w.new.mostElements()) }

// compareElements compares the elements at one position, or all further ones.
func (w *walk) compareElements(step diff.Step, olds, news []*tree.Node) {
	if len(olds)+len(news) > 0 {
		w.compareBelow(step, w.old.conjunction(olds), w.new.conjunction(news))
	}
}
