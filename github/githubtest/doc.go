// Package githubtest is a GitHub in memory, spoken to over HTTP, for tests and
// for the demo.
//
// Its repositories are real git repositories. It answers the part of the REST
// API that package github uses, with GitHub's rules: annotations append and
// never more than fifty at a time, the latest check run of a name wins, a
// comment outside the diff is a 422, a team that has reviewed is no longer
// asked, tokens expire, listings have pages. It sends signed webhooks, in order
// unless a test disturbs them, and shows its pull requests to people as pages.
//
// It knows nothing of contracts or of package github. Given GitHub's OpenAPI
// description it checks every request and its own answers against it. Methods
// that set a scene panic when it is impossible (an unknown branch, a failing
// git), as a broken fixture does; what arrives over HTTP never does.
package githubtest
