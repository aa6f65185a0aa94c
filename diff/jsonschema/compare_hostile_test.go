package jsonschema_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
)

// compare compares two schemas on both sides.
func compare(t testing.TB, old, new string) *diff.Report {
	t.Helper()
	files := fstest.MapFS{"old.json": {Data: []byte(old)}, "new.json": {Data: []byte(new)}}
	full, err := jsonschema.Format.Compatibility("full")
	if err != nil {
		t.Fatal(err)
	}
	report, err := diff.Compare(context.Background(), diff.Contract{
		Name:          "test",
		Format:        jsonschema.Format,
		Compatibility: full,
	},
		[]diff.Source{{FS: files, Paths: []string{"old.json"}}}, diff.Source{
			FS:    files,
			Paths: []string{"new.json"},
		})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// join writes n members or elements.
func join(n int, format func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = format(i)
	}
	return strings.Join(parts, ",")
}

// patience is how long the comparison of a hostile schema may take. It leaves
// time for the race detector and for busy machines: without the bounds, these
// schemas take minutes.
const patience = 20 * time.Second

func TestHostileSchemasEnd(t *testing.T) {
	branches := func(n int, width string) string {
		return `{"oneOf": [` + join(n, func(i int) string {
			return fmt.Sprintf(`{"type": "object", "properties": {"p%d": {"type": %s}}}`, i, width)
		}) + `]}`
	}
	var nest func(depth int, leaf string) string
	nest = func(depth int, leaf string) string {
		if depth == 0 {
			return `{"type": "` + leaf + `"}`
		}
		return `{"oneOf": [` + join(3, func(i int) string {
			return fmt.Sprintf(`{"properties": {"x%d": %s}}`, i, nest(depth-1, leaf))
		}) + `]}`
	}
	// Each level refers twice to the next: 2^levels ways lead down.
	dag := func(levels int, keyword, leaf string) string {
		return `{"$ref": "#/$defs/d0", "$defs": {` + join(levels, func(i int) string {
			return fmt.Sprintf(`"d%d": {"%s": [{"$ref": "#/$defs/d%d"}, {"properties": {"p": {"$ref": "#/$defs/d%d"}}}]}`, i, keyword, i+1, i+1)
		}) + fmt.Sprintf(`, "d%d": {"properties": {"leaf": {"type": "%s"}}}}}`, levels, leaf)
	}
	// Each level applies the next one twice to the same value.
	twice := func(levels int, leaf string) string {
		return `{"$ref": "#/$defs/d0", "$defs": {` + join(levels, func(i int) string {
			return fmt.Sprintf(`"d%d": {"allOf": [{"$ref": "#/$defs/d%d"}, {"$ref": "#/$defs/d%d"}]}`, i, i+1,
				i+1)
		}) + fmt.Sprintf(`, "d%d": {"type": "%s"}}}`, levels, leaf)
	}
	chain := func(n int, leaf string) string {
		return `{"$ref": "#/$defs/d0", "$defs": {` + join(n, func(i int) string {
			return fmt.Sprintf(`"d%d": {"properties": {"next": {"$ref": "#/$defs/d%d"}}}`, i, i+1)
		}) + fmt.Sprintf(`, "d%d": {"type": "%s"}}}`, n, leaf)
	}
	clique := func(n int, leaf string) string {
		return `{"properties": {` + join(n, func(i int) string {
			return fmt.Sprintf(`"p%d": {"$ref": "#/$defs/d%d"}`, i, i)
		}) + `}, "$defs": {` +
			join(n, func(i int) string {
				return fmt.Sprintf(`"d%d": {"properties": {%s, "own%d": {"type": "%s"}}}`, i,
					join(n, func(j int) string {
						return fmt.Sprintf(`"p%d": {"$ref": "#/$defs/d%d"}`, j, j)
					}), i, leaf)
			}) + `}}`
	}
	conjunctions := func(n int, leaf string) string {
		return `{"$ref": "#/$defs/d0", "$defs": {` + join(n, func(i int) string {
			return fmt.Sprintf(`"d%d": {"allOf": [{"$ref": "#/$defs/d%d"}, {"properties": {"p%d": {"type": "%s"}}}]}`, i, i+1, i, leaf)
		}) + fmt.Sprintf(`, "d%d": {}}}`, n)
	}
	tests := map[string]func(leaf string) string{
		"oneOf nests":         func(leaf string) string { return nest(6, leaf) },
		"oneOf DAG":           func(leaf string) string { return dag(40, "oneOf", leaf) },
		"anyOf DAG":           func(leaf string) string { return dag(40, "anyOf", leaf) },
		"allOf DAG":           func(leaf string) string { return dag(40, "allOf", leaf) },
		"allOf twice":         func(leaf string) string { return twice(40, leaf) },
		"chain of references": func(leaf string) string { return chain(20_000, leaf) },
		"allOf chain":         func(leaf string) string { return conjunctions(3_000, leaf) },
		"clique":              func(leaf string) string { return clique(60, leaf) },
		"many branches":       func(leaf string) string { return branches(3_000, `"`+leaf+`"`) },
		"some branches":       func(leaf string) string { return branches(60, `"`+leaf+`"`) },
		"huge enum": func(leaf string) string {
			return `{"enum": [` + join(30_000, func(i int) string {
				return fmt.Sprintf(`"%s%d"`, leaf, i)
			}) + `]}`
		},
		"many properties": func(leaf string) string {
			return `{"required": [` + join(10_000, func(i int) string {
				return fmt.Sprintf(`"p%d"`, i)
			}) + `], "properties": {` +
				join(10_000, func(i int) string {
					return fmt.Sprintf(`"p%d": {"type": "%s"}`, i, leaf)
				}) + `}}`
		},
		"many patterns": func(leaf string) string {
			return `{"properties": {` + join(2_000, func(i int) string {
				return fmt.Sprintf(`"p%d": {"type": "%s"}`, i, leaf)
			}) +
				`}, "patternProperties": {` + join(2_000, func(i int) string {
				return fmt.Sprintf(`"q(a|b)*%d$": {}`, i)
			}) + `}}`
		},
	}
	for name, schema := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			report := compare(t, schema("string"), schema("integer"))
			if took := time.Since(start); took > patience {
				t.Errorf("took %s", took)
			}
			if len(report.Changes) == 0 || len(report.Errors) > 0 {
				t.Errorf("%d changes, errors %v: the change is lost", len(report.Changes), report.Errors)
			}
			t.Logf("%s, %d changes, the first: %s", time.Since(start), len(report.Changes),
				report.Changes[0].Message)
			if same := compare(t, schema("string"), schema("string")); len(same.Changes) > 0 {
				t.Errorf("differs from itself: %s", same.Changes[0].Message)
			}
		})
	}
}
