// Package github calls the part of GitHub's REST API that assent uses, as a
// GitHub App.
//
// It returns plain values of its own types, and trees as file systems. It knows
// pull requests, reviews, teams and check runs, but not contracts: package app,
// its only caller, decides what to read and what to write.
//
// It never sleeps and never retries. If a call may succeed later (after a rate
// limit, a status 5xx, a time-out, a broken connection), its error has a method
// RetryAfter() time.Duration. A status 404 satisfies errors.Is(err,
// fs.ErrNotExist), a 403 that is not a rate limit fs.ErrPermission, and a 422
// [ErrUnprocessable].
package github
