package tree_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/github/githubtest"
)

// BenchmarkParse reads a generated description of 2 MB in both languages, and
// GitHub's of 13 MB.
func BenchmarkParse(b *testing.B) {
	var json, yaml strings.Builder
	json.WriteString("{\n")
	for i := range 20_000 {
		if i > 0 {
			json.WriteString(",\n")
		}
		fmt.Fprintf(&json, "  \"Thing%d\": {\n    \"type\": \"object\",\n    \"required\": [\"id\"],\n   "+
			" \"properties\": {\"id\": {\"type\": \"integer\", \"minimum\": %d}}\n  }", i, i)
		fmt.Fprintf(&yaml, "Thing%d:\n  type: object\n  required: [id]\n  properties:\n    id: {type: "+
			"integer, minimum: %d}\n", i, i)
	}
	json.WriteString("\n}\n")
	b.Run("json", func(b *testing.B) { benchmark(b, "a.json", []byte(json.String())) })
	b.Run("yaml", func(b *testing.B) { benchmark(b, "a.yaml", []byte(yaml.String())) })
	b.Run("github", func(b *testing.B) {
		data, err := os.ReadFile(githubtest.Description(b))
		if err != nil {
			b.Fatal(err)
		}
		benchmark(b, "a.json", data)
	})
}

func benchmark(b *testing.B, name string, data []byte) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tree.Parse(name, data, tree.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
