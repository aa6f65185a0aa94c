package usage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/avro"
	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/usage"
)

func compared(t *testing.T, old, new string) *diff.Report {
	t.Helper()
	source := func(fields string) diff.Source {
		text := `{"type": "record", "name": "Trade", "fields": [` + fields + `]}`
		return diff.Source{FS: fstest.MapFS{"t.avsc": {Data: []byte(text)}}, Paths: []string{"t.avsc"}}
	}
	backward, err := avro.Format.Compatibility("backward")
	if err != nil {
		t.Fatal(err)
	}
	r, err := diff.Compare(context.Background(),
		diff.Contract{Name: "t", Format: avro.Format, Compatibility: backward}, []diff.Source{source(old)},
		source(new))
	if err != nil || len(r.Errors) > 0 {
		t.Fatal(err, r.Errors)
	}
	return r
}

// TestReader: a schema of one's own decides, and not what the contract's change
// looks like.
func TestReader(t *testing.T) {
	const (
		price, priceText = `{"name": "price", "type": "double"}`, `{"name": "price", "type": "string"}`
		priceOr0         = `{"name": "price", "type": "double", "default": 0}`
		venue, venueInt  = `{"name": "venue", "type": "string"}`, `{"name": "venue", "type": "int"}`
		side             = `{"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY"]}}`
		sideMore         = `{"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"]}}`
		sideOr           = `{"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY"], "default": "BUY"}}`
	)
	for _, c := range []struct {
		name               string
		base, head, reader string
		want               string
	}{
		{
			"a field that it needs", price + "," + venue, venue, price,
			"avro/field-removed-without-default broken Trade › price",
		},
		{"a field that it has a default for", price + "," + venue, venue, priceOr0, ""},
		{"a field that it does not know", price + "," + venue, price, price, ""},
		{
			"safe for readers of the contract's schema, not for it", priceOr0 + "," + venue, venue,
			price, "avro/field-removed broken Trade › price",
		},
		{"a type that it does not read", price, priceText, price, "avro/type-changed broken Trade › price"},
		{
			"a type that it never read", price, priceText,
			venue + `, {"name": "price", "type": ["string", "double"]}`,
			"",
		},
		{
			"trouble that was there before", venue + "," + price, venue, venueInt + "," + price,
			"avro/field-removed-without-default broken Trade › price",
		},
		{"a symbol that it refuses", side, sideMore, side, "avro/enum-symbol-added broken Trade › side"},
		{
			"a symbol that its default stands for", side, sideMore, sideOr,
			"avro/enum-symbol-added potential Trade › side",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := compared(t, c.base, c.head)
			reader := usage.Resolve(report, compared(t, c.reader, c.base), compared(t, c.reader, c.head))
			var got []string
			for i := range report.Changes {
				if hit := reader.Of(&report.Changes[i]); hit.Impact != usage.Unaffected {
					got = append(got, fmt.Sprint(report.Changes[i].Rule.ID, " ", hit.Impact, " ",
						strings.Trim(fmt.Sprint(hit.Reaches), "[]")))
				}
			}
			if d := cmp.Diff(c.want, strings.Join(got, "\n")); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestReaderElsewhere: trouble that belongs to no change by its place may come
// from any that touches readers.
func TestReaderElsewhere(t *testing.T) {
	rule := &diff.Rule{ID: "a/b", Receives: diff.Breaking}
	change := func(text string, receives diff.Level) diff.Change {
		at := difftest.Path(text)
		return diff.Change{
			Rule:    rule,
			Subject: at,
			Reaches: []diff.Reach{{Use: at, Side: diff.Both, Costs: diff.Costs{Receives: receives}}},
		}
	}
	report := &diff.Report{Changes: []diff.Change{
		change("record A › x", diff.Breaking), change("record B › y", diff.Safe),
	}}
	after := &diff.Report{Changes: []diff.Change{change("record C › z", diff.Breaking)}}
	reader := usage.Resolve(report, &diff.Report{}, after)
	for i, want := range []usage.Impact{usage.Unknown, usage.Unaffected} {
		if got := reader.Of(&report.Changes[i]).Impact; got != want {
			t.Errorf("%s: %s, want %s", report.Changes[i].Subject, got, want)
		}
	}
	removed := diff.Change{
		Rule:    diff.ContractRules()[0],
		Reaches: []diff.Reach{{Use: difftest.Path("contract"), Side: diff.Both}},
	}
	if got := reader.Of(&removed).Impact; got != usage.Broken {
		t.Errorf("a contract that is gone: %s", got)
	}
}
