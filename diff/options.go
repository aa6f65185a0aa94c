package diff

import (
	"fmt"
	"slices"
	"strings"
)

// Options are what a comparison depends on beside the two revisions. The same
// revisions and options give the same report, whenever they are compared.
type Options struct {
	Profile    Profile // one of the format's; the zero Profile is its default
	Today      Day     // what sunsets are compared with
	Lifecycle  Lifecycle
	Versioning Versioning
	InProgress []string // the policy's, filled in by Compare: what takes a promise back
}

// Lifecycle is what the owners promise on how things end.
type Lifecycle struct {
	// Notice is how many days lie between the announcement of a sunset and the
	// sunset, by the level of stability; levels without an entry need none.
	Notice map[string]int
}

// Versioning says which new versions allow what breaks (it is risky then), and
// what needs one.
type Versioning struct {
	Major bool // of the whole contract: 2.0.0 after 1.4.0
	Path  bool // beside the old one: /v2/orders while /v1/orders is deprecated or removed
	// EveryChange asks for a new version also where nothing breaks.
	EveryChange bool
}

// Day is a date as 2027-03-31, so that days compare as texts do; "" is before
// all of them.
type Day string

// Profile is a way of judging that users bring along from another tool: levels
// of its own for some rules, and, where the format looks for its name, another
// reading of what is written.
type Profile struct {
	Name   string
	Doc    string                // whose answers it gives, as a sentence without its subject
	Levels map[string]SideLevels // by rule id; what a contract's configuration says comes after it
}

// Judged makes the entry of a profile's Levels that costs each side the same.
func Judged(level Level) SideLevels { return SideLevels{Sends: &level, Receives: &level} }

// Profile returns the profile of that name; "" is the format's default.
func (f *Format) Profile(name string) (Profile, error) {
	if name == "" {
		return Profile{}, nil
	}
	i := slices.IndexFunc(f.Profiles, func(p Profile) bool { return p.Name == strings.ToLower(name) })
	if i >= 0 {
		return f.Profiles[i], nil
	}
	var names []string
	for _, p := range f.Profiles {
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return Profile{}, fmt.Errorf("unknown profile %q: %s has none", name, f.Name)
	}
	return Profile{}, fmt.Errorf("unknown profile %q: %s has %s", name, f.Name, strings.Join(names, ", "))
}
