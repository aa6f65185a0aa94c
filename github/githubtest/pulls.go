package githubtest

import (
	"fmt"
	"slices"
	"time"
)

// Pull is a pull request. The server sets Number, State, Merged, Head, Created
// and Requested.
type Pull struct {
	Number           int
	Title, Body      string
	Author           string
	HeadRef, BaseRef string // HeadRef is a branch of this repository, even if Fork is set
	Fork             string // the owner of the fork that it comes from; empty: this repository
	Draft            bool
	State            string // open or closed
	Merged           bool
	Head             string
	Created          time.Time
	Requested        []string // slugs of the teams that are asked
}

// Review is a submitted review.
type Review struct {
	ID        int64
	User      string
	State     string // APPROVED, CHANGES_REQUESTED, COMMENTED or DISMISSED
	Body      string
	Commit    string
	Submitted time.Time
}

// Request is an entry of the timeline: somebody asked a team.
type Request struct{ Team, By string }

type pull struct {
	Pull
	id       int64
	base     string // the tip of the base when the head was last pushed
	merge    string // the merge commit
	reviews  []Review
	timeline []timed
}

type timed struct {
	Request
	id int64
	at time.Time
}

// OpenPull opens a pull request and returns its number. The base defaults to
// main.
func (r *Repo) OpenPull(p Pull) int {
	defer r.s.scene()()
	if p.BaseRef == "" {
		p.BaseRef = "main"
	}
	p.Number, p.State, p.Created = len(r.pulls)+1, "open", r.s.now()
	p.Head = r.git.tip(p.HeadRef)
	base := r.git.tip(p.BaseRef)
	if p.Head == "" || base == "" {
		panic(fmt.Sprintf("githubtest: open a pull request from %q to %q: no such branch", p.HeadRef,
			p.BaseRef))
	}
	r.git.must("update-ref", fmt.Sprintf("refs/pull/%d/head", p.Number), p.Head)
	made := &pull{Pull: p, id: r.s.id(), base: base}
	r.pulls = append(r.pulls, made)
	r.emitPull(made, "opened", r.s.user(p.Author), nil)
	return p.Number
}

// Pull returns the present state of a pull request.
func (r *Repo) Pull(number int) Pull {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	p := r.pull(number).Pull
	p.Requested = slices.Clone(p.Requested)
	return p
}

// Ready ends a draft.
func (r *Repo) Ready(number int) {
	defer r.s.scene()()
	p := r.pull(number)
	p.Draft = false
	r.emitPull(p, "ready_for_review", r.s.user(p.Author), nil)
}

// Edit changes the title and body.
func (r *Repo) Edit(number int, title, body string) {
	defer r.s.scene()()
	p := r.pull(number)
	from := p.Title
	p.Title, p.Body = title, body
	r.emitPull(p, "edited", r.s.user(p.Author), object{"changes": object{"title": object{"from": from}}})
}

// Retarget changes the base of a pull request.
func (r *Repo) Retarget(number int, base string) {
	defer r.s.scene()()
	p := r.pull(number)
	tip := r.git.tip(base)
	if tip == "" {
		panic(fmt.Sprintf("githubtest: retarget to %q: no such branch", base))
	}
	changes := object{"base": object{"ref": object{"from": p.BaseRef}, "sha": object{"from": p.base}}}
	p.BaseRef, p.base = base, tip
	r.emitPull(p, "edited", r.s.user(p.Author), object{"changes": changes})
}

// ClosePull closes without merging.
func (r *Repo) ClosePull(number int) {
	defer r.s.scene()()
	p := r.pull(number)
	p.State = "closed"
	r.emitPull(p, "closed", r.s.user(p.Author), nil)
}

// Reopen opens a closed pull request again.
func (r *Repo) Reopen(number int) {
	defer r.s.scene()()
	p := r.pull(number)
	p.State = "open"
	r.emitPull(p, "reopened", r.s.user(p.Author), nil)
}

// MergePull merges a pull request, whatever its checks, and returns the merge
// commit.
func (r *Repo) MergePull(number int, user string) string {
	defer r.s.scene()()
	p, sender := r.pull(number), r.s.user(user)
	before := r.git.tip(p.BaseRef)
	sha, err := r.git.merge(before, p.Head, mergeMessage(p), user, r.s.now())
	if err != nil {
		panic(fmt.Sprintf("githubtest: merge %s#%d: %v", r.Name, number, err))
	}
	r.git.must("update-ref", "refs/heads/"+p.BaseRef, sha)
	p.State, p.Merged, p.merge = "closed", true, sha
	r.emitPull(p, "closed", sender, nil)
	r.emitPush(p.BaseRef, before, sha, sender)
	return sha
}

