package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

// TestAllowed: what a new version allows to break is risky and says why; what is
// less than breaking needs no excuse.
func TestAllowed(t *testing.T) {
	f := words(func(r *diff.Report, old, new diff.Source) error {
		r.Allow(diff.Path{}, "a new version")
		r.Allow(path("b"), "a version of its own")
		return finds(diff.Found{Rule: rules[0], Reaches: []diff.Reach{
			{Use: path("a"), Side: diff.Receives}, {Use: path("b › c"), Side: diff.Receives},
			{Use: path("d"), Side: diff.Sends},
		}})(r, old, new)
	})
	risky := diff.Risky
	contract := diff.Contract{
		Format:        f,
		Compatibility: compatibility(t, f, "full"),
		Policy:        diff.Policy{Levels: map[string]diff.SideLevels{rules[0].ID: {Sends: &risky}}},
	}
	c := compare(t, contract, source("")).Changes[0]
	want := []diff.Reach{
		{
			Use:     path("a"),
			Side:    diff.Receives,
			Level:   diff.Risky,
			Costs:   diff.Costs{Receives: diff.Risky},
			Allowed: "a new version",
		},
		{
			Use:     path("b › c"),
			Side:    diff.Receives,
			Level:   diff.Risky,
			Costs:   diff.Costs{Receives: diff.Risky},
			Allowed: "a version of its own",
		},
		{Use: path("d"), Side: diff.Sends, Level: diff.Risky, Costs: diff.Costs{Sends: diff.Risky}},
	}
	if d := cmp.Diff(want, c.Reaches); d != "" || c.Level != diff.Risky {
		t.Error(c.Level, d)
	}
}

// TestSequel: what is said of other findings goes with them.
func TestSequel(t *testing.T) {
	sequel := &diff.Rule{ID: "words/sequel", Sequel: true}
	change := func(rule *diff.Rule) diff.Found {
		return diff.Found{Rule: rule, Reaches: []diff.Reach{{Use: path("a"), Side: diff.Receives}}}
	}
	f := words(finds(change(rules[0]), change(sequel)))
	contract := diff.Contract{Format: f, Compatibility: compatibility(t, f, "full")}
	if n := len(compare(t, contract, source("")).Changes); n != 2 {
		t.Errorf("%d changes, want both", n)
	}
	contract.Policy.Ignore = []diff.Exception{{Rule: rules[0].ID}}
	if left := compare(t, contract, source("")).Changes; len(left) > 0 {
		t.Errorf("%+v is left of what is ignored", left)
	}
}

// TestEditorial: what hits no consumer still has its level.
func TestEditorial(t *testing.T) {
	rule := &diff.Rule{ID: "words/misspelt", Sends: diff.Risky, Receives: diff.Risky, Editorial: true}
	f := words(finds(diff.Found{Rule: rule, Reaches: []diff.Reach{{Use: path("a"), Side: diff.Both}}}))
	c := compare(t, diff.Contract{Format: f, Compatibility: compatibility(t, f, "full")},
		source("")).Changes[0]
	if c.Level != diff.Risky || c.Reaches[0].Costs != (diff.Costs{}) {
		t.Errorf("the level is %s, the costs are %v", c.Level, c.Reaches[0].Costs)
	}
}
