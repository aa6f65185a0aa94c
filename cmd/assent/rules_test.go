package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

// TestIDs holds every id that a release ever had: configuration files name
// them, so none is renamed, dropped or used again for something else.
func TestIDs(t *testing.T) {
	const file = "testdata/ids.txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(string(data))
	rules := map[string]*diff.Rule{}
	var fresh []string
	for _, r := range catalogue() {
		if rules[r.ID] != nil {
			t.Errorf("two rules are called %s", r.ID)
		}
		rules[r.ID] = r
		if !slices.Contains(known, r.ID) {
			fresh = append(fresh, r.ID)
		}
	}
	for i, id := range known {
		if rules[id] == nil {
			t.Errorf("the rule %s is gone: an id stays, whatever becomes of its code", id)
		}
		if slices.Contains(known[:i], id) {
			t.Errorf("%s lists %s twice", file, id)
		}
	}
	if len(fresh) == 0 {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("%s lacks %s (make update appends them)", file, strings.Join(fresh, ", "))
	}
	if err := os.WriteFile(file, append(data, strings.Join(fresh, "\n")+"\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRulesMarkdownIsFresh: the page on rules says what the rules say.
func TestRulesMarkdownIsFresh(t *testing.T) {
	const file = "../../docs/rules.md"
	want := formats.Markdown(catalogue())
	got, err := os.ReadFile(file)
	if err == nil && bytes.Equal(got, want) {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("%s is not what the rules say (make update rewrites it): %v", file, err)
	}
	if err := os.WriteFile(file, want, 0o644); err != nil {
		t.Fatal(err)
	}
}
