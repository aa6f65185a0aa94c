package checks_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/usage"
)

// decision is a pull request that hits two consumers, of which one has agreed.
func decision() approval.Decision {
	reach := []approval.Reach{{
		Subject: "GET /orders/{} › 200 › application/json › sku",
		Side:    diff.Receives,
		Level:   diff.Breaking,
	}}
	at := func(line, end int) diff.Location {
		return diff.Location{File: "orders.yaml", Line: line, Column: 3, EndLine: end}
	}
	item := func(fingerprint string, open bool, by ...string) approval.Item {
		return approval.Item{
			Fingerprint: fingerprint,
			Level:       diff.Breaking,
			Impact:      usage.Broken,
			Reaches:     []string{reach[0].Subject},
			Open:        open,
			ApprovedBy:  by,
		}
	}
	return approval.Decision{
		State: approval.Waiting,
		Basis: approval.Basis{Repository: "acme/shop", Pull: 7, BaseRef: "main"},
		Findings: []approval.Finding{
			{
				Contract:    "orders",
				Rule:        "schema/optional-property-removed",
				Title:       "optional property removed",
				Level:       diff.Risky,
				Subject:     "schema Order › note",
				Message:     "the optional property was removed",
				Old:         at(23, 23),
				New:         at(9, 9),
				Fingerprint: "c",
			},
			{
				Contract:    "orders",
				Rule:        "schema/type-changed",
				Title:       "type changed",
				Doc:         "\nConsumers parse it.",
				Level:       diff.Breaking,
				Gates:       true,
				Subject:     "schema Order › sku",
				Message:     "type changed from string to integer",
				Old:         at(12, 12),
				New:         at(12, 12),
				Reaches:     reach,
				Fingerprint: "a",
			},
			{
				Contract:    "orders",
				Rule:        "openapi/operation-removed",
				Title:       "operation removed",
				Level:       diff.Breaking,
				Gates:       true,
				Subject:     "GET /orders",
				Message:     "the operation was removed",
				Old:         at(40, 52),
				New:         at(30, 34),
				Fingerprint: "b",
			},
			{
				Contract:    "old",
				Rule:        "contract/removed",
				Title:       "contract removed",
				Level:       diff.Breaking,
				Subject:     "contract",
				Message:     "the contract was removed",
				Old:         at(1, 1),
				Fingerprint: "d",
			},
			{
				Contract:    "orders",
				Rule:        "openapi/path-added",
				Title:       "path added",
				Level:       diff.Safe,
				Subject:     "/health",
				Message:     "the path was added",
				New:         at(60, 60),
				Fingerprint: "e",
			},
		},
		Demands: []approval.Demand{
			{
				Party:  approval.Party{Teams: []string{"acme/billing"}},
				Reason: approval.ReasonConsumer,
				Items:  []approval.Item{item("a", false, "alice")},
			},
			{
				Party:  approval.Party{Teams: []string{"acme/web"}, Users: []string{"dave"}},
				Reason: approval.ReasonOwner,
				Items:  []approval.Item{item("a", true), item("b", true)},
			},
		},
	}
}

