package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
)

func title(r *Record) string {
	d := &r.Decision
	switch {
	case r.Trouble != nil && r.Trouble.Final:
		return "Not decided: " + r.Trouble.Reason
	case r.Trouble != nil:
		return "Not decided yet, trying again: " + r.Trouble.Reason
	}
	switch d.State {
	case approval.Invalid:
		return plural(len(d.Mistakes), "mistake keeps", "mistakes keep") +
			" the contracts from being compared: see the annotations"
	case approval.Rejected:
		if len(d.RejectedBy) == 0 {
			return plural(len(d.Unclaimed), "breaking change", "breaking changes") +
				" that nobody can agree to"
		}
		return "Rejected by " + strings.Join(d.RejectedBy, ", ")
	case approval.Waiting:
		return plural(openChanges(d), "change needs", "changes need") + " approval by " +
			strings.Join(openParties(d), ", ")
	case approval.Approved:
		return plural(askedChanges(d), "change", "changes") + " approved by everyone who is hit"
	case approval.Clear:
		if len(d.Findings) == 0 {
			return "No promise of a contract changed"
		}
		return plural(len(d.Findings), "change that needs", "changes that need") + " no approval"
	}
	return "No contract changed"
}

// askedChanges counts the changes that somebody was asked to agree to.
func askedChanges(d *approval.Decision) int {
	return countChanges(d, func(approval.Item) bool { return true })
}

// openChanges counts the changes that somebody still has to agree to.
func openChanges(d *approval.Decision) int {
	return countChanges(d, func(item approval.Item) bool { return item.Open })
}

// countChanges counts changes by their items. A change that several parties are
// asked about counts once.
func countChanges(d *approval.Decision, counted func(approval.Item) bool) int {
	seen := map[string]bool{}
	for i := range d.Demands {
		for _, it := range d.Demands[i].Items {
			if counted(it) {
				seen[it.Fingerprint] = true
			}
		}
	}
	return len(seen)
}

// openParties names the parties that still have to agree.
func openParties(d *approval.Decision) []string {
	var all []string
	for i := range d.Demands {
		if d.Demands[i].Open() {
			all = append(all, partyName(d.Demands[i].Party))
		}
	}
	return all
}

func partyName(p approval.Party) string {
	if len(p.Teams)+len(p.Users) == 0 {
		return "anyone with write access"
	}
	return strings.Join(slices.Concat(p.Teams, p.Users), " or ")
}

// summarise writes one pull request's part of the summary.
func summarise(b *strings.Builder, r *Record) {
	d := &r.Decision
	if r.Trouble != nil {
		fmt.Fprintf(b, "%s\n\n", escape(title(r)))
	}
	for _, m := range d.Mistakes {
		fmt.Fprintf(b, "* %s %s\n", code(fmt.Sprintf("%s:%d", m.File, max(m.Line, 1))), escape(m.Message))
	}
	if len(d.Mistakes) > 0 {
		b.WriteString("\n")
	}
	approvals(b, d)
	for _, level := range []diff.Level{diff.Breaking, diff.Risky, diff.Safe} {
		findings(b, d, level)
	}
	if len(d.Findings) == 0 && len(d.Mistakes) == 0 && r.Trouble == nil {
		fmt.Fprintf(b, "%s.\n", title(r))
	}
	for _, note := range d.Notes {
		fmt.Fprintf(b, "\n%s\n", escape(note))
	}
}

// approvals writes who is asked for what, and who has agreed.
func approvals(b *strings.Builder, d *approval.Decision) {
	if len(d.Demands)+len(d.Unclaimed) == 0 {
		return
	}
	b.WriteString("| Who | Why | Changes | State |\n|---|---|---|---|\n")
	for i := range d.Demands {
		demand := &d.Demands[i]
		why := "owns the contract; no registered consumer is hit"
		if demand.Reason == approval.ReasonConsumer {
			why = "uses what changed"
		}
		fmt.Fprintf(b, "| %s | %s | %d | %s |\n", cell(partyName(demand.Party)), why, len(demand.Items),
			escape(approvalState(demand)))
	}
	if n := len(d.Unclaimed); n > 0 {
		fmt.Fprintf(b, "| nobody | no registered consumer is hit and no owner is asked | %d | refused |\n", n)
	}
	if len(d.RejectedBy) > 0 {
		fmt.Fprintf(b, "\nRejected by %s.\n", code(strings.Join(d.RejectedBy, ", ")))
	}
	b.WriteString("\n")
}

func approvalState(demand *approval.Demand) string {
	var by []string
	missing := 0
	for _, it := range demand.Items {
		if it.Open {
			missing++
		}
		for _, who := range it.ApprovedBy {
			if !slices.Contains(by, who) {
				by = append(by, who)
			}
		}
	}
	switch {
	case missing == 0:
		return "approved by " + strings.Join(by, ", ")
	case len(by) > 0:
		return fmt.Sprintf("%d still open; approved so far by %s", missing, strings.Join(by, ", "))
	}
	return "asked"
}

func findings(b *strings.Builder, d *approval.Decision, level diff.Level) {
	var all []*approval.Finding
	for i := range d.Findings {
		if d.Findings[i].Level == level {
			all = append(all, &d.Findings[i])
		}
	}
	if len(all) == 0 {
		return
	}
	if level == diff.Safe {
		fmt.Fprintf(b, "<details><summary>%d safe</summary>\n\n", len(all))
	} else {
		fmt.Fprintf(b, "### %d %s\n\n", len(all), level)
	}
	shown, rest := diff.Shorten(all, diff.FindingsInSummary)
	for _, f := range shown {
		s := markdown(f)
		s.Place = code(f.Rule) + " at " + code(place(f))
		fmt.Fprintf(b, "* %s\n", s)
	}
	if rest != "" {
		fmt.Fprintf(b, "* %s\n", rest)
	}
	if level == diff.Safe {
		b.WriteString("\n</details>\n")
	}
	b.WriteString("\n")
}

// place says where a finding is: in the head, or in the base if its file was
// removed.
func place(f *approval.Finding) string {
	if f.New.IsZero() {
		return fmt.Sprintf("%s:%d of the base", f.Old.File, f.Old.Line)
	}
	return fmt.Sprintf("%s:%d", f.New.File, f.New.Line)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
