package tree_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff/tree"
)

func TestMembers(t *testing.T) {
	tests := []struct {
		head string
		want map[string]string
	}{
		{
			`{"a": "x", "b": {"c": 1}, "d": 2.0, "e": [`,
			map[string]string{"a": "x", "b": "", "d": "2.0", "e": ""},
		},
		{`{"a": "cut of`, map[string]string{"a": ""}},
		{
			"# comment\n---\na: 'x'\n\"b\": 3.1.0 # new\nc:\n" +
				"  d: 1\n  text: |\n    e: 2\nf.g: http://x/y\r\n",
			map[string]string{"a": "x", "b": "3.1.0", "c": "", "f.g": "http://x/y"},
		},
		{"\xef\xbb\xbfa: 1\nb", map[string]string{"a": "1"}},
		{"- a: 1\n", map[string]string{}},
		{"", map[string]string{}},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, tree.Members([]byte(tt.head))); d != "" {
			t.Errorf("%q: %s", tt.head, d)
		}
	}
}
