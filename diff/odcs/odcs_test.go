package odcs

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
)

func TestFormat(t *testing.T) { difftest.Run(t, Format) }

func TestRulesAreListed(t *testing.T) { difftest.Listed(t, Format.Rules) }

// TestFingerprint: the change is the same wherever its line is, in whatever
// language and version of the standard, and another when the bound is.
func TestFingerprint(t *testing.T) {
	const before = "apiVersion: v3.0.2\nkind: DataContract\nid: c\nschema:\n  - name: t\n    " +
		"properties:\n      - {name: p, logicalType: number, logicalTypeOptions: {minimum: 1}}\n"
	print := func(new diff.Source) string {
		r := report(t, source("c.yaml", before), new)
		i := slices.IndexFunc(r.Changes, func(c diff.Change) bool {
			return c.Rule.ID == "odcs/constraint-tightened"
		})
		if i < 0 {
			t.Fatalf("not tightened: %v %v", said(r), r.Errors)
		}
		return r.Changes[i].Fingerprint()
	}
	five := print(source("c.yaml",
		strings.Replace(before, "minimum: 1", "minimum: 5, exclusiveMinimum: true", 1)))
	moved := print(source("c.json", `{"apiVersion": "v3.1.0", "kind": "DataContract", "id": "c", "schema": [
	  {"name": "s"}, {"name": "t", "properties": [{"name": "p", "logicalType": "number", "logicalTypeOptions": {"exclusiveMinimum": 5.0}}]}]}`))
	six := print(source("c.yaml", strings.Replace(before, "minimum: 1", "minimum: 6", 1)))
	if five != moved {
		t.Error("the fingerprint depends on how the contract is written")
	}
	if five == six {
		t.Error("two changes have one fingerprint")
	}
	removed := func(values string) string {
		const contract = "apiVersion: v3.2.0\nkind: DataContract\nschema: [{name: t, properties: [{name: " +
			"p, enum: [%s]}]}]\n"
		r := report(t, source("c.yaml", fmt.Sprintf(contract, values)),
			source("c.yaml", fmt.Sprintf(contract, "{value: a}")))
		return r.Changes[0].Fingerprint()
	}
	other := removed("{value: c, label: C}, {value: b}, {value: a}")
	if removed("{value: a}, {value: b}, {value: c}") != other {
		t.Error("the fingerprint depends on the order of values")
	}
}

// TestGuide: the guide shows what is printed for its example.
func TestGuide(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/guide.txtar")
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../../docs/data-contracts.md")
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Files[len(archive.Files)-1]
	if want.Name != "want" || !bytes.Contains(guide, want.Data) {
		t.Errorf("docs/data-contracts.md shows other than %s", want.Data)
	}
}

