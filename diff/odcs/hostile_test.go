package odcs

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/assent-dev/assent/diff"
)

const header = `{"apiVersion": "v3.2.0", "kind": "DataContract", "id": "c", `

// TestBounded: contracts that are made to be expensive cost as much as others
// of their size. A product of two of their lists would take minutes.
func TestBounded(t *testing.T) {
	list := func(n int, element string) string {
		var all []string
		for i := range n {
			all = append(all, strings.ReplaceAll(element, "#", fmt.Sprint(i)))
		}
		return strings.Join(all, ",\n")
	}
	nested := func(depth int, typ string) string {
		return strings.Repeat(`{"name": "p", "logicalType": "object", "properties": [`, depth) +
			`{"name": "p", "logicalType": "` + typ + `"}` + strings.Repeat("]}", depth)
	}
	const n = 20_000
	tests := []struct {
		name, old, new string
		changes        int
	}{
		{"deep", `"schema": [` + nested(200, "string") + `]`, `"schema": [` + nested(200, "number") + `]`, 1},
		{
			"all properties gone",
			`"schema": [{"name": "t", "properties": [{"name": "x"},` + list(n, `{"name": "p#"}`) + `]}]`,
			`"schema": [{"name": "t", "properties": [{"name": "x"}]}]`, n,
		},
		{
			"all renamed",
			`"schema": [{"name": "t", "properties": [` + list(n, `{"id": "i#", "name": "p#"}`) + `]}]`,
			`"schema": [{"name": "t", "properties": [` + list(n, `{"id": "i#", "name": "q#"}`) + `]}]`,
			n,
		},
		{
			"checks without names",
			`"schema": [{"name": "t", "quality": [` + list(n, `{"metric": "rowCount", "mustBe": #}`) + `]}]`,
			`"schema": [{"name": "t", "quality": [` + list(n, `{"metric": "rowCount", "mustBe": #.5}`) +
				`]}]`,
			n,
		},
		{
			"many values",
			`"schema": [{"name": "t", "properties": [{"name": "p", "enum": [` + list(n, `{"value": "#"}`) +
				`]}]}]`,
			`"schema": [{"name": "t", "properties": [{"name": "p", "enum": [` + list(n, `{"value": "x#"}`) +
				`]}]}]`,
			2,
		},
		{"many members", `"schema": [{"name": "t", "properties": [{"name": "p", "logicalTypeOptions": {"required": [` + list(n, `"a#"`) + `]}}]}]`,
			`"schema": [{"name": "t", "properties": [{"name": "p", "logicalTypeOptions": {"required": [` + list(n, `"b#"`) + `]}}]}]`, 2},
		{"service levels of many objects",
			`"schema": [` + list(2000, `{"name": "t#"}`) +
				`], "slaProperties": [{"property": "latency", "value": 1, "element": "` +
				strings.ReplaceAll(list(n, "t#"), "\n", "") + `"}]`,
			`"schema": [` + list(2000, `{"name": "t#"}`) +
				`], "slaProperties": [{"property": "latency", "value": 2, "element": "` +
				strings.ReplaceAll(list(n, "t#"), "\n", "") + `"}]`, 1},
		{
			"objects with schemas",
			`"schema": [` + list(5000, `{"name": "t#", "tags": ["a"]}`) + `]`,
			`"schema": [` + list(5000, `{"name": "t#", "tags": ["b"]}`) + `]`,
			5000,
		},
		{"numbers beyond reckoning", `"price": {"priceAmount": 1e-999999999}, "slaProperties": [{"property": "latency", "value": "1e999 h"}]`, `"price": {"priceAmount": 1e999999999}, "slaProperties": [{"property": "latency", "value": "P1e999Y"}]`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := report(t, source("c.json", header+tt.old+"}"), source("c.json", header+tt.new+"}"))
			if len(r.Errors) > 0 || len(r.Changes) != tt.changes {
				t.Errorf("%d changes, want %d; %v", len(r.Changes), tt.changes, r.Errors)
			}
		})
	}
}

// TestSchemaElsewhere: nothing outside the tree is read, whatever a contract
// names.
func TestSchemaElsewhere(t *testing.T) {
	for _, file := range []string{
		"/etc/passwd", "../secret.json", "https://example.org/a.json", "a/../../secret.json", "",
	} {
		s := diff.Source{Paths: []string{"in/c.json"}, FS: fstest.MapFS{"in/c.json": {Data: []byte(header +
			`"schema": [{"name": "t", "customProperties": [{"property": "schemaFile", "value": "` + strings.Replace(file, "../secret", "../../secret", 1) + `"}]}]}`)}}}
		if r := report(t, s, s); len(r.Errors) != 1 {
			t.Errorf("%q: %v", file, r.Errors)
		}
	}
}
