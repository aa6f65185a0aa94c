package contracts

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

// The format of these tests is lines of text that no reader of JSON or YAML
// takes: each names a field, or imports a file that lies beside it.
var (
	lineRemoved = &diff.Rule{ID: "lines/removed", Sends: diff.Breaking, Receives: diff.Breaking}
	lineOdd     = &diff.Rule{ID: "lines/odd", Sends: diff.Risky, Receives: diff.Risky}

	lines = &diff.Format{
		Name:       "lines",
		Extensions: []string{".lines"},
		Match:      func(name string, _ []byte) bool { return strings.HasSuffix(name, ".lines") },
		Default:    "full",
		Rules:      []*diff.Rule{lineRemoved},
		Validation: []*diff.Rule{lineOdd},
		Links:      imports,
		Registered: &diff.Registered{Type: "PROTOBUF", ByPath: true},
		Validate:   validateLines,
		Compare:    compareLines,
	}
)

// imports returns the files that a file imports.
func imports(f *diff.File) (l diff.Links, err error) {
	data, err := f.Text()
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "import "); ok {
			l.Files = append(l.Files, name)
		}
	}
	return l, err
}

// fields returns where each field of a contract is defined.
func fields(s diff.Source, file string) (map[string]diff.Location, error) {
	data, err := fs.ReadFile(s.FS, file)
	if err != nil {
		return nil, err
	}
	all := map[string]diff.Location{}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		name, isImport := strings.CutPrefix(line, "import ")
		if !isImport {
			all[line] = diff.Location{File: file, Line: i + 1, Column: 1, EndLine: i + 1}
			continue
		}
		imported, err := fields(s, path.Join(path.Dir(file), name))
		if err != nil {
			return nil, err
		}
		for field, at := range imported {
			all[field] = at
		}
	}
	return all, nil
}

// place is where a field is, for all who use the contract.
func place(field string) diff.Place {
	return diff.Place{Use: diff.PathOf(diff.Step{Kind: diff.Field, Name: field}), Side: diff.Both}
}

func compareLines(_ context.Context, r *diff.Report, old, new diff.Source, _ diff.Options) error {
	before, err := fields(old, old.Root())
	if err != nil {
		return err
	}
	after, err := fields(new, new.Root())
	if err != nil {
		return err
	}
	for field, at := range before {
		if _, kept := after[field]; !kept {
			r.Found(place(field), diff.Found{Rule: lineRemoved, Old: diff.Spot(at), Message: "field removed"})
		}
	}
	return nil
}

func validateLines(_ context.Context, s diff.Source) (all []diff.Complaint, err error) {
	found, err := fields(s, s.Root())
	for field, at := range found {
		if strings.Contains(field, "odd") {
			odd := diff.Found{Rule: lineOdd, New: diff.Spot(at), Message: "name is odd"}
			all = append(all, diff.Complaint{Text: field, Fact: diff.Fact{At: place(field), Found: odd}})
		}
	}
	return all, err
}

// tagged is a repository whose commits are their names.
type tagged map[string]memory

func (t tagged) Tags(context.Context) (map[string]string, error) {
	commits := map[string]string{}
	for name := range t {
		commits[name] = name
	}
	return commits, nil
}

func (t tagged) Tree(_ context.Context, commit string) (Tree, error) { return t[commit], nil }

// Versions returns all commits, the last name first.
func (t tagged) Versions(_ context.Context, _, _ string, most int) ([]string, error) {
	all := slices.Sorted(maps.Keys(t))
	slices.Reverse(all)
	return all[:min(len(all), most)], nil
}

// finder compares two trees of contracts in the format of these tests.
func finder(base, head memory) *Finder {
	return &Finder{
		Formats: formats.List{lines},
		Base:    base,
		Head:    head,
		Policy:  base,
		Owner:   "acme",
		Now:     time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC),
	}
}

