package approval

import (
	"slices"

	"github.com/assent-dev/assent/diff"
)

// Review is one person's review of the pull request. Lists of reviews begin
// with the oldest.
type Review struct {
	By       string
	Approves bool // false: the review rejects
	// SpeaksFor reports whether the reviewer belongs to the party now.
	SpeaksFor func(Party) bool
	// Found is what was asked at the commit that was reviewed. An approval
	// covers only that.
	Found []Demand
}

// State is where a pull request stands.
type State string

// The states, best first.
const (
	Untouched State = "untouched" // no contract changed
	Clear     State = "clear"     // contracts changed and nobody has to agree
	Approved  State = "approved"  // everyone who was asked has agreed
	Waiting   State = "waiting"   // somebody still has to agree
	Rejected  State = "rejected"  // a party rejected the changes, or nobody can agree to one
	Invalid   State = "invalid"   // a contract or the configuration cannot be read
)

// Decision is the result of Decide, with the facts that it depends on.
type Decision struct {
	State      State     `json:"state"`
	Basis      Basis     `json:"basis"`
	Findings   []Finding `json:"findings"`
	Demands    []Demand  `json:"demands"`
	Unclaimed  []string  `json:"unclaimed,omitempty"` // fingerprints of changes that nobody can agree to
	RejectedBy []string  `json:"rejected_by,omitempty"`
	Mistakes   []Mistake `json:"mistakes,omitempty"`
	Contracts  []string  `json:"contracts"` // the contracts that were compared
	Notes      []string  `json:"notes,omitempty"`
}

// Basis names the pull request, the revisions that were compared, and the
// commit of the policy.
type Basis struct {
	Repository string `json:"repository"`
	Pull       int    `json:"pull,omitempty"` // 0 for a merge group
	Title      string `json:"title,omitempty"`
	Head       string `json:"head"`
	BaseRef    string `json:"base_ref"`
	Base       string `json:"base"` // the commit compared with: the merge base
	Policy     string `json:"policy"`
	Draft      bool   `json:"draft,omitempty"`
}

// Mistake is an error that the author has to correct, at its line in the head.
type Mistake struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Finding is a change as it is shown. It contains the texts of the rule, so
// that a stored decision stays readable when rules change.
type Finding struct {
	Contract    string        `json:"contract"`
	Rule        string        `json:"rule"`
	Title       string        `json:"title"`
	Doc         string        `json:"doc"`
	Level       diff.Level    `json:"level"`
	Gates       bool          `json:"gates"`
	Subject     string        `json:"subject"`
	Message     string        `json:"message"`
	Allowed     string        `json:"allowed,omitempty"` // why a change that breaks is only risky
	Side        diff.Side     `json:"side"`
	Old         diff.Location `json:"old"`
	New         diff.Location `json:"new"`
	Removed     bool          `json:"removed,omitempty"` // the element was removed: New is where it was
	Reaches     []Reach       `json:"reaches"`
	Witness     string        `json:"witness,omitempty"` // a value that shows the break, or why there is none
	Against     []string      `json:"against,omitempty"` // the earlier versions that it breaks, in a history
	Fingerprint string        `json:"fingerprint"`
}

// Reach is one use of a changed definition, as it is shown.
type Reach struct {
	Subject string
	Side    diff.Side
	Level   diff.Level
}

// Input is everything that a decision depends on.
type Input struct {
	Basis     Basis
	Reports   []*diff.Report
	Consumers []Consumer
	Terms     Terms
	Mistakes  []Mistake // in the configuration; those in contracts are in the reports
	Reviews   []Review
	Notes     []string
}

// Asked returns what each party is asked before anybody has agreed. With the
// input of an earlier commit, it is what a review of that commit covers.
func Asked(in Input) []Demand {
	all, _ := demands(in.Reports, in.Consumers, in.Terms)
	return all
}

// Decide returns the decision.
func Decide(in Input) Decision {
	d := Decision{
		Basis:     in.Basis,
		Mistakes:  slices.Clone(in.Mistakes),
		Notes:     in.Notes,
		Findings:  []Finding{},
		Demands:   []Demand{},
		Contracts: []string{},
	}
	asked, unclaimed := demands(in.Reports, in.Consumers, in.Terms)
	d.Demands, d.Unclaimed = append(d.Demands, asked...), unclaimed
	for _, r := range in.Reports {
		d.Contracts = append(d.Contracts, r.Contract)
		for _, e := range r.Errors {
			d.Mistakes = append(d.Mistakes, Mistake{e.File, e.Line, e.Column, e.Message})
		}
		for i := range r.Changes {
			d.Findings = append(d.Findings, d.finding(&r.Changes[i]))
		}
	}
	for i := range d.Demands {
		d.settle(&d.Demands[i], in)
	}
	d.State = d.state(len(in.Reports))
	return d
}

