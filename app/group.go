package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
func (j *job) decideMember(ctx context.Context, pull github.PullState) (approval.Decision, error) {
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

// queueBranch takes the branch apart that GitHub makes for a group: the branch that
// it is for, and the last pull request that it merges.
var queueBranch = regexp.MustCompile(`^gh-readonly-queue/(.+)/pr-(\d+)-[0-9a-f]+$`)

// members returns the open pull requests that the group merges: those that the
// queue has between its ends, that after which GitHub called its branch, and those
// whose head it contains. Commit messages say nothing of it: anybody can write
// "(#1)" into one, and the queue may rewrite them.
func (j *job) members(ctx context.Context, basis approval.Basis) ([]github.PullState, error) {
	var numbers []int
	if m := queueBranch.FindStringSubmatch(j.lease.Branch); m != nil {
		last, err := strconv.Atoi(m[2])
		if err != nil {
			return nil, fmt.Errorf("the branch %s of the queue: %w", j.lease.Branch, err)
		}
		queue, err := j.client.QueueEntries(ctx, j.repo, m[1])
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("read the merge queue: %w", err)
		}
		numbers = append(between(queue, basis.Base, basis.Head), last)
	}
	contained, err := j.contained(ctx, basis)
	if err != nil {
		return nil, err
	}
	numbers = append(numbers, contained...)
	slices.Sort(numbers)
	var members []github.PullState
	for _, number := range slices.Compact(numbers) {
		pull, err := j.client.PullState(ctx, j.repo, number)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read #%d: %w", number, err)
		}
		if pull.Open {
			members = append(members, pull)
		}
	}
	return members, nil
}

// between returns the pull requests of a queue that come behind one group and up
// to another one, by the commits of the groups. What the first group stands on is
// no group.
func between(queue []github.QueueEntry, base, head string) []int {
	var numbers []int
	for _, e := range queue {
		if e.Head == base {
			numbers = nil
			continue
		}
		numbers = append(numbers, e.Number)
		if e.Head == head {
			return numbers
		}
	}
	return nil // the queue has gone on
}

// contained returns the open pull requests whose head the group contains.
func (j *job) contained(ctx context.Context, basis approval.Basis) ([]int, error) {
	commits, err := j.client.CommitsBetween(ctx, j.repo, basis.Base, basis.Head)
	if err != nil {
		return nil, fmt.Errorf("read the group's commits: %w", err)
	}
	open, err := j.client.OpenPulls(ctx, j.repo)
	if err != nil {
		return nil, fmt.Errorf("list the open pull requests: %w", err)
	}
	var numbers []int
	for _, p := range open {
		if slices.ContainsFunc(commits, func(c github.Commit) bool { return c.SHA == p.Head }) {
			numbers = append(numbers, p.Number)
		}
	}
	return numbers, nil
}
