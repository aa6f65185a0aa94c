package jsonschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// witness makes up a value that one side accepts and the other refuses, for a
// change that breaks. Both answers come from an independent validator.
func (c *Comparer) witness(rule *diff.Rule, p pair) *diff.Witness {
	if why := unchecked[rule]; why != "" {
		return &diff.Witness{Why: why}
	}
	older, err := c.validator(p.old, p.side)
	if err != nil {
		return &diff.Witness{Why: err.Error()}
	}
	newer, err := c.validator(p.new, p.side)
	if err != nil {
		return &diff.Witness{Why: err.Error()}
	}
	left := mostMade
	s := &sampler{side: p.side, left: &left}
	if rule.Sends == diff.Breaking { // what was accepted is refused
		values := s.propose(wish{fits: []*effective{p.old}, near: []*effective{p.new}}, 0)
		if v := c.separate(values, older, newer); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "old", RefusedBy: "new"}
		}
	}
	if rule.Receives == diff.Breaking { // what was never sent may come
		values := s.propose(wish{fits: []*effective{p.new}, near: []*effective{p.old}}, 0)
		if v := c.separate(values, newer, older); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "new", RefusedBy: "old"}
		}
	}
	return &diff.Witness{Why: "no value was found that one side accepts and the other refuses"}
}

// unchecked says of rules on annotations why no value can show them.
var unchecked = map[*diff.Rule]string{
	contentChanged:       "what a string encodes is not checked by validators",
	contentNarrowed:      "what a string encodes is not checked by validators",
	contentWidened:       "what a string encodes is not checked by validators",
	knownValueRemoved:    "the list names known values and refuses no other",
	discriminatorChanged: "the discriminator allows and refuses no value",
}

// accepted makes up a value that one schema accepts and the other refuses, nil
// if none is found.
func (w *walk) accepted(accepts, refuses *effective) json.RawMessage {
	yes, err := w.validator(accepts, w.side)
	if err != nil {
		return nil
	}
	no, err := w.validator(refuses, w.side)
	if err != nil {
		return nil
	}
	inner := refuses.inner()
	left := mostMade
	s := &sampler{side: w.side, left: &left}
	for _, also := range append([]*effective{nil}, inner...) {
		tried := wish{fits: []*effective{accepts}, near: append([]*effective{refuses}, inner...)}
		if also != nil {
			tried.fits = append(tried.fits, also)
		}
		if v := w.separate(s.propose(tried, 0), yes, no); v != nil {
			return v
		}
	}
	return nil
}

// mostInner bounds the schemas within a keyword that values are made up for.
const mostInner = 16

// inner are the schemas within the keywords that a lone schema consists of.
func (e *effective) inner() []*effective {
	var all []*effective
	add := func(n *tree.Node) {
		if len(all) < mostInner && (n.Is(tree.Object) || n.Is(tree.Bool)) {
			all = append(all, e.reader.effective(n, n))
		}
	}
	for _, keyword := range e.lone {
		k := e.sites[0].Get(keyword)
		if slices.Contains(schemaKeywords, keyword) {
			add(k)
			continue
		}
		for c := range k.Children() {
			add(c)
		}
	}
	return all
}

// validator is a schema in the hands of an independent library, and what it
// takes to check one value.
type validator struct {
	*jsonschema.Schema
	effort int
}

// separate returns the first value that the one accepts and the other refuses.
// It takes the effort from what is left for witnesses.
func (c *Comparer) separate(values proposals, accepts, refuses validator) json.RawMessage {
	for v := range values {
		if c.witnessed <= 0 {
			return nil
		}
		c.witnessed -= (accepts.effort + refuses.effort) / effortPerNode
		parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(v))
		if err == nil && accepts.Validate(parsed) == nil && refuses.Validate(parsed) != nil {
			return v
		}
	}
	return nil
}

// effortPerNode is how much checking costs as much as exporting a node.
const effortPerNode = 20

// validator compiles the schema as the side sees it. It loads nothing.
func (c *Comparer) validator(e *effective, side diff.Side) (v validator, err error) {
	v.effort = 1
	f := &effort{reader: e.reader, known: map[visit]int{}}
	for _, site := range e.sites {
		v.effort += f.of(site, levels)
	}
	if v.effort >= mostEffort {
		return v, errors.New("checking a value against the schema takes too long")
	}
	text, err := e.export(side, &c.witnessed)
	if err != nil {
		return v, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return v, fmt.Errorf("read the exported schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(jsonschema.SchemeURLLoader{})
	compiler.AssertFormat()
	if err := compiler.AddResource("assent:schema", doc); err != nil {
		return v, err
	}
	v.Schema, err = compiler.Compile("assent:schema")
	return v, err
}
