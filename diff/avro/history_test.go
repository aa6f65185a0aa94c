package avro

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

// TestHistory: against registered versions only new findings that are not safe
// are reported. Findings that the base already has are counted.
func TestHistory(t *testing.T) {
	trade := func(fields string) string {
		return `{"type": "record", "name": "Trade", "fields": [` + fields + `]}`
	}
	const price, venue, note = `{"name": "price", "type": "double"}`, `{"name": "venue", "type": "string"}`, `{"name": "note", "type": "string", "default": ""}`
	full, err := Format.Compatibility("full")
	if err != nil {
		t.Fatal(err)
	}
	labelled := func(text, label string) diff.Source {
		s := source(text)
		s.Label = label
		return s
	}
	for _, c := range []struct {
		name       string
		v1, v2     string
		base, head string
		want       []string
		known      int
	}{
		{"nothing", trade(price), trade(price), trade(price), trade(price), nil, 0},
		{"the same against both", trade(price), trade(price), trade(price), trade(price + "," + venue),
			[]string{"breaking avro/field-added-without-default [version 1 version 2]"}, 0},
		{"the base has it already", trade(price), trade(price + "," + venue), trade(price + "," + venue),
			trade(price + "," + venue + "," + note),
			[]string{"safe avro/field-added [version 1 version 2]"}, 1},
		{"against an old version alone",
			trade(`{"name": "price", "type": "double"}, {"name": "venue", "type": "int"}`), trade(price),
			trade(price),
			trade(price + `, {"name": "venue", "type": "string", "default": ""}`),
			[]string{"safe avro/field-added [version 2]", "breaking avro/type-changed [version 1]"}, 0},
		{"a new contract", trade(price), trade(price), "", trade(price + "," + venue),
			[]string{
				"safe contract/added []",
				"breaking avro/field-added-without-default [version 1 version 2]",
			}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := diff.Source{}
			if c.base != "" {
				base = source(c.base)
			}
			r, known, err := diff.CompareHistory(context.Background(),
				diff.Contract{Name: "s", Format: Format, Compatibility: full}, base,
				[]diff.Source{labelled(c.v1, "version 1"), labelled(c.v2, "version 2")}, source(c.head))
			if err != nil || len(r.Errors) > 0 {
				t.Fatal(err, r.Errors)
			}
			var got []string
			for _, change := range r.Changes {
				got = append(got, fmt.Sprint(change.Level, " ", change.Rule.ID, " ", change.Against))
			}
			if d := cmp.Diff(c.want, got); d != "" || known != c.known {
				t.Errorf("%d were known, want %d\n%s", known, c.known, d)
			}
		})
	}
}
