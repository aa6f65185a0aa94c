package app

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// What became of a comment on a line, when it is not a comment's id.
const (
	inlineRefused = "refused" // GitHub takes it neither on the line nor on the file
	inlineDeleted = "deleted" // by us, as nothing was open any more
)

// inline comments on the lines that somebody has to agree to, once each, and
// takes back what nobody has to look at any more: an open thread blocks the
// merge where conversations must be resolved. A thread in which people have
// answered stays.
func (j *job) inline(ctx context.Context, d *approval.Decision) error {
	known, err := j.Store.Intents(ctx, j.repo.ID, d.Basis.Pull, "inline")
	if err != nil {
		return err
	}
	wanted := checks.Inlines(d)
	if d.Basis.Draft {
		wanted = nil
	}
	for _, in := range known {
		still := slices.ContainsFunc(wanted, func(w checks.Inline) bool { return w.Fingerprint == in.Delta })
		if id, err := strconv.ParseInt(in.Result, 10, 64); err == nil && !still {
			if err := j.takeBack(ctx, d, in, id); err != nil {
				return err
			}
		}
	}
	for _, w := range wanted {
		if err := j.commentOn(ctx, d, w); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) commentOn(ctx context.Context, d *approval.Decision, w checks.Inline) error {
	intent, fresh, err := j.Store.Intend(ctx, store.Intent{
		RepoID: j.repo.ID, Pull: d.Basis.Pull, Kind: "inline", Delta: w.Fingerprint,
	})
	if err != nil || intent.Result != "" && intent.Result != inlineDeleted {
		return err
	}
	if intent.Result == inlineDeleted { // from here on it may be there again
		if err := j.Store.Fulfil(ctx, intent.ID, ""); err != nil {
			return err
		}
	}
	if !fresh && intent.Result == "" { // it may have been written before a crash
		comments, err := j.client.ReviewComments(ctx, j.repo, d.Basis.Pull)
		if err != nil {
			return err
		}
		for _, c := range comments {
			if c.Ours && strings.HasPrefix(c.Body, w.Marker) {
				return j.Store.Fulfil(ctx, intent.ID, strconv.FormatInt(c.ID, 10))
			}
		}
	}
	if err := j.lease.Verify(ctx); err != nil {
		return err
	}
	comment := github.ReviewComment{
		Path:   w.Path,
		Line:   w.Line,
		Side:   "RIGHT",
		Commit: d.Basis.Head,
		Body:   w.Body,
	}
	if w.Left {
		comment.Side = "LEFT"
	}
	id, err := j.client.CreateReviewComment(ctx, j.repo, d.Basis.Pull, comment)
	if errors.Is(err, github.ErrUnprocessable) { // the line is not in the diff
		comment.Line = 0
		id, err = j.client.CreateReviewComment(ctx, j.repo, d.Basis.Pull, comment)
	}
	switch {
	case errors.Is(err, github.ErrUnprocessable), errors.Is(err, fs.ErrPermission),
		errors.Is(err, fs.ErrNotExist):
		return j.Store.Fulfil(ctx, intent.ID, inlineRefused)
	case err != nil:
		return err
	}
	return j.Store.Fulfil(ctx, intent.ID, strconv.FormatInt(id, 10))
}

func (j *job) takeBack(ctx context.Context, d *approval.Decision, in store.Intent, id int64) error {
	comments, err := j.client.ReviewComments(ctx, j.repo, d.Basis.Pull)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(comments, func(c github.ReviewComment) bool { return c.ReplyTo == id }) {
		return nil
	}
	if err := j.lease.Verify(ctx); err != nil {
		return err
	}
	if err := j.client.DeleteReviewComment(ctx, j.repo, id); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return j.Store.Fulfil(ctx, in.ID, inlineDeleted)
}
