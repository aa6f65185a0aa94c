package contracts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"time"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// PolicyChange is what a pull request changes of the policy: either of what holds
// for one contract, or of what holds for all of them.
type PolicyChange struct {
	File   string   // of the contract; "" stands for all of them
	Owners []string // the teams that answer for the contract, as far as the policy names some
	Report *diff.Report
}

// comparePolicy finds what the pull request changes of the policy. It compares
// the policy that decides with that of the head, and leaves out what the base
// does not differ in from the head: that was changed on the base branch after the
// pull request began. With a base that cannot be read nothing is left out.
func (f *Finder) comparePolicy(ctx context.Context, c configurations, r *Result) error {
	if touches, err := f.touchesPolicy(ctx, c); err != nil || !touches {
		return err
	}
	if len(c.brokenHead) > 0 {
		if !c.edited { // the result has those of an edited policy
			r.Mistakes = append(r.Mistakes, c.brokenHead...)
		}
		return nil
	}
	head := revisionPolicy{f.head, c.head}
	found, err := f.comparePolicies(ctx, revisionPolicy{f.tip, c.policy}, head)
	if err != nil {
		return err
	}
	if c.brokenTip != nil {
		mended, err := f.comparePolicies(ctx, revisionPolicy{f.revision(ctx, c.brokenTip), c.policy}, head)
		if err != nil {
			return err
		}
		found.Changes = append(found.Changes, mended.Changes...)
	}
	since, err := f.comparePolicies(ctx, revisionPolicy{f.base, c.base}, head)
	if err != nil {
		return err
	}
	r.Mistakes = append(r.Mistakes, found.Errors...)
	mine := map[string]bool{}
	for i := range since.Changes {
		mine[config.Effect(&since.Changes[i])] = true
	}
	for _, change := range found.Changes {
		if (mine[config.Effect(&change)] || c.brokenBase) && !r.reportsRemoval(&change) {
			r.addPolicyChange(change, found)
		}
	}
	slices.SortFunc(r.PolicyChanges, func(a, b PolicyChange) int { return cmp.Compare(a.File, b.File) })
	return f.findPolicyOwners(ctx, r)
}

// touchesPolicy reports whether the pull request changes a file that belongs to
// the policy of either side. No file is read.
func (f *Finder) touchesPolicy(ctx context.Context, c configurations) (bool, error) {
	if slices.ContainsFunc(slices.Concat(policyFiles(c.base), policyFiles(c.head)), f.changes) {
		return true, nil
	}
	folders := map[string]bool{} // of the readers' schemas, which may consist of several files
	for _, consumer := range slices.Concat(c.base.Consumers, c.head.Consumers) {
		if consumer.Reader != "" {
			folders[path.Dir(consumer.Reader)] = true
		}
	}
	before, now := c.base.Selection(), c.head.Selection()
	for file := range changedFiles(f.base, f.head) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if isWithin(file, folders) || f.describes(file, before, now) {
			return true, nil
		}
	}
	return false, nil
}

// isWithin reports whether a file lies in one of the folders, or below.
func isWithin(file string, folders map[string]bool) bool {
	for file != "." && file != "/" {
		if file = path.Dir(file); folders[file] {
			return true
		}
	}
	return false
}

// describes reports whether a file is one that names the teams of others.
func (f *Finder) describes(file string, before, now *config.Selection) bool {
	return slices.ContainsFunc(f.Formats, func(format *diff.Format) bool {
		if !format.Describes {
			return false
		}
		was, _ := before.Entry(file)
		is, _ := now.Entry(file)
		return format.Match(file, nil) || was.Format == format.Name || is.Format == format.Name
	})
}

// policyFiles returns the files that belong to a policy, except for the readers'
// schemas.
func policyFiles(r *config.Repository) []string {
	return slices.Concat([]string{config.Path}, config.CodeOwnerFiles, r.Files)
}

// changes reports whether the head has another content of a file than the base.
func (f *Finder) changes(file string) bool {
	before, existed := f.Base.Blob(file)
	after, exists := f.Head.Blob(file)
	return before != after || existed != exists
}

// revisionPolicy is a revision with its policy, or with the one that is used in
// its place.
type revisionPolicy struct {
	*Revision
	policy *config.Repository
}

