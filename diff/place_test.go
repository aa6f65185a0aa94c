package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// line is a node of a document that is neither JSON nor YAML.
type line struct {
	file          string
	number, until int
}

func (l *line) At() diff.Location {
	if l == nil {
		return diff.Location{}
	}
	return diff.Location{File: l.file, Line: l.number, Column: 1, EndLine: l.until}
}

func TestFoundIsLocated(t *testing.T) {
	parse := func(file, text string) *tree.Node {
		doc, err := tree.Parse(file, []byte(text), tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return doc.Root
	}
	old := parse("old.yaml", "a:\n  x: 1\n  y:\n    z: 2\nb: 3\n")
	new := parse("new.yaml", "a:\n  x: 1\n\nb: 3\n")
	var none *tree.Node
	at := func(file string, first, last int) diff.Location {
		return diff.Location{File: file, Line: first, EndLine: last}
	}
	for _, tt := range []struct {
		name     string
		found    diff.Found
		old, new diff.Location
	}{
		{
			"in both",
			diff.Found{Old: old.Get("a"), New: new.Get("a"), Near: new},
			at("old.yaml", 1, 4), at("new.yaml", 1, 2),
		},
		{
			"without its content",
			diff.Found{Old: diff.Heading(old.Get("a")), New: diff.Heading(new.Get("a"))},
			at("old.yaml", 1, 1), at("new.yaml", 1, 1),
		},
		{"new", diff.Found{New: new.Get("b")}, diff.Location{}, at("new.yaml", 4, 4)},
		{
			"gone after a sibling", diff.Found{Old: old.Path("a", "y"), Near: new.Get("a")},
			at("old.yaml", 3, 4), at("new.yaml", 2, 2),
		},
		{
			"gone, without its content",
			diff.Found{Old: diff.Heading(old.Path("a", "y")), Near: new.Get("a")},
			at("old.yaml", 3, 3), at("new.yaml", 2, 2),
		},
		{
			"gone with all around it", diff.Found{Old: old.Get("a"), Near: none},
			at("old.yaml", 1, 4), diff.Location{},
		},
		{
			"nodes that are not there", diff.Found{Old: none, New: none, Near: new.Get("a")},
			diff.Location{}, at("new.yaml", 1, 1),
		},
		{
			"a given location",
			diff.Found{Old: old.Get("b"), New: diff.Spot(at("new.yaml", 2, 4))},
			at("old.yaml", 5, 5), at("new.yaml", 2, 4),
		},
		{
			"another kind of document",
			diff.Found{Old: &line{"old.txt", 3, 5}, Near: &line{"new.txt", 2, 9}},
			at("old.txt", 3, 5), at("new.txt", 2, 2),
		},
		{
			"another kind of document, gone",
			diff.Found{Old: &line{"old.txt", 3, 5}, New: (*line)(nil)}, at("old.txt", 3, 5),
			diff.Location{},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &diff.Report{}
			tt.found.Rule = rules[0]
			r.Found(diff.Place{Use: path("a")}, tt.found)
			c := r.Changes[0]
			c.Old.Column, c.New.Column = 0, 0
			if d := cmp.Diff(tt.old, c.Old); d != "" {
				t.Error("old: ", d)
			}
			if d := cmp.Diff(tt.new, c.New); d != "" {
				t.Error("new: ", d)
			}
		})
	}
}

// TestFoundIsNamed: a place without a definition is named by its use, and a use
// that is not told is any.
func TestFoundIsNamed(t *testing.T) {
	r := &diff.Report{}
	r.Found(diff.Place{Use: path("page 1"), Side: diff.Sends}, diff.Found{Rule: rules[0]})
	r.Found(diff.Place{
		Definition: path("word a"),
		Use:        path("page 1"),
		Side:       diff.Sends,
	}, diff.Found{Rule: rules[0]})
	r.Found(diff.Place{Definition: path("word b")}, diff.Found{Rule: rules[0]})
	for i, want := range []string{"page 1", "word a", "word b"} {
		if got := r.Changes[i].Subject.String(); got != want {
			t.Errorf("the subject is %q, want %q", got, want)
		}
	}
	if use := r.Changes[1].Reaches[0]; use.Use.String() != "page 1" || use.Side != diff.Sends {
		t.Errorf("the reach is %+v", use)
	}
	if use := r.Changes[2].Reaches[0].Use; use.First().Kind != diff.Whole {
		t.Errorf("the reach is %q, want the whole contract", use)
	}
}

// TestBreaks: a report knows what breaks at a place and below it.
func TestBreaks(t *testing.T) {
	r := &diff.Report{}
	found := func(use string, side diff.Side) {
		r.Found(diff.Place{Use: path(use), Side: side}, diff.Found{Rule: rules[0], After: diff.HashOf(use)})
	}
	if r.Differs() || r.Breaks(nil) || r.BreaksAt(diff.Path{}, diff.Both) {
		t.Error("nothing was found yet")
	}
	found("a › b", diff.Sends) // which is risky
	if !r.Differs() || r.Breaks(nil) || r.BreaksAt(path("a"), diff.Both) {
		t.Error("what is risky does not break")
	}
	r.Mark(path("a"), "tag:WIP", "stability:beta")
	r.Mark(path("a"), "stability:beta", "tag:New")
	r.Mark(path("a › d"))
	found("a › b › c", diff.Both)
	for _, tt := range []struct {
		place string
		side  diff.Side
		want  bool
	}{
		{"a", diff.Receives, true}, {"a › b", diff.Receives, true}, {"a › b › c", diff.Both, true},
		{"a", diff.Sends, false},
		{"a › b › c › d", diff.Receives, false}, {"a › bc", diff.Receives, false},
	} {
		if got := r.BreaksAt(path(tt.place), tt.side); got != tt.want {
			t.Errorf("breaks those who do %s at %s: %t", tt.side, tt.place, got)
		}
	}
	if !r.Breaks(nil) || !r.Breaks([]string{"tag:WIP", "tag:New"}) || r.Breaks([]string{"stability:beta"}) {
		t.Error("only the marks that were given every time count")
	}
	found("a › d › e", diff.Receives)
	if !r.Breaks([]string{"stability:beta"}) {
		t.Error("a place further down has its own marks alone")
	}
}
