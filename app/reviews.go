package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/github"
)

// seen is what a review was and covers. It is noted when the review is first
// seen, and stays: what a pull request is compared with, by which policy, may
// change afterwards, and nobody has agreed to what that brings.
type seen struct {
	State  string            `json:"state"`            // before it was dismissed, if it was
	Found  []approval.Demand `json:"found,omitempty"`  // what was asked at the commit that was reviewed
	Base   string            `json:"base,omitempty"`   // the commit that it was compared with
	Policy string            `json:"policy,omitempty"` // the commit of the policy
}

// The states of reviews that count.
const (
	approved  = "APPROVED"
	rejected  = "CHANGES_REQUESTED"
	dismissed = "DISMISSED"
)

// reviews reads what people said, in the order in which they said it, with
// what each of them had before them and whom each speaks for now. Of a person the
// last word counts, even if it was dismissed: an earlier one does not come back.
func (j *job) reviews(
	ctx context.Context, pull github.PullState, in *approval.Input, present *stored,
) ([]approval.Review, error) {
	asked := approval.Asked(*in)
	if len(asked) == 0 {
		return nil, nil
	}
	given := pull.Reviews
	teams, err := j.teams(ctx, in.Basis, teamsOf(asked))
	if err != nil {
		return nil, err
	}
	if err := j.note(ctx, pull, *in, given, present); err != nil {
		return nil, err
	}
	words := lastWords(given)
	if len(words) == 0 {
		return nil, nil
	}
	barred, err := j.barred(ctx, pull, *in)
	if err != nil {
		return nil, err
	}
	var reviews []approval.Review
	for _, g := range words {
		was := present.Seen[g.ID]
		if g.State == dismissed && was.State != rejected {
			continue
		}
		if g.UserType == "Bot" {
			continue
		}
		// A rejection that was dismissed stands until the team agrees.
		review := approval.Review{By: g.User, Approves: g.State == approved, Found: was.Found}
		if review.SpeaksFor, err = j.speaksFor(ctx, g.User, asked, teams); err != nil {
			return nil, err
		}
		if slices.Contains(barred, strings.ToLower(g.User)) {
			in.Notes = append(in.Notes, barredNote(review, asked)...)
			continue
		}
		reviews = append(reviews, review)
	}
	return reviews, nil
}

// barredNote says that somebody's approval does not count who could have given one
// if they had no part in the change.
func barredNote(r approval.Review, asked []approval.Demand) []string {
	isTheirs := func(d approval.Demand) bool { return r.SpeaksFor(d.Party) }
	if !r.Approves || !slices.ContainsFunc(asked, isTheirs) {
		return nil
	}
	return []string{"The approval of " + r.By + " does not count: they wrote or committed a part of the " +
		"change. Somebody else has to agree."}
}