// comparePolicies compares what the policies of two revisions protect.
func (f *Finder) comparePolicies(ctx context.Context, old, new revisionPolicy) (*diff.Report, error) {
	before, err := f.surroundings(ctx, old)
	if err != nil {
		return nil, err
	}
	now, err := f.surroundings(ctx, new)
	if err != nil {
		return nil, err
	}
	format := config.Format(f.Formats, before, now)
	compatibility, err := format.Compatibility(format.Default)
	if err != nil {
		return nil, err
	}
	how := diff.Contract{
		Name:          config.Path,
		Format:        format,
		Compatibility: compatibility,
		Options:       diff.Options{Today: f.today()},
	}
	source := func(t Tree) diff.Source { return diff.Source{FS: t, Paths: []string{config.Path}} }
	report, err := diff.Compare(ctx, how, []diff.Source{source(old.Tree)}, source(new.Tree))
	if large, ok := f.tooLarge(err); ok {
		return &diff.Report{Errors: []*diff.Error{large}}, nil
	}
	return report, err
}

// surroundings is what a policy rests on beside its own files.
func (f *Finder) surroundings(ctx context.Context, p revisionPolicy) (config.Surroundings, error) {
	teams, err := f.describedTeams(ctx, p.Revision, p.policy)
	return config.Surroundings{Teams: teams, Outlines: p.outlines}, err
}

func (f *Finder) today() diff.Day { return diff.Day(f.Now.UTC().Format(time.DateOnly)) }

// reportsRemoval reports whether a change of the policy takes a contract off the
// list and the contract's own report says so already, in a way that somebody has
// to agree to.
func (r *Result) reportsRemoval(change *diff.Change) bool {
	if !config.Unlists(change) || r.Policy.Approvals.Unclaimed == "pass" {
		return false
	}
	file := config.ContractOf(change)
	for i, c := range r.Contracts {
		isRemoval := func(own diff.Change) bool { return own.RemovesContract() && own.Level == diff.Breaking }
		if c.file == file && slices.ContainsFunc(r.Reports[i].Changes, isRemoval) {
			return true
		}
	}
	return false
}

// addPolicyChange adds a change to the report on the contract that it concerns.
func (r *Result) addPolicyChange(change diff.Change, all *diff.Report) {
	file, name := config.ContractOf(&change), config.Path
	if file != "" {
		name += " for " + file
	}
	i := slices.IndexFunc(r.PolicyChanges, func(c PolicyChange) bool { return c.File == file })
	if i < 0 {
		i = len(r.PolicyChanges)
		report := &diff.Report{
			Contract:      name,
			Path:          config.Path,
			Format:        all.Format,
			Compatibility: all.Compatibility,
		}
		r.PolicyChanges = append(r.PolicyChanges, PolicyChange{File: file, Report: report})
	}
	change.Contract = name
	report := r.PolicyChanges[i].Report
	report.Changes = append(report.Changes, change)
}

// findPolicyOwners finds the teams that answered so far for the contracts whose
// policy changes: those that the entry names, else those of the data contract that
// describes it.
func (f *Finder) findPolicyOwners(ctx context.Context, r *Result) error {
	described, err := f.describedTeams(ctx, f.tip, r.Policy)
	if err != nil {
		return err
	}
	policy := r.Policy.Selection()
	for i := range r.PolicyChanges {
		change := &r.PolicyChanges[i]
		change.Owners = described[change.File]
		if entry, _ := policy.Entry(change.File); len(entry.Owners) > 0 {
			change.Owners = entry.Owners
		}
	}
	return nil
}

// describedTeams returns the teams of the data contracts of a revision, by the
// files that they describe and by their own.
func (f *Finder) describedTeams(
	ctx context.Context, in *Revision, r *config.Repository,
) (map[string][]string, error) {
	described, err := f.descriptions(ctx, in, r)
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, d := range described {
		for _, file := range append([]string{d.file}, d.schemas...) {
			all[file] = append(all[file], d.teams...)
		}
	}
	for file := range all {
		slices.Sort(all[file])
		all[file] = slices.Compact(all[file])
	}
	return all, nil
}
