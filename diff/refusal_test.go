package diff_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/assent-dev/assent/diff"
)

// TestRefusals: what the registry says is shown where it points to, and not
// again where assent says it already.
func TestRefusals(t *testing.T) {
	found := &diff.Rule{
		ID:      "words/changed",
		Sends:   diff.Breaking,
		Aliases: []string{"confluent:TYPE_MISMATCH@sends"},
	}
	format := &diff.Format{Name: "words",
		Compare: func(_ context.Context, r *diff.Report, _, new diff.Source, _ diff.Options) error {
			r.Found(diff.Place{Use: path("a"), Side: diff.Sends}, diff.Found{
				Rule: found,
				New:  diff.Spot{File: new.Root(), Line: 2, Column: 3},
			})
			return nil
		}}
	source := diff.Source{
		FS:    fstest.MapFS{"w.json": {Data: []byte("{\n  \"a\": 1,\n  \"b\": [\n    {\"c\": 2}\n  ]\n}\n")}},
		Paths: []string{"w.json"},
	}
	for _, tt := range []struct {
		protects diff.Side
		refusal  diff.Refusal
		line     int // 0: assent says it already
	}{
		{diff.Both, diff.Refusal{Type: "TYPE_MISMATCH", Path: "/b"}, 0},
		{diff.Both, diff.Refusal{Type: "OTHER", Path: "/a"}, 0},
		{diff.Both, diff.Refusal{Type: "OTHER", Path: "/b/0/c"}, 4},
		{diff.Both, diff.Refusal{Type: "OTHER", Path: "/b/7/c/d"}, 3},
		{diff.Both, diff.Refusal{Type: "OTHER"}, 1},
		{diff.Both, diff.Refusal{Type: "OTHER", Path: "nonsense"}, 1},
		// the registry protects more than this compatibility
		{diff.Receives, diff.Refusal{Type: "TYPE_MISMATCH", Path: "/b"}, 3},
	} {
		at, err := source.At(tt.refusal.Path)
		if err != nil {
			t.Fatal(err)
		}
		tt.refusal.Registry = "confluent"
		r, err := diff.Compare(context.Background(), diff.Contract{
			Name: "w", Format: format, Compatibility: diff.Compatibility{Protects: tt.protects},
			Facts: []diff.Fact{diff.Refused(tt.refusal, at)},
		}, []diff.Source{source}, source)
		if err != nil {
			t.Fatal(err)
		}
		line := 0
		for _, c := range r.Changes {
			if c.Rule.ID == "contract/refused" {
				line = c.New.Line
				if c.Level != diff.Breaking {
					t.Errorf("%+v: level %s", tt.refusal, c.Level)
				}
			}
		}
		if line != tt.line {
			t.Errorf("%+v: shown at line %d, want %d", tt.refusal, line, tt.line)
		}
	}
}
