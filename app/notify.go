package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/store"
)

// notify asks those who have to agree, each once for the same changes, and keeps
// the one comment. GitHub has no key for either, so an intent is recorded before
// and its result after; an intent without a result is looked up on GitHub first.
func (j *job) notify(ctx context.Context, s *stored) error {
	d := &s.Decision
	var tried attempts
	if !d.Basis.Draft {
		asking := requests{j, d, s.Began}
		for _, name := range d.Asks() {
			if tried.failed(asking.ask(ctx, name), "ask %s", name) {
				return tried.err()
			}
		}
	}
	unasked, err := requests{j, d, s.Began}.unasked(ctx)
	if err != nil {
		return err
	}
	if !tried.failed(j.comment(ctx, d, unasked), "comment") {
		tried.failed(j.inline(ctx, d), "comment on lines")
	}
	return tried.err()
}

// comment creates the one comment, or edits it if it says something else.
func (j *job) comment(ctx context.Context, d *approval.Decision, unasked []checks.Unasked) error {
	body, wanted := checks.Comment(d, unasked...)
	intent := store.Intent{RepoID: j.repo.ID, Pull: d.Basis.Pull, Kind: "comment"}
	if !wanted {
		known, err := j.Store.Intended(ctx, intent)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if known.Result == "" {
			id, err := j.findComment(ctx, d.Basis.Pull)
			if id == 0 || err != nil {
				return err
			}
			known.Result = strconv.FormatInt(id, 10)
		}
		return j.write(ctx, d, known, false, body)
	}
	intent, fresh, err := j.Store.Intend(ctx, intent)
	if err != nil {
		return err
	}
	return j.write(ctx, d, intent, fresh, body)
}

// write brings the comment to the body. The intent's result is the comment's
// id and the digest of what it says.
func (j *job) write(ctx context.Context, d *approval.Decision, intent store.Intent, fresh bool,
	body string) error {
	said := digest(body)
	known, before, _ := strings.Cut(intent.Result, " ")
	if before == said {
		return nil
	}
	id, err := strconv.ParseInt(known, 10, 64)
	if err != nil && !fresh { // it may have been written before a crash
		if id, err = j.findComment(ctx, d.Basis.Pull); err != nil {
			return err
		}
	}
	if err := j.lease.Verify(ctx); err != nil {
		return err
	}
	if id == 0 {
		id, err = j.client.CreateComment(ctx, j.repo, d.Basis.Pull, body)
	} else {
		err = j.client.EditComment(ctx, j.repo, id, body)
	}
	// Somebody deleted it, and had reasons, or locked the conversation.
	if refusedForGood(err) {
		j.Log.Warn("GitHub takes no comment", "repo", j.repo.String(), "pull", d.Basis.Pull, "error", err)
		return j.Store.Fulfil(ctx, intent.ID, known+" "+said)
	}
	if err != nil {
		return err
	}
	return j.Store.Fulfil(ctx, intent.ID, fmt.Sprintf("%d %s", id, said))
}

func (j *job) findComment(ctx context.Context, pull int) (int64, error) {
	comments, err := j.client.Comments(ctx, j.repo, pull)
	if err != nil {
		return 0, err
	}
	for _, c := range comments {
		if c.Ours && strings.HasPrefix(c.Body, checks.Marker) {
			return c.ID, nil
		}
	}
	return 0, nil
}
