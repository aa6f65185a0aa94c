package life

import (
	"strconv"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Rules are a format's rules on how the life of an element may change.
type Rules struct {
	Deprecated, Restored *diff.Rule

	SunsetPostponed, SunsetBroken, SunsetUnreadable *diff.Rule

	NoticeTooShort *diff.Rule // see diff.Lifecycle

	StabilityIncreased, StabilityDecreased, StabilityUnreadable *diff.Rule
}

// Event is one change in the life of an element.
type Event struct {
	Rule          *diff.Rule
	Message       string     // a sentence without its subject
	At            *tree.Node // in the new revision
	Before, After string
}

// Events tells how the life of an element changed.
func (r Rules) Events(o diff.Options, old, new Life) []Event {
	events := append(r.stabilityEvents(old, new), r.deprecationEvents(old, new)...)
	if !new.Deprecated || old.Deprecated && written(old.sunset) == written(new.sunset) {
		return events
	}
	before, after := string(old.Sunset), string(new.Sunset)
	if new.sunsetUnreadable() {
		text := written(new.sunset)
		return append(events, Event{
			Rule: r.SunsetUnreadable, At: new.sunset, Before: before, After: text,
			Message: "the sunset " + strconv.Quote(text) + " is not a date: write it as 2027-03-31",
		})
	}
	if old.Deprecated {
		events = append(events, r.sunsetEvents(old, new)...)
	}
	if short := noticeProblem(o, new); short != "" {
		at := new.nodeOf(new.sunset)
		events = append(events, Event{
			Rule:    r.NoticeTooShort,
			At:      at,
			Before:  before,
			After:   after,
			Message: short,
		})
	}
	return events
}

// nodeOf returns the field if it is written, the element if it is not.
func (l Life) nodeOf(field *tree.Node) *tree.Node {
	if field == nil {
		return l.node
	}
	return field
}

func (r Rules) deprecationEvents(old, new Life) []Event {
	switch {
	case new.Deprecated && !old.Deprecated:
		message := "is deprecated"
		if new.Sunset != "" {
			message += ", with a sunset on " + string(new.Sunset)
		}
		return []Event{{
			Rule:    r.Deprecated,
			At:      new.node.Get("deprecated"),
			After:   "deprecated",
			Message: message,
		}}
	case old.Deprecated && !new.Deprecated:
		return []Event{{
			Rule:    r.Restored,
			At:      new.node,
			Before:  "deprecated",
			Message: "is no longer deprecated",
		}}
	}
	return nil
}

// sunsetEvents compares the days of an element that was deprecated before.
func (r Rules) sunsetEvents(old, new Life) []Event {
	e := Event{At: new.nodeOf(new.sunset), Before: string(old.Sunset), After: string(new.Sunset)}
	switch {
	case e.Before != "" && e.After == "":
		e.Rule, e.Message = r.SunsetBroken, "the sunset "+e.Before+" was taken back: it may go any day"
	case e.Before > e.After:
		e.Rule, e.Message = r.SunsetBroken, "the sunset moved from "+e.Before+" to an earlier day, "+e.After
	case e.Before == "" && e.After != "":
		e.Rule, e.Message = r.SunsetPostponed, "the sunset is "+e.After
	case e.Before < e.After:
		e.Rule, e.Message = r.SunsetPostponed, "the sunset moved from "+e.Before+" to "+e.After
	default:
		return nil
	}
	return []Event{e}
}

// noticeProblem says what is wrong with the time that is left until the
// sunset, "" for nothing.
func noticeProblem(o diff.Options, l Life) string {
	level := stabilities[l.rank()]
	due := o.Lifecycle.Notice[level]
	left := daysBetween(o.Today, l.Sunset)
	switch {
	case due == 0 || left >= due && l.Sunset != "":
		return ""
	case l.Sunset == "":
		return "no sunset is announced: " + level + " requires " + strconv.Itoa(due) + " days' notice"
	}
	return "the sunset " + string(l.Sunset) + " is " + strconv.Itoa(left) + " days away: " +
		level + " requires " + strconv.Itoa(due) + " days' notice"
}

func (r Rules) stabilityEvents(old, new Life) []Event {
	before, after := stabilities[old.rank()], stabilities[new.rank()]
	e := Event{At: new.nodeOf(new.stability), Before: before, After: after}
	switch {
	case new.stabilityUnreadable() && written(old.stability) != written(new.stability):
		e.Rule, e.After = r.StabilityUnreadable, written(new.stability)
		e.Message = "the stability level " + strconv.Quote(e.After) +
			" is not known: want draft, alpha, beta or stable"
	case new.stabilityUnreadable(), old.stabilityUnreadable():
		return nil
	case new.rank() < old.rank():
		e.Rule, e.Message = r.StabilityDecreased, "the stability level decreased from "+before+" to "+after
	case new.rank() > old.rank():
		e.Rule, e.Message = r.StabilityIncreased, "the stability level increased from "+before+" to "+after
	default:
		return nil
	}
	return []Event{e}
}
