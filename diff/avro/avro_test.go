package avro

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
)

func TestFormat(t *testing.T) { difftest.Run(t, Format) }

func TestProtocol(t *testing.T) { difftest.Rules(t, Protocol, messageRules) }

func TestRulesAreListed(t *testing.T) { difftest.Listed(t, Protocol.Rules) }

// TestReferences: the files after the root define what the root refers to.
func TestReferences(t *testing.T) {
	revision := func(typ string) diff.Source {
		return diff.Source{
			FS: fstest.MapFS{
				"leg.avsc":   {Data: []byte(`{"type": "record", "name": "a.Leg", "fields": [{"name": "price", "type": "` + typ + `"}]}`)},
				"trade.avsc": {Data: []byte(`{"type": "record", "name": "a.Trade", "fields": [{"name": "leg", "type": "Leg"}]}`)},
			},
			Paths: []string{"trade.avsc", "leg.avsc"},
		}
	}
	r := &diff.Report{}
	if err := Format.Compare(context.Background(), r, revision("int"), revision("long"),
		diff.Options{}); err != nil || len(r.Errors) > 0 {
		t.Fatal(err, r.Errors)
	}
	var got []string
	for _, c := range r.Changes {
		got = append(got, fmt.Sprint(c.Rule.ID, " ", c.New.File, " ", c.Reaches[0].Use))
	}
	if want := []string{"avro/type-widened leg.avsc a.Trade › leg › price"}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

// TestRefusals: mistakes of the author are in the report, other failures are
// errors.
func TestRefusals(t *testing.T) {
	missing := diff.Source{FS: fstest.MapFS{}, Paths: []string{"gone.avsc"}}
	if err := Format.Compare(context.Background(), &diff.Report{}, missing, missing,
		diff.Options{}); err == nil {
		t.Error("a missing file counts as a mistake of its author")
	}
	idl := diff.Source{FS: fstest.MapFS{}, Paths: []string{"trade.avdl"}}
	r := &diff.Report{}
	if err := Format.Compare(context.Background(), r, idl, idl, diff.Options{}); err != nil ||
		len(r.Errors) != 1 {
		t.Error("Avro IDL is refused in the report:", err, r.Errors)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Format.Compare(cancelled, &diff.Report{}, source(many(2, "int")), source(many(2, "long")),
		diff.Options{}); err == nil {
		t.Error("a cancelled comparison goes on")
	}
}

// TestFingerprint: the fingerprint depends on the type, and not on lines or
// documentation.
func TestFingerprint(t *testing.T) {
	print := func(new string) string {
		r := compared(t, `{"type": "record", "name": "T", "fields": [{"name": "f", "type": "int"}]}`, new)
		if len(r.Changes) != 1 {
			t.Fatalf("%d changes", len(r.Changes))
		}
		return r.Changes[0].Fingerprint()
	}
	long := print(`{"type": "record", "name": "T", "fields": [{"name": "f", "type": "long"}]}`)
	moved := print("\n\n" + `{"doc": "x", "fields": [{"doc": "y", "type": {"type": "long"}, "name": "f"}], "name": "T", "type": "record"}`)
	double := print(`{"type": "record", "name": "T", "fields": [{"name": "f", "type": "double"}]}`)
	if long != moved {
		t.Error("the fingerprint depends on the line")
	}
	if long == double {
		t.Error("two changes have one fingerprint")
	}
}

// many is a schema of n records, one below the other; the last field of the
// last one is of the given type.
func many(n int, last string) string {
	var b strings.Builder
	b.WriteString("[\n")
	for i := range n {
		fmt.Fprintf(&b, `{"type": "record", "name": "R%d", "namespace": "acme", "fields": [`, i)
		for j := range 10 {
			fmt.Fprintf(&b, `{"name": "f%d", "type": ["null", "string"], "default": null}, `, j)
		}
		if i > 0 {
			fmt.Fprintf(&b, `{"name": "previous", "type": "R%d"}, `, i-1)
		}
		typ := "int"
		if i == n-1 {
			typ = last
		}
		fmt.Fprintf(&b, `{"name": "last", "type": "%s"}]}`, typ)
		if i < n-1 {
			b.WriteString(",\n")
		}
	}
	return b.String() + "]"
}

// BenchmarkCompare reads and compares two schemas of 500 records with one
// change.
func BenchmarkCompare(b *testing.B) {
	old, new := many(500, "int"), many(500, "long")
	b.SetBytes(int64(len(old) + len(new)))
	for b.Loop() {
		if r := compared(b, old, new); len(r.Changes) != 1 {
			b.Fatalf("%d changes", len(r.Changes))
		}
	}
}

// TestBounded compares 500 types that each use the two before them: far too
// many ways lead to the last one to follow them all.
func TestBounded(t *testing.T) {
	web := func(typ string) string {
		s := fmt.Sprintf(`{"type": "record", "name": "R0", "fields": [{"name": "x", "type": "%s"}]}`, typ)
		s = `{"name": "r0", "type": ` + s + `}`
		for i := 1; i < 500; i++ {
			s += fmt.Sprintf(`, {"name": "r%d", "type": {"type": "record", "name": "R%d", "fields": [{"name": "a", "type": "R%d"}, {"name": "b", "type": ["null", "R%d"]}, {"name": "x", "type": "%s"}]}}`,
				i, i, i-1, max(0, i-2), typ)
		}
		return `{"type": "record", "name": "Root", "fields": [` + s + `]}`
	}
	r := compared(t, web("int"), web("string"))
	if len(r.Changes) != 500 {
		t.Errorf("%d changes, want one for each definition", len(r.Changes))
	}
	for _, c := range r.Changes {
		if len(c.Reaches) > limits.Ways {
			t.Errorf("%s has %d reaches", c.Subject, len(c.Reaches))
		}
	}
}

// TestProfile: a profile names rules that exist.
func TestProfile(t *testing.T) {
	for _, p := range Format.Profiles {
		for id := range p.Levels {
			if !slices.ContainsFunc(Format.Rules, func(r *diff.Rule) bool { return r.ID == id }) {
				t.Errorf("%s: no rule %s", p.Name, id)
			}
		}
	}
}
