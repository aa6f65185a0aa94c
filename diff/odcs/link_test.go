package odcs

import (
	"errors"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

func TestDescribe(t *testing.T) {
	const head = "apiVersion: v3.1.0\nkind: DataContract\n"
	beside := func(stem string) []string {
		return []string{
			"events/" + stem + ".avsc", "events/" + stem + ".schema.json",
			"events/" + stem + ".schema.yaml", "events/" + stem + ".schema.yml",
		}
	}
	tests := []struct {
		name, contract string
		want           diff.Description
	}{
		{"nothing", "", diff.Description{}},
		{
			"a team by custom property",
			"customProperties: [{property: githubTeam, value: acme/trades}]\n",
			diff.Description{Teams: []string{"acme/trades"}},
		},
		{
			"several teams",
			"customProperties: [{property: githubTeam, value: ['@acme/trades', acme/data, no team]}]\n",
			diff.Description{Teams: []string{"acme/data", "acme/trades"}},
		},
		{
			"of the team",
			"team: {name: Trades, customProperties: [{property: githubTeam, value: acme/trades}]}\n",
			diff.Description{Teams: []string{"acme/trades"}},
		},
		{
			"by the team's name", "team: {name: acme/trades}\n",
			diff.Description{Teams: []string{"acme/trades"}},
		},
		{
			"the property goes before the name",
			"team: {name: acme/desk, customProperties: [{property: githubTeam, value: acme/trades}]}\n",
			diff.Description{Teams: []string{"acme/trades"}},
		},
		{"members are people", "team: [{username: acme/ada, role: owner}]\n", diff.Description{}},
		{
			"one object", "schema: [{name: event}]\n",
			diff.Description{Objects: []diff.Described{{
				Name:    "event",
				Schemas: slices.Concat(beside("trade"), beside("event")),
			}}},
		},
		{
			"several", "schema: [{name: a}, {name: b}]\n",
			diff.Description{Objects: []diff.Described{
				{Name: "a", Schemas: beside("a")}, {Name: "b", Schemas: beside("b")},
			}},
		},
		{
			"a name that leads elsewhere", "schema: [{name: a}, {name: ../b}]\n",
			diff.Description{Objects: []diff.Described{{Name: "a", Schemas: beside("a")}, {Name: "../b"}}},
		},
		{
			"stated",
			"schema: [{name: a, customProperties: [{property: schemaFile, value: ../schemas/a.json}]}]\n",
			diff.Description{Objects: []diff.Described{{Name: "a", Schemas: []string{"schemas/a.json"}}}},
		},
		{
			"stated for the contract",
			"customProperties: [{property: schemaFile, value: a.avsc}]\nschema: [{name: a}]\n",
			diff.Description{Objects: []diff.Described{{Name: "a", Schemas: []string{"events/a.avsc"}}}},
		},
		{
			"elsewhere",
			"schema: [{name: a, customProperties: [{property: schemaFile, value: " +
				"'https://example.org/a.json'}]}]\n",
			diff.Description{Objects: []diff.Described{{Name: "a"}}},
		},
		{
			"a topic",
			"servers: [{server: s, type: kafka}]\nschema: [{name: trade, physicalName: trades.v1}]\n",
			diff.Description{Objects: []diff.Described{{
				Name:    "trade",
				Subject: "trades.v1-value",
				Schemas: beside("trade"),
			}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := describe(source("events/trade.odcs.yaml", head+tt.contract))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	var mistake *diff.Error
	if _, err := describe(source("c.yaml", "kind: DataContract\n")); !errors.As(err, &mistake) {
		t.Errorf("%v is not a mistake of the author's", err)
	}
	if _, err := describe(diff.Source{
		FS:    fstest.MapFS{},
		Paths: []string{"gone.yaml"},
	}); err == nil || errors.As(err, &mistake) {
		t.Errorf("a file that is gone: %v", err)
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
