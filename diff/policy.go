package diff

import (
	"slices"
	"strings"
)

// Policy is what the owners of a contract decided about levels. It is applied
// per reach; the change takes the worst of what is left.
type Policy struct {
	// Levels overrides rules, per side, by their ids.
	Levels map[string]SideLevels
	// InProgress lists what is not yet promised to anybody: its changes are
	// reported but never gate. A pattern is "tag:NAME", "stability:LEVEL" or a
	// Pattern of subjects.
	InProgress []string
	// Ignore drops reaches altogether.
	Ignore []Exception
}

// SideLevels holds a level per side; nil leaves the rule's own.
type SideLevels struct{ Sends, Receives *Level }

// Exception is what the owners decided not to look at: a rule ("" for all) at
// the subjects that match the pattern ("" for all).
type Exception struct {
	Rule    string
	Subject string
}

// weigh sets the levels of the change and its reaches, and reports whether
// anything is left of it.
func (p *Policy) weigh(c *Change, profile Profile, protects Side) bool {
	left := c.Reaches[:0]
	for _, r := range c.Reaches {
		if p.ignores(c, r) {
			continue
		}
		p.judge(c.Rule, &r, profile, protects)
		left = append(left, r)
	}
	c.Reaches = left
	c.Level = Safe
	for _, r := range left {
		c.Level = max(c.Level, r.Level)
	}
	return len(left) > 0
}

// judge sets the level of a reach: the worst over its sides of the rule's
// level, the profile's or the configured one, and one lower where the side is
// not protected.
func (p *Policy) judge(rule *Rule, r *Reach, profile Profile, protects Side) {
	usual, over := profile.Levels[rule.ID], p.Levels[rule.ID]
	if r.Side&Sends != 0 {
		r.Costs.Sends = override(override(rule.Sends, usual.Sends), over.Sends)
	}
	if r.Side&Receives != 0 {
		r.Costs.Receives = override(override(rule.Receives, usual.Receives), over.Receives)
	}
	r.Level = max(lowered(r.Costs.Sends, protects&Sends == 0),
		lowered(r.Costs.Receives, protects&Receives == 0))
	if rule.Editorial {
		r.Costs = Costs{}
	}
	if r.InProgress {
		r.Level = min(r.Level, Risky)
	}
	if r.Level < Breaking || r.Allowed == "" {
		r.Allowed = ""
		return
	}
	r.Level = Risky
	r.Costs = Costs{min(r.Costs.Sends, Risky), min(r.Costs.Receives, Risky)}
}

func override(level Level, configured *Level) Level {
	if configured != nil {
		return *configured
	}
	return level
}

func lowered(level Level, lower bool) Level {
	if lower && level > Safe {
		level--
	}
	return level
}

func (p *Policy) ignores(c *Change, r Reach) bool {
	return slices.ContainsFunc(p.Ignore, func(e Exception) bool {
		return (e.Rule == "" || e.Rule == c.Rule.ID) &&
			(e.Subject == "" || Pattern(e.Subject).Match(r.Use) || Pattern(e.Subject).Match(c.Subject))
	})
}

// excuse notes which reaches are in progress, and what allows a break there.
func (p *Policy) excuse(r *Report) {
	places := slices.ContainsFunc(p.InProgress, func(pattern string) bool { return !IsMark(pattern) })
	if !places && !r.places.marksAny(p.InProgress) && len(r.places.allowed) == 0 {
		return // most contracts: there is nothing to look up for thousands of reaches
	}
	inProgress := map[*route]bool{}
	for i := range r.Changes {
		for j := range r.Changes[i].Reaches {
			reach := &r.Changes[i].Reaches[j]
			started, known := inProgress[reach.Use.route]
			if !known {
				started = r.places.marked(reach.Use, p.InProgress) || p.selects(reach.Use)
				inProgress[reach.Use.route] = started
			}
			reach.InProgress, reach.Allowed = started, r.places.allowance(reach.Use)
		}
	}
}

// selects reports whether a pattern has the use as in progress.
func (p *Policy) selects(use Path) bool {
	return slices.ContainsFunc(p.InProgress, func(pattern string) bool {
		return !IsMark(pattern) && Pattern(pattern).Match(use)
	})
}

// IsMark reports whether a pattern of what is in progress means a mark and no
// place.
func IsMark(pattern string) bool {
	return strings.HasPrefix(pattern, "tag:") || strings.HasPrefix(pattern, "stability:")
}
