package config_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
)

// TestSelection: looking files up finds what holding each against each path finds.
func TestSelection(t *testing.T) {
	parts := []string{"a", "b", "*", "**", "*.yaml", "a*", "x.yaml", "{a,b}", "[ab]", "{a"}
	files := []string{
		"a", "b", "x.yaml", "a/b", "a/x.yaml", "a/b/x.yaml", "b/a/ab", "{a,b}", "[ab]/a", "**/a", "{a/b",
	}
	found := 0
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 1))
		r := &config.Repository{}
		for i := range 1 + random.IntN(5) {
			var chosen []string
			for range 1 + random.IntN(3) {
				chosen = append(chosen, parts[random.IntN(len(parts))])
			}
			r.Contracts = append(r.Contracts, config.Contract{
				Name: fmt.Sprint(i), Path: strings.Join(chosen, "/"),
			})
		}
		var want []string
		for _, c := range r.Contracts {
			for _, file := range files {
				if config.Matches(c.Path, file) {
					want = append(want, c.Path+" "+file)
				}
			}
		}
		slices.Sort(want)
		selection := r.Selection()
		isFile := func(file string) bool { return slices.Contains(files, file) }
		all, err := selection.Of(context.Background(), slices.Values(files), isFile)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range all {
			got = append(got, r.Contracts[s.Entry].Path+" "+s.File)
		}
		slices.Sort(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
		for _, file := range files {
			selects := func(c config.Contract) bool { return config.Matches(c.Path, file) }
			i := slices.IndexFunc(r.Contracts, selects)
			entry, listed := selection.Entry(file)
			if listed != (i >= 0) || listed && entry.Name != r.Contracts[i].Name {
				t.Fatalf("seed %d: %s is listed by %v, want entry %d", seed, file, entry, i)
			}
		}
		found += len(got)
	}
	if found < 10_000 {
		t.Errorf("only %d files were selected", found)
	}
}

// TestSelectionEnds: a pull request that brings globs cannot hold up anybody.
func TestSelectionEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &config.Repository{Contracts: []config.Contract{{Path: "**/*a*/**"}}}
	files := func(yield func(string) bool) {
		for i := 0; yield("folder/file"); i++ {
			if i == 1000 {
				cancel()
			}
		}
	}
	_, err := r.Selection().Of(ctx, files, func(string) bool { return false })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
