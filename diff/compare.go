package diff

import (
	"context"
	"fmt"
)

// Contract is what is compared, and how.
type Contract struct {
	Name          string // a stable id: fingerprints hold it
	Format        *Format
	Compatibility Compatibility
	Policy        Policy
	// Named is where the head names the contract (its configuration entry or a
	// reference): the place to show that the contract itself is gone.
	Named Location
}

// presence holds the rules on a contract as a whole. They belong to every
// format.
var presence = []*Rule{
	{
		ID: "contract/removed", Title: "contract removed", Sends: Breaking, Receives: Breaking,
		Doc: `
Nobody can rely on a contract that is gone. Mark its operations deprecated, wait
until no consumer is registered for it, and remove it then. A file that moved is
followed if its configuration entry keeps the name.`,
	},
	{
		ID: "contract/added", Title: "contract added",
		Doc: `
Nobody uses a new contract yet, so nobody can be hurt by it.`,
	},
}

// ContractRules returns the rules that hold for contracts of every format.
func ContractRules() []*Rule { return presence }

// Compare compares the newest revision of a contract with the earlier ones,
// oldest first: with all of them if the compatibility is transitive, else with
// the last. Mistakes in the contract end up in the report; the error is of
// another kind, such as a cancelled context.
func Compare(ctx context.Context, c Contract, olds []Source, new Source) (*Report, error) {
	r := &Report{Contract: c.Name, Path: new.Root(), Format: c.Format.Name, Compatibility: c.Compatibility.Name}
	if !c.Compatibility.Transitive && len(olds) > 1 {
		olds = olds[len(olds)-1:]
	}
	for _, old := range olds {
		if r.Path == "" {
			r.Path = old.Root()
		}
		if err := compareOne(ctx, c, r, old, new); err != nil {
			return nil, fmt.Errorf("compare %s: %w", c.Name, err)
		}
	}
	left := r.Changes[:0]
	for _, change := range r.Changes {
		if c.Policy.weigh(&change, c.Compatibility.Protects) {
			left = append(left, change)
		}
	}
	r.Changes = left
	r.finish()
	return r, nil
}

func compareOne(ctx context.Context, c Contract, r *Report, old, new Source) error {
	whole := Reach{Subject: "contract", Side: Both}
	switch {
	case old.Absent() && new.Absent():
		return nil
	case old.Absent():
		r.Add(Change{Rule: presence[1], Subject: whole.Subject, Message: "the contract is new", New: start(new), Reaches: []Reach{whole}})
		// A new contract must still be readable.
		return c.Format.Compare(ctx, r, new, new)
	case new.Absent():
		r.Add(Change{Rule: presence[0], Subject: whole.Subject, Message: "the contract was removed", Old: start(old), New: c.Named, Reaches: []Reach{whole}})
		return nil
	}
	one := &Report{Contract: r.Contract}
	if err := c.Format.Compare(ctx, one, old, new); err != nil {
		return err
	}
	for _, change := range one.Changes {
		if old.Label != "" {
			change.Against = []string{old.Label}
		}
		r.Add(change)
	}
	for _, err := range one.Errors {
		// An Error is never of another kind.
		_ = r.Fail(err)
	}
	return nil
}

func start(s Source) Location { return Location{File: s.Root(), Line: 1, Column: 1, EndLine: 1} }
