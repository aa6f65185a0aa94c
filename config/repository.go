// Package config reads assent's configuration: the file that a repository
// keeps, and the settings of a server. Every mistake is reported with its line.
//
// It does not know where the files come from nor what is done with them. Package
// contracts, app and the command line call it.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/usage"
)

// Path is where a repository keeps its configuration.
const Path = ".github/assent.yml"

// Repository is the configuration of one repository: .github/assent.yml. What is
// compared comes from the pull request; who must agree to what comes from the
// tip of the base branch, so that a pull request cannot excuse itself. What it
// loosens has to be agreed to by those who lose protection.
type Repository struct {
	// Version of this file's form: 1. Required.
	Version int `yaml:"version"`
	// Contracts lists the API descriptions that others rely on. Default: every
	// file that is recognised as one.
	Contracts []Contract `yaml:"contracts"`
	// Consumers lists the teams that use the contracts of this repository.
	// Default: none; then the owners answer for what breaks.
	Consumers []Consumer `yaml:"consumers"`
	// Approvals says who must agree. Default: as below.
	Approvals Approvals `yaml:"approvals"`
	// Rules overrides levels by rule id: safe, risky or breaking for both
	// sides, or one level per side, {receives: risky}.
	// Default: the rules' own levels.
	Rules map[string]Levels `yaml:"rules"`
	// Ignore lists exceptions. Default: none.
	Ignore []Ignore `yaml:"ignore"`
	// Lifecycle says how things may end. Default: as below.
	Lifecycle Lifecycle `yaml:"lifecycle"`
	// Versioning says what new versions allow and need. Default: as below.
	Versioning Versioning `yaml:"versioning"`
	// Oasdiff names files of oasdiff that hold here as well. Default: none.
	Oasdiff Oasdiff `yaml:"oasdiff"`

	// Files are those of other tools that hold here as well, whether they exist
	// or not.
	Files []string `yaml:"-"`
	// Notes say which lines of other tools' files were not taken over.
	Notes []*diff.Error `yaml:"-"`
}

// Lifecycle says how what is deprecated may end.
type Lifecycle struct {
	// Notice is how many days lie between the announcement of a sunset
	// (x-sunset) and the sunset, by stability level (x-stability-level; without
	// one: stable): {stable: 180, beta: 30}. Default: none.
	Notice map[string]int `yaml:"notice"`
}

// Versioning says which new versions allow what breaks, and what needs one. What
// is allowed is still reported, as risky.
type Versioning struct {
	// MajorAllows lets a new major version of the contract break: info.version
	// 2.0.0 after 1.4.0. Default: false.
	MajorAllows bool `yaml:"major-allows"`
	// PathAllows lets an operation break that is deprecated or gone and has a
	// namesake under a later version: /v2/orders beside /v1/orders. Default:
	// false.
	PathAllows bool `yaml:"path-allows"`
	// EveryChange reports a version that stays the same also where nothing
	// breaks. Default: false.
	EveryChange bool `yaml:"every-change"`
}

// Contract is one API description that others rely on.
type Contract struct {
	// Name is the stable id. Default: the path without its extension.
	Name string `yaml:"name"`
	// Path of the root file. A glob makes one contract per file: * stands for
	// anything within a folder, ** for any folders, {a,b} for either. A file that
	// is called exactly as it is written here is meant as well. A path that no file
	// matches is a mistake of who brings it; as long as the base branch has it, no
	// check is green without the entry's owners. Required.
	Path string `yaml:"path"`
	// Format: openapi, odcs, avro, avro-protocol or jsonschema. Default: recognised
	// by the content.
	Format string `yaml:"format"`
	// Compatibility: none, backward, forward or full. For OpenAPI, backward and
	// full both mean that existing consumers keep working, and forward is a
	// mistake. For schemas also the three with _transitive, and with a registry
	// its own names. Default: backward, or what the registry says; for odcs
	// forward, which protects who reads.
	Compatibility string `yaml:"compatibility"`
	// Profile: judge as users of another tool are used to: confluent for Avro and
	// JSON Schema, confluent-lenient for JSON Schema. Default: as the rules say.
	Profile string `yaml:"profile"`
	// Owners are the teams that answer for the changes that hit no registered
	// consumer. Default: the teams of the data contract that describes it, else
	// those in CODEOWNERS, else anyone with write access. Of CODEOWNERS, the lines
	// are skipped that GitHub skips, and nobody can agree for those who are named
	// by e-mail addresses alone.
	Owners []string `yaml:"owners"`
	// InProgress selects what is reported and never breaking: "tag:WIP",
	// "stability:beta" (by x-stability-level), "POST /v2/drafts". Default:
	// tag:WIP, stability:draft and stability:alpha.
	InProgress []string `yaml:"in-progress"`

	// Registry is the subject of a schema registry that holds the contract's
	// versions. They are compared with as well, as many as the compatibility
	// asks for; without a compatibility here, the registry's own holds. Default:
	// none.
	Registry *Registration `yaml:"registry"`
	// Versions selects tags whose revisions are compared with as well, in place
	// of a registry: "trades-v*", a glob like the path. They are in the order of
	// their versions, by semantic versioning, behind tags without one; a plain
	// compatibility compares with the last one, one with _transitive with all.
	// Default: none.
	Versions string `yaml:"versions"`

	Line diff.Location `yaml:"-"` // of the entry
}

