package openapi_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/openapi"
	"github.com/assent-dev/assent/github/githubtest"
)

// BenchmarkCompare parses two revisions and compares them. One property of a
// definition that most operations reach has another type.
func BenchmarkCompare(b *testing.B) {
	b.Run("generated", func(b *testing.B) {
		old := generated(400)
		benchmark(b, old, bytes.Replace(old, []byte(`"login": {"type": "string"}`),
			[]byte(`"login": {"type": "integer"}`), 1))
	})
	b.Run("unchanged", func(b *testing.B) {
		old := generated(400)
		benchmark(b, old, old)
	})
	b.Run("github", func(b *testing.B) {
		old, err := os.ReadFile(githubtest.Description(b))
		if err != nil {
			b.Fatal(err)
		}
		definition := bytes.Index(old, []byte(`"simple-user": {`))
		login := definition + bytes.Index(old[definition:], []byte(`"login": {`))
		benchmark(b, old, slices.Concat(old[:login],
			bytes.Replace(old[login:], []byte(`"string"`), []byte(`"integer"`), 1)))
	})
}

func benchmark(b *testing.B, old, new []byte) {
	files := fstest.MapFS{"old.json": {Data: old}, "new.json": {Data: new}}
	compatibility, err := openapi.Format.Compatibility("")
	if err != nil {
		b.Fatal(err)
	}
	want := 1
	if bytes.Equal(old, new) {
		want = 0
	}
	b.SetBytes(int64(len(old) + len(new)))
	b.ReportAllocs()
	for b.Loop() {
		report, err := diff.Compare(context.Background(), diff.Contract{
			Name:          "bench",
			Format:        openapi.Format,
			Compatibility: compatibility,
		},
			[]diff.Source{{FS: files, Paths: []string{"old.json"}}}, diff.Source{
				FS:    files,
				Paths: []string{"new.json"},
			})
		if err != nil {
			b.Fatal(err)
		}
		if report.Count(diff.Breaking) != want || len(report.Errors) > 0 {
			b.Fatalf("%d breaks, want %d; %v", report.Count(diff.Breaking), want, report.Errors)
		}
	}
}

// generated is a description with so many operations and component schemas
// that refer to each other.
func generated(n int) []byte {
	var paths, schemas []string
	for i := range n {
		paths = append(paths, fmt.Sprintf(`"/things%d/{id}": {
      "get": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "one", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing%d"}}}}}},
      "put": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing%d"}}}},
        "responses": {"204": {"description": "done"}}}}`, i, i, (i*7)%n))
		schemas = append(schemas, fmt.Sprintf(`"Thing%d": {
      "type": "object", "required": ["id", "owner"],
      "properties": {
        "id": {"type": "integer", "format": "int64", "description": "%s"},
        "owner": {"$ref": "#/components/schemas/User"},
        "parent": {"oneOf": [{"$ref": "#/components/schemas/Thing%d"}, {"type": "string"}]},
        "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c"]}}
      }
    }`, i, strings.Repeat("some words on it ", 10), i/2))
	}
	return fmt.Appendf(nil, `{"openapi": "3.1.0", "info": {"title": "generated", "version": "1"}, "paths": {
    %s
  }, "components": {"schemas": {
    "User": {"type": "object", "properties": {"login": {"type": "string"}}},
    %s
  }}}`, strings.Join(paths, ",\n    "), strings.Join(schemas, ",\n    "))
}
