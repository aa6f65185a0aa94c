package avro

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	twmb "github.com/twmb/avro"

	"github.com/assent-dev/assent/diff"
)

// TestBundle: the text is the same schema, and other parsers read it.
func TestBundle(t *testing.T) {
	files := diff.Source{FS: schemas(map[string]string{
		"Trade.avsc": `{"type": "record", "name": "Trade", "namespace": "acme.trade", "aliases": ["Deal", "old.Deal"], "doc": "d", "fields": [
			{"name": "legs", "type": {"type": "array", "items": "Leg"}, "default": []},
			{"name": "first", "aliases": ["start"], "type": ["null", "Leg"], "default": null},
			{"name": "digest", "type": {"type": "fixed", "name": "Digest", "size": 2}},
			{"name": "more", "type": {"type": "map", "values": {"type": "long", "logicalType": "timestamp-millis"}}},
			{"name": "top", "type": {"type": "enum", "name": "Side", "namespace": "", "symbols": ["BUY"], "default": "BUY"}},
			{"name": "again", "type": "Digest"}]}`,
		"Leg.avsc":   `{"type": "record", "name": "acme.trade.Leg", "fields": [{"name": "next", "type": ["null", "Leg"]}, {"name": "money", "type": "acme.Money"}]}`,
		"Money.avsc": `{"type": "error", "name": "Money", "namespace": "acme", "fields": []}`,
	}), Paths: []string{"Trade.avsc"}}
	text, err := Format.Registered.Bundle(files)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(text, `"acme.trade.Leg"`) != 3 || strings.Contains(text, `"Leg"`) {
		t.Errorf("types are defined once and named in full: %s", text)
	}
	full, err := Format.Compatibility("full")
	if err != nil {
		t.Fatal(err)
	}
	r, err := diff.Compare(context.Background(),
		diff.Contract{Name: "t", Format: Format, Compatibility: full}, []diff.Source{files}, source(text))
	if err != nil || len(r.Errors) > 0 {
		t.Fatal(err, r.Errors)
	}
	for _, c := range r.Changes {
		t.Errorf("the bundle differs: %s %s: %s", c.Rule.ID, c.Subject, c.Message)
	}
	if _, err := Format.Registered.Bundle(source(`{"type": "record"}`)); err == nil {
		t.Error("what is not a schema is bundled")
	}
}

// TestBundleOfAnything: the peer finds the bundle of every schema equal to it.
func TestBundleOfAnything(t *testing.T) {
	for seed := range uint64(500) {
		before, err := json.Marshal(newGenerator(seed).schema(4))
		if err != nil {
			t.Fatal(err)
		}
		old, err := twmb.Parse(string(before))
		if err != nil {
			continue
		}
		text, err := Format.Registered.Bundle(source(string(before)))
		if err != nil {
			t.Fatalf("%v in %s", err, before)
		}
		new, err := twmb.Parse(text)
		if err != nil {
			t.Fatalf("%v in the bundle %s\nof %s", err, text, before)
		}
		if string(old.Canonical()) != string(new.Canonical()) {
			t.Fatalf("seed %d: %s\nis not %s", seed, text, before)
		}
	}
}
