package githubtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiffKnowsItsLines(t *testing.T) {
	s, r := start(t, Options{})
	r.Commit("odd", "odd names", "ann", map[string]string{
		"a.yaml": "one\nthree\n-- four\n", "ü.yaml": "x\n", "back\\slash": "x\n", "with space": "x\n",
	})
	n := r.OpenPull(Pull{Title: "Odd", Author: "ann", HeadRef: "odd"})
	s.mu.Lock()
	defer s.mu.Unlock()
	files, err := r.diff(r.pull(n))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.path)
	}
	if diff := cmp.Diff([]string{"a.yaml", "back\\slash", "with space", "ü.yaml"}, names); diff != "" {
		t.Error(diff)
	}
	for _, test := range []struct {
		side string
		line int
		want bool
	}{
		{"LEFT", 2, true}, {"LEFT", 3, true}, {"LEFT", 4, false}, {"RIGHT", 3, true}, {"RIGHT", 4, false},
		{"RIGHT", 0, false},
	} {
		if got := files[0].shows(test.line, test.side); got != test.want {
			t.Errorf("%s %d is shown: %v", test.side, test.line, got)
		}
	}
}
