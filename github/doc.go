// Package github is the part of GitHub's REST API that assent uses, as a GitHub
// App sees it.
//
// It returns plain values of its own and reads trees as file systems. It knows
// pull requests, reviews, teams and check runs, and nothing of contracts: what
// to ask and what to write is decided by package app, its only caller.
//
// It never sleeps and never retries. A call that GitHub refuses for now (rate
// limits, 5xx, time-outs, broken connections) fails with an error that has
// RetryAfter() time.Duration, and the caller's queue decides. A 404 satisfies
// errors.Is(err, fs.ErrNotExist), a 403 that is no rate limit fs.ErrPermission,
// a 422 [ErrUnprocessable].
package github
