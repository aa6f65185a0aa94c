package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// comparePair compares what both policies say of one contract.
func (c *comparison) comparePair(p *pair) error {
	if p.new == nil {
		c.compareListing(p)
		return nil
	}
	if !p.readsAlike() {
		old, err := c.resolve(p)
		if err != nil {
			return err
		}
		new, err := c.formatOf(c.new, p.new)
		if err != nil {
			return err
		}
		c.compareFormat(p, old, new)
		c.compareCompatibility(p, old, new)
	}
	c.compareProfile(p)
	c.compareHistory(p)
	c.compareInProgress(p)
	c.compareOwners(p.path(), c.old.ownersOf(p.old), c.new.ownersOf(*p.new))
	return nil
}

// readsAlike reports whether format and compatibility are the same, so that the
// contract need not be read to know what they mean.
func (p *pair) readsAlike() bool {
	return p.old.Format == p.new.Format && p.old.byRegistry() == p.new.byRegistry() &&
		strings.EqualFold(p.old.Compatibility, p.new.Compatibility)
}

// of makes a finding on a key of the contract's entry.
func (p *pair) of(key string) finding {
	f := finding{about: setting(key, "")}
	if len(p.old.way) > 0 {
		f.old = append(slices.Clone(p.old.way), key)
	}
	if p.new != nil && len(p.new.way) > 0 {
		f.new = append(slices.Clone(p.new.way), key)
	}
	return f
}

var contractUnlisted = &diff.Rule{
	ID: "config/contract-unlisted", Title: "contract no longer looked at",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The file is still there, and whatever happens to it is not compared any more. The
first contract that a configuration lists does that to all others, which were
recognised before: list them as well.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts:
  - path: api/orders.yaml
  - path: api/invoices.yaml
consumers:
  - {team: acme/mobile, contract: api/invoices}
-- old/api/invoices.yaml --
openapi: 3.1.0
-- new/.github/assent.yml --
version: 1
contracts:
  - path: api/orders.yaml
-- new/api/invoices.yaml --
openapi: 3.1.0
-- want --
new/.github/assent.yml:2:1: breaking: contract api/invoices.yaml: the file is no longer a contract [config/contract-unlisted] (was old/.github/assent.yml:4)
    both: consumer acme/mobile
`,
}

// compareListing reports a contract that is listed no more and whose file is
// still there.
func (c *comparison) compareListing(p *pair) {
	if !c.new.has(p.old.file) {
		return // comparing the contracts reports that it is gone
	}
	c.loseAt(p, finding{
		rule:    contractUnlisted,
		old:     p.old.way,
		new:     []string{"contracts"},
		before:  p.old.file,
		message: "the file is no longer a contract",
	})
}

// compareGlobs reports globs that select new files no more. The files that they
// select already are contracts of their own here.
func (c *comparison) compareGlobs() {
	var globs []string
	for _, new := range c.new.Contracts {
		globs = append(globs, new.Path)
	}
	for i, old := range c.old.Contracts {
		if !IsGlob(old.Path) || len(globs) == 0 || covers(globs, old.Path) {
			continue
		}
		c.found(contractPath(old.Path), finding{
			rule:    contractUnlisted,
			old:     []string{"contracts", index(i)},
			new:     []string{"contracts"},
			before:  old.Path,
			message: "new files that match it are not contracts any more",
		})
	}
}

var formatChanged = &diff.Rule{
	ID: "config/format-changed", Title: "contract read as another format",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Other rules hold for another format, and what those of the old one protected is
not looked at any more.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts:
  - {path: order.json, format: jsonschema}
-- new/.github/assent.yml --
version: 1
contracts:
  - {path: order.json, format: avro}
-- want --
new/.github/assent.yml:3:24: breaking: contract order.json › format: the contract is read as avro instead of jsonschema [config/format-changed] (was old/.github/assent.yml:3)
`,
}

func (c *comparison) compareFormat(p *pair, old, new *diff.Format) {
	if p.old.Format == p.new.Format || old == nil || new == nil || old.Name == new.Name {
		return
	}
	f := p.of("format")
	f.rule, f.before, f.after = formatChanged, old.Name, new.Name
	f.message = fmt.Sprintf("the contract is read as %s instead of %s", new.Name, old.Name)
	c.loseAt(p, f)
}

