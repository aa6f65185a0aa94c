package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/usage"
)

// term makes a finding on a key of a section.
func term(rule *diff.Rule, section, key string) finding {
	way := []string{section, key}
	about := setting(section, "").Then(diff.Step{Kind: diff.Aspect, Name: key})
	return finding{rule: rule, about: about, old: way, new: way}
}

var impactDropped = &diff.Rule{
	ID: "config/impact-dropped", Title: "consumers asked less often",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Consumers who are hit in this way are asked no more: the owners answer for them,
who need not know what the consumers do.`,
	Example: `
-- old/.github/assent.yml --
version: 1
-- new/.github/assent.yml --
version: 1
approvals: {required-from: [broken, potential]}
-- want --
new/.github/assent.yml:2:13: breaking: approvals › required-from: consumers whose impact is unknown are no longer asked [config/impact-dropped]
`,
}

func (c *comparison) compareApprovals() {
	c.compareImpacts()
	c.compareUnclaimed()
	c.compareSelfApproval()
	c.comparePerTeam()
}

func (c *comparison) compareImpacts() {
	old, new := c.old.Approvals.RequiredFrom, c.new.Approvals.RequiredFrom
	for _, impact := range []usage.Impact{usage.Broken, usage.Potential, usage.Unknown} {
		before, after := slices.Contains(old, impact), slices.Contains(new, impact)
		f := term(impactDropped, "approvals", "required-from")
		switch {
		case before && !after:
			f.before = impact.String()
			f.message = fmt.Sprintf("consumers whose impact is %s are no longer asked", impact)
			c.lose(f, everyContract)
		case after && !before:
			f.after = impact.String()
			f.message = fmt.Sprintf("consumers whose impact is %s are asked", impact)
			c.gain(diff.Path{}, f)
		}
	}
}

var unclaimedLoosened = &diff.Rule{
	ID: "config/unclaimed-loosened", Title: "breaks that hit nobody pass more easily",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
What hits no registered consumer fails, or is asked of the owners, or passes. The
consumers who did not register are those who lose by it, and the owners speak for
them.`,
	Example: `
-- old/.github/assent.yml --
version: 1
-- new/.github/assent.yml --
version: 1
approvals: {unclaimed: pass}
-- want --
new/.github/assent.yml:2:13: breaking: approvals › unclaimed: is pass instead of owners [config/unclaimed-loosened]
`,
}

func (c *comparison) compareUnclaimed() {
	strictness := []string{"pass", "owners", "fail"}
	f := term(unclaimedLoosened, "approvals", "unclaimed")
	f.before, f.after = c.old.Approvals.Unclaimed, c.new.Approvals.Unclaimed
	f.message = fmt.Sprintf("is %s instead of %s", f.after, f.before)
	before, after := slices.Index(strictness, f.before), slices.Index(strictness, f.after)
	switch {
	case after > before:
		c.gain(diff.Path{}, f)
	case after < before:
		for _, p := range c.pairs {
			c.found(p.path().Join(f.about), f)
		}
		if len(c.pairs) == 0 || len(c.old.Contracts) == 0 { // they are not all known
			c.found(f.about, f)
		}
	}
}

var selfApprovalAllowed = &diff.Rule{
	ID: "config/self-approval-allowed", Title: "authors may approve",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Whoever wrote a change may agree to it for the own team, so that nobody else has
to look at it.`,
	Example: `
-- old/.github/assent.yml --
version: 1
-- new/.github/assent.yml --
version: 1
approvals: {self-approval: true}
-- want --
new/.github/assent.yml:2:13: breaking: approvals › self-approval: authors and committers speak for their teams [config/self-approval-allowed]
`,
}

func (c *comparison) compareSelfApproval() {
	f := term(selfApprovalAllowed, "approvals", "self-approval")
	before, after := c.old.Approvals.SelfApproval, c.new.Approvals.SelfApproval
	f.before, f.after = strconv.FormatBool(before), strconv.FormatBool(after)
	switch {
	case after && !before:
		f.message = "authors and committers speak for their teams"
		c.lose(f, everyContract)
	case before && !after:
		f.message = "authors and committers speak for no team"
		c.gain(diff.Path{}, f)
	}
}

var fewerMustAgree = &diff.Rule{
	ID: "config/fewer-must-agree", Title: "fewer members must agree",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
A team that wanted several of its members to agree is spoken for by fewer.`,
	Example: `
-- old/.github/assent.yml --
version: 1
approvals: {per-team: 2}
-- new/.github/assent.yml --
version: 1
-- want --
new/.github/assent.yml:1:1: breaking: approvals › per-team: members of a team who must agree: 1 instead of 2 [config/fewer-must-agree] (was old/.github/assent.yml:2)
`,
}

