package checks_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/diff"
)

// long is a text that is cut to a thousand bytes, of which escaping makes more.
var long = strings.Repeat("€ & <b> ", 200)

// many returns findings of a level, whose texts are as long as texts get.
func many(n int, level diff.Level, gates bool) []approval.Finding {
	all := make([]approval.Finding, n)
	for i := range all {
		all[i] = approval.Finding{
			Rule: fmt.Sprintf("x/%s", level), Level: level, Gates: gates,
			Subject: fmt.Sprintf("%s-%d", level, i), Message: long,
			New: diff.Location{File: "a.yaml", Line: i + 1},
		}
	}
	return all
}

func record(pull int, parts ...[]approval.Finding) checks.Record {
	d := approval.Decision{
		State: approval.Clear,
		Basis: approval.Basis{Pull: pull, BaseRef: fmt.Sprintf("release-%d", pull)},
	}
	for _, part := range parts {
		d.Findings = append(d.Findings, part...)
	}
	return checks.Record{Decision: d}
}

// TestWhatGivesWay: a summary that is too long loses what matters least, and says
// how much.
func TestWhatGivesWay(t *testing.T) {
	asks := record(1, many(90, diff.Safe, false))
	asks.Decision.State = approval.Waiting
	for i := range 500 {
		asks.Decision.Demands = append(asks.Decision.Demands, approval.Demand{
			Party: approval.Party{Teams: []string{fmt.Sprintf("acme/%d-%s", i, long)}},
			Items: []approval.Item{{Open: i >= 490, ApprovedBy: []string{"alice"}}},
		})
	}
	crowd := make([]checks.Record, 900)
	for i := range crowd {
		crowd[i] = record(i+1, many(1, diff.Safe, false))
	}
	tests := []struct {
		name    string
		records []checks.Record
		want    []string
		never   []string
	}{
		{
			"all is shown",
			[]checks.Record{record(1, many(5, diff.Breaking, true), many(5, diff.Safe, false))},
			[]string{"### 5 breaking\n", "`breaking-4`", "`safe-4`"},
			[]string{"more", "Not shown"},
		},
		{
			"safe changes give way, and the next pull request is outside of them",
			[]checks.Record{record(1, many(100, diff.Safe, false)), record(2, many(1, diff.Risky, false))},
			[]string{
				"more\n\n</details>\n\n## #2 into `release-2`\n\n1 change that needs no approval\n\n",
				"### 1 risky\n\n* `risky-0`", "safe changes. `assent compare` lists every change.\n",
			},
			[]string{"risky change,"},
		},
		{
			"what breaks in any pull request comes before what does not",
			[]checks.Record{
				record(1, many(40, diff.Safe, false), many(40, diff.Risky, false)),
				record(2, many(10, diff.Breaking, true)),
				record(3, many(10, diff.Breaking, true)),
			},
			[]string{"`breaking-9`", "### 10 breaking\n"},
			[]string{"<details>", "breaking changes"},
		},
		{
			"nothing safe fills the room that is too small for what breaks",
			[]checks.Record{record(1, many(60, diff.Breaking, true),
				[]approval.Finding{{Level: diff.Safe, Subject: "short"}})},
			[]string{" breaking changes, 1 safe change. "},
			[]string{"<details>"},
		},
		{
			"what somebody is asked about comes before what nobody is asked about",
			[]checks.Record{record(1, many(90, diff.Risky, false), many(10, diff.Risky, true))},
			[]string{"### 100 risky\n\n* `risky-0`", "risky-9`", "risky changes. "},
			[]string{"risky-50`"},
		},
		{
			"no pull request takes the room of the others",
			[]checks.Record{
				record(1, many(100, diff.Breaking, true)), record(2, many(3, diff.Breaking, true)),
			},
			[]string{"### 3 breaking\n\n* `breaking-0`", "breaking changes. "},
			nil,
		},
		{
			"a table stays a table, and who has to agree is in it",
			[]checks.Record{asks},
			[]string{
				"| `acme/490-", "| `acme/499-",
				" more | | | |\n\n", "requests for approval, 90 safe changes. ",
			},
			[]string{"<details>"},
		},
		{
			"headings and conclusions of hundreds",
			crowd,
			[]string{"## #1\n\nNothing is left to agree to.\n", "## #900\n\nNothing is left to agree to.\n"},
			[]string{"pull requests"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := checks.Render(tt.records).Summary
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, outline(got))
				}
			}
			for _, never := range tt.never {
				if strings.Contains(got, never) {
					t.Errorf("%q is in\n%s", never, outline(got))
				}
			}
		})
	}
}

// outline is a text with short lines, for the messages of tests.
func outline(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		fmt.Fprintf(&b, "%.60q\n", line)
	}
	return b.String()
}

// TestCutTextsAreWhole: whatever is found, for however many pull requests, the
// texts fit, none of their parts is cut, and the most important parts are there.
func TestCutTextsAreWhole(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			pulls := []int{1, 2, 3, 30, 300}[r.IntN(5)]
			records := make([]checks.Record, pulls)
			for i := range records {
				records[i] = random(r, i+1)
			}
			got := checks.Render(records).Summary
			checkWhole(t, got)
			checkOrder(t, got, records)
			if pulls > 1 {
				checkHeadings(t, got, pulls)
			}
			body, _ := checks.Comment(&records[0].Decision)
			checkWhole(t, body)
			checkOrder(t, body, records[:1])
			if !strings.HasPrefix(body, checks.Marker+"\n### ") {
				t.Errorf("the comment would not be found again: %.80q", body)
			}
		})
	}
}