// TestSummary compares with testdata/summary.md, so that a person can look at
// what people will see. "make update" rewrites it.
func TestSummary(t *testing.T) {
	got := checks.Render([]checks.Record{{Decision: decision()}})
	if want := "2 changes need approval by acme/web or dave"; got.Title != want {
		t.Errorf("title %q, want %q", got.Title, want)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("testdata/summary.md", []byte(got.Summary), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/summary.md")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.Summary); d != "" {
		t.Error(d)
	}
}

func TestTitles(t *testing.T) {
	one := []approval.Finding{{}}
	asked := func(open ...bool) []approval.Demand { // two parties for the same change
		var all []approval.Demand
		for _, o := range open {
			all = append(all, approval.Demand{
				Party: approval.Party{Writers: true},
				Items: []approval.Item{{Fingerprint: "a", Open: o}},
			})
		}
		return all
	}
	tests := []struct {
		decision approval.Decision
		want     string
	}{
		{approval.Decision{State: approval.Untouched}, "No contract changed"},
		{approval.Decision{State: approval.Clear}, "No promise of a contract changed"},
		{approval.Decision{State: approval.Clear, Findings: one}, "1 change that needs no approval"},
		{
			approval.Decision{State: approval.Approved, Demands: asked(false, false)},
			"1 change approved by everyone who is hit",
		},
		{
			approval.Decision{State: approval.Rejected, RejectedBy: []string{"bob", "eve"}},
			"Rejected by bob, eve",
		},
		{
			approval.Decision{State: approval.Rejected, Unclaimed: []string{"a", "b"}},
			"2 breaking changes that nobody can agree to",
		},
		{
			approval.Decision{State: approval.Invalid, Mistakes: make([]approval.Mistake, 1)},
			"1 mistake keeps the contracts from being compared: see the annotations",
		},
		{
			approval.Decision{State: approval.Waiting, Demands: asked(true, false)},
			"1 change needs approval by anyone with write access",
		},
	}
	for _, tt := range tests {
		if got := checks.Render([]checks.Record{{Decision: tt.decision}}).Title; got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestComment(t *testing.T) {
	d := decision()
	body, wanted := checks.Comment(&d)
	if !wanted || !strings.HasPrefix(body,
		checks.Marker+"\n### 2 changes need approval by acme/web or dave\n") {
		t.Errorf("wanted %t:\n%.300s", wanted, body)
	}
	if !strings.Contains(body, "approving this pull request in a review") {
		t.Error("the comment does not say how to agree")
	}
	clear := approval.Decision{State: approval.Clear, Findings: d.Findings[:1]}
	if body, wanted := checks.Comment(&clear); wanted || !strings.HasPrefix(body, checks.Marker) {
		t.Errorf("a comment that asks nobody is wanted, or would not be found again: %t %.100s", wanted, body)
	}
	for name, d := range map[string]approval.Decision{
		"unclaimed": {Unclaimed: []string{"a"}},
		"mistakes":  {Mistakes: make([]approval.Mistake, 1)},
	} {
		if _, wanted := checks.Comment(&d); !wanted {
			t.Errorf("%s: no comment says so", name)
		}
	}
}

// TestEscaping tests texts as a stranger's contract may contain them.
func TestEscaping(t *testing.T) {
	tests := []struct{ name, text, never, want string }{
		{"mention", "ping @acme/all", "@acme", "ping @\u2060acme/all"},
		{"mail", "root@example.com", "root@example", "root@\u2060example.com"},
		{"issue", "see #1, GH-2 and acme/shop#3", "#1", "see #\u20601, GH\u2060-2 and acme/shop#\u20603"},
		{
			"link", "[click](https://example.com)", "https://",
			`\[click\](https:` + "\u2060" + `//example.com)`,
		},
		{"bare host", "www.example.com", "www.", "www\u2060.example.com"},
		{"image", "![x](y)", "![", `\!\[x\](y)`},
		{"html", "<img src=x onerror=y> &amp;", "<img", "&lt;img src=x onerror=y&gt; &amp;amp;"},
		{"comment", "<!-- assent:v1 -->", "<!--", `&lt;\!-- assent:v1 --&gt;`},
		{"emphasis", "*a* _b_ ~c~ `d` $e$", "*a*", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\$e\\$"},
		{"backslash", `\*a\*`, `type \*`, `\\\*a\\\*`},
		{"lines", "a\n# b\r\n| c |", "\n# b", "a #\u2060 b  \\| c \\|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := approval.Decision{Findings: []approval.Finding{{
				Level:   diff.Breaking,
				Subject: "x",
				Message: "type " + tt.text,
			}}}
			got := checks.Render([]checks.Record{{Decision: d}}).Summary
			if strings.Contains(got, tt.never) || !strings.Contains(got, "type "+tt.want+" (") {
				t.Errorf("want %s in\n%s", tt.want, got)
			}
		})
	}
}

