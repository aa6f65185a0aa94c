package jsonschema_test

import (
	"context"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
)

// unwitnessed are the rules for whose examples no value can be a witness: a
// validator does not check the formats of numbers, what strings encode, or
// keywords of OpenAPI, and no value can show an announcement.
var unwitnessed = []string{
	"schema/format-widened", "schema/content-changed", "schema/content-narrowed", "schema/content-widened",
	"schema/discriminator-changed", "schema/known-value-removed",
	"schema/sunset-broken", "schema/sunset-unreadable", "schema/notice-too-short",
	"schema/stability-decreased", "schema/stability-unreadable",
}

// TestWitnesses checks that the example of every rule that breaks somebody has a
// witness. The validator has confirmed that the witness is one.
func TestWitnesses(t *testing.T) {
	for _, rule := range jsonschema.Rules {
		if rule.Level(diff.Both) != diff.Breaking {
			continue
		}
		files, err := txtar.FS(txtar.Parse([]byte(rule.Example)))
		if err != nil {
			t.Fatal(err)
		}
		report, err := diff.Compare(context.Background(), diff.Contract{
			Name:          "x",
			Format:        jsonschema.Format,
			Compatibility: diff.Compatibility{Protects: diff.Both},
		},
			[]diff.Source{{FS: files, Paths: []string{"old.json"}}}, diff.Source{
				FS:    files,
				Paths: []string{"new.json"},
			})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range report.Changes {
			if c.Rule != rule {
				continue
			}
			if found := c.Witness != nil &&
				c.Witness.Value != nil; found == slices.Contains(unwitnessed, rule.ID) {
				t.Errorf("%s: witness %v", rule.ID, c.Witness)
			}
		}
	}
}
