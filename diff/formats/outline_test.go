package formats_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/tree"
)

// TestOutlines: what outlines say of these files is kept with them. A change of it
// makes those that are kept elsewhere wrong, so that the version has to be raised.
func TestOutlines(t *testing.T) {
	const file = "testdata/outlines.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "version %d\n", formats.OutlineVersion)
	files := archive.Files[:len(archive.Files)-1]
	for _, f := range files {
		o := formats.All.Outline("any/folder/"+f.Name, f.Data, nil)
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n", f.Name, text)
		var kept diff.Outline
		if err := json.Unmarshal(text, &kept); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(o, kept); d != "" {
			t.Errorf("%s: kept and made anew: %s", f.Name, d)
		}
	}
	want := &archive.Files[len(files)]
	if os.Getenv("UPDATE") != "" {
		want.Data = []byte(b.String())
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(string(want.Data), b.String()); d != "" {
		t.Errorf("raise OutlineVersion, and run make update: %s", d)
	}
}

// TestOutlinesAreBounded: a file with more links than are kept says so, and is
// opened for them.
func TestOutlinesAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "p%d: {$ref: part%d.yaml}\n", i, i)
	}
	o := formats.All.Outline("api.yaml", []byte(b.String()), nil)
	if !o.Long || len(o.Links) > 0 {
		t.Errorf("got %d links, long: %v", len(o.Links), o.Long)
	}
	scope := outlined(fstest.MapFS{"a/api.yaml": {Data: []byte(b.String())}})
	for _, name := range []string{"openapi", "jsonschema"} {
		format, err := formats.All.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		touched := format.Graph(scope).Touched(func(file string) bool { return file == "a/part19999.yaml" })
		if hit, err := touched("a/api.yaml"); !hit || err != nil {
			t.Errorf("%s: got %v, %v", name, hit, err)
		}
	}
}

// TestUnread: of a file that exceeds a bound the name alone counts.
func TestUnread(t *testing.T) {
	for file, want := range map[string]string{
		"api/openapi.yaml": "", "a/trade.avsc": "avro", "b.odcs.yaml": "odcs", "fixture.json": "",
	} {
		o := formats.All.Unread(file, "too large")
		if o.Format != want || !o.Unread || o.Wrong.Message != "too large" {
			t.Errorf("%s: got %+v, want the format %q", file, o, want)
		}
	}
}

// outlined is a scope that knows the outlines of its files, which were kept in
// between as an index keeps them.
func outlined(files fstest.MapFS) diff.Scope {
	outlines := func(names []string) (map[string]diff.Outline, error) {
		all := map[string]diff.Outline{}
		for _, name := range names {
			file, exists := files[name]
			if !exists {
				continue
			}
			text, err := json.Marshal(formats.All.Outline(path.Base(name), file.Data, nil))
			if err != nil {
				return nil, err
			}
			var o diff.Outline
			if err := json.Unmarshal(text, &o); err != nil {
				return nil, err
			}
			all[name] = o
		}
		return all, nil
	}
	return diff.Scope{FS: files, Folder: ".", Outlines: outlines}
}

// TestOutlinesAnswerLikeFiles: which file touches which contract is the same by
// outlines as by opening the files, in all formats, with broken and missing files.
func TestOutlinesAnswerLikeFiles(t *testing.T) {
	hits := 0
	for seed := range uint64(1500) {
		files := randomFiles(rand.New(rand.NewPCG(seed, 1)))
		for _, format := range formats.All {
			opened, kept := format.Graph(diff.Scope{FS: files, Folder: "."}), format.Graph(outlined(files))
			for changed := range files {
				isChanged := func(file string) bool { return file == changed }
				byFiles, byOutlines := opened.Touched(isChanged), kept.Touched(isChanged)
				for root := range files {
					want, err := byFiles(root)
					if err != nil {
						t.Fatal(err)
					}
					got, err := byOutlines(root)
					if got != want || err != nil {
						const text = "seed %d, %s: %s touches %s: %v, %v; want %v in\n%s"
						t.Fatalf(text, seed, format.Name, changed, root, got, err, want, textOf(files))
					}
					if got && root != changed {
						hits++
					}
				}
			}
		}
	}
	if hits < 1000 {
		t.Errorf("only %d contracts were touched", hits)
	}
}

// randomFiles are files that refer to each other in all ways, or try to.
func randomFiles(r *rand.Rand) fstest.MapFS {
	folders := []string{"", "a/", "a/b/", "c/"}
	names := []string{"x.yaml", "y.json", "status.def", "Leg.avsc", "legs.avsc", "t.avsc", "t.odcs.yaml"}
	pick := func(all []string) string { return all[r.IntN(len(all))] }
	files := fstest.MapFS{}
	for range 3 + r.IntN(5) {
		name := pick(folders) + pick(names)
		files[name] = &fstest.MapFile{Data: []byte(randomText(name, func() string {
			return pick([]string{"", "../", "../../", "./", "a/", "b/"}) + pick(names)
		}, pick))}
	}
	return files
}

func randomText(name string, link func() string, pick func([]string) string) string {
	types := []string{"Leg", "acme.Leg", "Trade", "acme.b.Leg", "double"}
	switch {
	case pick([]string{"", "", "", "", "", "broken"}) != "":
		return `{"$ref": "x.yaml", "name": [`
	case strings.HasSuffix(name, ".odcs.yaml"):
		return "apiVersion: v3.1.0\nkind: DataContract\nid: t\nversion: 1.0.0\nstatus: active\n" +
			"schema: [{name: " + pick([]string{"t", "Leg", "legs"}) + pick([]string{
			"}]\n", ", customProperties: [{property: schemaFile, value: " + link() + "}]}]\n",
		})
	case path.Ext(name) == ".avsc":
		return fmt.Sprintf(`{"type": "record", "name": %q, "namespace": %q, "fields": [`+
			`{"name": "a", "type": %q}, {"name": "b", "type": ["null", %q]}]}`,
			pick(types[:4]), pick([]string{"", "acme", "acme.b"}), pick(types), pick(types))
	}
	return fmt.Sprintf(`{"openapi": "3.1.0", "$id": %q, "a": {"$ref": %q}, "b": [{"$ref": "%s#/a"}]}`,
		pick([]string{"", "https://example.org/a/x.yaml"}), link(),
		pick([]string{"", "https://example.org/", "https://example.com/"})+link())
}

func textOf(files fstest.MapFS) string {
	var b strings.Builder
	for name, file := range files {
		fmt.Fprintf(&b, "-- %s --\n%s\n", name, file.Data)
	}
	return b.String()
}

// TestOutlineInBoundedMemory: what does not fit the memory for parsing is said.
func TestOutlineInBoundedMemory(t *testing.T) {
	cache := tree.NewCache(0)
	cache.BoundParsing(1 << 10)
	text := "openapi: 3.1.0\n" + strings.Repeat("# much\n", 1000)
	o := formats.All.Outline("api.yaml", []byte(text), cache)
	if o.Format != "openapi" || o.Wrong == nil || !strings.Contains(o.Wrong.Message, "YAML are read") {
		t.Errorf("got %+v", o)
	}
}