// TestSentences: a finding has the same text wherever it is shown, and its text
// is not taken for Markdown.
func TestSentences(t *testing.T) {
	d := approval.Decision{
		Findings: []approval.Finding{{
			Rule:        "schema/x",
			Level:       diff.Risky,
			Gates:       true,
			Subject:     "schema Order_1",
			Message:     "type *changed*",
			Allowed:     "by [policy]",
			New:         diff.Location{File: "a.yaml", Line: 3},
			Against:     []string{"@v1", "v2"},
			Fingerprint: "a",
		}},
		Unclaimed: []string{"a"},
	}
	const marked = "`schema Order_1`: type \\*changed\\*"
	const notes = " (against @\u2060v1, v2) (allowed: by \\[policy\\])\n"
	check := checks.Render([]checks.Record{{Decision: d}})
	for name, text := range map[string]struct{ got, want string }{
		"annotation": {
			check.Annotations[0].Message + "\n",
			"schema Order_1: type *changed* (against @v1, v2) (allowed: by [policy])\n",
		},
		"summary": {check.Summary, "* " + marked + " (`schema/x` at `a.yaml:3`)" + notes},
		"comment": {checks.Inlines(&d)[0].Body, "**risky**: " + marked + notes},
	} {
		if !strings.Contains(text.got, text.want) {
			t.Errorf("%s: want %q in\n%s", name, text.want, text.got)
		}
	}
}

func TestCodeSpans(t *testing.T) {
	tests := []struct{ name, subject, want string }{
		{"plain", "GET /a|b @acme", "* `GET /a|b @acme`: "},
		{"backtick", "a`@acme", "* `` a`@acme ``: "},
		{"run of backticks", "``` x", "* ```` ``` x ````: "},
		{"line break", "a\n# b", "* `a # b`: "},
		{"nothing", "", "* `  `: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := approval.Decision{Findings: []approval.Finding{{Level: diff.Breaking, Subject: tt.subject}}}
			if got := checks.Render([]checks.Record{{Decision: d}}).Summary; !strings.Contains(got, tt.want) {
				t.Errorf("want %s in\n%s", tt.want, got)
			}
		})
	}
	d := approval.Decision{Demands: []approval.Demand{{
		Party: approval.Party{Teams: []string{"acme/a|b"}},
		Items: make([]approval.Item, 1),
	}}}
	if got := checks.Render([]checks.Record{{Decision: d}}).Summary; !strings.Contains(got,
		"| `acme/a\\|b` |") {
		t.Errorf("a pipe ends the cell:\n%s", got)
	}
}

// TestDelta: a team is asked once about the same changes, and again if they get
// worse.
func TestDelta(t *testing.T) {
	before := decision()
	same, grown, settled := decision(), decision(), decision()
	if checks.Delta(&before, "acme/web") != checks.Delta(&same, "acme/web") {
		t.Error("the same is asked twice")
	}
	if checks.Delta(&before, "acme/web") == checks.Delta(&before, "acme/billing") {
		t.Error("other teams are asked for something else")
	}
	grown.Demands[1].Items[0].Reaches = append(grown.Demands[1].Items[0].Reaches,
		"GET /orders › 200 › application/json[] › sku")
	if checks.Delta(&before, "acme/web") == checks.Delta(&grown, "acme/web") {
		t.Error("a further reach is not asked for")
	}
	settled.Demands[1].Items[1].Open = false
	if checks.Delta(&before, "acme/web") == checks.Delta(&settled, "acme/web") {
		t.Error("what was agreed to still counts")
	}
}

// TestInlines: each open change has one comment, which is on the deleted line
// if the element was removed. Changes that are approved or need no approval
// have none.
func TestInlines(t *testing.T) {
	d := decision()
	d.Findings[2].Removed = true
	type place struct {
		Path string
		Line int
		Left bool
	}
	var got []place
	for _, in := range checks.Inlines(&d) {
		got = append(got, place{in.Path, in.Line, in.Left})
		if !strings.HasPrefix(in.Body, in.Marker+"\n") || in.Marker == checks.Marker ||
			!strings.Contains(in.Body, "acme/web or dave") {
			t.Errorf("who is asked, or the marker, is missing:\n%s", in.Body)
		}
	}
	if d := cmp.Diff([]place{{"orders.yaml", 12, false}, {"orders.yaml", 40, true}}, got); d != "" {
		t.Error(d)
	}
}
