package jsonschema_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
)

// rounds is how many generated schemas each property is tried on.
const rounds = 300

func TestSelfComparisonIsEmpty(t *testing.T) {
	for seed := range uint64(rounds) {
		text := write(t, newGenerator(seed).document())
		if report := compare(t, text, text); len(report.Changes) > 0 {
			t.Fatalf("seed %d: %s\n%s", seed, report.Changes[0].Message, text)
		}
	}
}

// rewrites change how a schema is written, but not what it allows. They return
// the same schema if they do not apply to it.
func (g *generator) rewrites() map[string]func(schema) schema {
	return map[string]func(schema) schema{
		"behind a reference": func(s schema) schema {
			name := fmt.Sprintf("R%d", len(g.defs))
			g.defs[name] = s
			return schema{"$ref": "#/$defs/" + name}
		},
		"in an allOf of one": func(s schema) schema { return schema{"allOf": []any{s}} },
		"in a oneOf of one":  func(s schema) schema { return schema{"oneOf": []any{s}} },
		"described": func(s schema) schema {
			s["description"], s["examples"] = "said otherwise", []any{1}
			return s
		},
		"cut in two by allOf": func(s schema) schema {
			properties, ok := s["properties"].(schema)
			if !ok || s["additionalProperties"] != nil {
				return s
			}
			first, second := schema{}, schema{}
			for i, name := range sorted(properties) {
				[]schema{first, second}[i%2][name] = properties[name]
			}
			parts := []any{schema{"type": "object", "properties": first}, schema{"properties": second}}
			if required := s["required"]; required != nil {
				parts = append(parts, schema{"required": required})
			}
			return schema{"allOf": parts}
		},
		"enum in another order": func(s schema) schema {
			if list, ok := s["enum"].([]any); ok {
				slices.Reverse(list)
			}
			return s
		},
		"branches in another order": func(s schema) schema {
			if list, ok := s["oneOf"].([]any); ok {
				slices.Reverse(list)
			}
			return s
		},
		"any of what excludes each other": func(s schema) schema {
			if list, ok := s["oneOf"].([]any); ok {
				delete(s, "oneOf")
				s["anyOf"] = list
			}
			return s
		},
		"one constant as a list": func(s schema) schema {
			if list, ok := s["enum"].([]any); ok && len(list) == 1 {
				delete(s, "enum")
				s["const"] = list[0]
			}
			return s
		},
		"values as alternatives": func(s schema) schema {
			list, ok := s["enum"].([]any)
			if !ok {
				return s
			}
			var branches []any
			for i, v := range list {
				branches = append(branches, schema{"const": v, "title": fmt.Sprint(i)})
			}
			delete(s, "enum")
			s["anyOf"] = branches
			return s
		},
		"what its values satisfy": func(s schema) schema {
			if s["enum"] != nil {
				s["minLength"], s["pattern"], s["minimum"] = 1, "^[a-z0-9]$", 5
			}
			return s
		},
		"integers as multiples": func(s schema) schema {
			if s["type"] == "integer" {
				s["type"], s["multipleOf"] = "number", 1
			}
			return s
		},
		"sizes that follow": func(s schema) schema {
			if required, ok := s["required"].([]any); ok {
				s["minProperties"] = len(required)
			}
			if properties, ok := s["properties"].(schema); ok && s["additionalProperties"] == false {
				s["maxProperties"] = len(properties)
			}
			return s
		},
		"open to anything, described": func(s schema) schema {
			if s["type"] == "object" && s["additionalProperties"] == nil {
				s["additionalProperties"] = schema{"description": "anything else"}
			}
			return s
		},
		"open, and said so": func(s schema) schema {
			if s["type"] == "object" && s["additionalProperties"] == nil {
				s["additionalProperties"] = true
			}
			return s
		},
		"twice negated": func(s schema) schema {
			if s["type"] == "boolean" {
				return schema{"not": schema{"not": s}}
			}
			return s
		},
		"a pattern in other words": func(s schema) schema {
			if least, ok := s["minLength"].(float64); ok && least > 0 {
				delete(s, "minLength")
				s["pattern"] = fmt.Sprintf("^(.|\n){%d}", int(least))
			}
			return s
		},
		"types as alternatives": func(s schema) schema {
			types, ok := s["type"].([]any)
			if !ok {
				return s
			}
			var branches []any
			for _, typ := range types {
				branches = append(branches, schema{"type": typ})
			}
			delete(s, "type")
			s["anyOf"] = branches
			return s
		},
		"exclusive bound of an integer": func(s schema) schema {
			if least, ok := s["minimum"].(float64); ok && s["type"] == "integer" {
				delete(s, "minimum")
				s["exclusiveMinimum"] = least - 1
			}
			return s
		},
		"said twice": func(s schema) schema { return schema{"allOf": []any{s, s}} },
	}
}

