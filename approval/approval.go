// Package approval decides which approvals a pull request still needs: it finds
// the teams that the changes hit, and which of them have agreed.
//
// It is pure: reports, consumers and reviews come in, a Decision comes out. The
// Decision is stored, rendered and shown; no other package decides anything.
// The package knows teams and fingerprints, but not GitHub.
package approval

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/usage"
)

// Consumer is a team that registered its use of a contract.
type Consumer struct {
	Team     string // "acme/billing"
	Contract string
	Uses     []usage.Use // empty: the whole contract
	// Reader is the consumer's own schema, if it gave one. It takes the place
	// of Uses.
	Reader *usage.Reader
}

// hit is what the change does to the consumer.
func (c *Consumer) hit(change *diff.Change) usage.Hit {
	if c.Reader != nil {
		return c.Reader.Of(change)
	}
	return usage.Of(change, c.Uses)
}

// Terms are what the base branch says about who must agree.
type Terms struct {
	// RequiredFrom lists the impacts for which a registered team is asked.
	RequiredFrom []usage.Impact
	// Owners are asked, by contract, about changes that hit no consumer: those
	// that break, and those of rules with AsksOwners. If a contract's Party is
	// zero, nobody is asked.
	Owners map[string]Party
	// FailUnclaimed rejects breaking changes that hit no consumer if there are
	// no owners to ask.
	FailUnclaimed bool
	// PerTeam is how many members of a team must agree; 0 means 1.
	PerTeam int
	// SelfApproval lets authors and committers speak for their teams. Without
	// it, the caller leaves out their reviews.
	SelfApproval bool
}

// DefaultTerms asks every consumer that is hit or may be hit.
func DefaultTerms() Terms {
	return Terms{RequiredFrom: []usage.Impact{usage.Broken, usage.Potential, usage.Unknown}, PerTeam: 1}
}

// Party says who can agree: a member of one of the teams, or one of the users.
// If Writers is set, anyone with write access can, except the author.
type Party struct {
	Teams   []string `json:"teams,omitempty"`
	Users   []string `json:"users,omitempty"`
	Writers bool     `json:"writers,omitempty"`
}

// IsZero reports whether the party is empty, so that nobody is asked.
func (p Party) IsZero() bool { return len(p.Teams)+len(p.Users) == 0 && !p.Writers }

// Names lists the teams, and the users with an "@" before their logins.
func (p Party) Names() []string {
	names := slices.Clone(p.Teams)
	for _, user := range p.Users {
		names = append(names, "@"+user)
	}
	return names
}

// Reason is why a party is asked.
type Reason string

// Consumers are asked about changes that hit them, owners about changes that
// hit no registered consumer.
const (
	ReasonConsumer Reason = "consumer"
	ReasonOwner    Reason = "owner"
)

// Demand is what one party is asked to agree to.
type Demand struct {
	Party  Party  `json:"party"`
	Reason Reason `json:"reason"`
	Items  []Item `json:"items"`
}

// Item is one change in a demand.
type Item struct {
	Fingerprint string       `json:"fingerprint"`
	Level       diff.Level   `json:"level"`
	Impact      usage.Impact `json:"impact"`
	Reaches     []string     `json:"reaches"` // the uses of the party that the change hits
	ApprovedBy  []string     `json:"approved_by,omitempty"`
	Open        bool         `json:"open"`
}

// Open reports whether the party still has to agree to something.
func (d *Demand) Open() bool {
	return slices.ContainsFunc(d.Items, func(i Item) bool { return i.Open })
}

// demands says who must agree to what: each team to the changes that hit it,
// and the owners to changes that hit no team but break, or whose rule asks
// owners. Unclaimed are the fingerprints of breaking changes that nobody can
// agree to.
func demands(reports []*diff.Report, consumers []Consumer, terms Terms) (all []Demand, unclaimed []string) {
	for _, r := range reports {
		for i := range r.Changes {
			c := &r.Changes[i]
			claimed := false
			for _, consumer := range consumers {
				if consumer.Contract != r.Contract {
					continue
				}
				hit := consumer.hit(c)
				if hit.Impact == usage.Unaffected || !slices.Contains(terms.RequiredFrom, hit.Impact) {
					continue
				}
				claimed = true
				all = addItem(all, Party{Teams: []string{consumer.Team}}, ReasonConsumer, newItem(c, hit))
			}
			breaks := c.Level == diff.Breaking
			if claimed || !breaks && !c.Rule.AsksOwners {
				continue
			}
			if owners := terms.Owners[r.Contract]; !owners.IsZero() {
				all = addItem(all, owners, ReasonOwner, newItem(c, usage.Hit{Reaches: usesOf(c)}))
			} else if breaks && terms.FailUnclaimed {
				unclaimed = append(unclaimed, c.Fingerprint())
			}
		}
	}
	return all, unclaimed
}

func newItem(c *diff.Change, hit usage.Hit) Item {
	it := Item{Fingerprint: c.Fingerprint(), Level: c.Level, Impact: hit.Impact, Open: true}
	for _, use := range hit.Reaches {
		it.Reaches = append(it.Reaches, use.String())
	}
	return it
}

func usesOf(c *diff.Change) []diff.Path {
	var all []diff.Path
	for _, r := range c.Reaches {
		all = append(all, r.Use)
	}
	return all
}

// addItem adds an item to the party's demand. A team that is registered twice
// gets one demand with everything that hits it.
func addItem(all []Demand, party Party, reason Reason, it Item) []Demand {
	i := slices.IndexFunc(all, func(d Demand) bool { return d.Reason == reason && d.Party.equal(party) })
	if i < 0 {
		return append(all, Demand{Party: party, Reason: reason, Items: []Item{it}})
	}
	d := &all[i]
	j := slices.IndexFunc(d.Items, func(other Item) bool { return other.Fingerprint == it.Fingerprint })
	if j < 0 {
		d.Items = append(d.Items, it)
		return all
	}
	known := &d.Items[j]
	known.Impact = max(known.Impact, it.Impact)
	for _, r := range it.Reaches {
		if !slices.Contains(known.Reaches, r) {
			known.Reaches = append(known.Reaches, r)
		}
	}
	return all
}

// equal reports whether two parties are equal. GitHub ignores the case of
// names.
func (p Party) equal(q Party) bool {
	return slices.EqualFunc(p.Teams, q.Teams, strings.EqualFold) &&
		slices.EqualFunc(p.Users, q.Users, strings.EqualFold) &&
		p.Writers == q.Writers
}
