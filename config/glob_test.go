package config_test

import (
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"testing"

	"github.com/assent-dev/assent/config"
)

func TestMatches(t *testing.T) {
	tests := []struct {
		pattern string
		yes, no []string
	}{
		{"orders.yaml", []string{"orders.yaml"}, []string{"api/orders.yaml", "orders.yml"}},
		{"api/*.yaml", []string{"api/a.yaml"}, []string{"api/v1/a.yaml", "api/a.json", "a.yaml"}},
		{"**/*.avsc", []string{"a.avsc", "x/a.avsc", "x/y/a.avsc"}, []string{"x/a.json"}},
		{
			"api/**/v[12]/**", []string{"api/v1", "api/v2/a.yaml", "api/x/y/v1/z/a.yaml"},
			[]string{"api/v3/a.yaml", "x/api/v1/a.yaml"},
		},
		{"**", []string{"a", "a/b"}, nil},
		{"a**b/?", []string{"ab/c", "axb/c"}, []string{"a/b/c", "ab/cd"}},

		{"api/{a,b}.yaml", []string{"api/a.yaml", "api/b.yaml"}, []string{"api/c.yaml", "api/a,b.yaml"}},
		{"{api,v2/api}/*.{yaml,json}", []string{"api/a.json", "v2/api/a.yaml"}, []string{"v2/a.json"}},
		{"orders{,-v2}.yaml", []string{"orders.yaml", "orders-v2.yaml"}, []string{"orders,-v2.yaml"}},
		{"{**/a,b}/c", []string{"x/y/a/c", "b/c"}, []string{"x/b/c"}},
		{"{[ab],c}.yaml", []string{"a.yaml", "b.yaml", "c.yaml"}, []string{"d.yaml"}},

		// Names with such characters are selected as they are written.
		{"api/{a,b}.yaml", []string{"api/{a,b}.yaml"}, nil},
		{"api/[id].yaml", []string{"api/[id].yaml", "api/d.yaml"}, []string{"api/id.yaml"}},
		{"{id}.yaml", []string{"{id}.yaml"}, []string{"id.yaml"}},
		{"{{name}}/{id}-*.yaml", []string{"{{name}}/{id}-a.yaml"}, []string{"name/id-a.yaml"}},
		{"{a,b", []string{"{a,b"}, []string{"a", "b"}},
		{`\{a,b}/*`, []string{"{a,b}/c"}, []string{"a/c"}},
		{"}{a,b}", []string{"}a"}, []string{"a"}},
	}
	for _, tt := range tests {
		for want, files := range map[bool][]string{true: tt.yes, false: tt.no} {
			for _, file := range files {
				if got := config.Matches(tt.pattern, file); got != want {
					t.Errorf("%s matches %s: %t", tt.pattern, file, got)
				}
			}
		}
	}
}

func TestIsGlob(t *testing.T) {
	for pattern, want := range map[string]bool{
		"api/a.yaml": false, "api/*": true, "a?": true, "[a]": true,
		"{a,b}": true, "{a}": false, "a,{b}": false, "{a,b": false,
	} {
		if got := config.IsGlob(pattern); got != want {
			t.Errorf("%s is a glob: %t", pattern, got)
		}
	}
}

// naive says what a pattern selects, by trying everything.
func naive(pattern, file []string) bool {
	switch {
	case len(pattern) == 0:
		return len(file) == 0
	case pattern[0] == "**":
		return naive(pattern[1:], file) || len(file) > 0 && naive(pattern, file[1:])
	case len(file) == 0:
		return false
	}
	ok, err := path.Match(pattern[0], file[0])
	return ok && err == nil && naive(pattern[1:], file[1:])
}

func TestMatchesAgreesWithTryingEverything(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(of []string, most int) string {
		parts := make([]string, 1+random.IntN(most))
		for i := range parts {
			parts[i] = of[random.IntN(len(of))]
		}
		return strings.Join(parts, "/")
	}
	selected := 0
	for range 50_000 {
		pattern := text([]string{"**", "**", "*", "a", "b", "a*", "*b", "[ab]", "?", "***", "a**b"}, 6)
		file := text([]string{"a", "b", "ab", "aab", "c", "**", ""}, 7)
		want := naive(strings.Split(pattern, "/"), strings.Split(file, "/")) || pattern == file
		if got := config.Matches(pattern, file); got != want {
			t.Fatalf("%s matches %s: %t", pattern, file, got)
		}
		if want {
			selected++
		}
	}
	if selected < 5000 {
		t.Errorf("only %d of the patterns select their file", selected)
	}
}

// hostile are patterns that the configuration may have, and files that each of them
// selects only almost.
var hostile = []struct{ name, pattern, file string }{
	{"folders", strings.Repeat("**/a/", 8) + "b", strings.Repeat("a/", 2000) + "a"},
	{"within a folder", strings.Repeat("*a", 249) + "b", strings.Repeat("a", 4000)},
	{"a long piece", "*" + strings.Repeat("a", 498) + "b", strings.Repeat("a", 4000)},
	{
		"both", strings.Repeat("**/*a*a*a*a*a*a*b/", 8) + "*b",
		strings.Repeat(strings.Repeat("a", 40)+"/", 99) + "a",
	},
	{
		"alternatives", "{" + strings.Repeat(",", 63) + "}" + strings.Repeat("**/a/", 8) + "b",
		strings.Repeat("a/", 100) + "a",
	},
}

