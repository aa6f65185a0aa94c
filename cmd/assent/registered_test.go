package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"
)

// TestRegistered: one file against the versions of a registry, with an earlier
// file and without.
func TestRegistered(t *testing.T) {
	trade := func(fields string) string {
		return "{\"type\": \"record\", \"name\": \"Trade\", \"fields\": [\n" + fields + "\n]}\n"
	}
	const price, venue = `{"name": "price", "type": "double"}`, `{"name": "venue", "type": "string", "default": ""}`
	reg := srfake.New(srfake.WithAuth("Bearer t0ken"), srfake.WithGlobalCompat(sr.CompatFullTransitive))
	defer reg.Close()
	reg.SeedSchema("trades-value", 1, 1, sr.Schema{
		Schema: trade(strings.Replace(venue, "string", "bytes", 1)),
		Type:   sr.TypeAvro,
	})
	reg.SeedSchema("trades-value", 2, 2, sr.Schema{Schema: trade(price), Type: sr.TypeAvro})
	t.Setenv("ASSENT_REGISTRY_TOKEN", "t0ken")
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"old.avsc": trade(price),
		"new.avsc": trade(price + ",\n" + venue),
	} {
		if err := os.WriteFile(filepath.Join(".", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, mode, subject string
		olds                []string
		want, notes         string
		fails               string
	}{
		{name: "the registry's own mode", subject: "trades-value", want: `new.avsc:2:1: breaking: record Trade › price: field added without a default [avro/field-added-without-default] (against version 1)
new.avsc:3:1: safe: record Trade › venue: field added with a default [avro/field-added] (against version 2)
new.avsc:3:19: risky: record Trade › venue: type changed between bytes and string, which are read as each other [avro/type-exchanged] (was trades-value/version-1.avsc:2) (against version 1)
breaking: 1 breaking, 1 risky, 1 safe
`, fails: "1"},
		{name: "another mode", mode: "backward", subject: "trades-value", want: `new.avsc:3:1: safe: record Trade › venue: field added with a default [avro/field-added] (against version 2)
compatible: 0 breaking, 0 risky, 1 safe
`},
		{name: "with an earlier file", subject: "trades-value", olds: []string{"old.avsc"}, want: `new.avsc:3:1: safe: record Trade › venue: field added with a default [avro/field-added] (against version 2)
new.avsc:3:19: risky: record Trade › venue: type changed between bytes and string, which are read as each other [avro/type-exchanged] (was trades-value/version-1.avsc:2) (against version 1)
risky: 0 breaking, 1 risky, 1 safe
`},
		{name: "no subject yet",
			subject: "new-value",
			want: "new.avsc:1:1: safe: contract: the contract is new [contract/added]\ncompatible: 0 " +
				"breaking, 0 risky, 1 safe\n",
			notes: "new.avsc: the schema registry " + reg.URL() + " has no versions of new-value yet.\n"},
		{
			name:    "a subject that is gone",
			subject: "gone-value",
			olds:    []string{"old.avsc"},
			fails:   "has no subject gone-value",
		},
		{name: "no subject", olds: []string{"old.avsc"}, fails: "--registry needs a --subject"},
		{
			name:    "several files",
			subject: "trades-value",
			olds:    []string{"old.avsc", "old.avsc"},
			fails:   "a registry holds the versions of one contract",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, notes bytes.Buffer
			c := comparison{
				output:        "text",
				failOn:        "breaking",
				today:         "2027-03-31",
				compatibility: tt.mode,
				registered:    registered{reg.URL(), tt.subject},
			}
			err := c.run(context.Background(), &out, &notes, tt.olds, "new.avsc")
			var status verdictError
			switch {
			case tt.fails == "1":
				if !errors.As(err, &status) || status != 1 {
					t.Errorf("got %v, want status 1", err)
				}
			case tt.fails == "" && err != nil, tt.fails != "" &&
				(err == nil || !strings.Contains(err.Error(), tt.fails)):
				t.Errorf("got %v, want %q", err, tt.fails)
			}
			var lines []string
			for line := range strings.Lines(out.String()) {
				if !strings.HasPrefix(line, "    ") {
					lines = append(lines, line)
				}
			}
			if d := cmp.Diff(tt.want, strings.Join(lines, "")); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tt.notes, notes.String()); d != "" {
				t.Error(d)
			}
		})
	}
}
