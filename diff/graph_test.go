package diff

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// graphOf is a graph whose files and references are given.
func graphOf(references map[string][]string) *Graph {
	f := &Format{References: func(Scope) func(string) ([]string, error) {
		return func(file string) ([]string, error) {
			if file == "fails" {
				return nil, errors.New("the file system fails")
			}
			return references[file], nil
		}
	}}
	return f.Graph(Scope{})
}

// TestTouched: whatever refers to what, in circles too, and in whatever order
// contracts are asked for, a contract is touched if its closure holds a file
// that changed.
func TestTouched(t *testing.T) {
	hits := 0
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 1))
		references := map[string][]string{}
		count := 2 + random.IntN(8)
		for i := range count {
			for range random.IntN(3) {
				from := fmt.Sprint("f", i)
				references[from] = append(references[from], fmt.Sprint("f", random.IntN(count)))
			}
		}
		changed := fmt.Sprint("f", random.IntN(count))
		g := graphOf(references)
		touched := g.Touched(func(file string) bool { return file == changed })
		for _, i := range random.Perm(count) {
			root := fmt.Sprint("f", i)
			files, err := g.Closure(root)
			if err != nil {
				t.Fatal(err)
			}
			got, err := touched(root)
			if want := slices.Contains(files, changed); got != want || err != nil {
				t.Fatalf("seed %d: %s touched by %s: %v, %v; want %v, its files are %v", seed, root, changed,
					got, err, want, files)
			}
			if got {
				hits++
			}
		}
	}
	if hits < 1000 {
		t.Errorf("only %d contracts were touched", hits)
	}
}

// TestTouchedFails: what cannot be read is not untouched, neither now nor when
// it is asked for again.
func TestTouchedFails(t *testing.T) {
	touched := graphOf(map[string][]string{"a": {"fails"}}).Touched(func(string) bool { return false })
	for range 2 {
		if _, err := touched("a"); err == nil {
			t.Error("a file system that fails leaves the contract untouched")
		}
	}
}