// TestRefusals: what is not the author's mistake is an error.
func TestRefusals(t *testing.T) {
	missing := diff.Source{FS: fstest.MapFS{}, Paths: []string{"gone.odcs.yaml"}}
	if err := Format.Compare(context.Background(), &diff.Report{}, missing, missing,
		diff.Options{}); err == nil {
		t.Error("a missing file counts as a mistake of its author")
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Format.Compare(cancelled, &diff.Report{}, source("c.json", many(2, "string")),
		source("c.json", many(2, "number")), diff.Options{}); err == nil {
		t.Error("a cancelled comparison goes on")
	}
}

// TestRuleNames: rules are found by their ids, so a wrong one would only be
// seen when it is needed.
func TestRuleNames(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range rules {
		known[rule.ID] = true
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range regexp.MustCompile(`"(odcs/[a-z-]+)"`).FindAllSubmatch(source, -1) {
			if !known[string(id[1])] {
				t.Errorf("%s: there is no rule %s", name, id[1])
			}
		}
	}
}

// TestVersionOfABreak: the version is judged for those who are broken.
func TestVersionOfABreak(t *testing.T) {
	const contract = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: %s\nschema:\n  - name: t\n " +
		"   properties:\n      - {name: p, required: %t}\n"
	tests := []struct {
		before, after string
		required      bool // before
		want          diff.Side
	}{
		{"1.0.0", "1.1.0", true, diff.Receives},
		{"1.0.0", "1.1.0", false, diff.Sends},
		{"1.0.0", "2.0.0", true, 0},
		{"0.1.0", "0.2.0", true, 0},
		{"0.1.0", "0.1.9", true, diff.Receives},
		{"v1", "v1", true, diff.Receives},
		{"1.0", "1", true, diff.Receives},
		{"spring", "spring", true, diff.Receives},
		{"spring", "autumn", true, 0},
	}
	for _, tt := range tests {
		r := report(t, source("c.yaml", fmt.Sprintf(contract, tt.before, tt.required)),
			source("c.yaml", fmt.Sprintf(contract, tt.after, !tt.required)))
		var got diff.Side
		for i := range r.Changes {
			if r.Changes[i].Rule.ID == "odcs/version-not-bumped" {
				got = r.Changes[i].Side()
			}
		}
		if got != tt.want {
			t.Errorf("%s to %s: judged for %q, want %q", tt.before, tt.after, got, tt.want)
		}
	}
}

// TestLongValues: what a message cuts off counts all the same.
func TestLongValues(t *testing.T) {
	long := strings.Repeat("x", 200)
	for _, contract := range []string{
		"servers: [{server: s, type: s3, location: 's3://%s'}]",
		"slaProperties: [{property: mood, value: '%s'}]", "slaProperties: [{property: '%s', value: 1}]",
		"schema: [{name: t, properties: [{name: p, classification: '%s'}]}]",
		"schema: [{name: t, properties: [{name: p, logicalTypeOptions: {minimum: '%s'}}]}]",
		"schema: [{name: t, properties: [{name: p, logicalType: date, logicalTypeOptions: " +
			"{defaultTimezone: '%s'}}]}]",
		"schema: [{name: t, properties: [{name: p, semanticType: '%s'}]}]",
		"schema: [{name: t, quality: [{type: sql, query: q, mustBe: '%s'}]}]",
		"schema: [{name: t, quality: [{metric: rowCount, severity: '%s'}]}]",
		"schema: [{name: t, properties: [{name: p, relationships: [{to: x, type: '%s'}]}]}]",
		"schema: [{name: t, properties: [{name: p, logicalTypeOptions: {embeddingModel: '%s'}}]}]",
		"schema: [{name: t, properties: [{name: p, physicalType: '%s'}]}]",
	} {
		revision := func(end string) diff.Source {
			return source("c.yaml", "apiVersion: v3.2.0\nkind: DataContract\n"+fmt.Sprintf(contract,
				long+end)+"\n")
		}
		there, further := report(t, revision("a"), revision("b")), report(t, revision("a"), revision("c"))
		if len(there.Errors) > 0 || len(there.Changes) == 0 {
			t.Errorf("%s: no change; %v", contract, there.Errors)
			continue
		}
		if fingerprints(there)[0] == fingerprints(further)[0] {
			t.Errorf("%s: two changes have one fingerprint", contract)
		}
	}
}

// fingerprints are those of the changes that are in the new revision.
func fingerprints(r *diff.Report) (all []string) {
	for _, c := range r.Changes {
		if !strings.HasSuffix(c.Rule.ID, "-removed") {
			all = append(all, c.Fingerprint())
		}
	}
	return all
}

// TestReachesKnowTheOldNames: consumers use what they know, so that a rename
// hits them, and all that is below it.
func TestReachesKnowTheOldNames(t *testing.T) {
	const contract = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nschema:\n  - id: o\n    name: %s\n  " +
		"  properties:\n      - {id: p, name: %s, unique: %t}\n"
	r := report(t, source("c.yaml", fmt.Sprintf(contract, "orders", "price", true)),
		source("c.yaml", fmt.Sprintf(contract, "sales", "amount", false)))
	got := map[string]string{}
	for _, c := range r.Changes {
		got[c.Rule.ID] = c.Reaches[0].Use.String()
	}
	for rule, want := range map[string]string{
		"odcs/object-renamed":   "schema orders",
		"odcs/property-renamed": "schema orders › price",
		"odcs/unique-relaxed":   "schema orders › price",
	} {
		if got[rule] != want {
			t.Errorf("%s reaches %q, want %q", rule, got[rule], want)
		}
	}
}

// many is a contract of so many properties, the last of the given type.
func many(n int, last string) string {
	var b strings.Builder
	b.WriteString(`{"apiVersion": "v3.1.0", "kind": "DataContract", "id": "c", "version": "1.0.0", "schema": [{"name": "t", "properties": [` + "\n")
	for i := range n {
		typ := "string"
		if i == n-1 {
			typ = last
		}
		fmt.Fprintf(&b, `{"name": "p%d", "logicalType": "object", "properties": [{"name": "a", "logicalType": %q, "required": true,
  "description": "What it is.", "quality": [{"metric": "nullValues", "mustBe": 0}], "logicalTypeOptions": {"maxLength": 20}}]}`, i, typ)
		if i < n-1 {
			b.WriteString(",\n")
		}
	}
	return b.String() + "]}]}"
}

// BenchmarkCompare reads and compares two contracts of 2,000 properties: with
// one change, and with a change in each of them.
func BenchmarkCompare(b *testing.B) {
	old := many(1000, "string")
	for _, bench := range []struct {
		name, new string
		changes   int
	}{
		{"one", many(1000, "number"), 2}, // and the version was not raised
		{"all", strings.ReplaceAll(old, `"required": true`, `"required": false`), 1001},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(old) + len(bench.new)))
			b.ReportAllocs()
			for b.Loop() {
				if r := report(b, source("c.json", old),
					source("c.json", bench.new)); len(r.Changes) != bench.changes {
					b.Fatalf("%d changes: %v", len(r.Changes), said(r)[:3])
				}
			}
		})
	}
}

