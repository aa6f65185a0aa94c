package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hmarr/codeowners"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/github"
)

// reviews reads what people said, in the order in which they said it, with
// what each of them had before them and whom each speaks for now.
func (j *job) reviews(ctx context.Context, pull github.PullRequest, in approval.Input, eras []era) ([]approval.Review, error) {
	asked := approval.Asked(in)
	if len(asked) == 0 {
		return nil, nil
	}
	given, err := j.client.Reviews(ctx, j.repo, pull.Number)
	if err != nil {
		return nil, fmt.Errorf("read the reviews: %w", err)
	}
	barred, err := j.barred(ctx, pull, in)
	if err != nil {
		return nil, err
	}
	var reviews []approval.Review
	for _, g := range given {
		approves := g.State == "APPROVED"
		if !approves && g.State != "CHANGES_REQUESTED" || slices.Contains(barred, strings.ToLower(g.User)) || g.UserType == "Bot" {
			continue
		}
		review := approval.Review{By: g.User, Approves: approves}
		if review.SpeaksFor, err = j.speaksFor(ctx, g.User, asked); err != nil {
			return nil, err
		}
		if approves {
			now := stored{Eras: eras}
			now.Decision = approval.Decision{Basis: in.Basis, Demands: asked}
			if review.Found, err = j.foundAt(ctx, pull, in, g, now); err != nil {
				return nil, err
			}
		}
		reviews = append(reviews, review)
	}
	return reviews, nil
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
func (j *job) speaksFor(ctx context.Context, user string, asked []approval.Demand) (func(approval.Party) bool, error) {
	member := map[string]bool{}
	writes := false
	for _, demand := range asked {
		for _, team := range demand.Party.Teams {
			if _, known := member[team]; known {
				continue
			}
			org, slug, _ := strings.Cut(team, "/")
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
		return p.Writers && writes || slices.ContainsFunc(p.Teams, func(team string) bool { return member[team] }) ||
			slices.ContainsFunc(p.Users, func(u string) bool { return strings.EqualFold(u, user) })
	}, nil
}

// foundAt returns what was asked at the commit that was reviewed: now, as
// stored then, or compared again.
func (j *job) foundAt(
	ctx context.Context, pull github.PullRequest, in approval.Input, given github.Review, now stored,
) ([]approval.Demand, error) {
	if given.Commit != pull.Head {
		var err error
		if now, err = j.loadAt(ctx, given.Commit); err != nil {
			return nil, err
		}
	}
	if found, known := now.before(given.ID); known {
		return found, nil
	}
	then, err := j.inputAt(ctx, pull, in.Basis.Policy, given.Commit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // the commit is gone from GitHub: nobody can know what it held
	}
	if err != nil {
		return nil, fmt.Errorf("compare at the reviewed commit: %w", err)
	}
	return approval.Asked(then), nil
}

// era is the time until a pull request moved to another base with the head
// that it had: its reviewers agreed to what was asked then, and not to what
// the same head does to the new base.
type era struct {
	Through int64             `json:"through"` // the last review of that time
	Demands []approval.Demand `json:"demands"`
}

// endEra lists the eras of the head after one more move.
func (j *job) endEra(ctx context.Context, pull github.PullRequest, before stored) ([]era, error) {
	given, err := j.client.Reviews(ctx, j.repo, pull.Number)
	if err != nil {
		return nil, fmt.Errorf("read the reviews: %w", err)
	}
	last := era{Demands: before.Decision.Demands}
	for _, g := range given {
		last.Through = max(last.Through, g.ID)
	}
	return append(slices.Clone(before.Eras), last), nil
}

// before is what was asked when the review was given, if that is known.
func (s *stored) before(review int64) (found []approval.Demand, known bool) {
	for _, e := range s.Eras {
		if review <= e.Through {
			return e.Demands, true
		}
	}
	return s.Decision.Demands, s.Decision.Basis.Base != ""
}

// codeOwnerFiles are the places of CODEOWNERS, in GitHub's order.
var codeOwnerFiles = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

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
	rules, err := codeOwners(finder.Policy)
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
				party = ownersOf(rules, file)
			}
		}
		if party.IsZero() {
			party.Writers = true
		}
		result.Owners[c.Name] = party
	}
	return result, nil
}

func codeOwners(tree fs.FS) (codeowners.Ruleset, error) {
	for _, name := range codeOwnerFiles {
		data, err := fs.ReadFile(tree, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		rules, err := codeowners.ParseFile(strings.NewReader(string(data)))
		if err != nil {
			return nil, nil // GitHub ignores such a file as well, and shows its errors
		}
		return rules, nil
	}
	return nil, nil
}

func ownersOf(rules codeowners.Ruleset, file string) approval.Party {
	var party approval.Party
	rule, err := rules.Match(file)
	if err != nil || rule == nil {
		return party
	}
	for _, owner := range rule.Owners {
		switch owner.Type {
		case codeowners.TeamOwner:
			party.Teams = append(party.Teams, owner.Value)
		case codeowners.UsernameOwner:
			party.Users = append(party.Users, owner.Value)
		}
	}
	return party
}
