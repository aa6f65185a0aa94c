package diff_test

import (
	"slices"
	"testing"

	"github.com/assent-dev/assent/diff"
)

func TestSentence(t *testing.T) {
	for want, s := range map[string]diff.Sentence{
		"GET /orders: the operation was removed": {
			Subject: "GET /orders",
			Message: "the operation was removed",
		},
		"a: b (was old.yaml:2) (against v1, v2) (allowed: it is version 2)": {
			Subject: "a",
			Message: "b",
			Place:   "was old.yaml:2",
			Against: "v1, v2",
			Allowed: "it is version 2",
		},
	} {
		if got := s.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	all := []string{"a", "b", "c"}
	for _, test := range []struct {
		most  int
		shown []string
		rest  string
	}{
		{4, all, ""},
		{3, all, ""},
		{2, all[:2], "and 1 more"},
		{0, nil, "and 3 more"},
	} {
		shown, rest := diff.Shorten(all, test.most)
		if !slices.Equal(shown, test.shown) || rest != test.rest {
			t.Errorf("at most %d: %q %q, want %q %q", test.most, shown, rest, test.shown, test.rest)
		}
	}
}
