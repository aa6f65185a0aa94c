package app

import (
	"bytes"
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/openapi"
)

// validated compares old.yaml with new.yaml and asks the validator.
func validated(t *testing.T, v validator, files fs.FS) string {
	t.Helper()
	old, new := diff.Source{FS: files, Paths: []string{"old.yaml"}}, diff.Source{FS: files, Paths: []string{"new.yaml"}}
	found, err := v.changes(context.Background(), old, new)
	if err != nil {
		t.Fatal(err)
	}
	compatibility, err := openapi.Format.Compatibility("")
	if err != nil {
		t.Fatal(err)
	}
	report, err := diff.Compare(context.Background(), diff.Contract{Name: "shop", Format: openapi.Format, Compatibility: compatibility, Found: found}, []diff.Source{old}, new)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := report.WriteText(&b, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestValidationRules: the examples of the rules on validating say what is found.
func TestValidationRules(t *testing.T) {
	for i, rule := range openapi.Validation {
		archive := txtar.Parse([]byte(rule.Example))
		files, err := txtar.FS(archive)
		if err != nil {
			t.Fatal(err)
		}
		want, err := fs.ReadFile(files, "want")
		if err != nil {
			t.Fatalf("%s: %v", rule.ID, err)
		}
		got := validated(t, validator{most: []int{mostValidated, 1}[i]}, files)
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (- want, + got):\n%s", rule.ID, d)
		}
	}
}

// TestOnlyNewComplaintsCount: what the base already has is nobody's news, and
// neither is it what keeps a description from being read.
func TestOnlyNewComplaintsCount(t *testing.T) {
	const wrong = "  /a/{id}: {get: {responses: {'200': {description: one}}}}\n"
	tests := []struct{ name, old, new, want string }{
		{"old mistake", wrong, wrong, ""},
		{"one more", wrong, wrong + "  /b/{id}: {get: {responses: {'200': {description: one}}}}\n", "GET /b/{}"},
		{"moved", wrong, "  /b: {get: {responses: {'200': {description: one}}}}\n" + wrong, ""},
		{"no description before", "", wrong, "GET /a/{}"},
		{"in a component", "", "components: {schemas: {Order: {type: order}}}\n", "schema Order"},
		{"a reference to nothing", "", "  /b: {$ref: nothing.yaml}\n", ""},
		{"to a machine", "", "  /b: {$ref: 'http://127.0.0.1:1/x.yaml'}\n", ""},
	}
	document := func(paths string) *fstest.MapFile {
		text := "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths:\n" + paths
		if !strings.HasPrefix(paths, " ") {
			text = "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths: {}\n" + paths
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, line := range strings.Split(validated(t, validator{most: mostValidated}, fstest.MapFS{"old.yaml": document(tt.old), "new.yaml": document(tt.new)}), "\n") {
				if strings.Contains(line, "[openapi/invalid]") {
					got += line
				}
			}
			if (got == "") != (tt.want == "") || !strings.Contains(got, "risky: "+tt.want) && tt.want != "" {
				t.Errorf("got %q, want a complaint about %q", got, tt.want)
			}
		})
	}
}
