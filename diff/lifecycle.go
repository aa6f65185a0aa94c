package diff

import (
	"slices"
	"strconv"
	"time"

	"github.com/assent-dev/assent/diff/tree"
)

// Lifecycle is what the owners promise on how things end.
type Lifecycle struct {
	// Notice is how many days lie between the announcement of a sunset and the
	// sunset, by the level of stability; levels without an entry need none.
	Notice map[string]int
}

// stabilities are the values of x-stability-level, least promised first.
var stabilities = []string{"draft", "alpha", "beta", "stable"}

// Stabilities returns the levels of stability, least promised first.
func Stabilities() []string { return slices.Clone(stabilities) }

// Life is what an element of a contract says of its own future.
type Life struct {
	Deprecated bool
	Sunset     Day    // the first day on which it may be gone, "" if none is said
	Stability  string // "" is not said: as good as stable

	node              *tree.Node
	sunset, stability *tree.Node // as written
}

// LifeOf reads deprecated, x-sunset (a date or date-time of RFC 3339) and
// x-stability-level.
func LifeOf(n *tree.Node) Life {
	l := Life{Deprecated: n.Get("deprecated").True(), node: n, sunset: n.Get("x-sunset"), stability: n.Get("x-stability-level")}
	l.Sunset = dayOf(l.sunset.Str())
	if slices.Contains(stabilities, l.stability.Str()) {
		l.Stability = l.stability.Str()
	}
	return l
}

// dayOf reads a date or date-time; "" is neither.
func dayOf(text string) Day {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return Day(t.UTC().Format(time.DateOnly))
		}
	}
	return ""
}

// days is how many lie from d to a later day.
func (d Day) days(later Day) int {
	from, err1 := time.Parse(time.DateOnly, string(d))
	to, err2 := time.Parse(time.DateOnly, string(later))
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(to.Sub(from).Hours() / 24)
}

// rank orders by what is promised.
func (l Life) rank() int {
	if l.Stability == "" {
		return len(stabilities) - 1
	}
	return slices.Index(stabilities, l.Stability)
}

// unreadable reports whether a field is there and says nothing.
func (l Life) unreadable() (sunset, stability bool) {
	return l.sunset != nil && l.Sunset == "", l.stability != nil && l.Stability == ""
}

// Turn is a way in which the life of an element may change. A package that has
// rules on it lists them in this order.
type Turn int

// The turns.
const (
	Deprecated Turn = iota
	Restored
	SunsetPostponed
	SunsetBroken
	SunsetUnreadable
	NoticeTooShort
	StabilityIncreased
	StabilityDecreased
	StabilityUnreadable
)

// LifeEvent is one turn in the life of an element.
type LifeEvent struct {
	Turn          Turn
	Message       string // a sentence without its subject
	At            *tree.Node
	Before, After string
}

// Events tells how the life of an element changed.
func (o Options) Events(old, new Life) []LifeEvent {
	events := o.stability(old, new)
	add := func(turn Turn, at *tree.Node, before, after, message string) {
		if at == nil {
			at = new.node
		}
		events = append(events, LifeEvent{turn, message, at, before, after})
	}
	before, after := string(old.Sunset), string(new.Sunset)
	unreadable, _ := new.unreadable()
	fresh := new.Deprecated && !old.Deprecated
	switch {
	case fresh && new.Sunset != "":
		add(Deprecated, new.node.Get("deprecated"), "", "deprecated", "is deprecated, with a sunset on "+after)
	case fresh:
		add(Deprecated, new.node.Get("deprecated"), "", "deprecated", "is deprecated")
	case old.Deprecated && !new.Deprecated:
		add(Restored, nil, "deprecated", "", "is no longer deprecated")
	}
	switch {
	case !new.Deprecated || !fresh && writtenAs(old.sunset) == writtenAs(new.sunset):
		return events
	case unreadable:
		add(SunsetUnreadable, new.sunset, before, writtenAs(new.sunset), "the sunset "+strconv.Quote(writtenAs(new.sunset))+" is no date: write it as 2027-03-31")
		return events
	case fresh:
	case old.Sunset != "" && new.Sunset == "":
		add(SunsetBroken, nil, before, "", "the sunset "+before+" was taken back: it may go any day")
	case old.Sunset > new.Sunset:
		add(SunsetBroken, new.sunset, before, after, "the sunset moved from "+before+" to an earlier day, "+after)
	case old.Sunset < new.Sunset:
		add(SunsetPostponed, new.sunset, before, after, postponed(before, after))
	}
	if short := o.notice(new); short != "" {
		add(NoticeTooShort, new.sunset, before, after, short)
	}
	return events
}

func postponed(before, after string) string {
	if before == "" {
		return "the sunset is " + after
	}
	return "the sunset moved from " + before + " to " + after
}

func writtenAs(n *tree.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// notice says what is wrong with the time that is left until the sunset, ""
// for nothing.
func (o Options) notice(l Life) string {
	level := stabilities[l.rank()]
	due := o.Lifecycle.Notice[level]
	left := o.Today.days(l.Sunset)
	switch {
	case due == 0 || left >= due && l.Sunset != "":
		return ""
	case l.Sunset == "":
		return "no sunset is announced: " + level + " is due a notice of " + strconv.Itoa(due) + " days"
	}
	return "the sunset " + string(l.Sunset) + " is " + strconv.Itoa(left) + " days away: " + level + " is due a notice of " + strconv.Itoa(due)
}

func (o Options) stability(old, new Life) []LifeEvent {
	before, after := stabilities[old.rank()], stabilities[new.rank()]
	_, wasUnreadable := old.unreadable()
	_, unreadable := new.unreadable()
	at := new.stability
	if at == nil {
		at = new.node
	}
	switch {
	case unreadable && writtenAs(old.stability) != writtenAs(new.stability):
		text := writtenAs(new.stability)
		return []LifeEvent{{StabilityUnreadable, "the stability level " + strconv.Quote(text) + " is not known: want draft, alpha, beta or stable", at, before, text}}
	case unreadable, wasUnreadable:
		return nil
	case new.rank() < old.rank():
		return []LifeEvent{{StabilityDecreased, "the stability level decreased from " + before + " to " + after, at, before, after}}
	case new.rank() > old.rank():
		return []LifeEvent{{StabilityIncreased, "the stability level increased from " + before + " to " + after, at, before, after}}
	}
	return nil
}

// Removal is what an element's own announcements say of taking it away.
type Removal int

// The removals.
const (
	Unannounced Removal = iota // or before the announced day
	Announced                  // deprecated, without a day
	Over                       // deprecated, and the day has come
)

// Removal tells whether an element may go, and what to add to the message.
func (o Options) Removal(l Life) (Removal, string) {
	unreadable, _ := l.unreadable()
	switch {
	case !l.Deprecated:
		return Unannounced, ""
	case l.Sunset != "" && l.Sunset <= o.Today:
		return Over, " after its sunset " + string(l.Sunset)
	case l.Sunset != "":
		return Unannounced, " before its sunset " + string(l.Sunset)
	case unreadable:
		return Unannounced, "; its sunset " + strconv.Quote(writtenAs(l.sunset)) + " is no date"
	}
	return Announced, "; it was deprecated"
}
