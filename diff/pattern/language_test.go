package pattern

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestWithin(t *testing.T) {
	tests := []struct {
		name string
		a, b Language
		want string // a string of a outside of b; "-" for none
	}{
		{"the same", AllOf("^[a-z]+$"), AllOf("^[a-z][a-z]*$"), "-"},
		{"narrower", AllOf("^[A-Z]+$"), AllOf("^[A-Z0-9]+$"), "-"},
		{"wider", AllOf("^[A-Z0-9]+$"), AllOf("^[A-Z]+$"), "0"},
		{"found anywhere", AllOf("abc"), AllOf("b"), "-"},
		{"an anchor more", AllOf("b"), AllOf("^b"), "ab"},
		{"the end", AllOf("^a"), AllOf("^a$"), "aA"},
		{"nothing at all", AllOf(""), AllOf("^"), "-"},
		{"any string, and one with a letter", AllOf(""), AllOf("."), ""},
		{"a dot is not a line break", AllOf("^[^a]$"), AllOf("^.$"), "\n"},
		{"in any case", AllOf("^(?i)k$"), AllOf("^[kK]$"), "\u212a"},
		{"two patterns are one", AllOf("^a", "z$"), AllOf("^a.*z$|^a(.|\n)*z$"), "-"},
		{"each of two counts", AllOf("^a"), AllOf("^a", "z$"), "a"},
		{"only as long as allowed", AllOf("^a*$").And(OfLength(0, 3)), AllOf("^a{0,3}$"), "-"},
		{"only as short as allowed", AllOf("^a*$").And(OfLength(2, -1)), AllOf("^aa+$"), "-"},
		{"a length counts as well", AllOf("^a*$"), AllOf("").And(OfLength(0, 2)), "aaa"},
		{"one of two", AllOf("^[ab]$"), AnyOf("^a$", "^b$"), "-"},
		{"one of two, and a demand more", AllOf("^[ab]$"), AnyOf("^a$", "^b$").And(AllOf("a")), "b"},
		{"no string at all", AllOf("^a$"), AnyOf(), "a"},
		{"counted", AllOf("^[0-9]{3}$"), AllOf("^[0-9]{2,4}$"), "-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			switch answer, found := tt.a.Within(tt.b); {
			case answer == Undecided:
				t.Error("not decided")
			case answer == Yes && tt.want != "-":
				t.Errorf("lies within, want %q outside", tt.want)
			case answer == No && found != tt.want:
				t.Errorf("%q, want %q", found, tt.want)
			}
		})
	}
	for _, pattern := range []string{`(?=a)`, `\bword\b`, `(`, `(?m)^a`} {
		if compile(pattern) != nil {
			t.Errorf("%s is not a finite automaton", pattern)
		}
	}
	if answer, _ := AllOf("^(a|b)*a(a|b){18}$").Within(AllOf("^(a|b)*(a|b){19}$")); answer == No {
		t.Error("a language of too many states is not given up, and wrong")
	}
	if answer, _ := AllOf("(?=a)").Within(AllOf("a")); answer != Undecided {
		t.Error("what is not an automaton is decided")
	}
}

// TestWithinAgreesWithMatching tries random strings on random patterns: none
// may contradict what was decided.
func TestWithinAgreesWithMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		var b strings.Builder
		for range r.IntN(6) {
			b.WriteByte("ab0"[r.IntN(3)])
		}
		return b.String()
	}
	pattern := func() string {
		parts := []string{
			"a", "b", "0", "[ab]", "[^a]", "a*", "b+", "(a|b0)", "(ab)?", ".", "a{1,2}", "^", "$",
		}
		var b strings.Builder
		for range 1 + r.IntN(5) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		return b.String()
	}
	outside := 0
	for range 2_000 {
		p, q := pattern(), pattern()
		answer, found := AllOf(p).Within(AllOf(q))
		if answer == Undecided {
			t.Fatalf("%q in %q is not decided", p, q)
		}
		in, out := regexp.MustCompile(p), regexp.MustCompile(q)
		if answer == No {
			outside++
			if !in.MatchString(found) || out.MatchString(found) {
				t.Fatalf("%q is said to match %q and not %q", found, p, q)
			}
			continue
		}
		for range 200 {
			if w := word(); in.MatchString(w) && !out.MatchString(w) {
				t.Fatalf("%q is said to lie within %q, but %q does not", p, q, w)
			}
		}
	}
	if outside < 500 {
		t.Errorf("only %d pairs differ: the test tests too little", outside)
	}
}

func TestExample(t *testing.T) {
	tests := []struct {
		pattern string
		avoided []string
		want    string // "-" for none
	}{
		{"^x-", nil, "x-"},
		{"^x-", []string{"^x-$"}, "x-a"},
		{"^x-", []string{"^x"}, "-"},
		{"(?=a)", nil, "-"},
	}
	for _, tt := range tests {
		got, ok := Example(tt.pattern, tt.avoided...)
		if !ok {
			got = "-"
		}
		if got != tt.want {
			t.Errorf("%s without %v: %q, want %q", tt.pattern, tt.avoided, got, tt.want)
		}
	}
}

func TestShortest(t *testing.T) {
	if got, ok := AllOf("^[ab]*$", "b$", "^a").And(OfLength(3, -1)).Shortest(); got != "aab" || !ok {
		t.Errorf("%q, %t", got, ok)
	}
	if got, ok := AllOf("^a$", "^b$").Shortest(); ok {
		t.Errorf("%q matches two patterns that exclude each other", got)
	}
}