// teamsOf lists the teams of the parties that are asked, each once.
func teamsOf(asked []approval.Demand) []string {
	var names []string
	for _, demand := range asked {
		names = append(names, demand.Party.Teams...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// lastWords returns the last review of each person that says yes or no, or did
// before it was dismissed, in the order in which they were given.
func lastWords(given []github.Review) []github.Review {
	last := map[string]int64{}
	for _, g := range given {
		if counts(g) {
			last[strings.ToLower(g.User)] = g.ID
		}
	}
	return slices.DeleteFunc(slices.Clone(given), func(g github.Review) bool {
		return last[strings.ToLower(g.User)] != g.ID
	})
}

// note keeps what the reviews are and cover that are seen for the first time.
func (j *job) note(
	ctx context.Context, pull github.PullState, in approval.Input, given []github.Review, present *stored,
) error {
	fresh := slices.DeleteFunc(slices.Clone(given), func(g github.Review) bool {
		_, known := present.Seen[g.ID]
		return known || !counts(g)
	})
	if len(fresh) == 0 {
		return nil
	}
	before, err := j.dismissals(ctx, pull, fresh)
	if err != nil {
		return err
	}
	all := maps.Clone(present.Seen)
	if all == nil {
		all = map[int64]seen{}
	}
	for _, g := range fresh {
		first := seen{State: g.State}
		switch g.State {
		case approved:
			if first, err = j.foundAt(ctx, pull, in, g, present); err != nil {
				return err
			}
		case dismissed:
			first.State = cmp.Or(before[g.ID], rejected) // the safer guess
		}
		all[g.ID] = first
	}
	present.Seen = all
	return nil
}

// dismissals returns the states that dismissed reviews had before, by their ids.
func (j *job) dismissals(
	ctx context.Context, pull github.PullState, given []github.Review,
) (map[int64]string, error) {
	if !slices.ContainsFunc(given, func(g github.Review) bool { return g.State == dismissed }) {
		return nil, nil
	}
	timeline, err := j.client.Timeline(ctx, j.repo, pull.Number)
	if err != nil {
		return nil, fmt.Errorf("read who dismissed what: %w", err)
	}
	return timeline.Dismissed, nil
}

// counts reports whether a review says yes or no, or did before it was dismissed.
func counts(g github.Review) bool {
	return slices.Contains([]string{approved, rejected, dismissed}, g.State)
}

// barred lists who has no say, in lower case: the author and the committers,
// unless the base branch allows self-approval.
func (j *job) barred(ctx context.Context, pull github.PullState, in approval.Input) ([]string, error) {
	if in.Terms.SelfApproval {
		return nil, nil
	}
	compared, err := j.compare(ctx, in.Basis.Policy, in.Basis.Head)
	if err == nil && compared.Total > len(compared.Commits) {
		compared.Commits, err = j.client.CommitsBetween(ctx, j.repo, in.Basis.Policy, in.Basis.Head)
	}
	if err != nil {
		return nil, fmt.Errorf("read the commits: %w", err)
	}
	barred := []string{strings.ToLower(pull.Author)}
	for _, c := range compared.Commits {
		if !c.UpdatesBranch { // what it brings is on the base branch already
			barred = append(barred, strings.ToLower(c.Author), strings.ToLower(c.Committer))
		}
	}
	return barred, nil
}

// foundAt returns what an approval covers: what was asked at its commit, as it was
// stored when the reviewer looked, else as it is now.
func (j *job) foundAt(
	ctx context.Context, pull github.PullState, in approval.Input, given github.Review, present *stored,
) (seen, error) {
	then := *present
	if given.Commit != present.Decision.Basis.Head {
		var err error
		if then, err = j.loadAt(ctx, given.Commit); err != nil {
			return seen{}, err
		}
	}
	s := seen{State: approved}
	if basis := then.Decision.Basis; basis.Base != "" {
		s.Found, s.Base, s.Policy = then.Decision.Demands, basis.Base, basis.Policy
		return s, nil
	}
	if given.Commit != pull.Head {
		now, err := j.inputAt(ctx, pull, in.Basis.Policy, given.Commit)
		if errors.Is(err, fs.ErrNotExist) {
			return s, nil // the commit is gone from GitHub: nobody can know what it held
		}
		if err != nil {
			return s, fmt.Errorf("compare at the reviewed commit: %w", err)
		}
		in = now
	}
	s.Found, s.Base, s.Policy = approval.Asked(in), in.Basis.Base, in.Basis.Policy
	return s, nil
}

// terms says who must agree, by the base branch: the owners that the
// configuration names, else the teams of the data contract that describes it,
// else CODEOWNERS, else anyone who may write.
func terms(
	finder *contracts.Finder, r *contracts.Result, owners *config.CodeOwners,
) (approval.Terms, error) {
	approvals := r.Policy.Approvals
	result := approval.Terms{
		RequiredFrom:  approvals.RequiredFrom,
		Owners:        map[string]approval.Party{},
		FailUnclaimed: approvals.Unclaimed == "fail",
		PerTeam:       approvals.PerTeam,
		SelfApproval:  approvals.SelfApproval,
	}
	if approvals.Unclaimed != "owners" {
		return result, nil
	}
	var described map[string][]string
	if slices.ContainsFunc(r.Contracts, func(c *contracts.Contract) bool { return len(c.Owners) == 0 }) {
		described = finder.Teams(r)
	}
	for _, c := range r.Contracts {
		party := approval.Party{Teams: c.Owners}
		if party.IsZero() {
			party.Teams = described[c.Name]
		}
		for _, file := range []string{c.New.Root(), c.Old().Root()} {
			if party.IsZero() && file != "" {
				party = owners.Of(file)
			}
		}
		if party.IsZero() {
			party.Writers = true
		}
		result.Owners[c.Name] = party
	}
	return result, nil
}