var compatibilityLowered = &diff.Rule{
	ID: "config/compatibility-lowered", Title: "compatibility protects less",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
From backward to none nobody is protected, from full to backward those who receive
are not, and without _transitive the earlier versions but the last do not count.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts:
  - {path: trade.avsc, format: avro, compatibility: full}
consumers:
  - {team: acme/billing, contract: trade}
-- new/.github/assent.yml --
version: 1
contracts:
  - {path: trade.avsc, format: avro, compatibility: backward}
consumers:
  - {team: acme/billing, contract: trade}
-- want --
new/.github/assent.yml:3:38: breaking: contract trade.avsc › compatibility: the compatibility is backward instead of full [config/compatibility-lowered] (was old/.github/assent.yml:3)
    receives: consumer acme/billing
`,
}

// compareCompatibility compares which sides are protected, and against which
// versions.
func (c *comparison) compareCompatibility(p *pair, oldFormat, newFormat *diff.Format) {
	old, oldErr := p.old.compatibility(oldFormat, fullTransitive)
	new, newErr := p.new.compatibility(newFormat, noCompatibility)
	if oldErr != nil || newErr != nil {
		return // comparing the contract reports it
	}
	f := p.of("compatibility")
	f.before, f.after = p.old.level(old), p.new.level(new)
	f.message = fmt.Sprintf("the compatibility is %s instead of %s", f.after, f.before)
	f.side = old.Protects &^ new.Protects
	switch {
	case f.side != 0 || old.Transitive && !new.Transitive && new.Protects != 0:
		f.rule = compatibilityLowered
		c.loseAt(p, f)
	case new.Protects&^old.Protects != 0 || new.Transitive && !old.Transitive:
		c.gain(p.path(), f)
	}
}

// What a registry decides is not known here: it may have protected everything,
// and may protect nothing from now on.
var (
	fullTransitive  = diff.Compatibility{Protects: diff.Both, Transitive: true}
	noCompatibility = diff.Compatibility{}
)

// byRegistry reports whether a registry decides on the compatibility.
func (l *listed) byRegistry() bool { return l.Compatibility == "" && l.Registry != nil }

// compatibility interprets what the entry says; unknown stands for what a
// registry decides.
func (l *listed) compatibility(format *diff.Format, unknown diff.Compatibility) (diff.Compatibility, error) {
	if l.byRegistry() {
		return unknown, nil
	}
	if format == nil {
		format = &diff.Format{Default: "backward"}
	}
	return format.Compatibility(l.Compatibility)
}

// level names the compatibility for people.
func (l *listed) level(c diff.Compatibility) string {
	if l.byRegistry() {
		return "what the registry says"
	}
	return c.Name
}

var profileChanged = &diff.Rule{
	ID: "config/profile-changed", Title: "another profile judges",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
A profile judges as another tool does: some changes cost more by it and others
less.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts:
  - {path: trade.avsc, format: avro}
-- new/.github/assent.yml --
version: 1
contracts:
  - {path: trade.avsc, format: avro, profile: confluent}
-- want --
new/.github/assent.yml:3:38: breaking: contract trade.avsc › profile: the profile is confluent instead of the default [config/profile-changed]
`,
}

func (c *comparison) compareProfile(p *pair) {
	if strings.EqualFold(p.old.Profile, p.new.Profile) {
		return
	}
	f := p.of("profile")
	f.rule, f.before, f.after = profileChanged, strings.ToLower(p.old.Profile), strings.ToLower(p.new.Profile)
	const usual = "the default"
	f.message = fmt.Sprintf("the profile is %s instead of %s", cmp.Or(f.after, usual),
		cmp.Or(f.before, usual))
	c.loseAt(p, f)
}

var historyChanged = &diff.Rule{
	ID: "config/history-changed", Title: "earlier versions no longer count",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
A registry or tags hold the versions that consumers may still use. Without them,
or with others, what breaks only those versions is not noticed.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts:
  - {path: trade.avsc, format: avro, versions: "v*"}
-- new/.github/assent.yml --
version: 1
contracts:
  - {path: trade.avsc, format: avro}
-- want --
new/.github/assent.yml:3:24: breaking: contract trade.avsc › versions: the contract is no longer compared with the versions of v* [config/history-changed] (was old/.github/assent.yml:3)
`,
}

func (c *comparison) compareHistory(p *pair) {
	for _, h := range []struct{ key, old, new string }{
		{"registry", p.old.Registry.text(), p.new.Registry.text()},
		{"versions", p.old.Versions, p.new.Versions},
	} {
		f := p.of(h.key)
		f.before, f.after = h.old, h.new
		switch {
		case h.old == h.new:
		case h.old == "":
			f.message = "the contract is compared with earlier versions as well"
			c.gain(p.path(), f)
		default:
			f.rule = historyChanged
			f.message = "the contract is no longer compared with the versions of " + h.old
			c.loseAt(p, f)
		}
	}
}

// text says where the versions are, "" for nowhere.
func (r *Registration) text() string {
	if r == nil {
		return ""
	}
	parts := strings.Join([]string{r.Subject, r.Strategy, r.Topic, r.Schema}, " ")
	return strings.Join(strings.Fields(parts), " ") + " in " + r.Name
}

var inProgressAdded = &diff.Rule{
	ID: "config/in-progress-added", Title: "more is in progress",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
What is in progress is promised to nobody: it may break, and nobody is asked. Who
relies on it already has to agree to that.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts:
  - {path: api.yaml, in-progress: [tag:WIP]}
-- new/.github/assent.yml --
version: 1
contracts:
  - {path: api.yaml, in-progress: [tag:WIP, POST /drafts]}
-- want --
new/.github/assent.yml:3:22: breaking: contract api.yaml › in-progress POST /drafts: what this selects is promised to nobody [config/in-progress-added] (was old/.github/assent.yml:3)
`,
}

func (c *comparison) compareInProgress(p *pair) {
	for _, pattern := range p.new.InProgress {
		if !slices.ContainsFunc(p.old.InProgress, covering(pattern)) {
			f := p.of("in-progress")
			f.rule, f.about, f.after = inProgressAdded, setting("in-progress", pattern), pattern
			f.message = "what this selects is promised to nobody"
			c.loseAt(p, f)
		}
	}
	for _, pattern := range p.old.InProgress {
		if !slices.ContainsFunc(p.new.InProgress, covering(pattern)) {
			f := p.of("in-progress")
			f.about, f.before = setting("in-progress", pattern), pattern
			f.message = "what this selects is promised now"
			c.gain(p.path(), f)
		}
	}
}

// covering returns a function that reports whether another selection of what is
// in progress has all that this one has.
func covering(pattern string) func(string) bool {
	return func(other string) bool {
		if diff.IsMark(pattern) || diff.IsMark(other) {
			return pattern == other
		}
		return diff.Pattern(other).Covers(diff.Pattern(pattern))
	}
}
