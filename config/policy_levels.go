package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"github.com/assent-dev/assent/diff"
)

var ruleLowered = &diff.Rule{
	ID: "config/rule-lowered", Title: "rule costs less",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
What was breaking is found and nobody has to agree to it. That concerns all whose
contracts the rule is about.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
consumers: [{team: acme/mobile, contract: api}]
-- new/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
consumers: [{team: acme/mobile, contract: api}]
rules: {schema/property-removed: {receives: safe}}
-- want --
new/.github/assent.yml:4:9: breaking: rule schema/property-removed: is safe instead of breaking for those who receive [config/rule-lowered]
    receives: consumer acme/mobile
`,
}

// compareLevels compares what each rule costs, where both sides' own levels and
// those of the contracts' profiles count.
func (c *comparison) compareLevels() error {
	if reflect.DeepEqual(c.old.Rules, c.new.Rules) {
		return nil
	}
	for _, p := range c.pairs {
		if _, err := c.resolve(p); err != nil {
			return err
		}
	}
	for _, rule := range c.known.Rules() {
		c.compareLevel(rule, diff.Sends)
		c.compareLevel(rule, diff.Receives)
	}
	return nil
}

func (c *comparison) compareLevel(rule *diff.Rule, side diff.Side) {
	before, after := c.old.level(rule, side, nil), c.new.level(rule, side, nil)
	lowers := func(p *pair) bool {
		return p.runs(rule) && c.new.level(rule, side, p) < c.old.level(rule, side, p)
	}
	way := []string{"rules", rule.ID}
	f := finding{
		rule:    ruleLowered,
		about:   setting("rule", rule.ID),
		old:     c.old.wayTo(way),
		new:     c.new.wayTo(way),
		side:    side,
		before:  side.String() + " " + before.String(),
		after:   side.String() + " " + after.String(),
		message: fmt.Sprintf("is %s instead of %s for those who %s", after, before, verbs[side]),
	}
	switch {
	case after < before || slices.ContainsFunc(c.pairs, lowers):
		c.lose(f, lowers)
	case after > before:
		c.gain(diff.Path{}, f)
	}
}

var verbs = map[diff.Side]string{diff.Sends: "send", diff.Receives: "receive"}

// wayTo returns a path of keys, or that to oasdiff's files where the setting may
// come from.
func (p *policy) wayTo(way []string) []string {
	if p.node(way) == nil && p.node([]string{"oasdiff"}) != nil {
		return []string{"oasdiff"}
	}
	return way
}

// level is what a rule costs on one side: by the policy, else by the profile of
// the contract, else by itself. Without a contract no profile counts.
func (p *policy) level(rule *diff.Rule, side diff.Side, of *pair) diff.Level {
	chosen := []diff.SideLevels{diff.SideLevels(p.Rules[rule.ID])}
	if of != nil && of.format != nil {
		// A profile that does not exist is reported when the contract is compared.
		profile, _ := of.format.Profile(of.old.Profile)
		chosen = append(chosen, profile.Levels[rule.ID])
	}
	for _, levels := range chosen {
		level := levels.Sends
		if side == diff.Receives {
			level = levels.Receives
		}
		if level != nil {
			return *level
		}
	}
	return rule.Level(side)
}

// runs reports whether the rule may be found in the contract; of a contract
// whose format is not known that is assumed.
func (p *pair) runs(rule *diff.Rule) bool {
	return p.format == nil || slices.Contains(diff.ContractRules(), rule) ||
		slices.Contains(p.format.Rules, rule) || slices.Contains(p.format.Validation, rule)
}

var exceptionAdded = &diff.Rule{
	ID: "config/exception-added", Title: "more is ignored",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
What an exception selects is not even reported any more. One that holds longer is
a wider one, and one that has ended by now or that another one includes changes
nothing.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
consumers: [{team: acme/mobile, contract: api}]
-- new/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
consumers: [{team: acme/mobile, contract: api}]
ignore:
  - {rule: schema/property-removed, subject: "GET /debug/**", reason: internal only, until: "2099-12-31"}
-- want --
new/.github/assent.yml:5:5: breaking: exception schema/property-removed at GET /debug/**: is ignored until 2099-12-31 [config/exception-added]
    both: consumer acme/mobile
`,
}

// compareExceptions compares what is ignored from today on.
func (c *comparison) compareExceptions() error {
	if reflect.DeepEqual(c.old.Ignore, c.new.Ignore) {
		return nil
	}
	for _, p := range c.pairs {
		if _, err := c.resolve(p); err != nil {
			return err
		}
	}
	for i, e := range c.new.Ignore {
		if c.includes(c.old.Ignore, e) {
			continue
		}
		f := e.finding()
		f.rule, f.after = exceptionAdded, e.text()
		f.message = "is ignored " + e.term()
		f.new = c.new.wayTo([]string{"ignore", index(i)})
		c.lose(f, c.runs(e.Rule))
	}
	for i, e := range c.old.Ignore {
		if !c.includes(c.new.Ignore, e) {
			f := e.finding()
			f.before, f.message = e.text(), "is ignored no longer"
			f.old = c.old.wayTo([]string{"ignore", index(i)})
			c.gain(diff.Path{}, f)
		}
	}
	return nil
}

// runs returns a function that reports whether a rule may be found in a contract,
// by its id; "" stands for any rule.
func (c *comparison) runs(id string) func(*pair) bool {
	rules := c.known.Rules()
	i := slices.IndexFunc(rules, func(r *diff.Rule) bool { return r.ID == id })
	if i < 0 {
		return everyContract
	}
	return func(p *pair) bool { return p.runs(rules[i]) }
}

// includes reports whether exceptions have all that another one has from today
// on.
func (c *comparison) includes(all []Ignore, e Ignore) bool {
	if e.Until != "" && diff.Day(e.Until) < c.today {
		return true // it has ended
	}
	return slices.ContainsFunc(all, func(other Ignore) bool {
		return (other.Rule == "" || other.Rule == e.Rule) &&
			(other.Subject == "" || e.Subject != "" && other.pattern().Covers(e.pattern())) &&
			(other.Until == "" || e.Until != "" && e.Until <= other.Until)
	})
}

func (e *Ignore) pattern() diff.Pattern { return diff.Pattern(e.Subject) }

// finding makes a finding on an exception.
func (e *Ignore) finding() finding {
	name := cmp.Or(e.Rule, "every rule") + " at " + cmp.Or(e.Subject, "everything")
	return finding{about: setting("exception", name)}
}

// text is what counts of an exception.
func (e *Ignore) text() string { return fmt.Sprintf("%q %q %q", e.Rule, e.Subject, e.Until) }

// term says how long an exception holds.
func (e *Ignore) term() string {
	if e.Until == "" {
		return "for ever"
	}
	return "until " + e.Until
}
