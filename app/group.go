package app

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// reviewGroup decides on a merge group: what gates between its base and its
// head must be approved in the pull requests that it merges. Changes that only
// come about by merging several of them are approved nowhere.
func (j *job) reviewGroup(ctx context.Context, head, base string) error {
	basis := approval.Basis{
		Repository: j.repo.String(),
		Head:       head,
		BaseRef:    "merge queue",
		Base:       base,
		Policy:     base,
	}
	before, err := j.load(ctx)
	if err != nil {
		return err
	}
	if before.Decision.Basis.Head == "" {
		before.Decision.Basis = basis
	}
	if j.lease.Died {
		return j.died(ctx, before)
	}
	stop := j.announceLater(ctx, before)
	decision, err := guarded(ctx, func() (approval.Decision, error) { return j.decideGroup(ctx, basis) })
	stop()
	if err != nil {
		return j.trouble(ctx, before, err)
	}
	return j.save(ctx, stored{Record: checks.Record{Decision: decision}})
}

func (j *job) decideGroup(ctx context.Context, basis approval.Basis) (approval.Decision, error) {
	in, err := j.input(ctx, basis)
	if err != nil {
		return approval.Decision{}, err
	}
	in.Terms.PerTeam = 1 // each pull request has counted heads already
	if len(approval.Asked(in)) > 0 {
		if in.Reviews, err = j.agreedInPulls(ctx, basis); err != nil {
			return approval.Decision{}, err
		}
	}
	return approval.Decide(in), nil
}

// agreedInPulls turns what is agreed now in each pull request that the group
// merges into one review of the group.
func (j *job) agreedInPulls(ctx context.Context, basis approval.Basis) ([]approval.Review, error) {
	members, err := j.members(ctx, basis)
	if err != nil {
		return nil, err
	}
	var reviews []approval.Review
	for _, pull := range members {
		d, err := j.decideMember(ctx, pull)
		if err != nil {
			return nil, fmt.Errorf("decide on #%d: %w", pull.Number, err)
		}
		if d.State == approval.Rejected || d.State == approval.Invalid {
			continue
		}
		reviews = append(reviews, approval.Review{
			By: "#" + strconv.Itoa(pull.Number), Approves: true,
			SpeaksFor: func(approval.Party) bool { return true },
			Found:     agreed(d.Demands),
		})
	}
	return reviews, nil
}

// decideMember decides anew on a pull request of a group. Who has left a team, or
// taken an approval back, since it was decided last, must not count.
func (j *job) decideMember(ctx context.Context, pull github.PullRequest) (approval.Decision, error) {
	member := *j
	member.key = store.PullKey(pull.Number)
	last, err := member.load(ctx)
	if err != nil {
		return approval.Decision{}, err
	}
	present, _, err := member.present(ctx, pull, last)
	if err != nil {
		return approval.Decision{}, err
	}
	decided, err := member.decide(ctx, pull, present)
	return decided.Decision, err
}

// agreed keeps what is settled of demands.
func agreed(demands []approval.Demand) []approval.Demand {
	var settled []approval.Demand
	for _, d := range demands {
		d.Items = slices.DeleteFunc(slices.Clone(d.Items), func(i approval.Item) bool { return i.Open })
		settled = append(settled, d)
	}
	return settled
}

// queued finds the pull request in the branch that GitHub makes for a group: the
// last one that it merges.
var queued = regexp.MustCompile(`/pr-(\d+)-[0-9a-f]+$`)

// members returns the open pull requests that the group merges: those that the
// queue names, and those whose head the group contains. Commit messages say
// nothing of it: anybody can write "(#1)" into one.
func (j *job) members(ctx context.Context, basis approval.Basis) ([]github.PullRequest, error) {
	var numbers []int
	if m := queued.FindStringSubmatch(j.lease.Branch); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, fmt.Errorf("the branch %s of the queue: %w", j.lease.Branch, err)
		}
		numbers = append(numbers, n)
	}
	commits, err := j.client.CommitsBetween(ctx, j.repo, basis.Base, basis.Head)
	if err != nil {
		return nil, fmt.Errorf("read the group's commits: %w", err)
	}
	open, err := j.client.OpenPulls(ctx, j.repo)
	if err != nil {
		return nil, fmt.Errorf("list the open pull requests: %w", err)
	}
	return slices.DeleteFunc(open, func(p github.PullRequest) bool {
		isHead := func(c github.Commit) bool { return c.SHA == p.Head }
		return !slices.Contains(numbers, p.Number) && !slices.ContainsFunc(commits, isHead)
	}), nil
}