// FuzzCompare takes contracts without their first lines, or hardly any input
// would be one.
func FuzzCompare(f *testing.F) {
	f.Add("schema: [{name: t, properties: [{name: p, logicalType: string, required: true, quality: "+
		"[{metric: nullValues, mustBe: 0}]}]}]\n",
		"id:\nversion: 1.2\nteam: {members: [{username: a, role: owner}]}\nslaProperties: [{property: "+
			"ly, value: PT4H}]\n")
	f.Add("schema:\n  - name: t\n    quality: [{rule: validValues, validValues: [1]}, {mustBe: x}, "+
		"{mustBeBetween: [2]}]\n    properties: [{name: p, map: {key: {}, value: {items: {}}}, enum: "+
		"[{}, 1, null]}]\n",
		"schema: [{name: t, properties: [{name: p, physicalType: 'decimal(1,9)', logicalType: integer, "+
			"logicalTypeOptions: {format: i, minimum: 1e999999999, multipleOf: 1e-999}}]}]\n")
	f.Add("price: {priceAmount: 1}\nservers: [{server: s, type: kafka}]\ndescription: x\n",
		"slaProperties: [{property: 1, value: {a: 1}, unit: [], element: ',.'}]\nroles: [{role: true}]\n"+
			"support: [{channel: 1}]\ndescription: {usage: y}\n")
	f.Fuzz(func(t *testing.T, old, new string) {
		if len(old)+len(new) > 64<<10 {
			t.Skip("long texts are slow to mutate and say no more")
		}
		const head = "apiVersion: v3.1.0\nkind: DataContract\n"
		report(t, source("c.yaml", head+old), source("c.yaml", head+new))
		// A remark makes it another file, so that it is really compared.
		self := report(t, source("c.yaml", head+new), source("c.yaml", head+new+"\nremark: x\n"))
		for _, c := range self.Changes {
			if c.Message != "metadata changed: remark" {
				t.Errorf("differs from itself: %v", said(self))
			}
		}
	})
}
