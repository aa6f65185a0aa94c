package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeSchemas makes a repository of Avro schemas in a folder, one type to a
// file: each refers to three of those before it.
func writeSchemas(tb testing.TB, folder string, count int, edit func(i int, text string) string) {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range count {
		space := fmt.Sprintf("acme.domain%d", i%20)
		var b strings.Builder
		fmt.Fprintf(&b, "{\"type\": \"record\", \"name\": \"Event%d\", \"namespace\": %q, \"fields\": [\n", i,
			space)
		for j := range 8 {
			fmt.Fprintf(&b, "  {\"name\": \"field%d\", \"type\": [\"null\", \"string\"], \"default\": "+
				"null, \"doc\": \"What field %d holds.\"},\n", j, j)
		}
		for j := range min(3, i) {
			k := random.IntN(i)
			fmt.Fprintf(&b, "  {\"name\": \"ref%d\", \"type\": [\"null\", \"acme.domain%d.Event%d\"], "+
				"\"default\": null},\n", j, k%20, k)
		}
		b.WriteString("  {\"name\": \"id\", \"type\": \"long\"}\n]}\n")
		file := filepath.Join(folder, strings.ReplaceAll(space, ".", "/"), fmt.Sprintf("Event%d.avsc", i))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(edit(i, b.String())), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkFolders compares two folders of 2,000 schemas that refer to each
// other, of which one differs.
func BenchmarkFolders(b *testing.B) {
	const count = 2000
	for _, changed := range []int{count - 1, count / 2, 0} {
		b.Run(fmt.Sprintf("changed=%d", changed), func(b *testing.B) {
			old, new := b.TempDir(), b.TempDir()
			writeSchemas(b, old, count, func(_ int, text string) string { return text })
			writeSchemas(b, new, count, func(i int, text string) string {
				if i == changed {
					return strings.Replace(text, `"id", "type": "long"`, `"id", "type": "int"`, 1)
				}
				return text
			})
			findings := 0
			for b.Loop() {
				var out bytes.Buffer
				c := comparison{output: "text", failOn: "never", today: "2027-03-31"}
				if err := c.run(context.Background(), &out, io.Discard, []string{old}, new); err != nil {
					b.Fatal(err)
				}
				findings = strings.Count(out.String(), "[avro/type-narrowed]")
			}
			b.ReportMetric(float64(findings), "findings")
		})
	}
}
