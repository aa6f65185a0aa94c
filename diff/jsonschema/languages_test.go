package jsonschema

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestLanguages(t *testing.T) {
	bounded := func(l language, least, most int) language {
		l.least, l.most = least, most
		return l
	}
	tests := []struct {
		name string
		a, b language
		want string // a string of a outside of b; "-" for none
	}{
		{"the same", languageOf("^[a-z]+$"), languageOf("^[a-z][a-z]*$"), "-"},
		{"narrower", languageOf("^[A-Z]+$"), languageOf("^[A-Z0-9]+$"), "-"},
		{"wider", languageOf("^[A-Z0-9]+$"), languageOf("^[A-Z]+$"), "0"},
		{"found anywhere", languageOf("abc"), languageOf("b"), "-"},
		{"an anchor more", languageOf("b"), languageOf("^b"), "ab"},
		{"the end", languageOf("^a"), languageOf("^a$"), "aA"},
		{"nothing at all", languageOf(""), languageOf("^"), "-"},
		{"any string, and one with a letter", languageOf(""), languageOf("."), ""},
		{"a dot is no line break", languageOf("^[^a]$"), languageOf("^.$"), "\n"},
		{"in any case", languageOf("^(?i)k$"), languageOf("^[kK]$"), "\u212a"},
		{"two patterns are one", languageOf("^a", "z$"), languageOf("^a.*z$|^a(.|\n)*z$"), "-"},
		{"each of two counts", languageOf("^a"), languageOf("^a", "z$"), "a"},
		{"only as long as allowed", bounded(languageOf("^a*$"), 0, 3), languageOf("^a{0,3}$"), "-"},
		{"only as short as allowed", bounded(languageOf("^a*$"), 2, -1), languageOf("^aa+$"), "-"},
		{"a length counts as well", languageOf("^a*$"), bounded(languageOf(""), 0, 2), "aaa"},
		{"counted", languageOf("^[0-9]{3}$"), languageOf("^[0-9]{2,4}$"), "-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			switch lies, found := tt.a.within(tt.b); {
			case lies == unknown:
				t.Error("not decided")
			case lies == yes && tt.want != "-":
				t.Errorf("lies within, want %q outside", tt.want)
			case lies == no && found != tt.want:
				t.Errorf("%q, want %q", found, tt.want)
			}
		})
	}
	for _, pattern := range []string{`(?=a)`, `\bword\b`, `(`, `(?m)^a`} {
		if automaton(pattern) != nil {
			t.Errorf("%s is no finite automaton", pattern)
		}
	}
	if lies, _ := languageOf("^(a|b)*a(a|b){18}$").within(languageOf("^(a|b)*(a|b){19}$")); lies == no {
		t.Error("a language of too many states is not given up, and wrong")
	}
	if lies, _ := languageOf("(?=a)").within(languageOf("a")); lies != unknown {
		t.Error("what is no automaton is decided")
	}
}

// TestLanguagesAgreeWithMatching tries random strings on random patterns: none
// may contradict what was decided.
func TestLanguagesAgreeWithMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		var b strings.Builder
		for range r.IntN(6) {
			b.WriteByte("ab0"[r.IntN(3)])
		}
		return b.String()
	}
	pattern := func() string {
		parts := []string{"a", "b", "0", "[ab]", "[^a]", "a*", "b+", "(a|b0)", "(ab)?", ".", "a{1,2}", "^", "$"}
		var b strings.Builder
		for range 1 + r.IntN(5) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		return b.String()
	}
	outside := 0
	for range 2_000 {
		p, q := pattern(), pattern()
		lies, found := languageOf(p).within(languageOf(q))
		if lies == unknown {
			t.Fatalf("%q in %q is not decided", p, q)
		}
		in, out := regexp.MustCompile(p), regexp.MustCompile(q)
		if lies == no {
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
