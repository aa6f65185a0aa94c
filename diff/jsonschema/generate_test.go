package jsonschema_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// schema is a JSON Schema under construction.
type schema = map[string]any

// generator makes schemas of keywords whose effect the comparison always decides.
type generator struct {
	*rand.Rand
	defs schema
}

func newGenerator(seed uint64) *generator {
	return &generator{rand.New(rand.NewPCG(seed, 1)), schema{}}
}

// document is a schema with the definitions that it refers to.
func (g *generator) document() schema {
	for i := range 3 {
		g.defs[fmt.Sprintf("D%d", i)] = g.object(2) // never a mere reference, which may lead to itself
	}
	root := g.object(3)
	root["$defs"] = g.defs
	return root
}

func (g *generator) schema(depth int) schema {
	if depth == 0 {
		return g.scalar()
	}
	switch g.IntN(6) {
	case 0:
		return g.scalar()
	case 1:
		return schema{"$ref": fmt.Sprintf("#/$defs/D%d", g.IntN(3))}
	case 2:
		return schema{"type": "array", "items": g.schema(depth - 1), "minItems": g.IntN(3)}
	case 3:
		return schema{"type": "object", "additionalProperties": g.schema(depth - 1)}
	case 4:
		return schema{"oneOf": []any{schema{"type": "string", "maxLength": g.IntN(9)}, g.object(depth - 1)}}
	}
	return g.object(depth)
}

func (g *generator) scalar() schema {
	switch g.IntN(6) {
	case 0:
		return schema{"type": "string", "minLength": g.IntN(4)}
	case 1:
		return schema{"type": "integer", "minimum": g.IntN(9)}
	case 2:
		return schema{"type": "number", "maximum": g.IntN(9)}
	case 3:
		return schema{"enum": []any{"a", "b", fmt.Sprint(g.IntN(9))}}
	case 4:
		return schema{"type": []any{"string", "null"}}
	}
	return schema{"type": "boolean"}
}

func (g *generator) object(depth int) schema {
	properties := schema{}
	required := []any{}
	for i := range 1 + g.IntN(3) {
		name := string(rune('a' + i))
		properties[name] = g.schema(max(depth-1, 0))
		if g.IntN(2) == 0 {
			required = append(required, name)
		}
	}
	s := schema{"type": "object", "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	if g.IntN(3) == 0 {
		s["additionalProperties"] = false
	}
	return s
}

// write returns the text of a schema.
func write(t testing.TB, s schema) string {
	t.Helper()
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// clone copies a schema through its text, so that numbers are float64.
func clone(t testing.TB, s schema) schema {
	t.Helper()
	var c schema
	if err := json.Unmarshal([]byte(write(t, s)), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// places replaces the schema and all schemas in it, inner ones first, by what f
// returns for them.
func places(s schema, f func(schema) schema) schema {
	for _, keyword := range []string{"properties", "$defs"} {
		if m, ok := s[keyword].(schema); ok {
			for _, name := range sorted(m) {
				m[name] = places(m[name].(schema), f)
			}
		}
	}
	for _, keyword := range []string{"items", "additionalProperties"} {
		if sub, ok := s[keyword].(schema); ok {
			s[keyword] = places(sub, f)
		}
	}
	for _, keyword := range []string{"oneOf", "allOf"} {
		if list, ok := s[keyword].([]any); ok {
			for i := range list {
				list[i] = places(list[i].(schema), f)
			}
		}
	}
	if _, root := s["$defs"]; root {
		return s
	}
	return f(s)
}

func sorted(m schema) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
