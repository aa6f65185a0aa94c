package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// reviewPull decides on a pull request as it is now, and stores what was
// decided; the lane of its head publishes it.
func (j *job) reviewPull(ctx context.Context, number int) error {
	before, err := j.load(ctx)
	if err != nil {
		return err
	}
	if j.lease.Died {
		return j.died(ctx, j.announced(before, number))
	}
	pull, err := j.client.PullState(ctx, j.repo, number)
	if err != nil {
		return j.trouble(ctx, j.announced(before, number), fmt.Errorf("read the pull request: %w", err))
	}
	if lags, err := j.lags(ctx, pull, before); err != nil || lags {
		return cmp.Or(err, error(lag{}))
	}
	present, arrived, err := j.present(ctx, pull, before)
	if err != nil {
		return j.trouble(ctx, before, err)
	}
	previous := before.Decision.Basis.Head
	if !pull.Open {
		present.Decision.Basis.Draft = true // nobody is asked any more
		present.closed, present.previous = true, previous
		return j.save(ctx, present)
	}
	if arrived {
		if err := j.announceArrival(ctx, pull, present); err != nil {
			return err
		}
	}
	stop := j.announceLater(ctx, present)
	decided, err := guarded(ctx, func() (stored, error) { return j.decide(ctx, pull, present) })
	stop()
	var unindexed *indexing
	if errors.As(err, &unindexed) {
		present.Indexing = true
		if err := j.announce(ctx, present, unindexed.Error()); err != nil {
			return err
		}
		// From here on the lane of the index wakes this one, also if it ended meanwhile.
		return j.Store.DirtyLater(ctx, j.lane(store.IndexKey))
	}
	if err != nil {
		return j.trouble(ctx, present, err)
	}
	decided.previous = previous
	return j.save(ctx, decided)
}

// lag is the error of a pull request whose new head GitHub announced and does not
// show yet.
type lag struct{}

func (lag) Error() string             { return "GitHub does not show the head yet that it announced" }
func (lag) RetryAfter() time.Duration { return 2 * time.Second }

// longestLag is how long a head is waited for that GitHub announced. After that
// it may have been replaced already.
const longestLag = time.Minute

// lags reports whether GitHub shows the head that was decided last, although it
// announced another one that was never seen: its replicas are not equally fast.
func (j *job) lags(ctx context.Context, pull github.PullState, before stored) (bool, error) {
	announced := j.lease.Head
	if announced == "" || announced == pull.Head || pull.Head != before.Decision.Basis.Head ||
		j.lease.Last || j.lease.PutOff() > longestLag {
		return false, nil
	}
	seen, err := j.loadAt(ctx, announced)
	return seen.Decision.Basis.Head == "", err
}

// announced is the record of the head that an event announced, if it is another one
// than that which was decided last: where nothing can be read, the check of that
// head has to say so.
func (j *job) announced(before stored, number int) stored {
	if j.lease.Head == "" || j.lease.Head == before.Decision.Basis.Head {
		return before
	}
	s := stored{Seen: before.Seen, previous: before.Decision.Basis.Head}
	s.Decision.Basis = approval.Basis{Repository: j.repo.String(), Pull: number, Head: j.lease.Head}
	return s
}

// died says on the check that a review was given up that killed the process.
func (j *job) died(ctx context.Context, s stored) error {
	s.Trouble = &checks.Trouble{Reason: "the review ended the server's process each time", Final: true}
	if err := j.save(ctx, s); err != nil {
		return err
	}
	return errDied
}

var errDied = errors.New("the process died in every attempt")

