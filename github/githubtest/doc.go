// Package githubtest is a GitHub in memory with an HTTP API, for tests and for
// the demo.
//
// Its repositories are real git repositories. It answers the parts of the REST and
// GraphQL APIs that package github uses, by GitHub's rules: annotations are appended, at
// most fifty at a time; the latest check run with a name counts; a comment
// outside the diff is refused with status 422; a team that has reviewed is no
// longer asked; tokens expire; listings have pages. It sends signed webhooks,
// in order unless a test disturbs them, and shows its pull requests to people
// as pages.
//
// It knows neither contracts nor package github. With GitHub's OpenAPI
// description it validates every request and its own answers, and with GitHub's
// schema every query. Methods for tests
// panic if a call is impossible (an unknown branch, a failing git). Requests
// over HTTP never panic.
package githubtest
