package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var enumAdded = &diff.Rule{
	ID: "schema/enum-added", Title: "values limited to a list", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:{request-body,request-property,request-parameter,request-header-property}-became-enum@sends",
		"oasdiff:request-{body,property}-const-added@sends",
		"oasdiff:response-{body,property}-const-added@receives",
	},
	Doc: `
Values that were accepted are refused unless they are in the list.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"status": {"type": "string"}}}
-- new.json --
{"properties": {"status": {"type": "string", "enum": ["open", "paid"]}}}
-- want --
new.json:1:17: breaking: schema › status: values were limited to open or paid [schema/enum-added] (was old.json:1)
    for example "a": accepted by the old revision, refused by the new
`,
}

var enumRemoved = &diff.Rule{
	ID: "schema/enum-removed", Title: "values no longer limited to a list", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property}-const-removed@sends",
		"oasdiff:response-{body,property}-const-removed@receives",
	},
	Doc: `
Consumers may receive values that the list did not have.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"status": {"type": "string", "enum": ["open", "paid"]}}}
-- new.json --
{"properties": {"status": {"type": "string"}}}
-- want --
new.json:1:17: breaking: schema › status: values are no longer limited to open or paid [schema/enum-removed] (was old.json:1)
    for example "a": accepted by the new revision, refused by the old
`,
}

// compareEnums compares the lists of values to which schemas are limited. A
// const is a list of one value.
func (w *walk) compareEnums() {
	olds, oldLimited := w.old.enum()
	news, newLimited := w.new.enum()
	oldList, newList := w.old.listKeyword(), w.new.listKeyword()
	switch {
	case !oldLimited && !newLimited:
	case !oldLimited:
		w.report(enumAdded, w.placeOf(nil, newList), diff.Hash{}, hashOf(newList),
			"values were limited to "+quoted(news), quoted(news))
	case !newLimited:
		w.report(enumRemoved, w.placeOf(oldList, nil), hashOf(oldList), diff.Hash{},
			"values are no longer limited to "+quoted(olds), quoted(olds))
	default:
		w.compareValues(olds, news, oldList, newList)
	}
}

var enumValueRemoved = &diff.Rule{
	ID: "schema/enum-value-removed", Title: "enum value removed", Sends: diff.Breaking,
	Aliases: []string{
		"oasdiff:request-{body,property,parameter,parameter-property}-enum-value-removed@sends",
		"oasdiff:{response-property,response-mediatype}-enum-value-removed@receives",
		"confluent:ENUM_ARRAY_NARROWED",
	},
	Doc: `
Consumers that send the value are refused. Keep accepting it until nobody sends
it any more.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"status": {"enum": ["open", "paid"]}}}
-- new.json --
{"properties": {"status": {"enum": ["open"]}}}
-- want --
new.json:1:17: breaking: schema › status: value paid was removed [schema/enum-value-removed] (was old.json:1)
    for example "paid": accepted by the old revision, refused by the new
`,
}

var enumValueAdded = &diff.Rule{
	ID: "schema/enum-value-added", Title: "enum value added", Receives: diff.Breaking,
	Aliases: []string{
		"oasdiff:{request-property,request-parameter,request-parameter-property}-enum-value-added@sends",
		"oasdiff:response-property-enum-value-added@receives", "confluent:ENUM_ARRAY_EXTENDED",
	},
	Doc: `
Consumers may receive a value that they do not know; generated clients often
refuse it. Where consumers were told to expect new values, lower the rule for
those who receive:

	rules: {schema/enum-value-added: {receives: risky}}`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"status": {"enum": [
  "open"
]}}}
-- new.json --
{"properties": {"status": {"enum": [
  "open",
  "paid"
]}}}
-- want --
new.json:3:3: breaking: schema › status: value paid was added [schema/enum-value-added] (was old.json:1)
    for example "paid": accepted by the new revision, refused by the old
`,
}

// compareValues compares the values of two lists.
func (w *walk) compareValues(olds, news []*tree.Node, oldList, newList *tree.Node) {
	before, after := setOf(olds), setOf(news)
	for _, v := range olds {
		if !after[v.Hash()] {
			at := w.placeOf(v, newList)
			at.definition = w.old.definitionOf(v)
			w.hint(w.report(enumValueRemoved, at, hashOf(v), diff.Hash{},
				"value "+valueText(v)+" was removed", valueText(v)), hint{value: v})
		}
	}
	for _, v := range news {
		if !before[v.Hash()] {
			at := w.placeOf(oldList, v)
			if v.Key == "" { // an element of a list, which is shown without the rest of the list
				at.new = v.At()
			}
			w.hint(w.report(enumValueAdded, at, diff.Hash{}, hashOf(v), "value "+valueText(v)+" was added",
				valueText(v)), hint{value: v})
		}
	}
}

var knownValueRemoved = &diff.Rule{
	ID: "schema/known-value-removed", Title: "value of an open list removed", Sends: diff.Breaking,
	Aliases: []string{"oasdiff:request-{property,parameter}-x-extensible-enum-value-removed@sends"},
	Doc: `
A list in x-extensible-enum may grow, which consumers were told to expect. Values
that are taken off it are refused when consumers still send them.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"status": {"type": "string", "x-extensible-enum": ["open", "paid"]}}}
-- new.json --
{"properties": {"status": {"type": "string", "x-extensible-enum": ["open"]}}}
-- want --
new.json:1:17: breaking: schema › status: value paid was removed [schema/known-value-removed] (was old.json:1)
    no example: the list names known values and refuses no other
`,
}

var knownValueAdded = &diff.Rule{
	ID: "schema/known-value-added", Title: "value of an open list added",
	Doc: `
Consumers were told to expect more values than the list in x-extensible-enum has.`,
	Example: `
--compatibility full
-- old.json --
{"properties": {"status": {"type": "string", "x-extensible-enum": ["open"]}}}
-- new.json --
{"properties": {"status": {"type": "string", "x-extensible-enum": ["open", "paid"]}}}
-- want --
new.json:1:17: safe: schema › status: value paid was added [schema/known-value-added] (was old.json:1)
`,
}

// compareKnownValues compares the lists of x-extensible-enum.
func (w *walk) compareKnownValues() {
	o, n := w.old.first("x-extensible-enum"), w.new.first("x-extensible-enum")
	if o == nil || n == nil || w.Pruner.Same(o, n) {
		return
	}
	olds, news := slices.Collect(o.Children()), slices.Collect(n.Children())
	before, after := setOf(olds), setOf(news)
	for _, v := range olds {
		if !after[v.Hash()] {
			w.report(knownValueRemoved, w.placeOf(v, n), hashOf(v), diff.Hash{},
				"value "+valueText(v)+" was removed", valueText(v))
		}
	}
	for _, v := range news {
		if !before[v.Hash()] {
			w.report(knownValueAdded, w.placeOf(o, v), diff.Hash{}, hashOf(v),
				"value "+valueText(v)+" was added", valueText(v))
		}
	}
}
