package openapi

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/diff"
)

// complaintsOf returns the complaints about a file, one a line.
func complaintsOf(t *testing.T, files fs.FS, name string, most int) string {
	t.Helper()
	all, err := validateUpTo(context.Background(), diff.Source{FS: files, Paths: []string{name}}, most)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range all {
		found := c.Fact.Found
		b.WriteString(c.Fact.At.Use.String() + ": " + found.Message + " [" + found.Rule.ID + "]\n")
	}
	return b.String()
}

// TestValidationRules tests the examples of the rules on validation.
func TestValidationRules(t *testing.T) {
	for i, rule := range validation {
		files, err := txtar.FS(txtar.Parse([]byte(rule.Example)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := fs.ReadFile(files, "want")
		if err != nil {
			t.Fatalf("%s: %v", rule.ID, err)
		}
		got := complaintsOf(t, files, "new.yaml", []int{mostValidated, 1}[i])
		if got == "" || !strings.HasSuffix(string(want), got) {
			t.Errorf("%s: got %q, want %q", rule.ID, got, want)
		}
	}
}

// TestUnreadableIsNotValidated: the comparison reports descriptions that cannot
// be read.
func TestUnreadableIsNotValidated(t *testing.T) {
	for name, paths := range map[string]string{
		"a reference to nothing": "  /b: {$ref: nothing.yaml}\n",
		"to a machine":           "  /b: {$ref: 'http://127.0.0.1:1/x.yaml'}\n",
	} {
		text := "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths:\n" + paths
		files := fstest.MapFS{"new.yaml": {Data: []byte(text)}}
		if got := complaintsOf(t, files, "new.yaml", mostValidated); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