// present is the record of the pull request's head until it is decided anew:
// the last one if that is of the same head and base. If not, the pull request
// has arrived at the head; it may have been decided there before, for this base
// or another one, lately or some heads ago.
func (j *job) present(
	ctx context.Context, pull github.PullState, before stored,
) (present stored, arrived bool, err error) {
	if basis := before.Decision.Basis; basis.Head == pull.Head && basis.BaseRef == pull.BaseRef {
		return before, false, nil
	}
	if present, err = j.loadAt(ctx, pull.Head); err != nil {
		return present, false, err
	}
	if present.Decision.Basis.Head == "" {
		present.Decision.Basis = approval.Basis{
			Repository: j.repo.String(),
			Pull:       pull.Number,
			Title:      pull.Title,
			Head:       pull.Head,
			BaseRef:    pull.BaseRef,
			Draft:      pull.Draft,
		}
	}
	present.Seen = before.Seen
	return present, true, nil
}

// announceArrival makes the check of a head say that a pull request has come to
// it. What the check says was decided without the pull request, or for another
// base: it must not look green for this one, however short the time is. Where the
// head has no check, there is nothing to take back.
func (j *job) announceArrival(ctx context.Context, pull github.PullState, present stored) error {
	_, err := j.Store.Published(ctx, j.repo.ID, pull.Head)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	reason := fmt.Sprintf("#%d came to this commit", pull.Number)
	if known := present.Decision.Basis; known.Base != "" && known.BaseRef != pull.BaseRef {
		reason = "the base branch changed"
	}
	return j.announce(ctx, present, reason)
}

// stored is what the database keeps of a pull request or merge group at a head.
type stored struct {
	checks.Record
	Began time.Time `json:"began"` // when the decision was begun
	// Indexing says that the review waits for the index.
	Indexing bool `json:"indexing,omitempty"`
	// Seen holds the reviews of the pull request by their ids, at all its heads.
	Seen map[int64]seen `json:"seen,omitempty"`

	// Only save reads the rest.
	closed   bool   // the pull request has no say in the check of its head any more
	previous string // the head that was decided before, whose check has to be rendered again without this one
}

// load returns what the lane saved last; the zero value if it never did.
func (j *job) load(ctx context.Context) (stored, error) {
	return decode(j.Store.Decision(ctx, j.repo.ID, j.key))
}

// loadAt returns what the lane saved last at a head; the zero value if it never
// did.
func (j *job) loadAt(ctx context.Context, head string) (stored, error) {
	return decode(j.Store.DecisionAt(ctx, j.repo.ID, j.key, head))
}

func decode(d store.Decision, err error) (stored, error) {
	var s stored
	if errors.Is(err, store.ErrNotFound) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(d.Body, &s)
	}
	if err != nil {
		return s, fmt.Errorf("read an earlier decision: %w", err)
	}
	return s, nil
}

// save stores what was decided and wakes the publishing of its head, and of the
// head that the pull request had before: others may share it.
func (j *job) save(ctx context.Context, s stored) error {
	head := s.Decision.Basis.Head
	if head == "" {
		return nil // nothing was ever decided: there is no check to change
	}
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode decision: %w", err)
	}
	lanes := []store.Lane{j.lane(store.HeadKey(head))}
	if s.previous != "" && s.previous != head {
		lanes = append(lanes, j.lane(store.HeadKey(s.previous)))
	}
	d := store.Decision{
		RepoID:  j.repo.ID,
		Key:     j.key,
		Head:    head,
		Open:    !s.closed,
		Body:    body,
		Updated: j.Now(),
	}
	return j.Store.SaveDecision(ctx, j.lease, d, lanes...)
}

// announce makes the check say that a decision is on its way. What was decided
// before at this head stays stored.
func (j *job) announce(ctx context.Context, s stored, reason string) error {
	s.Trouble = &checks.Trouble{Reason: reason}
	return j.save(ctx, s)
}

// announceLater announces a review that takes longer than people like to wait
// without a word. The returned function waits until that can no longer happen.
func (j *job) announceLater(ctx context.Context, s stored) (stop func()) {
	var announcing sync.WaitGroup
	announcing.Add(1)
	timer := time.AfterFunc(j.Patience, func() {
		defer announcing.Done()
		if err := j.announce(ctx, s, "comparing takes a while"); err != nil {
			j.Log.Warn("announce review", "repo", j.repo.String(), "lane", j.lease.Key, "error", err)
		}
	})
	return func() {
		if timer.Stop() {
			announcing.Done()
		}
		announcing.Wait()
	}
}

