package jsonschema

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/assent-dev/assent/diff"
)

// witness makes up a value that one side accepts and the other refuses, for a
// change that breaks. Both answers come from an independent validator.
func (c *Comparer) witness(rule *diff.Rule, p pair) *diff.Witness {
	older, err := validator(p.old, p.side, &c.witnessed)
	if err != nil {
		return &diff.Witness{Why: err.Error()}
	}
	newer, err := validator(p.new, p.side, &c.witnessed)
	if err != nil {
		return &diff.Witness{Why: err.Error()}
	}
	left := mostMade
	if rule.Sends == diff.Breaking { // what was accepted is refused
		s := &sampler{side: p.side, edges: []*effective{p.new}, left: &left}
		if v := separate(s.propose(p.old, 0), older, newer); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "old", RefusedBy: "new"}
		}
	}
	if rule.Receives == diff.Breaking { // what was never sent may come
		s := &sampler{side: p.side, edges: []*effective{p.old}, left: &left}
		if v := separate(s.propose(p.new, 0), newer, older); v != nil {
			return &diff.Witness{Value: v, AcceptedBy: "new", RefusedBy: "old"}
		}
	}
	return &diff.Witness{Why: "no value was found that one side accepts and the other refuses"}
}

// separate returns the first value that the one accepts and the other refuses.
func separate(values []json.RawMessage, accepts, refuses *jsonschema.Schema) json.RawMessage {
	for _, v := range values {
		parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(v))
		if err == nil && accepts.Validate(parsed) == nil && refuses.Validate(parsed) != nil {
			return v
		}
	}
	return nil
}

// validator compiles the schema as the side sees it. It loads nothing.
func validator(e *effective, side diff.Side, budget *int) (*jsonschema.Schema, error) {
	text, err := e.export(side, budget)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read the exported schema: %w", err)
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(jsonschema.SchemeURLLoader{})
	c.AssertFormat()
	if err := c.AddResource("assent:schema", doc); err != nil {
		return nil, err
	}
	return c.Compile("assent:schema")
}
