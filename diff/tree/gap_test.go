package tree_test

import (
	"testing"

	"github.com/assent-dev/assent/diff/tree"
)

func TestGap(t *testing.T) {
	old := parse(t, "old.yaml", "p:\n  a: {}\n  b:\n    c: 1\n    d: 2\n  e: 1\n  f: 2\n")
	tests := []struct {
		name, gone, text string
		line             int
	}{
		{"after a long sibling", "e", "p:\n  a: {}\n  b:\n    c: 1\n    d: 2\n  f: 2\n", 5},
		{"after a sibling that is not the last", "f", "p:\n  e: 1\n  b: 1\n", 2},
		{"before the first", "a", "\n\np:\n  b: 1\n", 4},
		{"none left", "a", "x: 1\np:\n  z: 1\n", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := parse(t, "new.yaml", tt.text).Get("p").Gap(old.Path("p", tt.gone))
			if got.Line != tt.line || got.EndLine != tt.line || got.File != "new.yaml" {
				t.Errorf("got %+v, want line %d", got, tt.line)
			}
		})
	}
	fields := parse(t, "old.json", "[{\"name\": \"a\"},\n{\"name\": \"b\"},\n{\"name\": \"c\"}]")
	if got := parse(t, "new.json",
		"[\n{\"name\": \"c\"},\n{\"name\": \"a\"}]").Gap(fields.Element(1)); got.Line != 3 {
		t.Errorf("among named elements: %v", got)
	}
	if got := (*tree.Node)(nil).Gap(old.Path("p", "a")); !got.IsZero() {
		t.Errorf("without a parent: %v", got)
	}
}
