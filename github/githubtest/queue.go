package githubtest

import (
	"fmt"
	"slices"
)

// queueEntry is a pull request in a merge queue, with the commits between which
// it is merged for the checks.
type queueEntry struct {
	pull       int
	base, head string
}

// MergeGroup puts pull requests into the merge queue of their base, in this
// order, and merges them by merge commits. It requests a check of the group's
// head, and returns the head.
func (r *Repo) MergeGroup(numbers ...int) (base, head string) {
	return r.MergeGroupBy("merge", numbers...)
}

// MergeGroupBy is [Repo.MergeGroup] with the method of the queue: merge, squash
// or rebase. A pull request that is queued already moves to the end.
func (r *Repo) MergeGroupBy(method string, numbers ...int) (base, head string) {
	defer r.s.scene()()
	ref := r.pull(numbers[0]).BaseRef
	base = r.git.tip(ref)
	head = base
	for _, n := range numbers {
		sha, err := r.combine(method, head, r.pull(n))
		if err != nil {
			panic(fmt.Sprintf("githubtest: queue %s#%d: %v", r.Name, n, err))
		}
		r.unqueue(n)
		r.queued = append(r.queued, queueEntry{pull: n, base: head, head: sha})
		head = sha
	}
	group := fmt.Sprintf("gh-readonly-queue/%s/pr-%d-%s", ref, numbers[len(numbers)-1], base)
	before := r.git.tip(group)
	r.git.must("update-ref", "refs/heads/"+group, head)
	if before != head {
		r.emitPush(group, before, head, r.s.queueBot())
	}
	r.emitGroup(group, ref, base, head)
	return base, head
}

// queueBot is the account that pushes the branches of merge groups.
func (s *Server) queueBot() *account { return s.account("github-merge-queue[bot]", "Bot") }

// combine merges a pull request onto a commit, and returns the last commit that
// it made.
func (r *Repo) combine(method, onto string, p *pull) (string, error) {
	by := r.s.queueBot().login
	switch method {
	case "merge":
		return r.git.merge(onto, p.Head, mergeMessage(p), by, r.s.now())
	case "squash":
		tree, err := r.git.mergedTree(onto, p.Head)
		if err != nil {
			return "", err
		}
		message := fmt.Sprintf("%s (#%d)", p.Title, p.Number)
		return r.git.commitTree(tree, message, p.Author, by, r.s.now(), onto)
	case "rebase":
		return r.rebase(onto, p)
	}
	return "", fmt.Errorf("no method %q", method)
}

// rebase repeats the commits of a pull request on another one. Merges among them
// are left out, as git and GitHub do.
func (r *Repo) rebase(onto string, p *pull) (string, error) {
	commits, err := r.git.log(r.git.mergeBase(onto, p.Head) + ".." + p.Head)
	if err != nil {
		return "", err
	}
	for _, c := range commits {
		if len(c.parents) != 1 {
			continue
		}
		if onto, err = r.git.pick(c, onto, r.s.queueBot().login, r.s.now()); err != nil {
			return "", err
		}
	}
	return onto, nil
}

func mergeMessage(p *pull) string {
	return fmt.Sprintf("Merge pull request #%d from %s\n\n%s", p.Number, p.HeadRef, p.Title)
}

// unqueue takes a pull request out of the queue.
func (r *Repo) unqueue(number int) {
	r.queued = slices.DeleteFunc(r.queued, func(e queueEntry) bool { return e.pull == number })
}

// queueOf lists the entries for a branch, the next to be merged first.
func (r *Repo) queueOf(branch string) []queueEntry {
	return slices.DeleteFunc(slices.Clone(r.queued), func(e queueEntry) bool {
		p := r.pull(e.pull)
		return p.BaseRef != branch || p.State != "open"
	})
}
