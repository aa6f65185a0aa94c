package app

import (
	"context"
	"errors"
	"fmt"
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
	l := &lineComments{job: j, decision: d}
	for _, in := range known {
		still := slices.ContainsFunc(wanted, func(w checks.Inline) bool { return w.Fingerprint == in.Delta })
		if id, err := strconv.ParseInt(in.Result, 10, 64); err == nil && !still {
			if err := l.takeBack(ctx, in, id); err != nil {
				return err
			}
		}
	}
	for _, w := range wanted {
		if err := l.add(ctx, w); err != nil {
			return err
		}
	}
	return l.write(ctx)
}

// lineComments are the comments on lines of one pull request.
type lineComments struct {
	*job
	decision *approval.Decision

	listed bool // there has what GitHub has
	there  []github.ReviewComment
	wanted []lineComment
}

// lineComment is a comment to be written.
type lineComment struct {
	intent int64
	marker string
	github.ReviewComment
}

// onGitHub lists the comments, once.
func (l *lineComments) onGitHub(ctx context.Context) (all []github.ReviewComment, err error) {
	if !l.listed {
		l.there, err = l.client.ReviewComments(ctx, l.repo, l.decision.Basis.Pull)
		l.listed = err == nil
	}
	return l.there, err
}

// add notes a comment that has to be written, unless it is there.
func (l *lineComments) add(ctx context.Context, w checks.Inline) error {
	intent, fresh, err := l.Store.Intend(ctx, store.Intent{
		RepoID: l.repo.ID, Pull: l.decision.Basis.Pull, Kind: "inline", Delta: w.Fingerprint,
	})
	if err != nil || intent.Result != "" && intent.Result != inlineDeleted {
		return err
	}
	if intent.Result == inlineDeleted { // from here on it may be there again
		if err := l.Store.Fulfil(ctx, intent.ID, ""); err != nil {
			return err
		}
	}
	if !fresh && intent.Result == "" { // it may have been written before a crash
		comments, err := l.onGitHub(ctx)
		if err != nil {
			return err
		}
		if done, err := l.fulfil(ctx, intent.ID, w.Marker, comments); done || err != nil {
			return err
		}
	}
	comment := github.ReviewComment{
		Path: w.Path, Line: w.Line, Side: "RIGHT", Commit: l.decision.Basis.Head, Body: w.Body,
	}
	if w.Left {
		comment.Side = "LEFT"
	}
	l.wanted = append(l.wanted, lineComment{intent.ID, w.Marker, comment})
	return nil
}

// fulfil records the id of a comment if it is among others.
func (l *lineComments) fulfil(
	ctx context.Context, intent int64, marker string, among []github.ReviewComment,
) (done bool, err error) {
	for _, c := range among {
		if c.Ours && strings.HasPrefix(c.Body, marker) {
			return true, l.Store.Fulfil(ctx, intent, strconv.FormatInt(c.ID, 10))
		}
	}
	return false, nil
}

// fewComments need no review around them, which GitHub shows as one comment more.
const fewComments = 2

// write writes many comments by one review, of which people are notified once. If
// one of them is on a line that the diff does not have, GitHub refuses all, and
// each is written by itself.
func (l *lineComments) write(ctx context.Context) error {
	if len(l.wanted) > fewComments {
		if done, err := l.review(ctx); done || err != nil {
			return err
		}
	}
	for _, c := range l.wanted {
		if err := l.writeOne(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// review writes the comments by one review. It is not done if GitHub refuses one
// of them.
func (l *lineComments) review(ctx context.Context) (done bool, err error) {
	if err := l.lease.Verify(ctx); err != nil {
		return false, err
	}
	comments := make([]github.ReviewComment, len(l.wanted))
	for i, c := range l.wanted {
		if c.Line == 0 {
			return false, nil
		}
		comments[i] = c.ReviewComment
	}
	pull := l.decision.Basis.Pull
	text := fmt.Sprintf("%d changes need somebody's approval.", len(comments))
	review, err := l.client.CreateReview(ctx, l.repo, pull, l.decision.Basis.Head, text, comments)
	switch {
	case errors.Is(err, github.ErrUnprocessable):
		return false, nil
	case refusedForGood(err):
		return true, l.refuse(ctx)
	case err != nil:
		return false, err
	}
	made, err := l.client.CommentsOfReview(ctx, l.repo, pull, review)
	if err != nil {
		return false, err
	}
	for _, c := range l.wanted {
		if _, err := l.fulfil(ctx, c.intent, c.marker, made); err != nil {
			return false, err
		}
	}
	return true, nil
}

// refuse records that GitHub takes none of the comments.
func (l *lineComments) refuse(ctx context.Context) error {
	for _, c := range l.wanted {
		if err := l.Store.Fulfil(ctx, c.intent, inlineRefused); err != nil {
			return err
		}
	}
	return nil
}

// refusedForGood reports whether GitHub refuses something here alone, as in a
// conversation that is locked. A permission that was not granted is missing
// everywhere, and is told on the check.
func refusedForGood(err error) bool {
	var denied *github.PermissionError
	return !errors.As(err, &denied) && (errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist))
}

func (l *lineComments) writeOne(ctx context.Context, c lineComment) error {
	if err := l.lease.Verify(ctx); err != nil {
		return err
	}
	id, err := l.client.CreateReviewComment(ctx, l.repo, l.decision.Basis.Pull, c.ReviewComment)
	if errors.Is(err, github.ErrUnprocessable) { // the line is not in the diff
		c.Line = 0
		id, err = l.client.CreateReviewComment(ctx, l.repo, l.decision.Basis.Pull, c.ReviewComment)
	}
	switch {
	case errors.Is(err, github.ErrUnprocessable), refusedForGood(err):
		return l.Store.Fulfil(ctx, c.intent, inlineRefused)
	case err != nil:
		return err
	}
	return l.Store.Fulfil(ctx, c.intent, strconv.FormatInt(id, 10))
}

func (l *lineComments) takeBack(ctx context.Context, in store.Intent, id int64) error {
	comments, err := l.onGitHub(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(comments, func(c github.ReviewComment) bool { return c.ReplyTo == id }) {
		return nil
	}
	if err := l.lease.Verify(ctx); err != nil {
		return err
	}
	if err := l.client.DeleteReviewComment(ctx, l.repo, id); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return l.Store.Fulfil(ctx, in.ID, inlineDeleted)
}
