package approval

import (
	"slices"

	"github.com/assent-dev/assent/diff"
)

// Review is what one person said about the pull request, oldest first in a
// list. Whom the person speaks for is looked up at decision time; authors and
// committers speak for nobody.
type Review struct {
	By       string
	Approves bool // else it rejects
	// SpeaksFor reports whether the reviewer is of the party now.
	SpeaksFor func(Party) bool
	// Found is what was asked at the commit that was reviewed: an approval
	// covers that and nothing else.
	Found []Demand
}

// State is where a pull request stands.
type State string

// The states, best first.
const (
	Untouched State = "untouched" // no contract changed
	Clear     State = "clear"     // contracts changed and nobody has to agree
	Approved  State = "approved"  // everyone who has a say has agreed
	Waiting   State = "waiting"   // somebody still has to
	Rejected  State = "rejected"  // a hit party said no, or nobody can agree
	Invalid   State = "invalid"   // a contract or the configuration cannot be read
)

// Decision is what was decided and every input that it rests on.
type Decision struct {
	State      State     `json:"state"`
	Basis      Basis     `json:"basis"`
	Findings   []Finding `json:"findings"`
	Demands    []Demand  `json:"demands"`
	Unclaimed  []string  `json:"unclaimed,omitempty"` // fingerprints of changes that nobody can agree to
	RejectedBy []string  `json:"rejected_by,omitempty"`
	Mistakes   []Mistake `json:"mistakes,omitempty"`
	Contracts  []string  `json:"contracts"` // those that were compared
	Notes      []string  `json:"notes,omitempty"`
}

// Basis names the revisions that were compared and the policy's commit.
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

// Mistake is an error of the author's, on its line at the head.
type Mistake struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// Finding is a change as it is shown: the rule's words are in it, so that a
// record stays readable when rules change.
type Finding struct {
	Contract    string        `json:"contract"`
	Rule        string        `json:"rule"`
	Title       string        `json:"title"`
	Doc         string        `json:"doc"`
	Level       diff.Level    `json:"level"`
	Gates       bool          `json:"gates"`
	Subject     string        `json:"subject"`
	Message     string        `json:"message"`
	Allowed     string        `json:"allowed,omitempty"` // why a break is no more than risky
	Side        diff.Side     `json:"side"`
	Old         diff.Location `json:"old"`
	New         diff.Location `json:"new"`
	Removed     bool          `json:"removed,omitempty"` // the element is gone: New is what is left around it
	Reaches     []Reach       `json:"reaches"`
	Witness     string        `json:"witness,omitempty"` // what shows the break, or why nothing does
	Against     []string      `json:"against,omitempty"` // the earlier versions that it breaks, in a history
	Fingerprint string        `json:"fingerprint"`
}

// Reach is one use of a definition that changed, as it is shown.
type Reach struct {
	Subject string
	Side    diff.Side
	Level   diff.Level
}

// Input is all that a decision rests on.
type Input struct {
	Basis     Basis
	Reports   []*diff.Report
	Consumers []Consumer
	Terms     Terms
	Mistakes  []Mistake // beyond those of the reports: the configuration's
	Reviews   []Review
	Notes     []string
}

// Asked returns what the input demands of whom, before anybody has agreed. It
// is what a review of an earlier commit found there.
func Asked(in Input) []Demand {
	all, _ := demands(in.Reports, in.Consumers, in.Terms)
	return all
}

// Decide returns the decision.
func Decide(in Input) Decision {
	d := Decision{Basis: in.Basis, Mistakes: slices.Clone(in.Mistakes), Notes: in.Notes, Findings: []Finding{}, Demands: []Demand{}, Contracts: []string{}}
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
	return slices.Contains(d.Unclaimed, fingerprint) || slices.ContainsFunc(d.Demands, func(demand Demand) bool {
		return slices.ContainsFunc(demand.Items, func(i Item) bool { return i.Fingerprint == fingerprint })
	})
}

// settle closes the items that members of the party have agreed to, and notes
// who of it said no. A rejection stands until a later approval of the party.
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

// withdraw takes back what somebody agreed to before saying no.
func withdraw(demand *Demand, by string) {
	for i := range demand.Items {
		demand.Items[i].ApprovedBy = slices.DeleteFunc(demand.Items[i].ApprovedBy, func(who string) bool { return who == by })
	}
}

// coversItem reports whether what was found then is this change, no milder, for
// the same party, with all the uses that it hits now.
func coversItem(it *Item, party Party, found []Demand) bool {
	for _, demand := range found {
		if !demand.Party.equal(party) {
			continue
		}
		for _, seen := range demand.Items {
			if seen.Fingerprint == it.Fingerprint && seen.Level >= it.Level && seen.Impact >= it.Impact && contains(seen.Reaches, it.Reaches) {
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
	return slices.Contains(d.Unclaimed, fingerprint) || slices.ContainsFunc(d.Demands, func(demand Demand) bool {
		return slices.ContainsFunc(demand.Items, func(i Item) bool { return i.Fingerprint == fingerprint && i.Open })
	})
}

// Asks returns the teams that still have to agree as consumers or owners, each
// once.
func (d *Decision) Asks() []string {
	var teams []string
	for i := range d.Demands {
		if !d.Demands[i].Open() {
			continue
		}
		for _, team := range d.Demands[i].Party.Teams {
			if !slices.Contains(teams, team) {
				teams = append(teams, team)
			}
		}
	}
	return teams
}