// random is a decision with anything in it.
func random(r *rand.Rand, pull int) checks.Record {
	pieces := []string{
		"orders", "€", "日本語", "👩‍🚀", "`", "``` ", "|", "<details>", "</details>", "&", "@acme/all", "\n",
		"\n## #1\n",
	}
	text := func() string {
		var b strings.Builder
		for range 1 << r.IntN(9) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String()
	}
	states := []approval.State{approval.Clear, approval.Waiting, approval.Invalid, approval.Rejected}
	d := approval.Decision{
		State: states[r.IntN(len(states))],
		Basis: approval.Basis{Pull: pull, BaseRef: text()},
	}
	for range r.IntN(4) * r.IntN(40) {
		level := diff.Level(r.IntN(3))
		d.Findings = append(d.Findings, approval.Finding{
			Rule: "x/" + level.String(), Level: level, Gates: r.IntN(3) == 0,
			Subject: text(), Message: text(), Allowed: text(), New: diff.Location{File: text(), Line: 1},
		})
	}
	for range r.IntN(2) * r.IntN(50) {
		d.Demands = append(d.Demands, approval.Demand{
			Party: approval.Party{Teams: []string{text()}},
			Items: []approval.Item{{Open: r.IntN(2) == 0, ApprovedBy: []string{text()}}},
		})
	}
	for range r.IntN(2) * r.IntN(10) {
		d.Mistakes = append(d.Mistakes, approval.Mistake{File: text(), Message: text()})
		d.Notes = append(d.Notes, text())
		d.RejectedBy = append(d.RejectedBy, text())
	}
	record := checks.Record{Decision: d}
	if r.IntN(10) == 0 {
		record.Trouble = &checks.Trouble{Reason: text(), Final: r.IntN(2) == 0}
	}
	return record
}

// escapedPipe is a pipe within a cell.
var escapedPipe = regexp.MustCompile(`\\\|`)

// checkWhole checks that a text keeps to the bound below GitHub's limit, and that
// its elements and tables are whole.
func checkWhole(t *testing.T, text string) {
	t.Helper()
	if len(text) > 60_000 || !utf8.ValidString(text) {
		t.Errorf("%d bytes, valid %t", len(text), utf8.ValidString(text))
	}
	open, row := false, 0
	for line := range strings.Lines(text) {
		opens, closes := strings.HasPrefix(line, "<details>"), line == "</details>\n"
		if opens && open || closes && !open || open && strings.HasPrefix(line, "#") {
			t.Errorf("within <details>: %t, and then %.80q", open, line)
		}
		open = (open || opens) && !closes
		if !strings.HasPrefix(line, "|") {
			if row == 2 {
				t.Error("a table has no rows")
			}
			row = 0
			continue
		}
		row++
		if n := strings.Count(escapedPipe.ReplaceAllString(line, ""), "|"); n != 5 {
			t.Errorf("row %d of a table has %d bars, want 5: %q", row, n, line)
		}
		if head := []string{"| Who | Why | Changes | State |\n", "|---|---|---|---|\n"}; row <= len(head) &&
			line != head[row-1] {
			t.Errorf("line %d of a table is %q", row, line)
		}
	}
	if open {
		t.Error("<details> is not closed")
	}
}

// checkOrder checks that nothing safe is shown in place of what breaks, and that
// the last line counts what is not shown.
func checkOrder(t *testing.T, text string, records []checks.Record) {
	t.Helper()
	total, readable := map[diff.Level]int{}, map[diff.Level]int{}
	for i := range records {
		ofOne := map[diff.Level]int{}
		for _, f := range records[i].Decision.Findings {
			ofOne[f.Level]++
		}
		for level, n := range ofOne {
			total[level] += n
			readable[level] += min(n, diff.FindingsInSummary)
		}
	}
	shown := func(level diff.Level) int { return strings.Count(text, fmt.Sprintf(" (`x/%s` at ", level)) }
	if shown(diff.Breaking) < readable[diff.Breaking] && shown(diff.Safe) > 0 {
		t.Errorf("%d safe changes are shown, and %d of %d breaking ones", shown(diff.Safe),
			shown(diff.Breaking), readable[diff.Breaking])
	}
	last := text[strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n")+1:]
	for _, level := range []diff.Level{diff.Breaking, diff.Risky, diff.Safe} {
		said := 0
		if m := regexp.MustCompile(`(\d+) ` + level.String() + ` change`).FindStringSubmatch(last); m != nil {
			said, _ = strconv.Atoi(m[1]) // it is digits
		}
		if want := total[level] - shown(level); said != want {
			t.Errorf("%d %s changes are said to be left out, want %d: %q", said, level, want, last)
		}
	}
}

var headed = regexp.MustCompile(`(?m)^## #(\d+)( into .+)?\n\n[^\n]+\n\n`)

// checkHeadings checks that each pull request has its heading and conclusion.
func checkHeadings(t *testing.T, text string, pulls int) {
	t.Helper()
	all := headed.FindAllStringSubmatch(text, -1)
	if len(all) != pulls {
		t.Fatalf("%d of %d pull requests have a heading and a conclusion", len(all), pulls)
	}
	for i, m := range all {
		if m[1] != fmt.Sprint(i+1) {
			t.Errorf("heading %d is of #%s", i+1, m[1])
		}
	}
}
