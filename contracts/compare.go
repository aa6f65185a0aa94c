package contracts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// compared is what came of comparing one contract.
type compared struct {
	report *diff.Report
	notes  []string // for people
	unseen []unseen
}

// compareAll compares the contracts in parallel, bounded by the cores. It returns
// those that could never be read before.
func (f *Finder) compareAll(ctx context.Context, r *Result) (unreadable []unseen, err error) {
	if err := f.prefetch(r.Contracts); err != nil {
		return nil, fmt.Errorf("fetch the files of the contracts: %w", err)
	}
	all := make([]compared, len(r.Contracts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range r.Contracts {
		group.Go(func() (err error) {
			all[i], err = guarded(func() (compared, error) { return f.compareOne(ctx, r.Policy, c) })
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, one := range all {
		r.Reports, r.Notes = append(r.Reports, one.report), append(r.Notes, one.notes...)
		unreadable = append(unreadable, one.unseen...)
	}
	return unreadable, nil
}

// guarded makes an error of a panic, so that no goroutine takes the process
// down.
func guarded[T any](f func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}

// compareOne compares a contract with its base, and with the versions that its
// entry in the configuration names.
func (f *Finder) compareOne(ctx context.Context, policy *config.Repository, c *Contract) (compared, error) {
	h, err := f.history(ctx, c)
	if err != nil {
		return f.reportUnread(c, err)
	}
	how, err := f.judgement(policy, c, h.Level)
	if err != nil {
		return compared{report: c.failure(c.entry(), err)}, nil
	}
	if how.Facts, err = f.facts(ctx, c); err != nil {
		return compared{}, err
	}
	report, known, err := c.Compare(ctx, how, h)
	large, isLarge := f.tooLarge(err)
	if isLarge {
		report = c.failure(diff.Location{File: large.File}, errors.New(large.Message))
	} else if err != nil {
		return compared{}, err
	}
	if len(report.Errors) > 0 {
		if mended, ok, err := f.mended(ctx, how, c, report.Errors[0]); ok || err != nil {
			return mended, err
		}
	}
	if isLarge {
		return compared{report: report}, nil
	}
	h.relocate(report, c.entry())
	if known > 0 {
		const text = "%s: findings against registered versions that the base branch has already, " +
			"and that nobody is asked about here: %d."
		h.Notes = append(h.Notes, fmt.Sprintf(text, c.Name, known))
	}
	return compared{report: report, notes: h.Notes}, nil
}

// history reads the earlier versions of a contract that the head still has.
func (f *Finder) history(ctx context.Context, c *Contract) (History, error) {
	switch {
	case c.New.Absent():
	case c.Registry != nil:
		return f.registeredVersions(ctx, c)
	case c.Versions != "":
		return f.taggedVersions(ctx, c)
	}
	return History{}, nil
}

// judgement returns how the configuration has the contract judged. The level is
// that of its registry. An error is a mistake in the contract's entry.
func (f *Finder) judgement(policy *config.Repository, c *Contract, level string) (diff.Contract, error) {
	compatibility, err := c.Format.Compatibility(cmp.Or(c.Compatibility, level))
	if err != nil {
		return diff.Contract{}, err
	}
	profile, err := c.Format.Profile(c.Profile)
	if err != nil {
		return diff.Contract{}, err
	}
	if compatibility.Transitive && c.Registry == nil && c.Versions == "" {
		const text = "compatibility %s needs earlier versions: " +
			"name a registry that has them, or the tags, in versions"
		return diff.Contract{}, fmt.Errorf(text, compatibility.Name)
	}
	compatibility.Transitive = false // the history has the versions that count
	return diff.Contract{
		Compatibility: compatibility,
		Policy:        policy.Policy(c.Contract, f.Now),
		Options:       policy.Options(profile, f.today()),
	}, nil
}

// facts returns what is known of the contract without comparing.
func (f *Finder) facts(ctx context.Context, c *Contract) ([]diff.Fact, error) {
	if c.New.Absent() && !c.Line.IsZero() {
		return []diff.Fact{diff.Removed(c.Old(), c.Line)}, nil
	}
	facts, err := newComplaints(ctx, c.Format, c.Old(), c.New)
	if err != nil {
		return nil, fmt.Errorf("validate %s: %w", c.Name, err)
	}
	return facts, nil
}

// Compare compares the contract as it is to be judged: with its earlier
// revisions, and with the versions of a history. What Old has already against
// those versions is not a finding; known counts it.
func (c *Contract) Compare(
	ctx context.Context, how diff.Contract, h History,
) (r *diff.Report, known int, err error) {
	if c.unchanged {
		return c.report(how.Compatibility.Name), 0, nil
	}
	if c.err != nil {
		return nil, 0, c.err
	}
	how.Name, how.Format = c.Name, c.Format
	how.Facts = append(append(c.renames(how.Compatibility.Transitive), how.Facts...), h.Refusals...)
	if len(c.Olds) == 1 {
		return diff.CompareHistory(ctx, how, c.Old(), h.Versions, c.New)
	}
	r, err = diff.Compare(ctx, how, c.Olds, c.New)
	return r, 0, err
}

// renames tells of the earlier revisions that the contract is compared with and
// that had it in another file.
func (c *Contract) renames(all bool) []diff.Fact {
	if !c.renamed {
		return nil
	}
	olds := c.Olds
	if !all {
		olds = olds[len(olds)-1:]
	}
	var facts []diff.Fact
	for _, old := range olds {
		if !old.Absent() {
			facts = append(facts, diff.Renamed(old, c.New))
		}
	}
	return facts
}

// report returns a report on the contract that finds nothing.
func (c *Contract) report(compatibility string) *diff.Report {
	return &diff.Report{
		Contract:      c.Name,
		Path:          cmp.Or(c.New.Root(), c.Old().Root()),
		Format:        c.Format.Name,
		Compatibility: compatibility,
	}
}

// reportUnread reports that a contract's history could not be read. As long as
// the comparison is tried again, it returns the error instead. Afterwards the
// contract's entry shows it, and the other contracts are decided on.
func (f *Finder) reportUnread(c *Contract, err error) (compared, error) {
	var failed *RegistryError
	isFinal := errors.As(err, &failed) && f.GivesUp != nil && f.GivesUp(err)
	if isFinal || isMistake(err) {
		return compared{report: c.failure(c.entry(), err)}, nil
	}
	return compared{}, err
}

// failure is the report on a contract that could not be compared at all.
func (c *Contract) failure(at diff.Location, err error) *diff.Report {
	return &diff.Report{
		Contract: c.Name,
		Path:     c.New.Root(),
		Format:   c.Format.Name,
		Errors:   []*diff.Error{{Location: firstLine(at), Message: err.Error()}},
	}
}

// entry is where the configuration names the contract.
func (c *Contract) entry() diff.Location {
	at := c.Line
	at.File = config.Path
	return at
}
