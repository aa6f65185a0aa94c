// Package github calls the parts of GitHub's REST and GraphQL APIs that assent
// uses, as a GitHub App. It queries where one request reads what takes many.
//
// It returns plain values of its own types, and trees as file systems. It knows
// pull requests, reviews, teams and check runs, but not contracts: package app,
// its only caller, decides what to read and what to write.
//
// It never sleeps and never retries. If a call may succeed later (after a rate
// limit, a status 5xx, a time-out, a broken connection), its error has a method
// RetryAfter() time.Duration. A status 404 satisfies errors.Is(err,
// fs.ErrNotExist), a 403 that is not a rate limit fs.ErrPermission, and a 422
// [ErrUnprocessable]. A permission that the App lacks is a [PermissionError].
// Errors of queries, which come with status 200, are of the same kinds.
package github
