package config

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestRuleIndex: the index finds the rule that trying all of them finds.
func TestRuleIndex(t *testing.T) {
	parts := []string{"a", "b", "api", "*", "**", "*.yaml", "a*", "?", "x.yaml", `a\*`, "{id}.yaml"}
	matched := 0
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 1))
		var text strings.Builder
		for range 1 + random.IntN(6) {
			var chosen []string
			for range 1 + random.IntN(3) {
				chosen = append(chosen, parts[random.IntN(len(parts))])
			}
			pattern := strings.Join(chosen, "/")
			if random.IntN(2) == 0 {
				pattern = "/" + pattern
			}
			if random.IntN(3) == 0 {
				pattern += "/"
			}
			fmt.Fprintf(&text, "%s @a/team\n", pattern)
		}
		files := fstest.MapFS{"CODEOWNERS": {Data: []byte(text.String())}}
		owners, err := ReadCodeOwners(files)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"a", "x.yaml", "a/b/x.yaml", "api/a/{id}.yaml", "b/api/abc", "a*/b"} {
			want, err := owners.rules.Match(spelled(file))
			if err != nil {
				t.Fatal(err)
			}
			got := owners.rule(file)
			if (got == nil) != (want == nil) || got != nil && got.LineNumber != want.LineNumber {
				t.Fatalf("%s by\n%s: got %v, want %v", file, text.String(), got, want)
			}
			if got != nil {
				matched++
			}
		}
	}
	if matched < 5000 {
		t.Errorf("only %d files were matched", matched)
	}
}

// TestManyRules: ten thousand files are held against ten thousand rules of the
// usual kinds in seconds.
func TestManyRules(t *testing.T) {
	var text strings.Builder
	kinds := []string{"/services/s%d/", "s%d.yaml", "/services/*/s%d/*.yaml", "*.ext%d", "**/v%d-*/*"}
	for i := range mostRules {
		fmt.Fprintf(&text, kinds[i%len(kinds)]+" @a/t%d\n", i, i)
	}
	owners, err := ReadCodeOwners(fstest.MapFS{"CODEOWNERS": {Data: []byte(text.String())}})
	if err != nil || owners.whole != "" {
		t.Fatal(err, owners.whole)
	}
	began := time.Now()
	for i := range 10_000 {
		owners.Of(fmt.Sprintf("services/s%d/v%d-a/api.yaml", i, i))
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("10,000 files against %d rules take %v", len(owners.rules), took)
	}
}
