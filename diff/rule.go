package diff

import "strings"

// Rule is one way in which a change of a contract can matter. A rule is one
// element of a slice literal; being there is being registered. The catalogue,
// the documentation and the tests are made from the same value.
type Rule struct {
	// ID is the owning package and what happened, "schema/property-removed".
	// It is never renamed and never reused: configuration files hold it.
	ID    string
	Title string
	// Sends and Receives are what the change costs consumers who send data at
	// its place and those who receive it.
	Sends, Receives Level
	// Absence marks a rule that hurts those who do not send the element, such
	// as a property that became required: whoever already does is not hit.
	Absence bool
	// Editorial marks a rule on what the contract says beside what it promises:
	// it costs its author, and hits no consumer.
	Editorial bool
	// AsksOwners marks a rule whose changes the owners of the contract have to
	// see: they are asked even where nobody breaks.
	AsksOwners bool
	// Sequel marks a rule that says something of the other findings: where the
	// policy leaves none of them, there is nothing to say.
	Sequel bool
	// Doc says why it hurts and what to do instead, as a Go doc comment.
	Doc string
	// Aliases name the same rule in other tools, with a side where that tool
	// has one rule per side: "oasdiff:response-property-removed@receives". Braces
	// stand for several names: "oasdiff:request-{body,property}-became-enum".
	Aliases []string
	// Example is a txtar archive of old.*, new.* and want, which is what
	// "assent compare" prints; its comment may hold flags of that command.
	Example string
}

// Names returns the aliases one by one.
func (r *Rule) Names() []string {
	var all []string
	for _, a := range r.Aliases {
		all = append(all, spelled(a)...)
	}
	return all
}

// spelled expands the braces of an alias.
func spelled(alias string) []string {
	before, rest, found := strings.Cut(alias, "{")
	choices, after, closed := strings.Cut(rest, "}")
	if !found || !closed {
		return []string{alias}
	}
	var all []string
	for _, choice := range strings.Split(choices, ",") {
		all = append(all, spelled(before+choice+after)...)
	}
	return all
}

// Level is what the rule costs consumers on the side: the worst over the set.
func (r *Rule) Level(side Side) Level {
	level := Safe
	if side&Sends != 0 {
		level = r.Sends
	}
	if side&Receives != 0 {
		level = max(level, r.Receives)
	}
	return level
}