func (d *Decision) finding(c *diff.Change) Finding {
	fingerprint := c.Fingerprint()
	witness := ""
	if c.Witness != nil {
		witness = c.Witness.String()
	}
	return Finding{
		Contract:    c.Contract,
		Rule:        c.Rule.ID,
		Title:       c.Rule.Title,
		Doc:         c.Rule.Doc,
		Level:       c.Level,
		Gates:       d.gates(fingerprint),
		Subject:     c.Subject.String(),
		Message:     c.Message,
		Allowed:     c.Allowed(),
		Side:        c.Side(),
		Old:         c.Old,
		New:         c.New,
		Removed:     c.Removed(),
		Reaches:     reachesOf(c),
		Witness:     witness,
		Against:     c.Against,
		Fingerprint: fingerprint,
	}
}

func reachesOf(c *diff.Change) []Reach {
	var all []Reach
	for _, r := range c.Reaches {
		all = append(all, Reach{r.Use.String(), r.Side, r.Level})
	}
	return all
}

func (d *Decision) gates(fingerprint string) bool {
	return slices.Contains(d.Unclaimed, fingerprint) ||
		slices.ContainsFunc(d.Demands, func(demand Demand) bool {
			return slices.ContainsFunc(demand.Items, func(i Item) bool {
				return i.Fingerprint == fingerprint
			})
		})
}

// settle closes the items that enough members of the party have agreed to, and
// records who rejected them. A rejection stands until a member of the party
// approves later.
func (d *Decision) settle(demand *Demand, in Input) {
	needed := max(1, in.Terms.PerTeam)
	var rejected string
	for _, review := range in.Reviews {
		switch {
		case !review.SpeaksFor(demand.Party):
		case !review.Approves:
			rejected = review.By
			withdraw(demand, review.By)
		default:
			rejected = ""
			for i := range demand.Items {
				it := &demand.Items[i]
				if coversItem(it, demand.Party, review.Found) && !slices.Contains(it.ApprovedBy, review.By) {
					it.ApprovedBy = append(it.ApprovedBy, review.By)
				}
			}
		}
	}
	for i := range demand.Items {
		demand.Items[i].Open = len(demand.Items[i].ApprovedBy) < needed
	}
	if rejected != "" && !slices.Contains(d.RejectedBy, rejected) {
		d.RejectedBy = append(d.RejectedBy, rejected)
	}
}

// withdraw removes the approvals of somebody who rejects the changes later.
func withdraw(demand *Demand, by string) {
	for i := range demand.Items {
		demand.Items[i].ApprovedBy = slices.DeleteFunc(demand.Items[i].ApprovedBy, func(who string) bool {
			return who == by
		})
	}
}

// coversItem reports whether an item was among the findings of a reviewed
// commit: for the same party, with no lower level or impact, and with all uses
// that it hits now.
func coversItem(it *Item, party Party, found []Demand) bool {
	for _, demand := range found {
		if !demand.Party.equal(party) {
			continue
		}
		for _, seen := range demand.Items {
			if seen.Fingerprint == it.Fingerprint && seen.Level >= it.Level && seen.Impact >= it.Impact &&
				contains(seen.Reaches, it.Reaches) {
				return true
			}
		}
	}
	return false
}

func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

func (d *Decision) state(compared int) State {
	waiting := slices.ContainsFunc(d.Demands, func(demand Demand) bool { return demand.Open() })
	switch {
	case len(d.Mistakes) > 0:
		return Invalid
	case len(d.RejectedBy) > 0, len(d.Unclaimed) > 0:
		return Rejected
	case waiting:
		return Waiting
	case len(d.Demands) > 0:
		return Approved
	case compared > 0:
		return Clear
	}
	return Untouched
}

// Pending reports whether somebody still has to agree to the change.
func (d *Decision) Pending(fingerprint string) bool {
	return slices.Contains(d.Unclaimed, fingerprint) ||
		slices.ContainsFunc(d.Demands, func(demand Demand) bool {
			return slices.ContainsFunc(demand.Items, func(i Item) bool {
				return i.Fingerprint == fingerprint && i.Open
			})
		})
}

// Asks returns the names of the teams and users that still have to agree, as
// consumers or as owners, each once.
func (d *Decision) Asks() []string {
	var names []string
	for i := range d.Demands {
		if !d.Demands[i].Open() {
			continue
		}
		for _, name := range d.Demands[i].Party.Names() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
