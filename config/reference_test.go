package config_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reference is made from the comments of the structs that the files are read
// into. "make update" rewrites it.
const reference = "../docs/configuration.md"

// sections are the structs in the order of the page, with the key that leads to
// each.
var sections = []struct{ file, name, title string }{
	{"repository.go", "Repository", "`.github/assent.yml`"},
	{"repository.go", "Contract", "`contracts[]`"},
	{"registration.go", "Registration", "`contracts[].registry`"},
	{"repository.go", "Consumer", "`consumers[]`"},
	{"repository.go", "Approvals", "`approvals`"},
	{"repository.go", "Ignore", "`ignore[]`"},
	{"repository.go", "Lifecycle", "`lifecycle`"},
	{"repository.go", "Versioning", "`versioning`"},
	{"oasdiff.go", "Oasdiff", "`oasdiff`"},
	{"server.go", "Server", "The server"},
	{"registries.go", "Registry", "`registries`"},
}

// TestReference: the page on configuration says what the code says.
func TestReference(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Configuration\n\nMade from the comments in package config; `make update` rewrites it.\n")
	for _, s := range sections {
		section(t, &b, s.file, s.name, s.title)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(reference, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b.String(), string(got)); d != "" {
		t.Errorf("make update rewrites the page (- the code, + the page):\n%s", d)
	}
}

// section writes one struct: its comment, and a list of its keys.
func section(t *testing.T, b *strings.Builder, file, name, title string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range parsed.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE || general.Specs[0].(*ast.TypeSpec).Name.Name != name {
			continue
		}
		fmt.Fprintf(b, "\n## %s\n\n%s\n\n", title, prose(general.Doc))
		for _, field := range general.Specs[0].(*ast.TypeSpec).Type.(*ast.StructType).Fields.List {
			entry(t, b, field)
		}
		return
	}
	t.Errorf("%s: no type %s", file, name)
}

// entry writes one key: its comment, which begins with the key instead of the
// field.
func entry(t *testing.T, b *strings.Builder, field *ast.Field) {
	t.Helper()
	if field.Tag == nil {
		return
	}
	key := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("yaml")
	if key == "-" {
		return
	}
	text := prose(field.Doc)
	if !strings.Contains(text, " Default: ") && !strings.HasSuffix(text, " Required.") {
		t.Errorf("the comment of %s says neither its default nor that it is required: %q", key, text)
	}
	fmt.Fprintf(b, "* `%s`%s\n", key,
		strings.ReplaceAll(strings.TrimPrefix(text, field.Names[0].Name), "*", "\\*"))
}

// prose is a comment on one line.
func prose(comment *ast.CommentGroup) string {
	return strings.Join(strings.Fields(comment.Text()), " ")
}
