package diff_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

var (
	operation = diff.Step{Kind: diff.Operation, Noun: "GET", Name: "/orders/{}"}
	response  = diff.Step{Kind: diff.Response, Name: "200"}
	media     = diff.Step{Kind: diff.Media, Name: "application/json"}
	elements  = diff.Step{Kind: diff.Element, Name: "[]"}
	first     = diff.Step{Kind: diff.Element, Name: "[0]"}
	values    = diff.Step{Kind: diff.Value, Name: "{}"}
	long      = diff.Step{Kind: diff.Field, Noun: strings.Repeat("n", 200), Name: strings.Repeat("f", 70_000)}
)

func field(name string) diff.Step { return diff.Step{Kind: diff.Field, Name: name} }

func TestPathText(t *testing.T) {
	for want, steps := range map[string][]diff.Step{
		"": nil,
		"GET /orders/{} › 200 › application/json › items[] › sku": {
			operation, response, media, field("items"), elements, field("sku"),
		},
		"GET /orders/{} › 200 › application/json[] › sku": {
			operation, response, media, elements, field("sku"),
		},
		"[] › sku":        {elements, field("sku")},
		"labels{} › text": {field("labels"), values, field("text")},
		"pair[0]":         {field("pair"), first},
		"schema":          {{Kind: diff.Definition, Noun: "schema"}},
		"schema Order › {^x-}": {
			{Kind: diff.Definition, Noun: "schema", Name: "Order"},
			{Kind: diff.Value, Name: "{^x-}"},
		},
		" ›  › a › b":                   {field(" › "), field("a › b"), field("")},
		long.String() + " › " + "nöt €": {long, field("nöt €")},
	} {
		p := diff.PathOf(steps...)
		if p.String() != want {
			t.Errorf("the text of %v is %q, want %q", steps, p, want)
		}
	}
}

// TestPathSteps: a path gives back its steps, whatever their text, and every
// way to put it together gives the same path.
func TestPathSteps(t *testing.T) {
	for _, steps := range [][]diff.Step{
		{},
		{operation},
		{operation, response, media, field("items"), elements, field("sku")},
		{elements, elements, values, first},
		{field(" › "), field("a › b"), field("[]"), field("{}x"), field("› "), field(" ")},
		{long, field("nöt €"), long},
		{
			{Kind: diff.Parameter, Noun: "query", Name: "a b"},
			{Kind: diff.Definition, Noun: "schema"}, {Kind: diff.Header, Noun: "header", Name: " "},
		},
	} {
		p := diff.PathOf(steps...)
		if d := cmp.Diff(steps, slices.AppendSeq([]diff.Step{}, p.Steps())); d != "" {
			t.Errorf("the steps of %q: %s", p, d)
		}
		for i := range steps {
			above, below := diff.PathOf(steps[:i]...), diff.PathOf(steps[i:]...)
			if !above.Join(below).Equal(p) {
				t.Errorf("%q and %q do not make %q", above, below, p)
			}
			if !p.Within(above) || !p.After(above).Equal(below) {
				t.Errorf("after %q comes %q, want %q", above, p.After(above), below)
			}
			if above.Within(p) {
				t.Errorf("%q is within %q", above, p)
			}
		}
		i := 0
		for step, end := range p.All() {
			if i++; step != steps[i-1] || !end.Equal(diff.PathOf(steps[:i]...)) {
				t.Errorf("step %d of %q is %v and ends at %q", i, p, step, end)
			}
		}
	}
}

func TestPathKinds(t *testing.T) {
	p := diff.PathOf(operation, response, media, field("sku"))
	if p.First() != operation || (diff.Path{}).First() != (diff.Step{}) {
		t.Error("the first step is another one")
	}
	if diff.PathOf(field("200")).Equal(diff.PathOf(response)) {
		t.Error("paths of other kinds are equal")
	}
	if diff.PathOf(operation, field("sku")).Within(diff.PathOf(operation, field("sk"))) {
		t.Error("a name that begins alike is another place")
	}
}

// TestCovers: a pattern that is said to cover another selects all of it.
func TestCovers(t *testing.T) {
	for _, tt := range []struct {
		pattern, other diff.Pattern
		want           bool
	}{
		{"GET /orders", "GET /orders", true},
		{"GET /orders/{id}", "GET /orders/{number}", true},
		{"GET /orders", "GET /orders › 200", true},
		{"**", "GET /**", true},
		{"GET /debug/**", "GET /debug/v2/*", true},
		{"GET /*", "GET /orders", true},

		{"GET /orders", "GET /orders/all", false},
		{"GET /orders › 200", "GET /orders", false},
		{"GET /*", "GET /**", false},
		{"GET /**", "**", false},
		{"GET /orders › items", "GET /orders › items[]", false},
	} {
		if got := tt.pattern.Covers(tt.other); got != tt.want {
			t.Errorf("%q covers %q: %t, want %t", tt.pattern, tt.other, got, tt.want)
		}
	}
}
