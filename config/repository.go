// Package config reads assent's configuration: the file that a repository
// keeps, and the settings of a server. Every mistake is reported with its line.
//
// It does not know where the files come from nor what is done with them; app
// and the command line call it.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/usage"
)

// Path is where a repository keeps its configuration.
const Path = ".github/assent.yml"

// Repository is the configuration of one repository.
type Repository struct {
	Version   int        `yaml:"version"`
	Contracts []Contract `yaml:"contracts"`
	Consumers []Consumer `yaml:"consumers"`
	Approvals Approvals  `yaml:"approvals"`
	// Rules overrides levels by rule id.
	Rules  map[string]Levels `yaml:"rules"`
	Ignore []Ignore          `yaml:"ignore"`
}

// Contract is one API description that others rely on.
type Contract struct {
	// Name is the stable id; default: the path without its extension.
	Name string `yaml:"name"`
	// Path is the root file; a glob makes one contract per file.
	Path string `yaml:"path"`
	// Format is recognised by default.
	Format        string `yaml:"format"`
	Compatibility string `yaml:"compatibility"`
	// Owners answer for the changes that hit no registered consumer.
	Owners []string `yaml:"owners"`
	// InProgress is reported and never gates: "tag:WIP", "POST /v2/drafts".
	InProgress []string `yaml:"in-progress"`

	Line diff.Location `yaml:"-"` // of the entry
}

// Consumer is a team that uses a contract of this repository.
type Consumer struct {
	Team     string   `yaml:"team"`
	Contract string   `yaml:"contract"`
	Uses     []string `yaml:"uses"` // see usage.Parse; none: the whole contract

	Parsed []usage.Use   `yaml:"-"`
	Line   diff.Location `yaml:"-"` // of the team's name
}

// Approvals says who must agree.
type Approvals struct {
	RequiredFrom []usage.Impact `yaml:"required-from"`
	// Unclaimed says what becomes of a breaking change that hits no consumer:
	// owners (default), fail or pass.
	Unclaimed string `yaml:"unclaimed"`
	// SelfApproval lets authors and committers speak for their teams.
	SelfApproval bool `yaml:"self-approval"`
	PerTeam      int  `yaml:"per-team"`
}

// Levels is a level for both sides, or one per side.
type Levels diff.SideLevels

// UnmarshalYAML accepts "risky" and "{receives: risky}".
func (l *Levels) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		var level diff.Level
		if err := level.UnmarshalText([]byte(n.Value)); err != nil {
			return err
		}
		l.Sends, l.Receives = &level, &level
		return nil
	}
	var sides map[diff.Side]diff.Level
	if err := n.Decode(&sides); err != nil {
		return err
	}
	for side, level := range sides {
		if side&diff.Sends != 0 {
			l.Sends = &level
		}
		if side&diff.Receives != 0 {
			l.Receives = &level
		}
	}
	return nil
}

// Ignore is an exception that the owners have decided on.
type Ignore struct {
	Rule    string `yaml:"rule"`
	Subject string `yaml:"subject"`
	Reason  string `yaml:"reason"`
	Until   string `yaml:"until"` // the last day, as 2006-01-02; "" for ever

	until time.Time
}

// Default is what holds where a repository has no configuration: every
// contract that is recognised, with the formats' defaults.
func Default() *Repository {
	r := &Repository{Version: 1}
	r.complete()
	return r
}

// Read reads a repository's configuration. Rules are the ids that exist. What
// it returns besides errors is only complete if there are none.
func Read(name string, data []byte, rules []*diff.Rule) (*Repository, []*diff.Error) {
	r := &Repository{}
	if err := yaml.Load(data, r, yaml.WithKnownFields()); err != nil {
		return r, located(name, err)
	}
	r.complete()
	return r, r.check(name, data, rules)
}

func (r *Repository) complete() {
	r.Approvals.Unclaimed = cmp.Or(r.Approvals.Unclaimed, "owners")
	r.Approvals.PerTeam = cmp.Or(r.Approvals.PerTeam, 1)
	if r.Approvals.RequiredFrom == nil {
		r.Approvals.RequiredFrom = approval.DefaultTerms().RequiredFrom
	}
	for i := range r.Contracts {
		c := &r.Contracts[i]
		if c.InProgress == nil {
			c.InProgress = DefaultInProgress
		}
	}
}

// DefaultInProgress is the tag that marks operations nobody should rely on yet.
var DefaultInProgress = []string{"tag:WIP"}

// located turns the library's errors into ours.
func located(name string, err error) []*diff.Error {
	var list *yaml.LoadErrors
	var one *yaml.LoadError
	var all []*yaml.LoadError
	switch {
	case errors.As(err, &list):
		all = list.Errors
	case errors.As(err, &one):
		all = []*yaml.LoadError{one}
	default:
		return []*diff.Error{{Location: diff.Location{File: name, Line: 1, Column: 1, EndLine: 1}, Message: err.Error()}}
	}
	var out []*diff.Error
	for _, e := range all {
		line, column := max(e.Mark.Line, 1), max(e.Mark.Column, 1)
		out = append(out, &diff.Error{Location: diff.Location{File: name, Line: line, Column: column, EndLine: line}, Message: cmp.Or(e.Message, e.Error())})
	}
	return out
}

// Policy returns what the repository decided about levels for a contract.
// Exceptions that ended before now no longer count.
func (r *Repository) Policy(contract Contract, now time.Time) diff.Policy {
	p := diff.Policy{Levels: map[string]diff.SideLevels{}, InProgress: contract.InProgress}
	for id, levels := range r.Rules {
		p.Levels[id] = diff.SideLevels(levels)
	}
	for _, e := range r.Ignore {
		if e.until.IsZero() || now.Before(e.until.AddDate(0, 0, 1)) {
			p.Ignore = append(p.Ignore, diff.Exception{Rule: e.Rule, Subject: e.Subject})
		}
	}
	return p
}

// Registered returns the consumers in the form that decisions are made from.
func (r *Repository) Registered() []approval.Consumer {
	var all []approval.Consumer
	for _, c := range r.Consumers {
		all = append(all, approval.Consumer{Team: c.Team, Contract: c.Contract, Uses: c.Parsed})
	}
	return all
}

// Teams returns every team that the file names, with the line to complain at.
func (r *Repository) Teams() map[string]diff.Location {
	teams := map[string]diff.Location{}
	for _, c := range r.Contracts {
		for _, owner := range c.Owners {
			teams[owner] = c.Line
		}
	}
	for _, c := range r.Consumers {
		teams[c.Team] = c.Line
	}
	return teams
}

// Named returns the configured contract of that name.
func (r *Repository) Named(name string) (Contract, bool) {
	i := slices.IndexFunc(r.Contracts, func(c Contract) bool { return c.Name == name })
	if i < 0 {
		return Contract{}, false
	}
	return r.Contracts[i], true
}

// fullTeam is what a team is written as.
func fullTeam(name string) error {
	org, team, ok := strings.Cut(name, "/")
	if !ok || org == "" || team == "" || strings.ContainsAny(name, " @") {
		return fmt.Errorf("%q is no team: write organisation/team", name)
	}
	return nil
}
