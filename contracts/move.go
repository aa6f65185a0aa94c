package contracts

import (
	"context"

	"github.com/assent-dev/assent/config"
)

// Move is what differs between two revisions of a base branch, as far as it may
// matter to the pull requests into it.
type Move struct {
	Policy    bool            // a file that belongs to the policy differs
	Contracts map[string]bool // the names of the files that differ, as contracts have them
}

// Move compares Base with Head, which are revisions of a base branch here. It
// compares no contract.
func (f *Finder) Move(ctx context.Context) (Move, error) {
	c, _, err := f.configurations(ctx)
	if err != nil {
		return Move{}, err
	}
	f.open(ctx)
	touches, err := f.touchesPolicy(ctx, c)
	if err != nil {
		return Move{}, err
	}
	move := Move{Policy: touches, Contracts: map[string]bool{}}
	policy := c.policy.Selection()
	for file := range changedFiles(f.base, f.head) {
		if err := ctx.Err(); err != nil {
			return Move{}, err
		}
		move.Contracts[file], move.Contracts[config.DefaultName(file)] = true, true
		if entry, listed := policy.Entry(file); listed {
			move.Contracts[entry.Name] = true
		}
	}
	return move, nil
}
