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

// queue makes a group whose one commit has a subject, as the merge methods squash
// and rebase do, and asks for its check. The queue's branch names the number.
func (s *scene) queue(number int, subject string, files map[string]string) (head string) {
	s.Helper()
	base := s.repo.Branch("main")
	s.branches++
	ref := fmt.Sprintf("gh-readonly-queue/main/pr-%d-%s", number, base)
	branch := fmt.Sprintf("queue-%d", s.branches)
	head = s.repo.Commit(branch, subject, "olivia", files)
	status := s.deliver(fmt.Sprintf("group %d", s.branches), "merge_group", s.hub.Secret, map[string]any{
		"action": "checks_requested", "installation": map[string]any{"id": s.repo.Installation},
		"repository": map[string]any{
			"id":    s.repo.ID,
			"name":  s.repo.Name,
			"owner": map[string]any{"login": s.repo.Owner},
		},
		"merge_group": map[string]any{"head_sha": head, "base_sha": base, "head_ref": "refs/heads/" + ref},
	})
	if status != 202 {
		s.Fatalf("the merge group is answered %d", status)
	}
	return head
}

// A group's members are those of the queue, whatever commit messages say, and
// what was agreed in them counts only as long as it is.
func TestMembersOfAMergeGroup(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	other := s.open(map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "action_required", "acme/mobile")
	yes := s.repo.Review(pull, "mia", "APPROVED", "")
	s.wants(pull, "success", "approved")
	s.wants(other, "success", "")
	const squash, rebase = "Drop the status (#1)", "Drop the status"
	s.wantsGroup(s.queue(pull, squash, without(t, status)), "success", "1 change approved")
	s.wantsGroup(s.queue(pull, rebase, without(t, status)), "success", "1 change approved")
	s.wantsGroup(s.queue(pull, squash, without(t, status, total)), "failure", "acme/mobile, acme/billing")
	s.wantsGroup(s.queue(other, "Tidy up (#1)", without(t, status)), "failure", "acme/mobile")
	s.wantsGroup(s.queue(17, "Tidy up again (#1)", without(t, status)), "failure", "acme/mobile")

	s.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "mobile", Members: []string{"max"}})
	s.wantsGroup(s.queue(pull, "after mia left", without(t, status)), "failure", "acme/mobile")
	s.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "mobile", Members: []string{"mia", "max"}})
	s.wantsGroup(s.queue(pull, "after she came back", without(t, status)), "success", "1 change approved")
	s.hub.Disturb(func(d githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
	s.repo.Dismiss(pull, yes, "olivia")
	s.hub.Disturb(nil)
	s.wantsGroup(s.queue(pull, "after the dismissal", without(t, status)), "failure", "acme/mobile")
	s.approve(pull, "max")
	s.wants(pull, "success", "approved")
	s.repo.Review(pull, "mia", "CHANGES_REQUESTED", "On second thoughts.")
	s.wants(pull, "failure", "Rejected by mia")
	s.wantsGroup(s.queue(pull, "after the rejection", without(t, status)), "failure", "acme/mobile")
}

// Each of the queue's methods makes other commits of the same pull requests.
func TestMergeMethods(t *testing.T) {
	for _, method := range []string{"merge", "squash", "rebase"} {
		t.Run(method, func(t *testing.T) {
			s := begin(t, shop())
			pull := s.open(without(t, status))
			quiet := s.open(map[string]string{"README.md": "# Shop 2\n"})
			s.wants(pull, "action_required", "acme/mobile")
			s.wants(quiet, "success", "")
			_, head := s.repo.MergeGroupBy(method, quiet, pull)
			s.wantsGroup(head, "failure", "1 change needs approval by acme/mobile")
			s.approve(pull, "mia")
			s.wants(pull, "success", "approved")
			_, head = s.repo.MergeGroupBy(method, pull)
			s.wantsGroup(head, "success", "1 change approved")
		})
	}
}

// A pull request that is closed lends its approvals to none.
func TestClosedPullRequestIsNoMember(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.repo.ClosePull(pull)
	s.settled(pull)
	s.wantsGroup(s.queue(pull, "Tidy up (#1)", without(t, status)), "failure", "acme/mobile")
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
