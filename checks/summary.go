package checks

import (
	"cmp"
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

// summarise returns the summary of a head's check.
func summarise(records []Record) string {
	if len(records) == 1 {
		return fit(slices.Concat(opening(&records[0]), sectionsOf(&records[0].Decision)), maxText)
	}
	all := make([]section, 0, len(records))
	for i, heading := range headings(records) {
		all = append(all, single(pullRequest, needed, heading))
		all = append(all, sectionsOf(&records[i].Decision)...)
	}
	return fit(all, maxText)
}

// opening is the title of a check in its summary, where the sections do not say
// the same.
func opening(r *Record) []section {
	switch {
	case r.Trouble != nil:
		return []section{single(note, needed, escape(title(r))+"\n\n")}
	case len(r.Decision.Findings)+len(r.Decision.Mistakes) == 0:
		return []section{single(note, needed, escape(title(r))+".\n")}
	}
	return nil
}

// headings names the pull requests of a head, each with its conclusion. If they
// are so many that the titles would take the room of the changes, only the
// outcome is said in place of the title.
func headings(records []Record) []string {
	all := make([]string, len(records))
	size := 0
	for i := range records {
		r := &records[i]
		all[i] = fmt.Sprintf("## %s\n\n%s\n\n", heading(&r.Decision.Basis), escape(cut(title(r), maxTitle)))
		size += len(all[i])
	}
	if size <= maxText/2 {
		return all
	}
	for i := range records {
		r := &records[i]
		all[i] = fmt.Sprintf("## %s\n\n%s\n\n", pullName(&r.Decision.Basis), r.outcome())
	}
	return all
}

// sectionsOf returns what there is to say of one decision.
func sectionsOf(d *approval.Decision) []section {
	return []section{
		mistakes(d), approvals(d), rejections(d),
		findings(d, diff.Breaking), findings(d, diff.Risky), findings(d, diff.Safe),
		notes(d), howToAgree(d),
	}
}

// howToAgree says what those who are asked can do, and what there is to do if
// nobody can.
func howToAgree(d *approval.Decision) section {
	if d.State != approval.Waiting {
		return section{}
	}
	return single(note, needed, "\nA member of each team above agrees by approving this pull request in a "+
		"review. An approval covers the changes at the commit that was reviewed. It holds until one of them "+
		"gets worse.\n\nThose who wrote or committed the change cannot agree to it unless the configuration "+
		"allows self-approval. If nobody else is left in a team, add a member to it, or change the policy, "+
		"which its owners have to approve.\n")
}

func mistakes(d *approval.Decision) section {
	s := section{kind: mistake, close: "\n", total: len(d.Mistakes), more: listMore}
	for _, m := range d.Mistakes {
		at := code(fmt.Sprintf("%s:%d", m.File, max(m.Line, 1)))
		s.items = append(s.items, item{breaks, fmt.Sprintf("* %s %s\n", at, escape(m.Message))})
	}
	return s
}

func notes(d *approval.Decision) section {
	s := section{kind: note, total: len(d.Notes)}
	for _, text := range d.Notes {
		s.items = append(s.items, item{noted, fmt.Sprintf("\n%s\n", escape(text))})
	}
	return s
}

// approvals is the table of who is asked for what, and who has agreed. Those who
// have are its last rows.
func approvals(d *approval.Decision) section {
	s := section{
		kind:  askedParty,
		open:  "| Who | Why | Changes | State |\n|---|---|---|---|\n",
		close: "\n",
		more:  "| and %d more | | | |\n",
	}
	if n := len(d.Unclaimed); n > 0 {
		const row = "| nobody | no registered consumer is hit and no owner is asked | %d | refused |\n"
		s.items = append(s.items, item{breaks, fmt.Sprintf(row, n)})
	}
	for i := range d.Demands {
		demand := &d.Demands[i]
		why, rank := "owns the contract; no registered consumer is hit", noted
		if demand.Reason == approval.ReasonConsumer {
			why = "uses what changed"
		}
		if demand.Open() {
			rank = breaks
		}
		s.items = append(s.items, item{rank, fmt.Sprintf("| %s | %s | %d | %s |\n",
			cell(partyName(demand.Party)), why, len(demand.Items), escape(approvalState(demand)))})
	}
	slices.SortStableFunc(s.items, func(a, b item) int { return cmp.Compare(a.rank, b.rank) })
	s.total = len(s.items)
	return s
}

// rejections says who does not agree.
func rejections(d *approval.Decision) section {
	if len(d.RejectedBy) == 0 || len(d.Demands)+len(d.Unclaimed) == 0 {
		return section{}
	}
	text := fmt.Sprintf("Rejected by %s.\n\n", code(strings.Join(d.RejectedBy, ", ")))
	return single(note, breaks, text)
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
	return "waiting"
}

// listMore is the last item of a list that is not shown to its end.
const listMore = "* and %d more\n"

// findings lists the changes of a level. Those that somebody is asked about come
// first.
func findings(d *approval.Decision, level diff.Level) section {
	var all []*approval.Finding
	for i := range d.Findings {
		if d.Findings[i].Level == level {
			all = append(all, &d.Findings[i])
		}
	}
	slices.SortStableFunc(all, func(a, b *approval.Finding) int {
		return cmp.Compare(rankOf(a), rankOf(b))
	})
	s := section{
		kind:  kindOf[level],
		open:  fmt.Sprintf("### %d %s\n\n", len(all), level),
		close: "\n",
		total: len(all),
		more:  listMore,
	}
	if level == diff.Safe {
		s.open = fmt.Sprintf("<details><summary>%d safe</summary>\n\n", len(all))
		s.close = "\n</details>\n\n"
	}
	for _, f := range all[:min(len(all), diff.FindingsInSummary)] {
		text := markdown(f)
		text.Place = code(f.Rule) + " at " + code(place(f))
		s.items = append(s.items, item{rankOf(f), fmt.Sprintf("* %s\n", text)})
	}
	return s
}

var kindOf = map[diff.Level]kind{
	diff.Breaking: breakingChange,
	diff.Risky:    riskyChange,
	diff.Safe:     safeChange,
}

func rankOf(f *approval.Finding) rank {
	switch {
	case f.Level == diff.Breaking:
		return breaks
	case f.Gates:
		return asked
	case f.Level == diff.Risky:
		return mayHurt
	}
	return harmless
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
