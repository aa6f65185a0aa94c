// Package diff compares two revisions of a contract and says whom the changes
// hurt. It is the core of assent and a library of its own: it reads through
// fs.FS, returns values, and knows no network, clock, environment or log.
//
// A Format (one per folder below) walks both revisions in pairs and adds a
// Change to the Report wherever one of its Rules holds, with every use that the
// change reaches. Afterwards Compare weighs each reach by the Policy. Package
// contracts calls it; approval and checks work on the reports.
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

// unknownName is the error of the UnmarshalText methods: it lists what would
// have been right.
type unknownName struct{ what, got, want string }

func (e *unknownName) Error() string {
	return "unknown " + e.what + " " + e.got + ": want one of " + e.want
}
