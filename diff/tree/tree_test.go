package tree_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/assent-dev/assent/diff/tree"
)

func parse(t testing.TB, name, text string) *tree.Node {
	t.Helper()
	d, err := tree.Parse(name, []byte(text), tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return d.Root
}

// outline writes a tree with the place of every node.
func outline(n *tree.Node) string {
	var b strings.Builder
	n.Walk(func(n *tree.Node) bool {
		at := n.At()
		fmt.Fprintf(&b, "%d:%d-%d %s %q=%q\n", at.Line, at.Column, at.EndLine, n.Kind, n.Key, n.Text)
		return true
	})
	return b.String()
}

func TestPlaces(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"json", "a.json", "{\n  \"a\": [1.0, \"x\\/\\ud83d\\ude00\"],\n  \"b\": {\n    \"c\": null\n  }\n}\n", `1:1-6 object ""=""
2:3-2 array "a"=""
2:9-2 number ""="1"
2:14-2 string ""="x/😀"
3:3-5 object "b"=""
4:5-4 null "c"=""
`},
		{"yaml", "a.yaml", "a:\n  - 1.0\n  - é: yes\n    ü: ~\n200: |\n  two\n  lines\n", `1:1-7 object ""=""
1:1-4 array "a"=""
2:5-2 number ""="1"
3:5-4 object ""=""
3:5-3 string "é"="yes"
4:5-4 null "ü"=""
5:1-7 string "200"="two\nlines\n"
`},
		{"columns count bytes", "a.yaml", "{é: 1, b: 2}", `1:1-1 object ""=""
1:2-1 number "é"="1"
1:9-1 number "b"="2"
`},
		{
			"columns far out on a line", "a.yaml", "[" + strings.Repeat("é, ", 100) + "{b: 1}]",
			"1:1-1 array \"\"=\"\"\n" + far(),
		},
		{"json in a file named yaml", "a.yaml", `{"a": "\/"}`, `1:1-1 object ""=""
1:2-1 string "a"="/"
`},
		{"merge keys yield", "a.yaml", "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n", `1:1-4 object ""=""
1:1-1 object "base"=""
1:11-1 number "x"="1"
1:17-1 number "y"="2"
2:1-4 object "use"=""
4:3-4 number "y"="3"
1:11-1 number "x"="1"
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := outline(parse(t, tt.file, tt.text)); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

// far is the outline of a hundred é and an object, each é two bytes long.
func far() string {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "1:%d-1 string \"\"=\"é\"\n", 2+4*i)
	}
	b.WriteString("1:402-1 object \"\"=\"\"\n1:403-1 number \"b\"=\"1\"\n")
	return b.String()
}

// The time for one line of a megabyte with a letter beyond ASCII must not grow
// with the square of its length.
func TestLongLineEnds(t *testing.T) {
	n := parse(t, "a.yaml", "[é"+strings.Repeat(", x", 300_000)+"]")
	if n.Len() != 300_001 {
		t.Errorf("%d elements", n.Len())
	}
	last := n.Element(300_000).At()
	if last.Column != 3+3*300_000 {
		t.Errorf("the last element is in column %d", last.Column)
	}
}

func TestShortFileCannotFillTheMemory(t *testing.T) {
	text := "a: &a [" + strings.Repeat("x,", 999) + "x]\nb: &b [" + strings.Repeat("*a,", 999) + "*a]\n"
	_, err := tree.Parse("a.yaml", []byte(text), tree.Limits{})
	if err == nil || !strings.Contains(err.Error(), "do its aliases multiply?") {
		t.Errorf("got %v", err)
	}
}

func TestHashIgnoresWriting(t *testing.T) {
	json := parse(t, "a.json", `{"a": [1, 2.50, true], "b": {"c": "x", "d": null}}`)
	same := []string{
		`{"b": {"d": null, "c": "\u0078"}, "a": [1.0, 25e-1, true]}`,
		"b: {d: , c: 'x'}\na:\n- 1\n- 2.5\n- true\n",
	}
	for i, text := range same {
		n := parse(t, []string{"b.json", "b.yaml"}[i], text)
		if n.Hash() != json.Hash() || n.Digest() != json.Digest() {
			t.Errorf("%s: another hash", text)
		}
	}
	for _, text := range []string{
		`{"a": [2.50, 1, true], "b": {"c": "x", "d": null}}`,
		`{"a": ["1", 2.50, true], "b": {"c": "x", "d": null}}`,
		`{"a": [1, 2.50, true], "b": {"c": "x", "d": "null"}}`,
	} {
		n := parse(t, "b.json", text)
		if n.Hash() == json.Hash() || n.Digest() == json.Digest() {
			t.Errorf("%s: the same hash", text)
		}
	}
}

func TestNumbersAreCanonical(t *testing.T) {
	tests := map[string]string{
		"0": "0", "-0": "0", "0.0": "0", "1e2": "100", "100": "100", "1.50": "1.5", "-12.5e-3": "-0.0125",
		"123456789012345678901234567890": "123456789012345678901234567890",
		"1e999999999":                    "1e999999999", "10e-1": "1",
	}
	for in, want := range tests {
		if got := parse(t, "a.json", in).Text; got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestMistakesHaveALine(t *testing.T) {
	laughs := "a0: &a0 [x]\n"
	for i := 1; i < 30; i++ {
		refs := strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", ")
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, refs)
	}
	tests := []struct{ name, file, text, want string }{
		{"json syntax", "a.json", "{\n  \"a\": 1,\n  oops\n}", "a.json:3:3: invalid JSON"},
		{"json cut short", "a.json", "{\n  \"a\": 1", "a.json:2:9: invalid JSON: unexpected EOF"},
		{"json duplicate", "a.json", "{\n  \"a\": 1,\n  \"a\": 2\n}", `a.json:3:3: duplicate key "a"`},
		{"json trailing", "a.json", "{}\n{}", "a.json:2:1: more text after the end"},
		{"json empty", "a.json", "", "a.json:1:1: invalid JSON: EOF"},
		{"json deep", "a.json", strings.Repeat("[", 100_000), "values are nested more than 500 deep"},
		{"yaml syntax", "a.yaml", "a: 1\nb: [1,\nc: 2\n", "a.yaml:"},
		{"yaml duplicate", "a.yaml", "a: 1\nb: 2\na: 3\n", `a.yaml:3:1: duplicate key "a"`},
		{"yaml empty", "a.yaml", "", "a.yaml:1:1: the file is empty"},
		{"yaml deep", "a.yaml", strings.Repeat("[", 100_000), "a.yaml:1:"},
		{"yaml two documents", "a.yaml", "a: 1\n---\nb: 1\n", "more than one YAML document"},
		{"yaml laughs", "a.yaml", laughs, "do its aliases multiply?"},
		{"yaml alias loop", "a.yaml", "a: &a [*a]\n", "the alias *a contains itself"},
		{"yaml merge loop", "a.yaml", "a: &a\n  <<: *a\n", "contains itself"},
		{"yaml key", "a.yaml", "? [1]\n: 2\n", "a key must be a scalar"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tree.Parse(tt.file, []byte(tt.text), tree.Limits{Nodes: 100_000})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if e, ok := err.(*tree.Error); !ok || e.Line < 1 || e.File != tt.file {
				t.Errorf("%#v has no place", err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a": [1, "x"]}`, "a: &x {b: 1}\nc: *x\n", "<<: {a: 1}\n", "- |\n  x\n"} {
		f.Add("a.json", []byte(s))
		f.Add("a.yaml", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		d, err := tree.Parse(name, data, tree.Limits{Nodes: 10_000})
		if err != nil {
			return
		}
		lines := 1 + strings.Count(string(data), "\n")
		d.Root.Walk(func(n *tree.Node) bool {
			if at := n.At(); at.Line < 1 || at.Line > lines || at.Column < 1 {
				t.Errorf("%s lies outside of its file", at)
			}
			return true
		})
	})
}