// TestMatchesEnds: trying every way to choose folders would not end.
func TestMatchesEnds(t *testing.T) {
	for _, h := range hostile {
		if _, errs := config.Read("f.yml", []byte(listed(h.pattern)), rules); len(errs) > 0 {
			t.Errorf("%s: %v", h.name, errs)
		}
		if config.Matches(h.pattern, h.file) {
			t.Errorf("%s: the file is selected", h.name)
		}
	}
}

func BenchmarkMatches(b *testing.B) {
	for _, h := range hostile {
		b.Run(h.name, func(b *testing.B) {
			selects := config.Glob(h.pattern)
			for b.Loop() {
				selects(h.file)
			}
		})
	}
}

// listed is a configuration that lists a path on line 3.
func listed(pattern string) string {
	return "version: 1\ncontracts:\n  - path: '" + pattern + "'\n"
}

func TestGlobMistakes(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		b.WriteString("version: 1\ncontracts:\n")
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for _, tt := range []struct{ name, text, want string }{
		{"class", listed("api/[a.yaml"), `:3:5: "api/[a.yaml" is not a path in this repository`},
		{"class of folders", listed("api/[a/b].yaml"), ":3:5: \"api/[a/b].yaml\" is not a path"},
		{"class in braces", listed("{[a,b]}"), ":3:5: \"{[a,b]}\" is not a path"},
		{"above", listed("{a,../b}.yaml"), ":3:5: \"{a,../b}.yaml\" is not a path"},
		{"absolute", listed("{/a,b}.yaml"), ":3:5: \"{/a,b}.yaml\" is not a path"},
		{
			"long", listed("*" + strings.Repeat("a", 500)),
			":3:5: a glob has at most 500 characters, and this one has 501",
		},
		{
			"many stars", listed(strings.Repeat("**/", 14) + "a"),
			":3:5: a glob has ** at most 8 times, and this one 14 times",
		},
		{"nested", listed("api/{a,{b,c}}.yaml"), ":3:5: braces within braces"},
		{
			"many ways", listed(strings.Repeat("{a,b}", 7)),
			":3:5: the braces make more than 64 patterns of this one",
		},
		{
			"many ways to a tag", contract("versions: '" + strings.Repeat("{a,b}", 7) + "'"),
			":4:5: the braces make more than 64",
		},
		{
			"with a consumer", listed("[") + "consumers: [{team: acme/a, contract: api/orders}]\n",
			":3:5: \"[\" is not a path",
		},
		{
			"long together", many(100, "  - path: 's%d/*"+strings.Repeat("a", 400)+"'\n"),
			":43:5: the globs up to here have more than 16384 characters together",
		},
		{"many", many(5001, "  - path: s%d.yaml\n"), ":2:1: 5001 contracts, and at most 5000 are compared"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := config.Read("f.yml", []byte(tt.text), rules)
			if len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), "f.yml"+tt.want) {
				t.Errorf("got %v, want %s", errs, tt.want)
			}
		})
	}
}

func TestConsumerOfBraces(t *testing.T) {
	text := listed("{api/orders.yaml,api/v[12]/*.json}") +
		"consumers:\n  - {team: acme/a, contract: api/orders}\n" +
		"  - {team: acme/a, contract: api/v1/orders}\n  - {team: acme/a, contract: api/v3/orders}\n"
	_, errs := config.Read("f.yml", []byte(text), rules)
	if len(errs) != 1 || errs[0].Line != 7 {
		t.Errorf("want one mistake on line 7, got %v", errs)
	}
}

// TestGlobsInOtherWords: new files stay contracts if the new globs select all that
// the old one did, and only where that is certain nobody is asked.
func TestGlobsInOtherWords(t *testing.T) {
	for _, tt := range []struct {
		old    string
		new    []string
		narrow bool
	}{
		{"s/*.yaml", []string{"s/*.yaml"}, false},
		{"s/*.yaml", []string{"s/*"}, false},
		{"s/*.yaml", []string{"s/**"}, false},
		{"s/**/*.yaml", []string{"s/**"}, false},
		{"s/**", []string{"s/*"}, true},
		{"s/**/a.yaml", []string{"s/*/a.yaml"}, true},
		{"s/*", []string{"s/*.yaml"}, true},
		{"s/a*", []string{"s/a"}, true},
		{"s/{a,b}-*.yaml", []string{"s/a-*.yaml", "s/b-*.yaml"}, false},
		{"s/{a,b}-*.yaml", []string{"s/{b,a,c}-*.yaml"}, false},
		{"s/{a,b}-*.yaml", []string{"s/*.yaml"}, false},
		{"s/{a,b}-*.yaml", []string{"s/a-*.yaml"}, true},
		{"s/{a/x,b}.yaml", []string{"s/*/*.yaml"}, true},
		{"s/[ab].yaml", []string{"s/*.yaml"}, false},
		{"s/[ab].yaml", []string{"s/*b].yaml"}, true},
		{"s/[ab].yaml", []string{"s/[ab].yaml"}, false},
		{"s/[ab].yaml", []string{"s/[a-c].yaml"}, true}, // not looked into
		{"s/*.yaml", []string{`s/\*.yaml`}, true},
		{"s/?.yaml", []string{"s/*.yaml"}, false},
		{`s/\**`, []string{"s/*"}, false},
	} {
		entries := func(globs ...string) string {
			var all []string
			for i, glob := range globs {
				all = append(all, fmt.Sprintf("{path: '%s', name: n%d}", glob, i))
			}
			return listing(strings.Join(all, ", "))
		}
		found := losses(t, entries(tt.old), entries(tt.new...))
		if narrow := len(found) > 0; narrow != tt.narrow {
			t.Errorf("%s after %s: found %v", tt.new, tt.old, found)
		}
	}
}
