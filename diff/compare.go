package diff

import (
	"context"
	"fmt"
	"slices"
)

// Contract is what is compared, and how.
type Contract struct {
	Name          string // a stable id: fingerprints hold it
	Format        *Format
	Compatibility Compatibility
	Options       Options
	Policy        Policy
	Facts         []Fact // weighed like what comparing finds
}

// ContractRules returns the rules that hold for contracts of every format.
func ContractRules() []*Rule {
	return []*Rule{contractRemoved, contractAdded, contractRenamed, contractRefused}
}

// Compare compares the newest revision of a contract with the earlier ones,
// oldest first: with all of them if the compatibility is transitive, else with
// the last. Mistakes in the contract end up in the report; the error is of
// another kind, such as a cancelled context.
func Compare(ctx context.Context, c Contract, olds []Source, new Source) (*Report, error) {
	r, err := c.compare(ctx, olds, new, c.Facts)
	if err != nil {
		return nil, fmt.Errorf("compare %s: %w", c.Name, err)
	}
	c.refuse(r)
	return r, nil
}

// compare is Compare with facts that hold for these revisions, and without what
// a registry says.
func (c *Contract) compare(ctx context.Context, olds []Source, new Source, facts []Fact) (*Report, error) {
	r := &Report{
		Contract:      c.Name,
		Path:          new.Root(),
		Format:        c.Format.Name,
		Compatibility: c.Compatibility.Name,
	}
	r.tell(facts)
	for _, old := range earlier(olds, c.Compatibility.Transitive) {
		if r.Path == "" {
			r.Path = old.Root()
		}
		if err := c.compareOne(ctx, r, old, new); err != nil {
			return nil, err
		}
	}
	r.Changes, r.byIdentity = c.weigh(r.Changes), nil
	if !slices.ContainsFunc(r.Changes, func(c Change) bool { return !c.Rule.Sequel }) {
		r.Changes = nil
	}
	r.sort()
	return r, nil
}

// weigh returns what the policy leaves of the changes, at their levels.
func (c *Contract) weigh(changes []Change) []Change {
	left := changes[:0]
	for _, change := range changes {
		if c.Policy.weigh(&change, c.Options.Profile, c.Compatibility.Protects) {
			left = append(left, change)
		}
	}
	return left
}

// earlier chooses the revisions that count. One that did not have the contract
// yet says nothing, unless none had it.
func earlier(olds []Source, transitive bool) []Source {
	present := slices.DeleteFunc(slices.Clone(olds), Source.Absent)
	switch {
	case len(present) == 0:
		return []Source{{}}
	case transitive:
		return present
	}
	return olds[len(olds)-1:]
}

var contractRemoved = &Rule{
	ID: "contract/removed", Title: "contract removed", Sends: Breaking, Receives: Breaking,
	Doc: `
Nobody can rely on a contract that is gone. Mark its operations deprecated, wait
until no consumer is registered for it, and remove it then. A file that moved is
followed if its configuration entry keeps the name.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
old.yaml:1:1: breaking: contract: the contract was removed [contract/removed] (gone)
`,
}

var contractAdded = &Rule{
	ID: "contract/added", Title: "contract added",
	Doc: `
Nobody uses a new contract yet, so nobody can be hurt by it.`,
	Example: `
-- new.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new.yaml:1:1: safe: contract: the contract is new [contract/added]
`,
}

var contractRenamed = &Rule{
	ID:         "contract/renamed",
	Title:      "contract's file moved",
	Sends:      Risky,
	Receives:   Risky,
	Editorial:  true,
	AsksOwners: true,
	Doc: `
The contract is taken to be the same, in another file: its consumers and approvals
stay. Its owners have to agree that it is. Those who fetch the file by its path have
to be told.`,
	Example: `
-- old/orders.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new/api/orders.yaml --
openapi: 3.1.0
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- want --
new/api/orders.yaml:1:1: risky: contract: the contract moved to another file [contract/renamed] (was old/orders.yaml:1)
`,
}

// compareOne adds to the report what differs from one earlier revision.
func (c *Contract) compareOne(ctx context.Context, r *Report, old, new Source) error {
	one := &Report{Contract: r.Contract}
	switch {
	case old.Absent() && new.Absent():
		return nil
	case new.Absent():
		fact := Removed(old, Location{})
		one.Found(fact.At, fact.Found)
	case old.Absent():
		one.Found(wholeContract, Found{Rule: contractAdded, New: start(new), Message: "the contract is new"})
		old = new // a new contract must still be readable
		fallthrough
	default:
		options := c.Options
		options.InProgress = c.Policy.InProgress
		if err := c.Format.Compare(ctx, one, old, new, options); err != nil {
			return err
		}
	}
	c.Policy.excuse(one)
	settle(one.Changes)
	r.take(one.Changes, old.Label)
	for _, err := range one.Errors {
		// An Error is never of another kind.
		_ = r.Fail(err)
	}
	return nil
}
