package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// section is a part of a text that is read as a whole: a list, a table, a
// paragraph. If the text becomes too long, its last items are left out, never
// half of one.
type section struct {
	kind        kind
	open, close string // around the items, if any of them is shown
	items       []item // by rank
	total       int    // of the items, including those that are too many for anybody to read
	more        string // how many items are left out, worded as a last item; "" to say it at the end only
}

// item is Markdown of whole lines. It is shown as a whole or left out.
type item struct {
	rank rank
	text string
}

// single returns a section that is one paragraph.
func single(kind kind, rank rank, text string) section {
	return section{kind: kind, items: []item{{rank, text}}, total: 1}
}

// rank says what has to give way: as long as anything of a rank is left out,
// nothing of a later rank is shown.
type rank int

const (
	needed  rank = iota // what the text is about, and how it ends
	breaks              // what breaks, what cannot be compared, and who has to agree
	asked               // what somebody is asked about although it does not break
	mayHurt             // what may break somebody
	noted               // what else there is to know
	harmless
)

// kind is what the items of a section are. Those that are left out are counted
// by it.
type kind int

const (
	pullRequest kind = iota
	mistake
	askedParty
	breakingChange
	riskyChange
	safeChange
	note
)

var kinds = [...]struct{ one, many string }{
	pullRequest:    {"pull request", "pull requests"},
	mistake:        {"mistake", "mistakes"},
	askedParty:     {"request for approval", "requests for approval"},
	breakingChange: {"breaking change", "breaking changes"},
	riskyChange:    {"risky change", "risky changes"},
	safeChange:     {"safe change", "safe changes"},
	note:           {"note", "notes"},
}

// fit puts sections together and leaves out what exceeds a number of bytes, the
// least important first. A last line says what is left out.
func fit(sections []section, most int) string {
	shown := make([]int, len(sections))
	room := most - len(leftOut(sections, shown)) // that line is longest if nothing is shown
	last := harmless                             // of the ranks that may still be shown
	for _, at := range byImportance(sections) {
		s := &sections[at.section]
		it := s.items[at.item]
		if it.rank > last {
			break
		}
		if at.item > shown[at.section] {
			continue // an item before it is left out
		}
		size := len(it.text)
		if at.item == 0 {
			size += s.frame()
		}
		if size > room {
			last = it.rank
			continue
		}
		room -= size
		shown[at.section]++
	}
	var b strings.Builder
	for i := range sections {
		sections[i].write(&b, shown[i])
	}
	b.WriteString(leftOut(sections, shown))
	return b.String()
}

// position is where an item is.
type position struct{ section, item int }

// byImportance returns the items in the order in which they get room: by rank,
// and within a rank the first of every section before the second of any, so that
// no pull request takes the room of all others.
func byImportance(sections []section) []position {
	var all []position
	for i := range sections {
		for j := range sections[i].items {
			all = append(all, position{i, j})
		}
	}
	rankOf := func(p position) rank { return sections[p.section].items[p.item].rank }
	slices.SortFunc(all, func(a, b position) int {
		return cmp.Or(cmp.Compare(rankOf(a), rankOf(b)), cmp.Compare(a.item, b.item),
			cmp.Compare(a.section, b.section))
	})
	return all
}

// frame is the most that a section needs besides its items.
func (s *section) frame() int { return len(s.open) + len(s.remainder(0)) + len(s.close) }

// remainder says how many items are left out.
func (s *section) remainder(shown int) string {
	if s.more == "" || shown == s.total {
		return ""
	}
	return fmt.Sprintf(s.more, s.total-shown)
}

func (s *section) write(b *strings.Builder, shown int) {
	if shown == 0 {
		return
	}
	b.WriteString(s.open)
	for _, it := range s.items[:shown] {
		b.WriteString(it.text)
	}
	b.WriteString(s.remainder(shown))
	b.WriteString(s.close)
}

// leftOut says how much of each kind is not shown, and where to read it; "" if
// all is shown.
func leftOut(sections []section, shown []int) string {
	var counts [len(kinds)]int
	for i, s := range sections {
		counts[s.kind] += s.total - shown[i]
	}
	var parts []string
	for kind, n := range counts {
		if n > 0 {
			parts = append(parts, plural(n, kinds[kind].one, kinds[kind].many))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "\nNot shown, because this text would be too long: " + strings.Join(parts, ", ") +
		". `assent compare` lists every change.\n"
}
