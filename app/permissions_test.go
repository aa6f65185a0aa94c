package app_test

import (
	"strings"
	"testing"

	"github.com/assent-dev/assent/github/githubtest"
)

// A permission that nobody granted is named on the check, with who can grant it.
func TestMissingPermission(t *testing.T) {
	for permission, says := range map[string]string{
		"members":       "Not decided: assent lacks a permission (members: read)",
		"pull_requests": "Nobody could be notified: assent lacks a permission (",
	} {
		t.Run(permission, func(t *testing.T) {
			t.Parallel()
			first, err := described(githubtest.Options{
				Description: githubtest.Description(t), Schema: githubtest.Schema(t),
			})
			if err != nil {
				t.Fatal(err)
			}
			granted := githubtest.Permissions()
			delete(granted, permission)
			if permission == "pull_requests" {
				granted[permission] = "read"
			}
			s := start(t, shop(), githubtest.Options{Like: first, Permissions: granted}, quick)
			pull := s.open(without(t, status))
			s.until("the check names the permission", func() bool {
				run := s.check(pull)
				return run.Conclusion != "" && strings.Contains(run.Title+run.Summary, says)
			})
			if run := s.check(pull); run.Conclusion == "success" ||
				!strings.Contains(run.Title+run.Summary, "an owner of the organisation has to accept it") {
				t.Errorf("the check is %s (%s)\n%s", run.Conclusion, run.Title, run.Summary)
			}
		})
	}
}
