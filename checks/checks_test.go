package checks_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/diff"
)

func TestConclusion(t *testing.T) {
	in := func(state approval.State, pull int) checks.Record {
		return checks.Record{Decision: approval.Decision{
			State: state,
			Basis: approval.Basis{Pull: pull, BaseRef: "main"},
		}}
	}
	troubled := func(state approval.State, final bool) checks.Record {
		r := in(state, 1)
		r.Trouble = &checks.Trouble{Reason: "GitHub does not answer", Final: final}
		return r
	}
	tests := []struct {
		name               string
		records            []checks.Record
		status, conclusion string
	}{
		{"untouched", []checks.Record{in(approval.Untouched, 1)}, "completed", "success"},
		{"clear", []checks.Record{in(approval.Clear, 1)}, "completed", "success"},
		{"approved", []checks.Record{in(approval.Approved, 1)}, "completed", "success"},
		{"waiting", []checks.Record{in(approval.Waiting, 1)}, "completed", "action_required"},
		{"a merge queue waits for nobody", []checks.Record{in(approval.Waiting, 0)}, "completed", "failure"},
		{"rejected", []checks.Record{in(approval.Rejected, 1)}, "completed", "failure"},
		{"invalid", []checks.Record{in(approval.Invalid, 1)}, "completed", "failure"},
		{"trouble is never green", []checks.Record{troubled(approval.Approved, false)}, "in_progress", ""},
		{"trouble to the end", []checks.Record{troubled(approval.Approved, true)}, "completed", "timed_out"},
		{
			"the worst of several",
			[]checks.Record{in(approval.Clear, 1), in(approval.Waiting, 2), in(approval.Approved, 3)},
			"completed", "action_required",
		},
		{
			"failure over waiting",
			[]checks.Record{in(approval.Rejected, 1), in(approval.Waiting, 2)},
			"completed", "failure",
		},
		{
			"unknown over failure",
			[]checks.Record{troubled(approval.Clear, false), in(approval.Rejected, 2)},
			"in_progress", "",
		},
		{
			"given up over unknown",
			[]checks.Record{troubled(approval.Clear, false), troubled(approval.Clear, true)},
			"completed", "timed_out",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := checks.Render(tt.records)
			if got.Status != tt.status || got.Conclusion != tt.conclusion {
				t.Errorf("%s %q, want %s %q", got.Status, got.Conclusion, tt.status, tt.conclusion)
			}
			if got.Title == "" || got.Summary == "" {
				t.Errorf("GitHub wants a title and a summary: %q, %q", got.Title, got.Summary)
			}
		})
	}
}

// TestSeveralPulls: the summary of a head's check lists each pull request with
// that head.
func TestSeveralPulls(t *testing.T) {
	a, b := checks.Record{Decision: decision()}, checks.Record{Decision: decision()}
	for _, d := range []*approval.Decision{&a.Decision, &b.Decision} {
		second := d.Findings[1] // on the same line
		second.Subject = "schema Order › sku[]"
		d.Findings = append(d.Findings, second)
	}
	b.Decision.Basis.Pull, b.Decision.Basis.BaseRef = 8, "release"
	got := checks.Render([]checks.Record{a, b})
	for _, want := range []string{"## #7 into `main`\n", "## #8 into `release`\n"} {
		if !strings.Contains(got.Summary, want) {
			t.Errorf("%q is missing in\n%s", want, got.Summary)
		}
	}
	if alone := checks.Render([]checks.Record{a}); len(got.Annotations) != len(alone.Annotations) {
		t.Errorf("%d annotations for what one pull request has %d of", len(got.Annotations),
			len(alone.Annotations))
	}
}

func TestAnnotations(t *testing.T) {
	d := decision()
	d.Mistakes = []approval.Mistake{
		{File: "z.yaml", Line: 3, Message: "no such schema"}, {Message: "nowhere"},
		{File: "a.yaml", Message: "cannot be read"},
	}
	var got []string
	for _, a := range checks.Render([]checks.Record{{Decision: d}}).Annotations {
		got = append(got, fmt.Sprintf("%s %s:%d-%d %s", a.Level, a.Path, a.StartLine, a.EndLine, a.Message))
	}
	want := []string{ // failures first, then by place; nothing for what is gone or safe
		"failure a.yaml:1-1 cannot be read",
		"failure orders.yaml:12-12 schema Order › sku: type changed from string to integer",
		"failure orders.yaml:30-34 GET /orders: the operation was removed",
		"failure z.yaml:3-3 no such schema",
		"warning orders.yaml:9-9 schema Order › note: the optional property was removed",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAnnotationsAreCapped(t *testing.T) {
	d := approval.Decision{State: approval.Waiting}
	for i := range 500 {
		d.Findings = append(d.Findings, approval.Finding{
			Level:   diff.Risky,
			Gates:   i >= 450,
			Subject: "x",
			New:     diff.Location{File: "a.yaml", Line: i + 1},
		})
	}
	got := checks.Render([]checks.Record{{Decision: d}})
	if len(got.Annotations) != 200 {
		t.Errorf("%d annotations, want 200", len(got.Annotations))
	}
	if a := got.Annotations[49]; a.Level != "failure" || a.StartLine != 500 {
		t.Errorf("what gates must be kept before the rest: %+v", a)
	}
	if !strings.Contains(got.Summary, "* and 400 more\n") {
		t.Errorf("the summary does not say how many it leaves out:\n%.300s", got.Summary)
	}
}

// TestLimits: GitHub refuses texts that are too long, and a text must not be
// cut inside a rune or a code span.
func TestLimits(t *testing.T) {
	long := strings.Repeat("€@acme/all ", 20_000)
	d := decision()
	for i := range 300 {
		d.Findings = append(d.Findings, approval.Finding{
			Rule: "schema/type-changed", Title: long, Doc: long, Level: diff.Level(i % 3), Gates: true,
			Subject: long, Message: long, New: diff.Location{File: "orders.yaml", Line: i + 1},
		})
	}
	d.Notes = []string{long}
	const cutText, cutList = "… (cut)", "`assent compare` lists every change.\n"
	got := checks.Render([]checks.Record{{Decision: d, Trouble: &checks.Trouble{Reason: long}}})
	body, _ := checks.Comment(&d)
	texts := map[string]struct {
		text string
		most int
		end  string
	}{
		"title":              {got.Title, 255, cutText},
		"summary":            {got.Summary, 65_535, cutList},
		"comment":            {body, 65_536, cutList},
		"annotation's title": {got.Annotations[3].Title, 255, cutText},
		"message":            {got.Annotations[3].Message, 64 << 10, cutText},
		"details":            {got.Annotations[3].Raw, 64 << 10, cutText},
	}
	for name, x := range texts {
		if len(x.text) > x.most || !utf8.ValidString(x.text) || !strings.HasSuffix(x.text, x.end) {
			t.Errorf("%s: %d bytes (at most %d), valid %t, ends in %q", name, len(x.text), x.most,
				utf8.ValidString(x.text), x.text[len(x.text)-20:])
		}
	}
	for name, text := range map[string]string{"summary": got.Summary, "comment": body} {
		for line := range strings.Lines(text) {
			if strings.Count(line, "`")%2 != 0 {
				t.Errorf("%s: a code span is open at the end of %.80q", name, line)
			}
		}
	}
}
