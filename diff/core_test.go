package diff_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
)

var rules = []*diff.Rule{
	{ID: "words/gone", Sends: diff.Risky, Receives: diff.Breaking},
	{ID: "words/come", Sends: diff.Breaking},
}

// words is the smallest format: a contract is a file, and the finding is what
// the test wants it to be.
func words(find func(r *diff.Report, old, new diff.Source) error) *diff.Format {
	return &diff.Format{
		Name: "words", Default: "backward", Rules: rules,
		Compare: func(_ context.Context, r *diff.Report, old, new diff.Source, _ diff.Options) error {
			return find(r, old, new)
		},
	}
}

// finds is a comparison that finds something of a word.
func finds(all ...diff.Found) func(*diff.Report, diff.Source, diff.Source) error {
	return func(r *diff.Report, _, _ diff.Source) error {
		for _, f := range all {
			r.Found(diff.Place{Definition: path("word a")}, f)
		}
		return nil
	}
}

// path reads a path as it is written. Its steps have no kinds.
func path(text string) diff.Path {
	var p diff.Path
	for _, name := range strings.Split(text, diff.Separator) {
		p = p.Then(diff.Step{Name: name})
	}
	return p
}

func source(label string) diff.Source {
	return diff.Source{FS: fstest.MapFS{}, Paths: []string{"words.txt"}, Label: label}
}