func mergeMessage(p *pull) string {
	return fmt.Sprintf("Merge pull request #%d from %s\n\n%s", p.Number, p.HeadRef, p.Title)
}

// MergeGroup puts pull requests into the merge queue of their base, in this
// order. It requests a check of the group's head, and returns the head.
func (r *Repo) MergeGroup(numbers ...int) (base, head string) {
	defer r.s.scene()()
	ref := r.pull(numbers[0]).BaseRef
	base = r.git.tip(ref)
	head = base
	for _, n := range numbers {
		sha, err := r.git.merge(head, r.pull(n).Head, mergeMessage(r.pull(n)), r.s.Slug+"[bot]", r.s.now())
		if err != nil {
			panic(fmt.Sprintf("githubtest: queue %s#%d: %v", r.Name, n, err))
		}
		head = sha
	}
	group := fmt.Sprintf("gh-readonly-queue/%s/pr-%d-%s", ref, numbers[len(numbers)-1], base)
	r.git.must("update-ref", "refs/heads/"+group, head)
	r.emitGroup(group, ref, base, head)
	return base, head
}

// Review submits a review of the present head. Teams of the reviewer are no
// longer asked.
func (r *Repo) Review(number int, user, state, body string) (id int64) {
	defer r.s.scene()()
	p, sender := r.pull(number), r.s.user(user)
	review := Review{ID: r.s.id(), User: user, State: state, Body: body, Commit: p.Head, Submitted: r.s.now()}
	p.reviews = append(p.reviews, review)
	p.Requested = slices.DeleteFunc(p.Requested, func(slug string) bool {
		t := r.s.teams[r.Owner+"/"+slug]
		return t != nil && slices.Contains(t.Members, user)
	})
	r.emitReview(p, review, "submitted", sender)
	return review.ID
}

// Dismiss dismisses a review.
func (r *Repo) Dismiss(number int, id int64, user string) {
	defer r.s.scene()()
	p := r.pull(number)
	for i := range p.reviews {
		if p.reviews[i].ID == id {
			p.reviews[i].State = "DISMISSED"
			r.emitReview(p, p.reviews[i], "dismissed", r.s.user(user))
		}
	}
}

// Requested lists the slugs of the teams that are asked now.
func (r *Repo) Requested(number int) []string { return r.Pull(number).Requested }

// Timeline lists all requests to teams, oldest first.
func (r *Repo) Timeline(number int) []Request {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []Request
	for _, t := range r.pull(number).timeline {
		out = append(out, t.Request)
	}
	return out
}

// RequestTeam asks a team for a review, as a person.
func (r *Repo) RequestTeam(number int, user, slug string) {
	defer r.s.scene()()
	if refusal := r.request(r.pull(number), r.s.user(user), slug); refusal != "" {
		panic(fmt.Sprintf("githubtest: request %s: %s", slug, refusal))
	}
}

// request asks a team. It refuses teams that cannot be asked with GitHub's
// messages.
func (r *Repo) request(p *pull, by *account, slug string) (refusal string) {
	t := r.s.teams[r.Owner+"/"+slug]
	switch {
	case t == nil || t.Secret:
		return fmt.Sprintf("Could not resolve to a node with the global id of '%s'.", slug)
	case !t.canRead(r):
		return "Reviews may only be requested from collaborators. One or more of the teams you specified " +
			"is not a " +
			"collaborator of the " + r.fullName() + " repository."
	case slices.Contains(p.Requested, slug):
		return fmt.Sprintf("Review has already been requested from %s.", slug)
	}
	p.Requested = append(p.Requested, slug)
	p.timeline = append(p.timeline, timed{Request{slug, by.login}, r.s.id(), r.s.now()})
	return ""
}

func (r *Repo) find(number int) *pull {
	if number < 1 || number > len(r.pulls) {
		return nil
	}
	return r.pulls[number-1]
}

func (r *Repo) pull(number int) *pull {
	p := r.find(number)
	if p == nil {
		panic(fmt.Sprintf("githubtest: no pull request %s#%d", r.Name, number))
	}
	return p
}
