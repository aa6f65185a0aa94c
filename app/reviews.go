package app

import (
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
	State  string            `json:"state"`            // APPROVED or CHANGES_REQUESTED
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
	ctx context.Context, pull github.PullRequest, in approval.Input, present *stored,
) ([]approval.Review, error) {
	asked := approval.Asked(in)
	if len(asked) == 0 {
		return nil, nil
	}
	given, err := j.client.Reviews(ctx, j.repo, pull.Number)
	if err != nil {
		return nil, fmt.Errorf("read the reviews: %w", err)
	}
	if err := j.note(ctx, pull, in, given, present); err != nil {
		return nil, err
	}
	barred, err := j.barred(ctx, pull, in)
	if err != nil {
		return nil, err
	}
	var reviews []approval.Review
	for _, g := range lastWords(given) {
		was := present.Seen[g.ID]
		if g.State == dismissed && was.State == approved {
			continue
		}
		if slices.Contains(barred, strings.ToLower(g.User)) || g.UserType == "Bot" {
			continue
		}
		// A rejection that was dismissed stands until the team agrees. So does what
		// was dismissed before anybody saw it.
		review := approval.Review{By: g.User, Approves: g.State == approved, Found: was.Found}
		if review.SpeaksFor, err = j.speaksFor(ctx, g.User, asked); err != nil {
			return nil, err
		}
		reviews = append(reviews, review)
	}
	return reviews, nil
}

// lastWords returns the last review of each person that says yes or no, or did
// before it was dismissed, in the order in which they were given.
func lastWords(given []github.Review) []github.Review {
	last := map[string]int64{}
	for _, g := range given {
		if slices.Contains([]string{approved, rejected, dismissed}, g.State) {
			last[strings.ToLower(g.User)] = g.ID
		}
	}
	return slices.DeleteFunc(slices.Clone(given), func(g github.Review) bool {
		return last[strings.ToLower(g.User)] != g.ID
	})
}

// note keeps what the reviews are and cover that are seen for the first time.
func (j *job) note(
	ctx context.Context, pull github.PullRequest, in approval.Input, given []github.Review, present *stored,
) error {
	all := maps.Clone(present.Seen)
	if all == nil {
		all = map[int64]seen{}
	}
	for _, g := range given {
		if _, known := all[g.ID]; known || g.State != approved && g.State != rejected {
			continue
		}
		first := seen{State: g.State}
		if g.State == approved {
			var err error
			if first, err = j.foundAt(ctx, pull, in, g, present); err != nil {
				return err
			}
		}
		all[g.ID] = first
	}
	present.Seen = all
	return nil
}

// barred lists who has no say, in lower case: the author and the committers,
// unless the base branch allows self-approval.
func (j *job) barred(ctx context.Context, pull github.PullRequest, in approval.Input) ([]string, error) {
	if in.Terms.SelfApproval {
		return nil, nil
	}
	commits, err := j.client.CommitsBetween(ctx, j.repo, in.Basis.Base, in.Basis.Head)
	if err != nil {
		return nil, fmt.Errorf("read the commits: %w", err)
	}
	barred := []string{strings.ToLower(pull.Author)}
	for _, c := range commits {
		barred = append(barred, strings.ToLower(c.Author), strings.ToLower(c.Committer))
	}
	return barred, nil
}

// speaksFor looks up now whether the user is of the parties that are asked.
func (j *job) speaksFor(ctx context.Context, user string,
	asked []approval.Demand) (func(approval.Party) bool, error) {
	member := map[string]bool{}
	writes := false
	for _, demand := range asked {
		for _, name := range demand.Party.Teams {
			team := strings.ToLower(name)
			if _, known := member[team]; known {
				continue
			}
			org, slug := teamOf(team)
			is, err := j.client.TeamMember(ctx, org, slug, user)
			if err != nil {
				return nil, fmt.Errorf("look up who is in %s: %w", team, err)
			}
			member[team] = is
		}
		if demand.Party.Writers && !writes {
			can, err := j.client.CanWrite(ctx, j.repo, user)
			if err != nil {
				return nil, fmt.Errorf("look up who may write: %w", err)
			}
			writes = can
		}
	}
	return func(p approval.Party) bool {
		return p.Writers && writes || slices.ContainsFunc(p.Teams, func(team string) bool {
			return member[strings.ToLower(team)]
		}) ||
			slices.ContainsFunc(p.Users, func(u string) bool { return strings.EqualFold(u, user) })
	}, nil
}

// foundAt returns what an approval covers: what was asked at its commit, as it was
// stored when the reviewer looked, else as it is now.
func (j *job) foundAt(
	ctx context.Context, pull github.PullRequest, in approval.Input, given github.Review, present *stored,
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
func terms(finder *contracts.Finder, r *contracts.Result) (approval.Terms, error) {
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
	owners, err := config.ReadCodeOwners(finder.Policy)
	if err != nil {
		return result, err
	}
	var described map[string][]string
	if slices.ContainsFunc(r.Contracts, func(c *contracts.Contract) bool { return len(c.Owners) == 0 }) {
		if described, err = finder.Teams(r); err != nil {
			return result, err
		}
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
