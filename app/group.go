package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
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
	stop := j.announceLater(ctx, before)
	decision, err := guarded(func() (approval.Decision, error) { return j.decideGroup(ctx, basis) })
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

// agreedInPulls turns what was agreed in each merged pull request into one
// review of the group.
func (j *job) agreedInPulls(ctx context.Context, basis approval.Basis) ([]approval.Review, error) {
	numbers, err := j.merged(ctx, basis)
	if err != nil {
		return nil, err
	}
	var reviews []approval.Review
	for _, n := range numbers {
		d, err := j.Store.Decision(ctx, j.repo.ID, store.PullKey(n))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var rec checks.Record
		if err := json.Unmarshal(d.Body, &rec); err != nil {
			return nil, fmt.Errorf("decode the decision on #%d: %w", n, err)
		}
		reviews = append(reviews, approval.Review{
			By: "#" + strconv.Itoa(n), Approves: true,
			SpeaksFor: func(approval.Party) bool { return true },
			Found:     agreed(rec.Decision.Demands),
		})
	}
	return reviews, nil
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

// pullNumber finds the pull request in the subject of the commit that GitHub
// writes for it: "Merge pull request #7 from …" or "Title (#7)".
var pullNumber = regexp.MustCompile(`^Merge pull request #(\d+) |\(#(\d+)\)$`)

// merged lists the pull requests that the group's commits name.
func (j *job) merged(ctx context.Context, basis approval.Basis) ([]int, error) {
	commits, err := j.client.CommitsBetween(ctx, j.repo, basis.Base, basis.Head)
	if err != nil {
		return nil, fmt.Errorf("read the group's commits: %w", err)
	}
	var numbers []int
	for _, c := range commits {
		subject, _, _ := strings.Cut(c.Message, "\n")
		m := pullNumber.FindStringSubmatch(strings.TrimSpace(subject))
		if m == nil {
			continue
		}
		// The pattern allows digits only; a number too large names nothing.
		if n, err := strconv.Atoi(m[1] + m[2]); err == nil && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers, nil
}