// Consumer is a team that uses a contract of this repository.
type Consumer struct {
	// Team is asked for its approval: organisation/team. Required.
	Team string `yaml:"team"`
	// Contract is the name of the contract that it uses. Required.
	Contract string `yaml:"contract"`
	// Uses says what of it: "GET /v2/orders/{id} reads status, items[].sku",
	// "POST /v2/orders sends sku", "trade.TradeEvent reads price". Default: the
	// whole contract.
	Uses []string `yaml:"uses"`
	// Reader is the file of the Avro schema that the consumer reads with, in
	// place of uses: whether that very schema reads the new data decides.
	// Default: none.
	Reader string `yaml:"reader"`

	Parsed []usage.Use   `yaml:"-"`
	Line   diff.Location `yaml:"-"` // of the team's name
}

// Approvals says who must agree.
type Approvals struct {
	// RequiredFrom lists the impacts for which a consumer is asked: broken
	// (what it does fails), potential (it depends on its code), unknown (its
	// use is declared too coarsely to tell). Default: all three.
	RequiredFrom []usage.Impact `yaml:"required-from"`
	// Unclaimed says what becomes of a breaking change that hits no consumer:
	// the owners are asked, it fails, or it passes: owners, fail or pass. Where
	// this file is loosened, the owners are asked in any case.
	// Default: owners.
	Unclaimed string `yaml:"unclaimed"`
	// SelfApproval lets authors and committers speak for their teams. Default:
	// false.
	SelfApproval bool `yaml:"self-approval"`
	// PerTeam is how many members of a team must agree. Default: 1.
	PerTeam int `yaml:"per-team"`
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
	// Rule is the id of the rule. Default: every rule.
	Rule string `yaml:"rule"`
	// Subject is a pattern of what the change is at or reaches, such as
	// "GET /v2/debug/**". Default: everything. A rule or a subject is required.
	Subject string `yaml:"subject"`
	// Reason is for those who read it later. Required.
	Reason string `yaml:"reason"`
	// Until is the last day on which the exception holds, as 2027-03-31.
	// Default: for ever.
	Until string `yaml:"until"`

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

// DefaultInProgress are the marks of operations that nobody should rely on yet.
var DefaultInProgress = []string{"tag:WIP", "stability:draft", "stability:alpha"}

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
		return []*diff.Error{{
			Location: diff.Location{File: name, Line: 1, Column: 1, EndLine: 1},
			Message:  err.Error(),
		}}
	}
	var out []*diff.Error
	for _, e := range all {
		line, column := max(e.Mark.Line, 1), max(e.Mark.Column, 1)
		out = append(out, &diff.Error{
			Location: diff.Location{File: name, Line: line, Column: column, EndLine: line},
			Message:  cmp.Or(e.Message, e.Error()),
		})
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

// Options returns what the repository decided on how contracts are compared.
func (r *Repository) Options(profile diff.Profile, today diff.Day) diff.Options {
	return diff.Options{
		Profile: profile, Today: today,
		Lifecycle: diff.Lifecycle{Notice: r.Lifecycle.Notice},
		Versioning: diff.Versioning{
			Major:       r.Versioning.MajorAllows,
			Path:        r.Versioning.PathAllows,
			EveryChange: r.Versioning.EveryChange,
		},
	}
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

// fullTeam is what a team is written as.
func fullTeam(name string) error {
	org, team, ok := strings.Cut(name, "/")
	if !ok || org == "" || team == "" || strings.ContainsAny(name, " @") {
		return fmt.Errorf("%q is not a team: write organisation/team", name)
	}
	return nil
}