// found writes the reports as people read them.
func found(t *testing.T, reports ...*diff.Report) string {
	t.Helper()
	var b strings.Builder
	for _, r := range reports {
		if err := r.WriteText(&b, nil); err != nil {
			t.Fatal(err)
		}
	}
	var kept []string // without the places that changes reach
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, "    ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

const listing = "version: 1\ncontracts:\n  - path: shop/order.lines\n"

// TestFormatOfLines: a format that is neither JSON nor YAML is found, followed
// through its references, compared and validated like every other.
func TestFormatOfLines(t *testing.T) {
	order, money := "import money.lines\n{ id: ]\n", "price: [\n"
	base := memory{"shop/order.lines": order, "shop/money.lines": money, "other.lines": "{\n"}
	with := func(texts memory) memory {
		all := memory{}
		for _, from := range []memory{base, texts} {
			for name, text := range from {
				if all[name] = text; text == "" {
					delete(all, name)
				}
			}
		}
		return all
	}
	const priceGone = "shop/money.lines:1:1: breaking: price: [: field removed [lines/removed] (gone)\n"
	dearer := memory{config.Path: listing, "shop/money.lines": "amount: [\n"}
	for _, tt := range []struct {
		name       string
		base, head memory
		want       string
	}{
		{"nothing", base, with(memory{"README.md": "words"}), ""},
		{
			"an imported file, which is a contract too", base,
			with(memory{"shop/money.lines": "amount: [\n"}), priceGone + priceGone,
		},
		{"listed", with(memory{config.Path: listing}), with(dearer), priceGone},
		{
			"odd", base, with(memory{"other.lines": "{\nodd: {\n"}),
			"other.lines:2:1: risky: odd: {: name is odd [lines/odd]\n",
		},
		{
			"odd before", with(memory{"other.lines": "odd: {\n"}),
			with(memory{"other.lines": "odd: {\n}\n"}), "",
		},
		{
			"moved", base, with(memory{"other.lines": "", "new/other.lines": "{\n"}),
			"new/other.lines:1:1: risky: contract: the contract moved to another file " +
				"[contract/renamed] (was other.lines:1)\n",
		},
		{
			"gone and still listed", with(memory{config.Path: listing}),
			with(memory{config.Path: listing, "shop/order.lines": ""}),
			config.Path + ":3:5: breaking: contract: the contract was removed " +
				"[contract/removed] (was shop/order.lines:1)\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			result, err := finder(tt.base, tt.head).Compare(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, found(t, result.Reports...)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestVersionsOfLines: earlier versions come from tags and from a registry,
// which is asked about the new one and points to no place in it.
func TestVersionsOfLines(t *testing.T) {
	const gone = "breaking: %s: [: field removed [lines/removed] (gone)"
	currencyGone := "shop/order.lines:2:1: " + fmt.Sprintf(gone, "currency")
	sizeGone := "shop/order.lines:3:1: " + fmt.Sprintf(gone, "size")
	const refused = "shop/order.lines:1:1: breaking: contract: the schema registry refuses it: no " +
		"[contract/refused]"
	for entry, want := range map[string][]string{
		"registry: {name: main, subject: orders}": {
			refused, currencyGone + " (against version 1)", sizeGone,
		},
		"versions: v*\n    compatibility: full_transitive":       {currencyGone, sizeGone + " (against v9)"},
		"versions: 'v{8,9}'\n    compatibility: full_transitive": {currencyGone, sizeGone + " (against v9)"},
	} {
		text := listing + "    " + entry + "\n"
		finder := finder(
			memory{config.Path: text, "shop/order.lines": "id: [\ncurrency: [\nsize: [\n"},
			memory{config.Path: text, "shop/order.lines": "id: [\nnote: [\n"},
		)
		finder.Registries = registryOfLines(t)
		finder.Repository = tagged{
			"v9":  {"shop/order.lines": "size: [\n"},
			"v10": {"shop/order.lines": "id: [\n"},
		}
		result, err := finder.Compare(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		got := strings.TrimSpace(found(t, result.Reports...))
		if d := cmp.Diff(want, strings.Split(got, "\n")); d != "" || len(result.Mistakes) > 0 {
			t.Error(d, result.Mistakes)
		}
	}
}

// registryOfLines is a registry that has one version and refuses notes.
func registryOfLines(t *testing.T) Registries {
	t.Helper()
	f := srfake.New(srfake.WithGlobalCompat(sr.CompatFullTransitive))
	t.Cleanup(f.Close)
	f.SeedSchema("money", 1, 1, sr.Schema{Schema: "currency: [\n", Type: sr.TypeProtobuf})
	f.SeedSchema("orders", 1, 2, sr.Schema{
		Schema: "import money.lines\nid: [\n", Type: sr.TypeProtobuf,
		References: []sr.SchemaReference{{Name: "money.lines", Subject: "money", Version: 1}},
	})
	f.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/compatibility/") {
			return false
		}
		var asked sr.Schema
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		answer := map[string]any{"is_compatible": true}
		if strings.Contains(asked.Schema, "note") {
			reason := "{errorType:'NOTE', description:'no', additionalInfo:''}"
			answer = map[string]any{"is_compatible": false, "messages": []string{reason}}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
		return true
	})
	registries, err := OpenRegistries(map[string]config.Registry{
		"main": {Kind: "confluent", URL: f.URL(), Owners: []string{"acme"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return registries
}

// TestFoldersOfLines: the command line's way to the same format.
func TestFoldersOfLines(t *testing.T) {
	tree := memory{
		"old/order.lines": "import money.lines\nid: [\n",
		"new/order.lines": "import money.lines\nid: [\n",
		"old/money.lines": "price: [\n",
		"new/money.lines": "amount: [\n",
		"old/same.lines":  "]\n",
		"new/same.lines":  "]\n",
	}
	side := func(folder string) *Revision {
		files := memory{}
		for name, text := range tree {
			if strings.HasPrefix(name, folder) {
				files[name] = text
			}
		}
		return &Revision{Tree: files, Path: folder}
	}
	all, err := Match(formats.List{lines}, "", side("old"), side("new"))
	if err != nil {
		t.Fatal(err)
	}
	full, err := lines.Compatibility("")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, c := range all {
		report, _, err := c.Compare(context.Background(), diff.Contract{Compatibility: full}, History{})
		if err != nil {
			t.Fatal(err)
		}
		got[c.Name] = len(report.Changes)
	}
	if d := cmp.Diff(map[string]int{"order.lines": 1, "money.lines": 1, "same.lines": 0}, got); d != "" {
		t.Error(d)
	}
}
