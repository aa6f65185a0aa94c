package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

func TestPolicy(t *testing.T) {
	level := func(l diff.Level) *diff.Level { return &l }
	reach := func(use string, side diff.Side) diff.Reach { return diff.Reach{Use: path(use), Side: side} }
	tests := []struct {
		name    string
		mode    string
		policy  diff.Policy
		reaches []diff.Reach
		change  diff.Level
		want    []diff.Level // of what is left of the reaches
	}{
		// The rule is risky for those who send, breaking for those who receive.
		{"rule per side", "full", diff.Policy{}, []diff.Reach{
			reach("a", diff.Sends), reach("b", diff.Receives), reach("c", diff.Both),
		},
			diff.Breaking, []diff.Level{diff.Risky, diff.Breaking, diff.Breaking}},
		{"unprotected is one lower", "backward", diff.Policy{}, []diff.Reach{
			reach("a", diff.Sends), reach("b", diff.Receives), reach("c", diff.Both),
		},
			diff.Risky, []diff.Level{diff.Risky, diff.Risky, diff.Risky}},
		{"nothing protected", "none", diff.Policy{},
			[]diff.Reach{reach("a", diff.Sends), reach("b", diff.Receives)},
			diff.Risky, []diff.Level{diff.Safe, diff.Risky}},
		{"configured level", "full",
			diff.Policy{Levels: map[string]diff.SideLevels{"words/gone": {Receives: level(diff.Safe)}}},
			[]diff.Reach{reach("a", diff.Sends), reach("b", diff.Receives)}, diff.Risky,
			[]diff.Level{diff.Risky, diff.Safe}},
		{"configured level is lowered too", "backward",
			diff.Policy{Levels: map[string]diff.SideLevels{
				"words/gone": {Sends: level(diff.Breaking), Receives: level(diff.Risky)},
			}},
			[]diff.Reach{reach("a", diff.Sends), reach("b", diff.Receives)}, diff.Breaking,
			[]diff.Level{diff.Breaking, diff.Safe}},
		{"configured level of another rule", "full",
			diff.Policy{Levels: map[string]diff.SideLevels{"words/come": {Receives: level(diff.Safe)}}},
			[]diff.Reach{reach("b", diff.Receives)}, diff.Breaking, []diff.Level{diff.Breaking}},
		{"in progress by tag", "full", diff.Policy{InProgress: []string{"tag:WIP"}},
			[]diff.Reach{reach("a", diff.Receives), reach("b", diff.Receives)}, diff.Breaking,
			[]diff.Level{diff.Risky, diff.Breaking}},
		{"in progress by subject", "full", diff.Policy{InProgress: []string{"POST /drafts/{id}"}},
			[]diff.Reach{reach("POST /drafts/{} › 200", diff.Receives)}, diff.Risky,
			[]diff.Level{diff.Risky}},
		{
			"in progress raises nothing", "none", diff.Policy{InProgress: []string{"a"}},
			[]diff.Reach{reach("a", diff.Sends)}, diff.Safe, []diff.Level{diff.Safe},
		},
		{"ignored reach", "full", diff.Policy{Ignore: []diff.Exception{{Rule: "words/gone", Subject: "b"}}},
			[]diff.Reach{reach("a", diff.Sends), reach("b", diff.Receives)}, diff.Risky,
			[]diff.Level{diff.Risky}},
		{
			"ignored definition", "full", diff.Policy{Ignore: []diff.Exception{{Subject: "word *"}}},
			[]diff.Reach{reach("a", diff.Sends)}, 0, nil,
		},
		{
			"ignored rule", "full",
			diff.Policy{Ignore: []diff.Exception{{Rule: "words/gone"}}},
			[]diff.Reach{reach("a", diff.Sends)}, 0, nil,
		},
		{"ignored last reach", "full", diff.Policy{Ignore: []diff.Exception{{Subject: "a"}, {Subject: "b"}}},
			[]diff.Reach{reach("a", diff.Sends), reach("b", diff.Sends)}, 0, nil},
		{"another rule is not ignored", "full",
			diff.Policy{Ignore: []diff.Exception{{Rule: "words/come", Subject: "a"}}},
			[]diff.Reach{reach("a", diff.Sends)}, diff.Risky, []diff.Level{diff.Risky}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := words(func(r *diff.Report, old, new diff.Source) error {
				r.Mark(path("a"), "tag:WIP")
				r.Mark(path("b"), "tag:Done")
				return finds(diff.Found{Rule: rules[0], Reaches: tt.reaches})(r, old, new)
			})
			report := compare(t, diff.Contract{
				Format:        f,
				Compatibility: compatibility(t, f, tt.mode),
				Policy:        tt.policy,
			}, source(""))
			if len(tt.want) == 0 {
				if len(report.Changes) > 0 {
					t.Errorf("%+v is left, want nothing", report.Changes)
				}
				return
			}
			if len(report.Changes) != 1 {
				t.Fatalf("%d changes, want one", len(report.Changes))
			}
			var got []diff.Level
			for _, r := range report.Changes[0].Reaches {
				got = append(got, r.Level)
				if r.InProgress && r.Level == diff.Breaking {
					t.Errorf("%s is in progress and breaking", r.Use)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if report.Changes[0].Level != tt.change {
				t.Errorf("the change is %s, want %s", report.Changes[0].Level, tt.change)
			}
		})
	}
}

func TestPattern(t *testing.T) {
	tests := []struct {
		pattern diff.Pattern
		path    string
		want    bool
	}{
		{"GET /orders", "GET /orders", true},
		{"GET /orders", "GET /orders › 200 › application/json", true},
		{"GET /orders", "GET /orders/{}", false},
		{"GET /orders", "POST /orders", false},
		{"GET /orders", "callback › GET /orders", false},
		{"GET /orders/{id}", "GET /orders/{}", true},
		{"GET /orders/{id}", "GET /orders/{order}", true},
		{"GET /orders/{id}/items", "GET /orders/{}", false},
		{"* /orders", "DELETE /orders", true},
		{"GET /*", "GET /orders", true},
		{"GET /*", "GET /orders/{}", false},
		{"GET /orders*", "GET /orders-old", true},
		{"GET /debug/**", "GET /debug/a/b › 200", true},
		{"GET /debug/**", "GET /debugging", false},
		{"**", "anything › at all", true},
		{"** › sku", "GET /orders › 200 › items[] › sku", true},
		{"** › sku", "GET /orders › 200 › items[] › skus", false},
		{"schema Order › items[]", "schema Order › items[] › sku", true},
		{"schema Order", "schema Orders", false},
		{"schema *", "schema Order › id", true},
		{" GET /orders ", "GET /orders", true},
		{"GET /a.b", "GET /aXb", false},
		{"", "GET /orders", false},
		{"GET /{", "GET /{", true},
	}
	for _, tt := range tests {
		if got := tt.pattern.Match(path(tt.path)); got != tt.want {
			t.Errorf("%q matches %q: %t, want %t", tt.pattern, tt.path, got, tt.want)
		}
	}
}

// TestHostilePatternEnds: a pattern takes one step for each of its characters and
// each of the path's, also if all of them are wildcards.
func TestHostilePatternEnds(t *testing.T) {
	wildcards := diff.Pattern(strings.Repeat("**", 200_000))
	at := path("GET /" + strings.Repeat("a", 100))
	if !wildcards.Match(at) {
		t.Error("wildcards do not select what they may stand for")
	}
	if (wildcards + "b").Match(at) {
		t.Error("wildcards select what does not end as they do")
	}
}

func TestCompatibility(t *testing.T) {
	flat := &diff.Format{Name: "flat", Default: "backward"}
	sided := &diff.Format{Name: "sided", Default: "backward", Sided: true}
	tests := []struct {
		format *diff.Format
		name   string
		want   diff.Compatibility // without a name: an error
	}{
		{flat, "", diff.Compatibility{Name: "backward", Protects: diff.Sends}},
		{flat, "none", diff.Compatibility{Name: "none"}},
		{flat, "forward", diff.Compatibility{Name: "forward", Protects: diff.Receives}},
		{flat, "FULL", diff.Compatibility{Name: "full", Protects: diff.Both}},
		{
			flat, "BACKWARD_TRANSITIVE",
			diff.Compatibility{Name: "backward_transitive", Protects: diff.Sends, Transitive: true},
		},
		{
			flat, "FORWARD_ALL",
			diff.Compatibility{Name: "forward_transitive", Protects: diff.Receives, Transitive: true},
		},
		{
			flat, "BACKWARD_ALL",
			diff.Compatibility{Name: "backward_transitive", Protects: diff.Sends, Transitive: true},
		},
		{
			flat, "full_all",
			diff.Compatibility{Name: "full_transitive", Protects: diff.Both, Transitive: true},
		},
		{flat, "sideways", diff.Compatibility{}},
		{flat, "none_transitive", diff.Compatibility{}},
		{sided, "", diff.Compatibility{Name: "backward", Protects: diff.Both}},
		{sided, "none", diff.Compatibility{Name: "none"}},
		{
			sided, "full_transitive",
			diff.Compatibility{Name: "full_transitive", Protects: diff.Both, Transitive: true},
		},
		{sided, "forward", diff.Compatibility{}},
		{sided, "FORWARD_ALL", diff.Compatibility{}},
	}
	for _, tt := range tests {
		got, err := tt.format.Compatibility(tt.name)
		if (err != nil) != (tt.want.Name == "") || got != tt.want {
			t.Errorf("%s %q: got %+v, %v; want %+v", tt.format.Name, tt.name, got, err, tt.want)
		}
	}
}

// TestProfile: a profile's levels stand between the rule's and the configured.
func TestProfile(t *testing.T) {
	risky := diff.Risky
	f := words(finds(diff.Found{
		Rule:    rules[0],
		Reaches: []diff.Reach{{Use: path("a"), Side: diff.Receives}},
	}))
	f.Profiles = []diff.Profile{{
		Name:   "lenient",
		Levels: map[string]diff.SideLevels{"words/gone": diff.Judged(diff.Safe)},
	}}
	lenient, err := f.Profile("LENIENT")
	if err != nil {
		t.Fatal(err)
	}
	configured := diff.Policy{Levels: map[string]diff.SideLevels{"words/gone": {Receives: &risky}}}
	for _, tt := range []struct {
		profile diff.Profile
		policy  diff.Policy
		want    diff.Level
	}{
		{diff.Profile{}, diff.Policy{}, diff.Breaking}, {lenient, diff.Policy{}, diff.Safe},
		{lenient, configured, diff.Risky},
	} {
		contract := diff.Contract{
			Format:        f,
			Compatibility: compatibility(t, f, "full"),
			Policy:        tt.policy,
			Options:       diff.Options{Profile: tt.profile},
		}
		if got := compare(t, contract, source("")).Changes[0].Level; got != tt.want {
			t.Errorf("profile %q, configured %v: %s, want %s", tt.profile.Name, tt.policy.Levels, got,
				tt.want)
		}
	}
	if _, err := f.Profile("strict"); err == nil ||
		err.Error() != `unknown profile "strict": words has lenient` {
		t.Errorf("an unknown profile: %v", err)
	}
}
