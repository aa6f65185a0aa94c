package app_test

import (
	"strings"
	"testing"

	"github.com/assent-dev/assent/github/githubtest"
)

// An approval covers what was found when it was first seen, whatever the pull
// request is compared with later, and by which policy.
func TestApprovalNeverGrows(t *testing.T) {
	t.Run("the base branch is pushed back", func(t *testing.T) {
		s := begin(t, shop())
		before := s.repo.Branch("main")
		s.repo.Commit("next", "next", "olivia", without(t, status))
		pull := s.openOn("next", without(t, status))
		s.wants(pull, "success", "No contract changed")
		s.approve(pull, "mia")
		s.settled(pull)
		s.repo.Reset("next", before, "olivia")
		s.repo.Review(pull, "rita", "APPROVED", "I am of no team.")
		s.wants(pull, "action_required", "by acme/mobile")
		s.repo.Retarget(pull, "main")
		s.wants(pull, "action_required", "by acme/mobile")
		s.approve(pull, "mia")
		s.wants(pull, "success", "1 change approved")
	})
	t.Run("the policy drops an exception", func(t *testing.T) {
		exception := "ignore: [{rule: schema/property-removed, reason: nobody reads it}]\n"
		s := begin(t, with(shop(), map[string]string{configFile: settings + exception}))
		pull := s.open(without(t, status))
		s.wants(pull, "success", "")
		s.approve(pull, "mia")
		s.settled(pull)
		s.repo.Push("main", "stricter", "oscar", map[string]string{configFile: settings})
		s.repo.Review(pull, "rita", "APPROVED", "I am of no team.")
		if run := s.settled(pull); run.Conclusion != "action_required" {
			t.Errorf("an approval of something else makes the check %s", run.Conclusion)
		}
	})
}

// Of a person the last word counts. A dismissal takes a yes away and brings none
// back, and a no stands, whoever dismisses it, until the team says yes.
func TestLastWordCounts(t *testing.T) {
	for _, tt := range []struct {
		name       string
		said       []string // by mia
		dismissed  int      // which of it
		conclusion string
		title      string
	}{
		{"a yes after a no", []string{"CHANGES_REQUESTED", "APPROVED"}, -1, "success", "1 change approved"},
		{"a no after a yes", []string{"APPROVED", "CHANGES_REQUESTED"}, -1, "failure", "Rejected by mia"},
		{"a remark after a yes", []string{"APPROVED", "COMMENTED"}, -1, "success", "1 change approved"},
		{
			"a dismissed no after a yes", []string{"APPROVED", "CHANGES_REQUESTED"}, 1, "failure",
			"Rejected by mia",
		},
		{"a dismissed no", []string{"CHANGES_REQUESTED"}, 0, "failure", "Rejected by mia"},
		{
			"a dismissed yes after a yes", []string{"APPROVED", "APPROVED"}, 1, "action_required",
			"by acme/mobile",
		},
		{"a yes after a dismissed yes", []string{"APPROVED", "APPROVED"}, 0, "success", "1 change approved"},
		{
			"a dismissed yes after a no", []string{"CHANGES_REQUESTED", "APPROVED"}, 1,
			"action_required", "by acme/mobile",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := begin(t, shop())
			pull := s.open(without(t, status))
			s.wants(pull, "action_required", "by acme/mobile")
			var ids []int64
			for _, state := range tt.said {
				ids = append(ids, s.repo.Review(pull, "mia", state, ""))
				s.settled(pull) // each is seen before it is dismissed
			}
			if tt.dismissed >= 0 {
				s.repo.Dismiss(pull, ids[tt.dismissed], "olivia")
			}
			if run := s.settled(pull); run.Conclusion != tt.conclusion ||
				!strings.Contains(run.Title, tt.title) {
				t.Errorf("the check is %s (%s), want %s (%s)", run.Conclusion, run.Title, tt.conclusion,
					tt.title)
			}
			if tt.conclusion == "failure" {
				s.approve(pull, "max")
				s.wants(pull, "success", "1 change approved")
			}
		})
	}
}

// A check is green only for the pull requests that it lists.
func TestHeadIsGreenForItsPullRequestsAlone(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("next", "next", "oscar", without(t, status))
	onNext := s.openOn("next", without(t, status))
	s.wants(onNext, "success", "No contract changed")
	head := s.repo.Pull(onNext).HeadRef
	open := gate(s)
	onMain := s.repo.OpenPull(githubtest.Pull{Title: "The same", Author: "olivia", HeadRef: head})
	s.wants(onMain, "in_progress", "#2 came to this commit")
	open()
	s.wants(onMain, "action_required", "by acme/mobile")
}

// A head that no open pull request has any more has no green check, and one that
// comes back to it is decided anew.
func TestHeadThatIsLeftIsEnded(t *testing.T) {
	t.Run("closed", func(t *testing.T) {
		s := begin(t, shop())
		s.repo.Commit("next", "next", "oscar", without(t, status))
		onNext := s.openOn("next", without(t, status))
		s.wants(onNext, "success", "No contract changed")
		s.repo.ClosePull(onNext)
		run := s.wants(onNext, "cancelled", "Closed. Was: no contract changed")
		if !strings.Contains(run.Summary, "No contract") {
			t.Errorf("the last words are gone: %s", run.Summary)
		}
		onMain := s.repo.OpenPull(githubtest.Pull{
			Title:   "The same",
			Author:  "olivia",
			HeadRef: s.repo.Pull(onNext).HeadRef,
		})
		s.wants(onMain, "action_required", "by acme/mobile")
		s.repo.Reopen(onNext)
		s.wants(onNext, "action_required", "by acme/mobile")
	})
	t.Run("a newer head", func(t *testing.T) {
		s := begin(t, shop())
		pull := s.open(without(t, status))
		s.wants(pull, "action_required", "by acme/mobile")
		s.approve(pull, "mia")
		s.wants(pull, "success", "1 change approved")
		old, branch := s.repo.Pull(pull).Head, s.repo.Pull(pull).HeadRef
		s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
		s.wants(pull, "success", "1 change approved")
		s.until("the old head's check is ended", func() bool {
			run, _ := s.repo.Check(old, "assent")
			return run.Conclusion == "cancelled" &&
				strings.HasPrefix(run.Title, "Closed. Was: 1 change approved")
		})
		s.repo.Review(pull, "mia", "CHANGES_REQUESTED", "On second thoughts.")
		s.wants(pull, "failure", "Rejected by mia")
		s.repo.Reset(branch, old, "olivia")
		s.wants(pull, "failure", "Rejected by mia")
	})
}