func (c *comparison) comparePerTeam() {
	f := term(fewerMustAgree, "approvals", "per-team")
	before, after := c.old.Approvals.PerTeam, c.new.Approvals.PerTeam
	f.before, f.after = strconv.Itoa(before), strconv.Itoa(after)
	f.message = fmt.Sprintf("members of a team who must agree: %d instead of %d", after, before)
	switch {
	case after < before:
		c.lose(f, everyContract)
	case after > before:
		c.gain(diff.Path{}, f)
	}
}

var noticeShortened = &diff.Rule{
	ID: "config/notice-shortened", Title: "shorter notice",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
What is deprecated may end earlier after it was announced than its users were
told.`,
	Example: `
-- old/.github/assent.yml --
version: 1
lifecycle: {notice: {stable: 180}}
-- new/.github/assent.yml --
version: 1
lifecycle: {notice: {stable: 30}}
-- want --
new/.github/assent.yml:2:22: breaking: notice stable: 30 days instead of 180 [config/notice-shortened] (was old/.github/assent.yml:2)
`,
}

func (c *comparison) compareLifecycle() {
	old, new := c.old.Lifecycle.Notice, c.new.Lifecycle.Notice
	levels := slices.Sorted(maps.Keys(old))
	for _, level := range slices.Sorted(maps.Keys(new)) {
		if !slices.Contains(levels, level) {
			levels = append(levels, level)
		}
	}
	for _, level := range levels {
		f := finding{rule: noticeShortened, about: setting("notice", level)}
		f.old = []string{"lifecycle", "notice", level}
		f.new = f.old
		f.before, f.after = strconv.Itoa(old[level]), strconv.Itoa(new[level])
		f.message = fmt.Sprintf("%s days instead of %s", f.after, f.before)
		switch {
		case new[level] < old[level]:
			c.lose(f, everyContract)
		case new[level] > old[level]:
			c.gain(diff.Path{}, f)
		}
	}
}

var versioningLoosened = &diff.Rule{
	ID: "config/versioning-loosened", Title: "new versions allow more",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
A new version that may break does not help consumers who cannot move yet.`,
	Example: `
-- old/.github/assent.yml --
version: 1
-- new/.github/assent.yml --
version: 1
versioning: {major-allows: true}
-- want --
new/.github/assent.yml:2:14: breaking: versioning › major-allows: a new major version may break [config/versioning-loosened]
`,
}

func (c *comparison) compareVersioning() {
	old, new := c.old.Versioning, c.new.Versioning
	for _, s := range []struct {
		key            string
		strict, before bool // whether the strict setting is true, and whether it was
		loosened       string
	}{
		{"major-allows", !new.MajorAllows, !old.MajorAllows, "a new major version may break"},
		{
			"path-allows", !new.PathAllows, !old.PathAllows,
			"an operation may break beside one under a later version",
		},
		{
			"every-change", new.EveryChange, old.EveryChange,
			"a change that breaks nothing needs no new version",
		},
	} {
		f := term(versioningLoosened, "versioning", s.key)
		f.before, f.after = strconv.FormatBool(s.before), strconv.FormatBool(s.strict)
		switch {
		case s.before && !s.strict:
			f.message = s.loosened
			c.lose(f, everyContract)
		case s.strict && !s.before:
			f.message = "new versions allow less or are needed more often"
			c.gain(diff.Path{}, f)
		}
	}
}
