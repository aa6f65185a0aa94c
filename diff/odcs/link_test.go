package odcs

import (
	"errors"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

// TestLinks: a data contract says who answers for which schemas; where they lie is
// relative to it.
func TestLinks(t *testing.T) {
	const head = "apiVersion: v3.1.0\nkind: DataContract\n"
	beside := func(stem string) []string {
		return []string{stem + ".avsc", stem + ".schema.json", stem + ".schema.yaml", stem + ".schema.yml"}
	}
	tests := []struct {
		name, contract string
		want           diff.Links
	}{
		{"nothing", "", diff.Links{}},
		{
			"a team by custom property",
			"customProperties: [{property: githubTeam, value: acme/trades}]\n",
			diff.Links{Teams: []string{"acme/trades"}},
		},
		{
			"several teams",
			"customProperties: [{property: githubTeam, value: ['@acme/trades', acme/data, no team]}]\n",
			diff.Links{Teams: []string{"acme/data", "acme/trades"}},
		},
		{
			"of the team",
			"team: {name: Trades, customProperties: [{property: githubTeam, value: acme/trades}]}\n",
			diff.Links{Teams: []string{"acme/trades"}},
		},
		{
			"by the team's name", "team: {name: acme/trades}\n",
			diff.Links{Teams: []string{"acme/trades"}},
		},
		{
			"the property goes before the name",
			"team: {name: acme/desk, customProperties: [{property: githubTeam, value: acme/trades}]}\n",
			diff.Links{Teams: []string{"acme/trades"}},
		},
		{"members are people", "team: [{username: acme/ada, role: owner}]\n", diff.Links{}},
		{
			"one object", "schema: [{name: event}]\n",
			diff.Links{Objects: []diff.Object{{
				Schemas: slices.Concat(beside("trade"), beside("event")),
			}}},
		},
		{
			"several", "schema: [{name: a}, {name: b}]\n",
			diff.Links{Objects: []diff.Object{
				{Schemas: beside("a")}, {Schemas: beside("b")},
			}},
		},
		{
			"a name that leads elsewhere", "schema: [{name: a}, {name: ../b}]\n",
			diff.Links{Objects: []diff.Object{{Schemas: beside("a")}, {}}},
		},
		{
			"stated",
			"schema: [{name: a, customProperties: [{property: schemaFile, value: ../schemas/a.json}]}]\n",
			diff.Links{Objects: []diff.Object{{Schemas: []string{"../schemas/a.json"}}}},
		},
		{
			"stated for the contract",
			"customProperties: [{property: schemaFile, value: a.avsc}]\nschema: [{name: a}]\n",
			diff.Links{Objects: []diff.Object{{Schemas: []string{"a.avsc"}}}},
		},
		{
			"elsewhere",
			"schema: [{name: a, customProperties: [{property: schemaFile, value: " +
				"'https://example.org/a.json'}]}]\n",
			diff.Links{Objects: []diff.Object{{Schemas: []string{"https://example.org/a.json"}}}},
		},
		{
			"a topic",
			"servers: [{server: s, type: kafka}]\nschema: [{name: trade, physicalName: trades.v1}]\n",
			diff.Links{Objects: []diff.Object{{
				Subject: "trades.v1-value",
				Schemas: beside("trade"),
			}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := links(diff.NewFile("trade.odcs.yaml", []byte(head+tt.contract), nil))
			if err != nil {
				t.Fatal(err)
			}
			for _, object := range tt.want.Objects {
				tt.want.Files = append(tt.want.Files, object.Schemas...)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	for text, isMistake := range map[string]bool{"kind: DataContract\n": true, "kind: Deployment\n": false} {
		_, err := links(diff.NewFile("c.yaml", []byte(text), nil))
		var mistake *diff.Error
		if errors.As(err, &mistake) != isMistake {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// TestSchemaThatIsBroken: what the contract is to be compared with cannot be
// read, so it is not green.
func TestSchemaThatIsBroken(t *testing.T) {
	files := fstest.MapFS{
		"trade.odcs.yaml": {Data: []byte("apiVersion: v3.1.0\nkind: DataContract\nschema: [{name: " +
			"trade, properties: [{name: p}]}]\n")},
		"trade.avsc": {Data: []byte(`{"type": "record", "fields": [`)},
		"folder.odcs.yaml": {Data: []byte("apiVersion: v3.1.0\nkind: DataContract\nschema: [{name: " +
			"folder, properties: [{name: p}]}]\n")},
		"folder.avsc/x": {Data: []byte("x")},
	}
	for name, want := range map[string]int{"trade.odcs.yaml": 1, "folder.odcs.yaml": 0} {
		s := diff.Source{FS: files, Paths: []string{name}}
		if r := report(t, s, s); len(r.Errors) != want {
			t.Errorf("%s: %d errors, want %d: %v", name, len(r.Errors), want, r.Errors)
		}
	}
}