// trouble makes the check say that the decision failed and is tried again, or
// was given up, and returns the error. A reason never holds what the error
// says: that may come from anywhere.
func (j *job) trouble(ctx context.Context, s stored, err error) error {
	if errors.Is(err, store.ErrStale) || ctx.Err() != nil && !j.lease.GivesUp(err) {
		return err
	}
	reason := "something went wrong on our side"
	var later interface{ RetryAfter() time.Duration }
	var unread *contracts.RegistryError
	var denied *github.PermissionError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		reason = "it takes longer than a review may take"
	case errors.As(err, &unread):
		reason = "the schema registry " + unread.Name + " cannot be read"
	case errors.As(err, &denied):
		reason = permissionReason(denied)
	case errors.As(err, &later):
		reason = "GitHub asks for patience or does not answer"
	}
	final := j.lease.GivesUp(err)
	if known := s.Trouble; known != nil && known.Reason == reason && known.Final == final {
		return err
	}
	s.Trouble = &checks.Trouble{Reason: reason, Final: final}
	if saved := j.save(context.WithoutCancel(ctx), s); saved != nil {
		return errors.Join(err, saved)
	}
	return err
}

// permissionReason says who can grant what is missing.
func permissionReason(e *github.PermissionError) string {
	const text = "assent lacks a permission%s: an owner of the organisation has to accept it in the " +
		"settings of the App's installation"
	if e.Needs == "" {
		return fmt.Sprintf(text, "")
	}
	return fmt.Sprintf(text, " ("+strings.ReplaceAll(e.Needs, "=", ": ")+")")
}

// guarded makes an error of a panic, so that the check can tell of it, and gives
// the worker back when the time is up: what a pull request holds may keep a loop
// busy that does not look at its context.
func guarded[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
			done <- r
		}()
		r.value, r.err = f()
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// decide reads everything that a decision rests on and decides. Beside the reviews
// that were present, the result has those that are seen for the first time.
func (j *job) decide(ctx context.Context, pull github.PullState, present stored) (stored, error) {
	decided := stored{Began: j.began}
	if pull.Tip == "" {
		return decided, fmt.Errorf("the base branch %s is gone: %w", pull.BaseRef, fs.ErrNotExist)
	}
	in, err := j.inputAt(ctx, pull, pull.Tip, pull.Head)
	if err != nil {
		return decided, err
	}
	in.Reviews, err = j.reviews(ctx, pull, &in, &present)
	if err != nil {
		return decided, err
	}
	decided.Seen, decided.Decision = present.Seen, approval.Decide(in)
	return decided, nil
}

// inputAt compares the merge base with a head of the pull request, by the
// policy at the tip of the base branch.
func (j *job) inputAt(ctx context.Context, pull github.PullState,
	policy, head string) (approval.Input, error) {
	compared, err := j.compare(ctx, policy, head)
	if err != nil {
		return approval.Input{}, fmt.Errorf("find the merge base: %w", err)
	}
	return j.input(ctx, approval.Basis{
		Repository: j.repo.String(),
		Pull:       pull.Number,
		Title:      pull.Title,
		Head:       head,
		BaseRef:    pull.BaseRef,
		Base:       compared.MergeBase,
		Policy:     policy,
		Draft:      pull.Draft,
	})
}

// compare compares two commits, each pair once.
func (j *job) compare(ctx context.Context, base, head string) (github.Comparison, error) {
	pair := [2]string{base, head}
	known, ok := j.compared[pair]
	if ok {
		return known, nil
	}
	known, err := j.client.Compare(ctx, j.repo, base, head)
	if err == nil {
		j.compared[pair] = known
	}
	return known, err
}
