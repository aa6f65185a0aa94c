package contracts

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"
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
	if !f.touchesPolicy(c) {
		return nil
	}
	if len(c.brokenHead) > 0 {
		if !c.edited { // the result has those of an edited policy
			r.Mistakes = append(r.Mistakes, c.brokenHead...)
		}
		return nil
	}
	head := revisionPolicy{f.Head, c.head}
	found, err := f.comparePolicies(ctx, revisionPolicy{f.Policy, c.policy}, head)
	if err != nil {
		return err
	}
	if c.brokenTip != nil {
		mended, err := f.comparePolicies(ctx, revisionPolicy{c.brokenTip, c.policy}, head)
		if err != nil {
			return err
		}
		found.Changes = append(found.Changes, mended.Changes...)
	}
	since, err := f.comparePolicies(ctx, revisionPolicy{f.Base, c.base}, head)
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
	return f.findPolicyOwners(r)
}

// touchesPolicy reports whether the pull request changes a file that belongs to
// the policy of either side. No file is read.
func (f *Finder) touchesPolicy(c configurations) bool {
	if slices.ContainsFunc(slices.Concat(policyFiles(c.base), policyFiles(c.head)), f.changes) {
		return true
	}
	var folders []string // of the readers' schemas, which may consist of several files
	for _, consumer := range slices.Concat(c.base.Consumers, c.head.Consumers) {
		if consumer.Reader != "" {
			folders = append(folders, path.Dir(consumer.Reader)+"/")
		}
	}
	for file := range changedFiles(f.revision(f.Base), f.revision(f.Head)) {
		isWithin := func(folder string) bool { return folder == "./" || strings.HasPrefix(file, folder) }
		if slices.ContainsFunc(folders, isWithin) || f.describes(file, c) {
			return true
		}
	}
	return false
}

// describes reports whether a file is one that names the teams of others.
func (f *Finder) describes(file string, c configurations) bool {
	return slices.ContainsFunc(f.Formats, func(format *diff.Format) bool {
		if format.Describe == nil {
			return false
		}
		before, _ := c.base.Entry(file)
		now, _ := c.head.Entry(file)
		return format.Match(file, nil) || before.Format == format.Name || now.Format == format.Name
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
	Tree
	policy *config.Repository
}

// comparePolicies compares what the policies of two revisions protect.
func (f *Finder) comparePolicies(ctx context.Context, old, new revisionPolicy) (*diff.Report, error) {
	var described config.Described
	var err error
	if described.Old, err = f.describedTeams(old.Tree, old.policy); err != nil {
		return nil, err
	}
	if described.New, err = f.describedTeams(new.Tree, new.policy); err != nil {
		return nil, err
	}
	format := config.Format(f.Formats, described)
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

func (f *Finder) today() diff.Day { return diff.Day(f.Now.UTC().Format(time.DateOnly)) }

// reportsRemoval reports whether a change of the policy takes a contract off the
// list and the contract's own report says so already, in a way that somebody has
// to agree to.
func (r *Result) reportsRemoval(change *diff.Change) bool {
	if !config.Unlists(change) || r.Policy.Approvals.Unclaimed == "pass" {
		return false
	}
	for i, c := range r.Contracts {
		isRemoval := func(own diff.Change) bool { return own.RemovesContract() && own.Level == diff.Breaking }
		if c.file == config.ContractOf(change) && slices.ContainsFunc(r.Reports[i].Changes, isRemoval) {
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
func (f *Finder) findPolicyOwners(r *Result) error {
	described, err := f.describedTeams(f.Policy, r.Policy)
	if err != nil {
		return err
	}
	for i := range r.PolicyChanges {
		change := &r.PolicyChanges[i]
		change.Owners = described[change.File]
		if entry, _ := r.Policy.Entry(change.File); len(entry.Owners) > 0 {
			change.Owners = entry.Owners
		}
	}
	return nil
}

// describedTeams returns the teams of the data contracts of a revision, by the
// files that they describe and by their own.
func (f *Finder) describedTeams(t Tree, r *config.Repository) (map[string][]string, error) {
	described, err := f.descriptions(t, r)
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
