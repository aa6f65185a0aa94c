package jsonschema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/assent-dev/assent/diff"
)

// rich makes a schema of keywords that contain other schemas, around a plain
// one.
func (g *generator) rich(depth int) schema {
	s := g.object(max(depth, 1))
	if depth == 0 {
		return s
	}
	inner := func() schema { return g.rich(depth - 1) }
	word := func() string { return string(rune('a' + g.IntN(3))) }
	switch g.IntN(14) {
	case 0:
		return schema{"type": "array", "prefixItems": []any{g.scalar(), inner()}, "items": g.scalar()}
	case 1:
		return schema{"type": "array", "items": g.scalar(), "contains": g.scalar(), "minContains": g.IntN(3)}
	case 2:
		s["not"] = schema{"required": []any{word()}}
	case 3:
		s["if"], s["then"], s["else"] = schema{"required": []any{word()}}, schema{"required": []any{word()}},
			schema{"maxProperties": 1 + g.IntN(3)}
	case 4:
		s["dependentRequired"] = schema{word(): []any{word()}}
	case 5:
		s["dependentSchemas"] = schema{word(): inner()}
	case 6:
		s["patternProperties"] = schema{"^" + word(): g.scalar()}
	case 7:
		s["propertyNames"] = schema{"maxLength": g.IntN(3)}
	case 8:
		return schema{"anyOf": []any{inner(), g.scalar(), inner()}}
	case 9:
		return schema{"oneOf": []any{inner(), g.scalar()}, "anyOf": []any{g.scalar(), inner()}}
	case 10:
		return schema{"allOf": []any{inner(), g.object(1)}}
	case 11:
		return schema{"type": "string", "pattern": []string{"^a", "b$", "^[ab]+$", "a.b"}[g.IntN(4)]}
	case 12:
		return schema{"type": "integer", "multipleOf": 1 + g.IntN(4), "not": schema{"const": g.IntN(4)}}
	case 13:
		s["unevaluatedProperties"] = false
	}
	return s
}

// change returns a schema that mostly differs little from the given one.
func (g *generator) change(s schema) schema {
	switch g.IntN(8) {
	case 0:
		return g.limit(s)
	case 1:
		return g.rich(1)
	case 2:
		for _, keyword := range []string{
			"not", "if", "contains", "dependentRequired", "dependentSchemas", "patternProperties",
			"propertyNames", "pattern", "required",
		} {
			delete(s, keyword)
		}
	case 3:
		if list, ok := s["anyOf"].([]any); ok {
			s["anyOf"] = append(list, g.rich(1))
		}
	}
	return s
}

// value makes up a value that may fit the schema. Its properties have names that
// the schema declares, requires or has a pattern for.
func (g *generator) value(s any, depth int) any {
	m, ok := s.(schema)
	if !ok || depth == 0 {
		return g.IntN(3)
	}
	if ref, ok := m["$ref"].(string); ok {
		return g.value(g.defs[ref[len("#/$defs/"):]], depth-1)
	}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		if list, ok := m[keyword].([]any); ok {
			return g.value(list[g.IntN(len(list))], depth)
		}
	}
	if list, ok := m["enum"].([]any); ok {
		return list[g.IntN(len(list))]
	}
	typ := m["type"]
	if list, ok := typ.([]any); ok {
		typ = list[g.IntN(len(list))]
	}
	switch typ {
	case "null":
		return nil
	case "boolean":
		return g.IntN(2) == 0
	case "integer":
		return g.IntN(14)
	case "number":
		return float64(g.IntN(40)-10) / 2
	case "string":
		return []string{"", "a", "ab", "bab", "aab", "abcdefghij"}[g.IntN(6)]
	case "array":
		list := []any{}
		first, _ := m["prefixItems"].([]any)
		for i := range g.IntN(4) {
			inner := m["items"]
			if i < len(first) {
				inner = first[i]
			}
			list = append(list, g.value(inner, depth-1))
		}
		return list
	}
	object := schema{}
	properties, _ := m["properties"].(schema)
	for _, name := range sorted(properties) {
		if g.IntN(3) > 0 {
			object[name] = g.value(properties[name], depth-1)
		}
	}
	if additional, ok := m["additionalProperties"].(schema); ok {
		object["z"] = g.value(additional, depth-1)
	}
	return object
}

func compile(t *testing.T, text string) *validator.Schema {
	t.Helper()
	doc, err := validator.UnmarshalJSON(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("test:schema", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("test:schema")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// costs returns the worst level of all changes for a side.
func costs(report *diff.Report, side diff.Side) diff.Level {
	worst := diff.Safe
	for _, c := range report.Changes {
		for _, r := range c.Reaches {
			if r.Side&side&diff.Sends != 0 {
				worst = max(worst, r.Costs.Sends)
			}
			if r.Side&side&diff.Receives != 0 {
				worst = max(worst, r.Costs.Receives)
			}
		}
	}
	return worst
}

// TestCompatibleHolds tries values on changes that are reported to be compatible.
// If a change is safe for those who send, a value that was accepted must still
// be accepted. If it is safe for those who receive, a value that is accepted now
// must have been accepted before.
func TestCompatibleHolds(t *testing.T) {
	compatible, tried := 0, 0
	for seed := range uint64(3 * rounds) {
		g := newGenerator(seed + 3_000_000)
		old := schema{"type": "object", "properties": schema{"a": g.rich(2), "b": g.rich(2)}, "$defs": g.defs}
		for i := range 3 {
			g.defs[fmt.Sprintf("D%d", i)] = g.object(1)
		}
		new := places(clone(t, old), func(s schema) schema {
			if g.IntN(6) > 0 {
				return s
			}
			return g.change(s)
		})
		texts := [2]string{write(t, old), write(t, new)}
		report := compare(t, texts[0], texts[1])
		for i, side := range []diff.Side{diff.Sends, diff.Receives} {
			if costs(report, side) > diff.Safe || texts[0] == texts[1] {
				continue
			}
			compatible++
			from, to := []schema{old, new}[i], compile(t, texts[1-i])
			accepted := compile(t, texts[i])
			g.defs = clone(t, from)["$defs"].(schema)
			for range 60 {
				value, err := json.Marshal(g.value(clone(t, from), 5))
				if err != nil {
					t.Fatal(err)
				}
				parsed, err := validator.UnmarshalJSON(bytes.NewReader(value))
				if err != nil {
					t.Fatal(err)
				}
				if accepted.Validate(parsed) != nil {
					continue
				}
				tried++
				if err := to.Validate(parsed); err != nil {
					t.Fatalf("seed %d: %s are said to be safe, but %s is refused: %v\n%s\n%s\n%+v", seed,
						side, value, err, texts[0], texts[1], report.Changes)
				}
			}
		}
	}
	t.Logf("%d compatible sides, %d values", compatible, tried)
	if compatible < 100 || tried < 1_000 {
		t.Errorf("only %d compatible sides and %d values: the test tests too little", compatible, tried)
	}
}
