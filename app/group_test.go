package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/assent-dev/assent/github/githubtest"
)

// wantsGroup waits for the check on a merge group's head.
func (s *scene) wantsGroup(head, conclusion, words string) githubtest.CheckRun {
	s.Helper()
	var run githubtest.CheckRun
	s.until("the group is "+conclusion+": "+words, func() bool {
		run, _ = s.repo.Check(head, "assent")
		return run.Conclusion != ""
	})
	s.idle()
	if run.Conclusion != conclusion || !strings.Contains(run.Title, words) {
		s.Errorf("the group's check is %s (%s), want %s (%s)\n%s", run.Conclusion, run.Title, conclusion,
			words, run.Summary)
	}
	return run
}

func TestMergeGroup(t *testing.T) {
	s := begin(t, shop())
	quiet := s.open(map[string]string{"README.md": "# Shop 2\n"})
	s.wants(quiet, "success", "")
	_, head := s.repo.MergeGroup(quiet)
	s.wantsGroup(head, "success", "No contract changed")

	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	_, head = s.repo.MergeGroup(pull)
	s.wantsGroup(head, "failure", "1 change needs approval by acme/mobile")

	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	_, head = s.repo.MergeGroup(quiet, pull)
	s.wantsGroup(head, "success", "1 change approved")
	if len(s.comments(quiet)) > 0 {
		t.Error("the group's decision was told on a pull request of its own")
	}
}

// squashed makes a group whose one commit names its pull request as GitHub's
// squash does, and asks for its check.
func (s *scene) squashed(subject string, files map[string]string) (head string) {
	s.Helper()
	base := s.repo.Branch("main")
	s.branches++
	branch := fmt.Sprintf("gh-readonly-queue/main/pr-%d", s.branches)
	head = s.repo.Commit(branch, subject, "olivia", files)
	status := s.deliver("group "+subject, "merge_group", s.hub.Secret, map[string]any{
		"action": "checks_requested", "installation": map[string]any{"id": s.repo.Installation},
		"repository": map[string]any{
			"id":    s.repo.ID,
			"name":  s.repo.Name,
			"owner": map[string]any{"login": s.repo.Owner},
		},
		"merge_group": map[string]any{"head_sha": head, "base_sha": base},
	})
	if status != 202 {
		s.Fatalf("the merge group is answered %d", status)
	}
	return head
}

func TestMergeGroupOfSquashedCommits(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.wantsGroup(s.squashed("Drop the status (#1)", without(t, status)), "success", "1 change approved")
	s.wantsGroup(s.squashed("Drop the status (#17)", without(t, status)), "failure", "acme/mobile")
	s.wantsGroup(s.squashed("Drop (#1) the status", without(t, status)), "failure", "acme/mobile")
	s.wantsGroup(s.squashed("Drop more (#1)", without(t, status, total)), "failure",
		"acme/mobile, acme/billing")
}

// Each pull request is harmless by itself; together they promise less than before.
func TestMergeGroupThatBreaksOnlyTogether(t *testing.T) {
	base := edit(t, orders, status, "        status:\n          $ref: 'status.yaml'\n")
	s := begin(t, with(shop(), map[string]string{
		ordersFile: base, "api/status.yaml": "type: string\n", "api/state.yaml": "type: string\n",
	}))
	one := s.open(map[string]string{ordersFile: edit(t, base, "status.yaml", "state.yaml")})
	two := s.open(map[string]string{"api/state.yaml": "type: integer\n"})
	s.wants(one, "success", "")
	s.wants(two, "success", "")
	_, head := s.repo.MergeGroup(one, two)
	s.wantsGroup(head, "failure", "1 change needs approval by acme/mobile")
}