func TestRewritesReportNothing(t *testing.T) {
	for name := range newGenerator(0).rewrites() {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(rounds) {
				old := newGenerator(seed).document()
				g := newGenerator(seed + 1_000_000)
				new := clone(t, old)
				g.defs = new["$defs"].(schema)
				rewrite := g.rewrites()[name]
				new = places(new, func(s schema) schema {
					if g.IntN(3) > 0 {
						return s
					}
					return rewrite(s)
				})
				for way, pair := range map[string][2]schema{"there": {old, new}, "back": {new, old}} {
					report := compare(t, write(t, pair[0]), write(t, pair[1]))
					if len(report.Changes)+len(report.Errors) > 0 {
						t.Fatalf("seed %d, %s: %+v %v\n%s\n%s", seed, way, report.Changes, report.Errors,
							write(t, old), write(t, new))
					}
				}
			}
		})
	}
}

// breaks lists the places at which a change breaks a side.
func breaks(report *diff.Report, side diff.Side) []string {
	var all []string
	for _, c := range report.Changes {
		for _, r := range c.Reaches {
			level := r.Costs.Sends
			if side == diff.Receives {
				level = r.Costs.Receives
			}
			if r.Side&side != 0 && level == diff.Breaking {
				all = append(all, place(r.Use.String()))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// place leaves out branches, since their names depend on their content.
func place(subject string) string {
	var parts []string
	for _, p := range strings.Split(subject, " › ") {
		if !strings.HasPrefix(p, "(") {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " › ")
}

// limits are the changes of a keyword whose costs mirror each other: what one
// side can no longer send, the other side would newly receive on the way back.
// That is not so for properties that are added or removed, and for objects that
// are opened or closed.
func (g *generator) limit(s schema) schema {
	switch {
	case s["minLength"] != nil:
		s["minLength"] = s["minLength"].(float64) + 1
	case s["minimum"] != nil:
		s["minimum"] = s["minimum"].(float64) + 2
	case s["maximum"] != nil:
		s["type"] = "integer"
	case s["minItems"] != nil:
		s["maxItems"] = 9
	case s["enum"] != nil:
		s["enum"] = s["enum"].([]any)[1:]
	case s["type"] == "boolean":
		s["type"] = "string"
	case s["type"] == "object" && s["required"] != nil:
		delete(s, "required")
	case s["type"] == "object" && s["properties"] != nil:
		s["required"] = []any{"a"}
	}
	return s
}

func TestSidesMirror(t *testing.T) {
	found := 0
	for seed := range uint64(rounds) {
		old := newGenerator(seed).document()
		g := newGenerator(seed + 2_000_000)
		new := places(clone(t, old), func(s schema) schema {
			if g.IntN(4) > 0 {
				return s
			}
			return g.limit(s)
		})
		there := compare(t, write(t, old), write(t, new))
		back := compare(t, write(t, new), write(t, old))
		for _, side := range []diff.Side{diff.Sends, diff.Receives} {
			a, b := breaks(there, side), breaks(back, side.Flip())
			found += len(a)
			if !slices.Equal(a, b) {
				t.Fatalf("seed %d: there %s breaks\n%q\nback %s breaks\n%q\n%s\n%s", seed, side, a,
					side.Flip(), b, write(t, old), write(t, new))
			}
		}
	}
	if found < rounds {
		t.Errorf("only %d breaks in %d schemas: the test tests too little", found, rounds)
	}
}

func FuzzCompare(f *testing.F) {
	for seed := range uint64(5) {
		a, b := newGenerator(seed), newGenerator(seed+100)
		f.Add(write(f, a.document()), write(f, b.document()))
	}
	f.Add(`{}`, `{"multipleOf": 0}`)
	f.Add(`{"$ref": "#"}`, `{"allOf": [{"$ref": "#"}, {"not": {"$ref": "#"}}]}`)
	f.Add(`{"patternProperties": {"(": {}}, "minimum": 1e999}`,
		`{"multipleOf": 0, "enum": [null, {"a": []}]}`)
	f.Fuzz(func(t *testing.T, old, new string) {
		if len(old)+len(new) > 64<<10 {
			t.Skip("long texts are slow to mutate and say no more")
		}
		files := fstest.MapFS{"old.json": {Data: []byte(old)}, "new.json": {Data: []byte(new)}}
		source := func(name string) diff.Source { return diff.Source{FS: files, Paths: []string{name}} }
		compare := func(old, new string) *diff.Report {
			report, err := diff.Compare(context.Background(),
				diff.Contract{Name: "fuzz", Format: jsonschema.Format}, []diff.Source{source(old)},
				source(new))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := json.Marshal(report.Changes); err != nil {
				t.Fatal(err)
			}
			return report
		}
		compare("old.json", "new.json")
		if self := compare("new.json", "new.json"); len(self.Changes) > 0 {
			t.Errorf("differs from itself: %+v", self.Changes)
		}
	})
}
