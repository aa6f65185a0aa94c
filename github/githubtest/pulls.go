package githubtest

import (
	"fmt"
	"slices"
	"time"
)

// Pull is a pull request. The server sets Number, State, Merged, Head, Created,
// Requested and Reviewers.
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
	Reviewers        []string // logins of the people who are asked
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

// Request is an entry of the timeline: By asked a team, or a person.
type Request struct{ Team, User, By string }

type pull struct {
	Pull
	id       int64
	base     string // the tip of the base when the head was last pushed
	merge    string // the merge commit
	locked   bool
	updated  time.Time
	reviews  []Review
	asked    []reviewer // whose review is asked for now
	timeline []timed
}

// reviewer is a team or, if that is 0, a person.
type reviewer struct {
	team int64
	user string
}

// timed is an entry of the timeline: a request, or the dismissal of a review.
type timed struct {
	reviewer  reviewer
	dismissed *Review // as it was before
	by        string
	id        int64
	at        time.Time
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
	made := &pull{Pull: p, id: r.s.id(), base: base, updated: r.s.now()}
	r.pulls = append(r.pulls, made)
	r.emitPull(made, "opened", r.s.user(p.Author), nil)
	return p.Number
}

// Pull returns the present state of a pull request.
func (r *Repo) Pull(number int) Pull {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	p := r.pull(number)
	out := p.Pull
	for _, who := range p.asked {
		if who.team == 0 {
			out.Reviewers = append(out.Reviewers, who.user)
		} else if t := r.s.teams[who.team]; t != nil {
			out.Requested = append(out.Requested, t.Slug)
		}
	}
	return out
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

// Lock locks the conversation, so that the App cannot comment.
func (r *Repo) Lock(number int) { r.setLock(number, true, "locked") }

// Unlock ends [Repo.Lock].
func (r *Repo) Unlock(number int) { r.setLock(number, false, "unlocked") }

func (r *Repo) setLock(number int, locked bool, action string) {
	defer r.s.scene()()
	p := r.pull(number)
	p.locked = locked
	r.emitPull(p, action, r.s.known(r.Owner), nil)
}

// Lag lets the API answer about a pull request with its present head, whatever is
// pushed, as GitHub's replicas do for some seconds. Events tell the new head.
func (r *Repo) Lag(number int) {
	defer r.s.scene()()
	r.lagging[number] = r.pull(number).Head
}

// CatchUp ends all of [Repo.Lag].
func (r *Repo) CatchUp() {
	defer r.s.scene()()
	clear(r.lagging)
}

// seen is a pull request as the API shows it.
func (r *Repo) seen(p *pull) *pull {
	head, behind := r.lagging[p.Number]
	if !behind {
		return p
	}
	out := *p
	out.Head = head
	return &out
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
	r.pushed(p.BaseRef, before, user)
	return sha
}

// Review submits a review of the present head. The reviewer and teams of theirs
// are no longer asked.
func (r *Repo) Review(number int, user, state, body string) (id int64) {
	defer r.s.scene()()
	p, sender := r.pull(number), r.s.user(user)
	review := Review{ID: r.s.id(), User: user, State: state, Body: body, Commit: p.Head, Submitted: r.s.now()}
	p.reviews = append(p.reviews, review)
	p.asked = slices.DeleteFunc(p.asked, func(who reviewer) bool {
		t := r.s.teams[who.team]
		return who.user == user || t != nil && t.has(user)
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
			was := p.reviews[i]
			p.timeline = append(p.timeline, timed{
				dismissed: &was, by: user, id: r.s.id(), at: r.s.now(),
			})
			p.reviews[i].State = "DISMISSED"
			r.emitReview(p, p.reviews[i], "dismissed", r.s.user(user))
		}
	}
}

// Requested lists the slugs of the teams that are asked now.
func (r *Repo) Requested(number int) []string { return r.Pull(number).Requested }

// Timeline lists all requests to teams and people, oldest first.
func (r *Repo) Timeline(number int) []Request {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []Request
	for _, t := range r.pull(number).timeline {
		if t.dismissed == nil {
			out = append(out, Request{Team: r.s.slug(t.reviewer.team), User: t.reviewer.user, By: t.by})
		}
	}
	return out
}

// slug is the slug of a team; "" if the team is gone.
func (s *Server) slug(id int64) string {
	if t := s.teams[id]; t != nil {
		return t.Slug
	}
	return ""
}

// RequestTeam asks a team for a review, as a person.
func (r *Repo) RequestTeam(number int, user, slug string) {
	defer r.s.scene()()
	if refusal := r.requestTeam(r.pull(number), r.s.user(user), slug); refusal != "" {
		panic(fmt.Sprintf("githubtest: request %s: %s", slug, refusal))
	}
}

// requestTeam asks a team. It refuses teams that cannot be asked with GitHub's
// messages.
func (r *Repo) requestTeam(p *pull, by *account, slug string) (refusal string) {
	t := r.s.team(r.Owner, slug)
	switch {
	case t == nil || t.Secret:
		return fmt.Sprintf("Could not resolve to a node with the global id of '%s'.", slug)
	case !t.canRead(r):
		return "Reviews may only be requested from collaborators. One or more of the teams you specified " +
			"is not a collaborator of the " + r.fullName() + " repository."
	}
	return r.request(p, by, reviewer{team: t.id}, slug)
}

// requestPerson asks a person, and refuses those who cannot be asked.
func (r *Repo) requestPerson(p *pull, by *account, login string) (refusal string) {
	a := r.s.known(login)
	switch {
	case a != nil && a.login == p.Author:
		return "Review cannot be requested from pull request author."
	case a == nil || a.kind != "User" || r.role(a.login) == "none":
		return "Reviews may only be requested from collaborators. One or more of the users or teams you " +
			"specified is not a collaborator of the " + r.fullName() + " repository."
	}
	return r.request(p, by, reviewer{user: a.login}, login)
}

func (r *Repo) request(p *pull, by *account, who reviewer, name string) (refusal string) {
	if slices.Contains(p.asked, who) {
		return fmt.Sprintf("Review has already been requested from %s.", name)
	}
	p.asked = append(p.asked, who)
	p.timeline = append(p.timeline, timed{reviewer: who, by: by.login, id: r.s.id(), at: r.s.now()})
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
