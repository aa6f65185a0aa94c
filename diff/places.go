package diff

import (
	"cmp"
	"slices"
	"strings"
)

// places is what a report knows of the uses that a comparison meets.
type places struct {
	breaks  map[string]Side // who is broken at a use or below it; all by the text of the use
	marks   map[string][]string
	allowed map[string]string
}

// Mark notes what the format says of everything at or below a place, for what
// is in progress: "tag:WIP", "stability:alpha". A place further down that is
// marked as well has its own marks alone. A place that is marked again keeps the
// marks that both agree on.
func (r *Report) Mark(at Path, marks ...string) {
	if r.places.marks == nil {
		r.places.marks = map[string][]string{}
	}
	if earlier, known := r.places.marks[at.String()]; known {
		marks = slices.DeleteFunc(slices.Clone(earlier), func(m string) bool {
			return !slices.Contains(marks, m)
		})
	}
	r.places.marks[at.String()] = marks
}

// Allow notes why what breaks at or below a place is risky instead. The zero
// Path stands for the whole contract; what is said of a place comes before it.
func (r *Report) Allow(at Path, why string) {
	if r.places.allowed == nil {
		r.places.allowed = map[string]string{}
	}
	r.places.allowed[at.String()] = why
}

// BreaksAt reports whether something was found so far that breaks those who do
// this with the data at a place or below it.
func (r *Report) BreaksAt(at Path, side Side) bool { return r.places.breaks[at.String()]&side != 0 }

// Differs reports whether something was found so far.
func (r *Report) Differs() bool { return len(r.Changes) > 0 }

// Breaks reports whether something was found so far that breaks, where the
// place is not in progress by its marks.
func (r *Report) Breaks(inProgress []string) bool {
	return slices.ContainsFunc(r.Changes, func(c Change) bool {
		return slices.ContainsFunc(c.Reaches, func(reach Reach) bool {
			return c.Rule.Level(reach.Side) == Breaking && !r.places.marked(reach.Use, inProgress)
		})
	})
}

// note takes down whom a finding breaks where, up to the whole contract. What
// was known of a place was known of all above it.
func (p *places) note(rule *Rule, reaches []Reach) {
	for _, reach := range reaches {
		var broken Side
		for _, side := range []Side{Sends, Receives} {
			if reach.Side&side != 0 && rule.Level(side) == Breaking {
				broken |= side
			}
		}
		if broken == 0 || p.breaks[reach.Use.String()]&broken == broken {
			continue
		}
		if p.breaks == nil {
			p.breaks = map[string]Side{}
		}
		for _, at := range reach.Use.All() {
			p.breaks[at.String()] |= broken
		}
	}
}

// marksAny reports whether one of the marks was given to anything.
func (p *places) marksAny(marks []string) bool {
	for _, given := range p.marks {
		if slices.ContainsFunc(given, func(m string) bool { return slices.Contains(marks, m) }) {
			return true
		}
	}
	return false
}

// marked reports whether the place has one of the marks: the closest place
// above that was marked decides.
func (p *places) marked(at Path, marks []string) bool {
	if len(p.marks) == 0 || len(marks) == 0 {
		return false
	}
	var closest []string
	for _, above := range at.All() {
		if given, ok := p.marks[above.String()]; ok {
			closest = given
		}
	}
	return slices.ContainsFunc(closest, func(m string) bool { return slices.Contains(marks, m) })
}

// allowance is why what breaks at the place is risky instead, "" if nothing
// allows it.
func (p *places) allowance(at Path) string {
	if len(p.allowed) == 0 {
		return ""
	}
	why := p.allowed[""]
	for _, above := range at.All() {
		why = cmp.Or(p.allowed[above.String()], why)
	}
	return why
}

// settle makes one reach of those that a change has at the same use, and sorts
// them. What excuses a break counts only if it excuses every one of them.
func settle(changes []Change) {
	ranks := ranksOf(changes)
	var keys []uint64
	for i := range changes {
		reaches := changes[i].Reaches
		keys = keys[:0]
		for j, reach := range reaches {
			keys = append(keys, ranks[reach.Use.route]<<indexBits|uint64(j))
		}
		slices.Sort(keys)
		changes[i].Reaches = merged(reaches, keys)
	}
}

// indexBits are the lower bits of what reaches are sorted by, which hold an
// index; the upper ones hold a rank.
const indexBits = 32

// ranksOf numbers the uses of all changes by their text: a change may have
// thousands of reaches, and comparing numbers is what makes sorting them cheap.
// Uses of one text have one rank.
func ranksOf(changes []Change) map[*route]uint64 {
	ranks := map[*route]uint64{}
	var uses []Path
	for i := range changes {
		for _, reach := range changes[i].Reaches {
			if _, known := ranks[reach.Use.route]; !known {
				ranks[reach.Use.route] = 0
				uses = append(uses, reach.Use)
			}
		}
	}
	slices.SortFunc(uses, func(a, b Path) int { return strings.Compare(a.String(), b.String()) })
	var rank uint64
	for i, use := range uses {
		if i > 0 && use.String() != uses[i-1].String() {
			rank++
		}
		ranks[use.route] = rank
	}
	return ranks
}

// merged puts reaches into the order of the keys.
func merged(reaches []Reach, keys []uint64) []Reach {
	all := make([]Reach, 0, len(reaches))
	for i, key := range keys {
		r := reaches[key&(1<<indexBits-1)]
		if i == 0 || keys[i-1]>>indexBits != key>>indexBits {
			all = append(all, r)
			continue
		}
		last := &all[len(all)-1]
		last.Side |= r.Side
		last.InProgress = last.InProgress && r.InProgress
		if r.Allowed == "" {
			last.Allowed = ""
		}
	}
	return all
}
