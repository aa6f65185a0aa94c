package contracts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/avro"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/registry"
)

// files is a revision whose root is the first of the paths.
func revision(texts map[string]string, paths ...string) diff.Source {
	tree := fstest.MapFS{}
	for name, text := range texts {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return diff.Source{FS: tree, Paths: paths}
}

func client(t *testing.T, f *srfake.Registry) registry.Registry {
	t.Helper()
	c, err := registry.NewConfluent("main", registry.Access{URL: f.URL()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func history(
	t *testing.T, f *srfake.Registry, format *diff.Format, entry config.Contract, old, new diff.Source,
) (contracts.History, error) {
	t.Helper()
	c := &contracts.Contract{Contract: entry, Format: format, Olds: []diff.Source{old}, New: new}
	return c.History(context.Background(), client(t, f), entry.Registry)
}

func labels(h contracts.History) (all []string) {
	for _, v := range h.Versions {
		all = append(all, v.Label+" "+v.Root())
	}
	return all
}

// TestWhichVersions: which versions count is said by the entry's compatibility,
// else by the registry's, and by the group.
func TestWhichVersions(t *testing.T) {
	f := srfake.New(srfake.WithGlobalCompat(sr.CompatBackward))
	defer f.Close()
	for i, major := range []string{"1", "2", "2"} {
		schema := sr.Schema{
			Schema:         `"int"`,
			Type:           sr.TypeAvro,
			SchemaMetadata: &sr.SchemaMetadata{Properties: map[string]string{"major": major}},
		}
		f.SeedSchema("acme.Trade", i+1, i+1, schema)
	}
	group := false
	f.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !group || !strings.HasPrefix(r.URL.Path, "/config/") {
			return false
		}
		fmt.Fprint(w, `{"compatibilityLevel": "FULL_TRANSITIVE", "compatibilityGroup": "major"}`)
		return true
	})
	head := revision(map[string]string{"t.avsc": `{"type": "fixed", "name": "Trade", "namespace": "acme", "size": 1}`}, "t.avsc")
	entry := config.Contract{Registry: &config.Registration{Name: "main", Strategy: "record"}}
	for _, tt := range []struct {
		mode  string
		group bool
		want  []string
	}{
		{"", false, []string{"version 3 acme.Trade/version-3.avsc"}},
		{
			"forward_all", false,
			[]string{
				"version 1 acme.Trade/version-1.avsc", "version 2 acme.Trade/version-2.avsc",
				"version 3 acme.Trade/version-3.avsc",
			},
		},
		{"none", false, nil},
		{"", true, []string{"version 2 acme.Trade/version-2.avsc", "version 3 acme.Trade/version-3.avsc"}},
	} {
		entry.Compatibility, group = tt.mode, tt.group
		h, err := history(t, f, avro.Format, entry, head, head)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, labels(h)); d != "" {
			t.Errorf("%q, group %v: %s", tt.mode, tt.group, d)
		}
	}
	var mistake registry.Mistake
	for _, wrong := range []struct {
		format *diff.Format
		entry  config.Contract
		head   diff.Source
	}{
		{
			jsonschema.Format, entry,
			revision(map[string]string{"t.json": `{"title": "acme.Trade"}`}, "t.json"),
		},
		{avro.Format, entry, revision(map[string]string{"t.avsc": `["int"]`}, "t.avsc")},
		{avro.Format, entry, revision(map[string]string{"t.avsc": `{`}, "t.avsc")},
		{avro.Format, config.Contract{Compatibility: "sideways", Registry: entry.Registry}, head},
	} {
		if _, err := history(t, f, wrong.format, wrong.entry, wrong.head, wrong.head); !errors.As(err,
			&mistake) {
			t.Errorf("got %v, want a mistake of the configuration's author", err)
		}
	}
}

// TestReferencesOfVersions: what a version refers to lies where the schema looks
// for it.
func TestReferencesOfVersions(t *testing.T) {
	f := srfake.New(srfake.WithGlobalCompat(sr.CompatFull))
	defer f.Close()
	f.SeedSchema("money", 1, 1, sr.Schema{Schema: `{"type": "number"}`, Type: sr.TypeJSON})
	f.SeedSchema("trades", 1, 2, sr.Schema{
		Schema: `{"type": "object", "properties": {"price": {"$ref": "money.json"}}}`, Type: sr.TypeJSON,
		References: []sr.SchemaReference{{Name: "money.json", Subject: "money", Version: 1}},
	})
	head := revision(map[string]string{"s/trade.json": `{"type": "object", "properties": {"price": {"type": "string"}}}`}, "s/trade.json")
	h, err := history(t, f, jsonschema.Format,
		config.Contract{Registry: &config.Registration{Name: "main", Subject: "trades"}}, head, head)
	if err != nil {
		t.Fatal(err)
	}
	full, err := jsonschema.Format.Compatibility("full")
	if err != nil {
		t.Fatal(err)
	}
	report, err := diff.Compare(context.Background(),
		diff.Contract{Name: "t", Format: jsonschema.Format, Compatibility: full}, h.Versions, head)
	if err != nil || len(report.Errors) > 0 || len(report.Changes) != 1 ||
		report.Changes[0].Rule.ID != "schema/type-changed" ||
		report.Changes[0].Old.File != "trades/money.json" {
		t.Errorf("want the change of what the version refers to: %v %+v", err, report)
	}
	if _, err := fs.Stat(h.Versions[0].FS, "trades/gone.json"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestDryRunIsWhole: the registry is asked about one schema with all that it
// needs, and what it says to the base as well is not new.
func TestDryRunIsWhole(t *testing.T) {
	f := srfake.New(srfake.WithGlobalCompat(sr.CompatFull))
	defer f.Close()
	f.SeedSchema("trades", 1, 1, sr.Schema{Schema: `"int"`, Type: sr.TypeAvro})
	var asked []string
	f.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/compatibility/") {
			return false
		}
		var s sr.Schema
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &s)
		}
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, s.Schema)
		messages := []string{"{errorType:'OLD', description:'was there', additionalInfo:''}"}
		if strings.Contains(s.Schema, "venue") {
			messages = append(messages,
				"{errorType:'NEW', description:'The field at path '/fields/1'', additionalInfo:''}")
		}
		if err := json.NewEncoder(w).Encode(map[string]any{
			"is_compatible": false,
			"messages":      messages,
		}); err != nil {
			t.Error(err)
		}
		return true
	})
	trade := func(more string) diff.Source {
		return revision(map[string]string{
			"t.avsc": `{"type": "record", "name": "Trade", "fields": [{"name": "leg", "type": "Leg"}` +
				more + `]}`,
			"Leg.avsc": `{"type": "fixed", "name": "Leg", "size": 1}`,
		}, "t.avsc", "Leg.avsc")
	}
	entry := config.Contract{Registry: &config.Registration{Name: "main", Subject: "trades"}}
	h, err := history(t, f, avro.Format, entry, trade(""), trade(`, {"name": "venue", "type": "string"}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Refusals) != 1 {
		t.Fatalf("got %+v, want what the registry says to the head alone", h.Refusals)
	}
	const want = "the schema registry refuses it: The field at path '/fields/1'"
	said := h.Refusals[0].Found
	if at := said.New.At(); said.Message != want || said.Values[0] != "NEW" || at.File != "t.avsc" ||
		at.Column < 2 {
		t.Errorf("got %+v", said)
	}
	if len(asked) != 2 || !strings.Contains(asked[0],
		`"type":{"namespace":"","type":"fixed","name":"Leg","size":1}`) {
		t.Errorf("asked about %q", asked)
	}
}