func compare(t *testing.T, c diff.Contract, olds ...diff.Source) *diff.Report {
	t.Helper()
	report, err := diff.Compare(context.Background(), c, olds, source(""))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func compatibility(t *testing.T, f *diff.Format, name string) diff.Compatibility {
	t.Helper()
	c, err := f.Compatibility(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReachesOfOneSubjectAreWeighedTogether(t *testing.T) {
	f := words(finds(
		diff.Found{
			Rule: rules[0],
			Reaches: []diff.Reach{
				{Use: path("page 1"), Side: diff.Sends}, {Use: path("page 2"), Side: diff.Sends},
			},
		},
		diff.Found{Rule: rules[0], Reaches: []diff.Reach{{Use: path("page 1"), Side: diff.Receives}}},
	))
	report := compare(t, diff.Contract{Format: f, Compatibility: compatibility(t, f, "full")}, source(""))
	if len(report.Changes) != 1 {
		t.Fatalf("%d changes, want one", len(report.Changes))
	}
	want := []diff.Reach{
		{
			Use:   path("page 1"),
			Side:  diff.Both,
			Level: diff.Breaking,
			Costs: diff.Costs{Sends: diff.Risky, Receives: diff.Breaking},
		},
		{Use: path("page 2"), Side: diff.Sends, Level: diff.Risky, Costs: diff.Costs{Sends: diff.Risky}},
	}
	if d := cmp.Diff(want, report.Changes[0].Reaches); d != "" {
		t.Error(d)
	}
	if got := report.Changes[0].Level; got != diff.Breaking {
		t.Errorf("the change is %s, want the worst of its reaches", got)
	}
}

func TestWhatIsFoundTwiceIsOneChange(t *testing.T) {
	r := &diff.Report{Contract: "book"}
	report := func(edit func(*diff.Place, *diff.Found)) {
		place := diff.Place{Definition: path("word a"), Use: path("page 1")}
		found := diff.Found{Rule: rules[0], Before: diff.HashOf("a")}
		edit(&place, &found)
		r.Found(place, found)
	}
	report(func(*diff.Place, *diff.Found) {})
	report(func(p *diff.Place, f *diff.Found) { p.Use, f.New = path("page 2"), diff.Spot{Line: 7} })
	report(func(_ *diff.Place, f *diff.Found) { f.Rule = rules[1] })
	report(func(p *diff.Place, _ *diff.Found) { p.Definition = path("word b") })
	report(func(_ *diff.Place, f *diff.Found) { f.Before = diff.HashOf("b") })
	report(func(_ *diff.Place, f *diff.Found) { f.After = diff.HashOf("c") })
	var got []int
	for _, c := range r.Changes {
		if c.Contract != "book" {
			t.Errorf("%s belongs to the contract %q", c.Subject, c.Contract)
		}
		got = append(got, len(c.Reaches))
	}
	if d := cmp.Diff([]int{2, 1, 1, 1, 1}, got); d != "" {
		t.Error("reaches per change: " + d)
	}
}

func TestFingerprint(t *testing.T) {
	base := diff.Change{
		Contract: "orders",
		Rule:     rules[0],
		Subject:  path("word a"),
		Message:  "it went",
		Before:   diff.HashOf("a"),
		After:    diff.HashOf("b"),
		Old:      diff.Location{File: "a.txt", Line: 1}, New: diff.Location{File: "a.txt", Line: 2},
	}
	fingerprint := func(edit func(*diff.Change)) string {
		c := base
		edit(&c)
		return c.Fingerprint()
	}
	for name, edit := range map[string]func(*diff.Change){
		"moved lines":    func(c *diff.Change) { c.Old.Line, c.New.Line, c.New.EndLine = 5, 6, 9 },
		"renamed file":   func(c *diff.Change) { c.New.File = "b.txt" },
		"reworded":       func(c *diff.Change) { c.Message, c.Values = "it is gone", []string{"a"} },
		"more reaches":   func(c *diff.Change) { c.Reaches = []diff.Reach{{Use: path("page 1")}} },
		"another level":  func(c *diff.Change) { c.Level = diff.Breaking },
		"further origin": func(c *diff.Change) { c.Against = []string{"v1"} },
	} {
		if fingerprint(edit) != base.Fingerprint() {
			t.Errorf("%s: another fingerprint", name)
		}
	}
	for name, edit := range map[string]func(*diff.Change){
		"contract": func(c *diff.Change) { c.Contract = "bills" },
		"rule":     func(c *diff.Change) { c.Rule = rules[1] },
		"subject":  func(c *diff.Change) { c.Subject = path("word b") },
		"before":   func(c *diff.Change) { c.Before = diff.HashOf("x") },
		"after":    func(c *diff.Change) { c.After = diff.HashOf("x") },
		"shifted":  func(c *diff.Change) { c.Contract, c.Subject = "order", path("sword a") },
	} {
		if fingerprint(edit) == base.Fingerprint() {
			t.Errorf("%s: the same fingerprint", name)
		}
	}
	if diff.HashOf("a", "b") == diff.HashOf("ab") || diff.HashOf(`a"`, "b") == diff.HashOf("a", `"b`) {
		t.Error("values run into each other")
	}
}

// TestHashOfQuotes: the hash of values is that of their quoted text, which saved
// fingerprints rest on.
func TestHashOfQuotes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		value := make([]byte, random.IntN(12))
		for i := range value {
			value[i] = byte(random.Uint32())
		}
		text := string(value) + []string{"", "nöt €", "\u2028", "plain", "\"\\\n"}[random.IntN(5)]
		if want := sha256.Sum256(strconv.AppendQuote(nil, text)); diff.HashOf(text) != want {
			t.Fatalf("the hash of %q is not that of its quoted text", text)
		}
	}
}

// gone reports a word per label of the old revision that has an a in it.
func gone(r *diff.Report, old, _ diff.Source) error {
	if old.Label != "v2" {
		r.Found(diff.Place{
			Definition: path("word a"),
			Use:        path("page " + old.Label),
			Side:       diff.Receives,
		}, diff.Found{Rule: rules[0]})
	}
	return nil
}

func TestHistory(t *testing.T) {
	f := words(gone)
	olds := []diff.Source{source("v1"), {}, source("v2"), source("v3")}
	for mode, want := range map[string][]string{"full_transitive": {"v1", "v3"}, "full": {"v3"}} {
		report := compare(t, diff.Contract{Format: f, Compatibility: compatibility(t, f, mode)}, olds...)
		if len(report.Changes) != 1 {
			t.Fatalf("%s: %d changes, want one", mode, len(report.Changes))
		}
		if d := cmp.Diff(want, report.Changes[0].Against); d != "" {
			t.Errorf("%s: %s", mode, d)
		}
		if got := len(report.Changes[0].Reaches); got != len(want) {
			t.Errorf("%s: %d reaches, want those of every version", mode, got)
		}
	}
}

func TestPresence(t *testing.T) {
	unread := errors.New("read")
	f := words(func(r *diff.Report, old, new diff.Source) error {
		if old.Absent() || new.Absent() {
			t.Error("a format is asked about a contract that is not there")
		}
		return r.Fail(&diff.Error{Location: diff.Location{File: new.Root(), Line: 3}, Message: "unreadable"})
	})
	named := diff.Location{File: "assent.yml", Line: 4, Column: 3, EndLine: 4}
	contract := diff.Contract{Name: "words", Format: f, Compatibility: compatibility(t, f, "full")}
	run := func(olds []diff.Source, new diff.Source) *diff.Report {
		t.Helper()
		report, err := diff.Compare(context.Background(), contract, olds, new)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	for _, olds := range [][]diff.Source{nil, {{}}, {{}, {}}} {
		added := run(olds, source(""))
		if len(added.Changes) != 1 || added.Changes[0].Rule.ID != "contract/added" ||
			!added.Changes[0].Old.IsZero() || added.Path != "words.txt" {
			t.Errorf("%d olds: %+v", len(olds), added)
		}
		if len(added.Errors) != 1 || added.Errors[0].Line != 3 {
			t.Error("a new contract was not read")
		}
	}
	contract.Facts = []diff.Fact{diff.Removed(source("v1"), named)}
	removed := run([]diff.Source{source("v1")}, diff.Source{})
	contract.Facts = nil
	if len(removed.Changes) != 1 || removed.Changes[0].Rule.ID != "contract/removed" ||
		removed.Changes[0].New != named || removed.Path != "words.txt" {
		t.Errorf("%+v", removed)
	}
	if v := diff.VerdictOf(removed); v != diff.VerdictBreaking {
		t.Errorf("a removed contract is %s", v)
	}
	if nothing := run([]diff.Source{{}}, diff.Source{}); len(nothing.Changes)+len(nothing.Errors) > 0 {
		t.Errorf("%+v", nothing)
	}
	f.Compare = func(context.Context, *diff.Report, diff.Source, diff.Source, diff.Options) error {
		return unread
	}
	if _, err := diff.Compare(context.Background(), contract, []diff.Source{source("")},
		source("")); !errors.Is(err, unread) {
		t.Errorf("got %v, want the format's error", err)
	}
}

func TestVerdict(t *testing.T) {
	report := func(levels ...diff.Level) *diff.Report {
		r := &diff.Report{}
		for _, l := range levels {
			r.Changes = append(r.Changes, diff.Change{Level: l})
		}
		return r
	}
	failed := &diff.Report{Errors: []*diff.Error{{Message: "unreadable"}}}
	tests := []struct {
		want    diff.Verdict
		reports []*diff.Report
	}{
		{diff.Unchanged, nil},
		{diff.Unchanged, []*diff.Report{report(), report()}},
		{diff.Compatible, []*diff.Report{report(), report(diff.Safe)}},
		{diff.VerdictRisky, []*diff.Report{report(diff.Risky), report(diff.Safe)}},
		{diff.VerdictBreaking, []*diff.Report{report(diff.Safe, diff.Breaking, diff.Risky)}},
		{diff.Failed, []*diff.Report{report(diff.Breaking), failed}},
	}
	for _, tt := range tests {
		if got := diff.VerdictOf(tt.reports...); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestSidesFlip(t *testing.T) {
	for side, want := range map[diff.Side]diff.Side{
		0:             0,
		diff.Sends:    diff.Receives,
		diff.Receives: diff.Sends,
		diff.Both:     diff.Both,
	} {
		if got := side.Flip(); got != want {
			t.Errorf("%s flips to %s, want %s", side, got, want)
		}
	}
}

func TestRulesAreListed(t *testing.T) { difftest.Listed(t, diff.ContractRules()) }
