package jsonschema_test

import (
	"bytes"
	"strings"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/assent-dev/assent/diff"
)

// wild makes a schema of keywords that do not go well together: bounds without a
// type, lists with patterns, choices that overlap.
func (g *generator) wild(depth int) schema {
	s := schema{}
	for range 1 + g.IntN(3) {
		g.keyword(s, depth)
	}
	return s
}

// keyword adds one keyword of a schema at random.
func (g *generator) keyword(s schema, depth int) {
	word := func() string { return string(rune('a' + g.IntN(3))) }
	inner := func() any { return g.wilder(depth) }
	switch g.IntN(22) {
	case 0, 1, 2:
		types := []any{"string", "integer", "number", "boolean", "null", "object", "array"}
		i, n := g.IntN(6), 1+g.IntN(2)
		s["type"] = types[i : i+n]
	case 3:
		values := []any{"a", "ab", 1, 0.5, nil, true, []any{}, "", 2}
		i, n := g.IntN(5), 1+g.IntN(4)
		s["enum"] = values[i : i+n]
	case 4:
		s["const"] = []any{"a", 1, nil, false}[g.IntN(4)]
	case 5:
		s[[]string{"minimum", "exclusiveMaximum"}[g.IntN(2)]] = g.IntN(4)
	case 6:
		s["multipleOf"] = []float64{1, 2, 3, 0.5}[g.IntN(4)]
	case 7:
		s[[]string{"minLength", "maxLength", "minItems", "maxItems"}[g.IntN(4)]] = g.IntN(3)
	case 8:
		s["pattern"] = []string{"^a", "b$", "^[ab]+$", "^.?$"}[g.IntN(4)]
	case 9:
		s["items"] = inner()
	case 10:
		s["prefixItems"] = []any{inner(), inner()}
	case 11:
		s["contains"], s["uniqueItems"] = inner(), g.IntN(2) == 0
	case 12, 13, 14:
		s["properties"], s["additionalProperties"] = schema{word(): inner(), word(): inner()}, g.IntN(2) == 0
	case 15, 16:
		s["required"] = []any{word()}
	case 17:
		s[[]string{"minProperties", "maxProperties"}[g.IntN(2)]] = g.IntN(3)
	case 18:
		s["not"] = inner()
	default:
		s[[]string{"anyOf", "oneOf", "allOf"}[g.IntN(3)]] = []any{inner(), inner()}
	}
}

// wilder makes a schema within a wild one.
func (g *generator) wilder(depth int) any {
	if depth > 0 {
		return g.wild(depth - 1)
	}
	return []any{
		schema{"type": "string"}, schema{"type": "integer"}, schema{"const": "a"}, schema{"minimum": 1},
		schema{"required": []any{"a"}}, schema{"maxLength": 1}, true,
	}[g.IntN(7)]
}

// changed returns another schema, which mostly has something of the given one.
func (g *generator) changed(t *testing.T, s schema) schema {
	if g.IntN(3) == 0 {
		return g.wild(2)
	}
	other := clone(t, s)
	for _, name := range sorted(other) {
		if g.IntN(4) == 0 {
			delete(other, name)
		}
	}
	g.keyword(other, 2)
	return other
}

// TestWitnessesHold compiles the schemas as they are written, independently of how
// they were read. A witness of a change of the whole schema must be accepted by
// one of them and refused by the other.
func TestWitnessesHold(t *testing.T) {
	shown := 0
	for seed := range uint64(2 * rounds) {
		g := newGenerator(seed + 4_000_000)
		old := g.wild(2)
		new := g.changed(t, old)
		texts := [2]string{write(t, old), write(t, new)}
		accepted, refused := compile(t, texts[0]), compile(t, texts[1])
		for _, c := range compare(t, texts[0], texts[1]).Changes {
			if c.Witness == nil || c.Witness.Value == nil || !atTop(c) {
				continue
			}
			shown++
			value, err := validator.UnmarshalJSON(bytes.NewReader(c.Witness.Value))
			if err != nil {
				t.Fatal(err)
			}
			yes, no := accepted, refused
			if c.Witness.AcceptedBy == "new" {
				yes, no = no, yes
			}
			if yes.Validate(value) != nil || no.Validate(value) == nil {
				t.Fatalf("seed %d: %s: %s is not accepted by %s alone\n%s\n%s", seed, c.Message,
					c.Witness.Value, c.Witness.AcceptedBy, texts[0], texts[1])
			}
		}
	}
	t.Logf("%d values", shown)
	if shown < rounds/2 {
		t.Errorf("only %d values: the test tests too little", shown)
	}
}

// atTop reports whether a change concerns the whole value in all of its uses.
func atTop(c diff.Change) bool {
	for _, r := range c.Reaches {
		if rest := place(r.Use.String()); rest != "schema" || strings.ContainsAny(r.Use.String(), "[{") {
			return false
		}
	}
	return true
}

// simple are values of every kind, without any properties.
var simple = []string{
	`"a"`, `"b"`, `"ab"`, `""`, `"aab"`, `0`, `1`, `2`, `3`, `6`, `7`, `-1`, `0.5`, `null`, `true`, `false`,
	`[]`, `{}`, `["a"]`, `["a","a"]`, `["a",1]`, `[1]`, `[null,""]`, `[1,2,"a"]`, `[{}]`, `[[]]`,
}

// TestSafeHolds tries simple values on wild schemas. If the report says that
// nobody is hurt, a value that was accepted must still be accepted.
func TestSafeHolds(t *testing.T) {
	var values []any
	for _, text := range simple {
		v, err := validator.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	hurt := 0
	for seed := range uint64(2 * rounds) {
		g := newGenerator(seed + 5_000_000)
		old := g.wild(2)
		new := g.changed(t, old)
		texts := [2]string{write(t, old), write(t, new)}
		report := compare(t, texts[0], texts[1])
		schemas := [2]*validator.Schema{compile(t, texts[0]), compile(t, texts[1])}
		for i, side := range []diff.Side{diff.Sends, diff.Receives} {
			for j, v := range values {
				if schemas[i].Validate(v) != nil || schemas[1-i].Validate(v) == nil {
					continue
				}
				hurt++
				if costs(report, side) == diff.Safe {
					t.Fatalf("seed %d: %s is said to be safe, but %s is refused now\n%s\n%s", seed, side,
						simple[j], texts[0], texts[1])
				}
			}
		}
	}
	if hurt < rounds {
		t.Errorf("only %d values hurt: the test tests too little", hurt)
	}
}
