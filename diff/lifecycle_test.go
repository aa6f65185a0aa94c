package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// life reads a life from YAML.
func life(t *testing.T, text string) diff.Life {
	t.Helper()
	doc, err := tree.Parse("x.yaml", []byte("{"+text+"}"), tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return diff.LifeOf(doc.Root)
}

func TestEvents(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           []diff.Turn
	}{
		{"nothing said", "", "", nil},
		{"announced", "", "deprecated: true", []diff.Turn{diff.Deprecated}},
		{"announced with a day in time", "", "deprecated: true, x-sunset: 2027-06-30, x-stability-level: stable", []diff.Turn{diff.Deprecated}},
		{"announced too late", "", "deprecated: true, x-sunset: 2027-06-29, x-stability-level: stable", []diff.Turn{diff.Deprecated, diff.NoticeTooShort}},
		{"announced without a due day", "x-stability-level: beta", "deprecated: true, x-stability-level: beta", []diff.Turn{diff.Deprecated, diff.NoticeTooShort}},
		{"a day that is set later", "deprecated: true", "deprecated: true, x-sunset: 2028-01-01", []diff.Turn{diff.SunsetPostponed}},
		{"the same day as date and time", "deprecated: true, x-sunset: 2028-01-01", "deprecated: true, x-sunset: '2028-01-01T00:30:00Z'", nil},
		{"another day by its zone", "deprecated: true, x-sunset: 2028-01-01", "deprecated: true, x-sunset: '2028-01-01T00:30:00+02:00'", []diff.Turn{diff.SunsetBroken}},
		{"taken back", "deprecated: true, x-sunset: 2028-01-01", "deprecated: true", []diff.Turn{diff.SunsetBroken, diff.NoticeTooShort}},
		{"no date", "deprecated: true", "deprecated: true, x-sunset: 2027-02-30", []diff.Turn{diff.SunsetUnreadable}},
		{"no text", "deprecated: true", "deprecated: true, x-sunset: 7", []diff.Turn{diff.SunsetUnreadable}},
		{"no date before either", "deprecated: true, x-sunset: soon", "deprecated: true, x-sunset: soon", nil},
		{"restored", "deprecated: true, x-sunset: 2028-01-01", "", []diff.Turn{diff.Restored}},
		{"promised less", "", "x-stability-level: beta", []diff.Turn{diff.StabilityDecreased}},
		{"promised more", "x-stability-level: draft", "x-stability-level: alpha", []diff.Turn{diff.StabilityIncreased}},
		{"no level", "", "x-stability-level: ripe", []diff.Turn{diff.StabilityUnreadable}},
		{"a level that is mended", "x-stability-level: ripe", "x-stability-level: alpha", nil},
	}
	// 180 days after the first of January 2027 is the thirtieth of June.
	options := diff.Options{Today: "2027-01-01", Lifecycle: diff.Lifecycle{Notice: map[string]int{"stable": 180, "beta": 30}}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old, new := life(t, tt.old), life(t, tt.new)
			if tt.name == "announced" { // draft is due no notice
				old, new = life(t, "x-stability-level: draft"), life(t, tt.new+", x-stability-level: draft")
			}
			var got []diff.Turn
			for _, e := range options.Events(old, new) {
				got = append(got, e.Turn)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRemoval(t *testing.T) {
	for text, want := range map[string]diff.Removal{
		"":                                       diff.Unannounced,
		"x-sunset: 2026-01-01":                   diff.Unannounced,
		"deprecated: true":                       diff.Announced,
		"deprecated: true, x-sunset: 2027-01-01": diff.Over,
		"deprecated: true, x-sunset: 2027-01-02": diff.Unannounced,
		"deprecated: true, x-sunset: soon":       diff.Unannounced,
		"deprecated: true, x-sunset: 2026-12-31T23:00:00Z": diff.Over,
	} {
		if got, _ := (diff.Options{Today: "2027-01-01"}).Removal(life(t, text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// TestAllowed: what a new version allows to break is risky and says why; what is
// less than breaking needs no excuse.
func TestAllowed(t *testing.T) {
	f := words(finds(diff.Change{Rule: rules[0], Subject: "word a", Reaches: []diff.Reach{
		{Subject: "a", Side: diff.Receives, Allowed: "a new version"},
		{Subject: "b", Side: diff.Sends, Allowed: "a new version"},
	}}))
	risky := diff.Risky
	contract := diff.Contract{Format: f, Compatibility: compatibility(t, f, "full"), Policy: diff.Policy{Levels: map[string]diff.SideLevels{rules[0].ID: {Sends: &risky}}}}
	c := compare(t, contract, source("")).Changes[0]
	want := []diff.Reach{
		{Subject: "a", Side: diff.Receives, Level: diff.Risky, Costs: diff.Costs{Receives: diff.Risky}, Allowed: "a new version"},
		{Subject: "b", Side: diff.Sends, Level: diff.Risky, Costs: diff.Costs{Sends: diff.Risky}},
	}
	if d := cmp.Diff(want, c.Reaches); d != "" || c.Level != diff.Risky {
		t.Error(c.Level, d)
	}
}

// TestSequel: what is said of other findings goes with them.
func TestSequel(t *testing.T) {
	sequel := &diff.Rule{ID: "words/sequel", Sequel: true}
	change := func(rule *diff.Rule) diff.Change {
		return diff.Change{Rule: rule, Subject: "word a", Reaches: []diff.Reach{{Subject: "a", Side: diff.Receives}}}
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
	f := words(finds(diff.Change{Rule: rule, Subject: "word a", Reaches: []diff.Reach{{Subject: "a", Side: diff.Both}}}))
	c := compare(t, diff.Contract{Format: f, Compatibility: compatibility(t, f, "full")}, source("")).Changes[0]
	if c.Level != diff.Risky || c.Reaches[0].Costs != (diff.Costs{}) {
		t.Errorf("the level is %s, the costs are %v", c.Level, c.Reaches[0].Costs)
	}
}
