// Package diff compares two revisions of a contract and says whom the changes
// hurt. It is the core of assent and a library of its own: it reads through
// fs.FS, returns values, and knows no network, clock, environment or log.
//
// A Format (one per folder below) walks both revisions in pairs and adds a
// Change to the Report wherever one of its Rules holds, with every use that the
// change reaches. Afterwards Compare weighs each reach by the Policy. Callers
// are the command line and app; approval and checks work on the reports.
package diff

import "strings"

// Level is what a change costs the consumers it reaches.
type Level uint8

// The levels, mildest first, so that the worse one is the larger.
const (
	Safe     Level = iota // nobody has to do anything
	Risky                 // it depends on what the consumer does
	Breaking              // a consumer that keeps to the contract breaks
)

var levels = [...]string{"safe", "risky", "breaking"}

func (l Level) String() string { return levels[l] }

// MarshalText writes the level's name, so that JSON holds no number.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText accepts safe, risky and breaking.
func (l *Level) UnmarshalText(text []byte) error {
	for i, name := range levels {
		if name == string(text) {
			*l = Level(i)
			return nil
		}
	}
	return &unknownName{"level", string(text), strings.Join(levels[:], ", ")}
}

// Side is a set: what consumers do with the data at a place.
type Side uint8

// Sends holds for request bodies, parameters and data that old writers wrote,
// Receives for responses, events and data that old readers read.
const (
	Sends Side = 1 << iota
	Receives
	Both = Sends | Receives
)

var sides = [...]string{"", "sends", "receives", "both"}

func (s Side) String() string { return sides[s] }

// MarshalText writes sends, receives or both.
func (s Side) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts sends, receives and both.
func (s *Side) UnmarshalText(text []byte) error {
	for i, name := range sides {
		if name == string(text) && i > 0 {
			*s = Side(i)
			return nil
		}
	}
	return &unknownName{"side", string(text), "sends, receives, both"}
}

// Flip is the side inside a callback or webhook: there the provider sends what
// elsewhere the consumer sends.
func (s Side) Flip() Side { return s&Sends<<1 | s&Receives>>1 }

// Subject names an element for people and for identity: its parts, joined by
// " › ", name definitions, never positions, so that it survives moved lines.
type Subject string

// Separator stands between the parts of a Subject.
const Separator = " › "

// SubjectOf joins the parts that are not empty.
func SubjectOf(parts ...string) Subject {
	var s Subject
	for _, part := range parts {
		s = s.Join(part)
	}
	return s
}

// Join appends one part; an empty one changes nothing. [] and {}, the elements
// of an array and the values of a map, belong to the part before them, and so does
// [0], the first element of a tuple.
func (s Subject) Join(part string) Subject {
	switch {
	case part == "":
		return s
	case s == "":
		return Subject(part)
	case strings.HasPrefix(part, "{}"), isElement(part):
		return s + Subject(part)
	}
	return s + Separator + Subject(part)
}

// isElement reports whether a part begins with an element of an array: [] or [0].
func isElement(part string) bool {
	rest, ok := strings.CutPrefix(part, "[")
	return ok && strings.HasPrefix(strings.TrimLeft(rest, "0123456789"), "]")
}

// Parts splits the subject again.
func (s Subject) Parts() []string { return strings.Split(string(s), Separator) }

// unknownName is the error of the UnmarshalText methods: it lists what would
// have been right.
type unknownName struct{ what, got, want string }

func (e *unknownName) Error() string {
	return "unknown " + e.what + " " + e.got + ": want one of " + e.want
}
