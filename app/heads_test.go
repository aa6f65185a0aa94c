package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/assent-dev/assent/github/githubtest"
)

// gate holds back what a comparison begins with until it is opened.
func gate(s *scene) (open func()) {
	opened := make(chan struct{})
	s.hub.Fail(func(r *http.Request) *githubFault {
		if strings.Contains(r.URL.Path, "/compare/") {
			<-opened
		}
		return nil
	})
	return func() { close(opened) }
}

// A pull request that moves to another base is compared with that one, and is
// not green from before meanwhile.
func TestRetarget(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("next", "next", "oscar", without(t, status))
	pull := s.openOn("next", without(t, status))
	s.wants(pull, "success", "No contract changed")
	open := gate(s)
	s.repo.Retarget(pull, "main")
	s.wants(pull, "in_progress", "the base branch changed")
	open()
	run := s.wants(pull, "action_required", "by acme/mobile")
	if len(run.Annotations) != 1 {
		t.Errorf("annotations: %v", marks(run))
	}
	s.approve(pull, "mia")
	s.wants(pull, "success", "1 change approved")
	s.repo.Retarget(pull, "next")
	s.wants(pull, "success", "No contract changed")
}

// Who agreed to what a head does to one branch did not agree to what it does to
// another.
func TestApprovalDoesNotMoveToAnotherBase(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("next", "next", "oscar", without(t, status))
	pull := s.openOn("next", without(t, status, total))
	s.wants(pull, "action_required", "1 change needs approval by acme/mobile, acme/billing")
	s.approve(pull, "mia", "bert")
	s.wants(pull, "success", "1 change approved")
	s.repo.Retarget(pull, "main")
	run := s.wants(pull, "action_required", "1 change needs approval by acme/mobile")
	if strings.Contains(run.Title, "billing") {
		t.Errorf("billing has agreed to the same change, and is asked again: %s", run.Title)
	}
	s.approve(pull, "mia")
	s.wants(pull, "success", "2 changes approved")
}

// The same holds if the move is hidden behind another head.
func TestApprovalDoesNotMoveByADetour(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("next", "next", "oscar", without(t, status))
	pull := s.openOn("next", without(t, status))
	head, branch := s.repo.Pull(pull).Head, s.repo.Pull(pull).HeadRef
	s.wants(pull, "success", "No contract changed")
	s.approve(pull, "mia")
	s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "success", "No contract changed")
	s.repo.Retarget(pull, "main")
	s.wants(pull, "action_required", "by acme/mobile")
	s.repo.Reset(branch, head, "olivia")
	s.until("the old head is decided anew", func() bool {
		return s.check(pull).Conclusion == "action_required"
	})
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("an approval from before the move makes the check %s", run.Conclusion)
	}
}

// GitHub hangs a check on a commit: it says the worst of all pull requests that
// have it.
func TestTwoPullRequestsWithOneHead(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("next", "next", "oscar", without(t, status))
	onNext := s.openOn("next", without(t, status))
	s.wants(onNext, "success", "No contract changed")
	onMain := s.repo.OpenPull(githubtest.Pull{
		Title:   "The same",
		Author:  "olivia",
		HeadRef: s.repo.Pull(onNext).HeadRef,
	})
	run := s.wants(onNext, "action_required", "by acme/mobile")
	for _, part := range []string{"## #1 into `next`", "## #2 into `main`"} {
		if !strings.Contains(run.Summary, part) {
			t.Errorf("the summary lacks %q:\n%s", part, run.Summary)
		}
	}
	s.idle()
	if len(s.asked(onNext)) > 0 || len(s.asked(onMain)) != 1 {
		t.Errorf("asked on #1: %v, on #2: %v", s.asked(onNext), s.asked(onMain))
	}
	s.repo.ClosePull(onMain)
	s.wants(onNext, "success", "No contract changed")
	s.repo.Reopen(onMain)
	s.wants(onNext, "action_required", "by acme/mobile")
	s.push(onNext, map[string]string{ordersFile: orders})
	s.wants(onMain, "success", "")
}

// A pull request that goes on no longer has a say in the check of its old head.
func TestOldHeadIsLeftToItsSibling(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("next", "next", "oscar", without(t, status))
	green := s.openOn("next", without(t, status))
	s.repo.Commit("copy", "copy", "olivia", nil)
	s.repo.Reset("copy", s.repo.Pull(green).Head, "olivia")
	red := s.repo.OpenPull(githubtest.Pull{Title: "The same", Author: "olivia", HeadRef: "copy"})
	s.wants(green, "action_required", "by acme/mobile")
	s.push(red, map[string]string{"README.md": "# Shop 2\n"})
	s.wants(green, "success", "No contract changed")
	s.wants(red, "action_required", "by acme/mobile")
}

func TestReRun(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	first := s.wants(pull, "action_required", "acme/mobile")
	s.idle()
	again := func(how string, press func()) {
		t.Helper()
		before, runs := s.check(pull), len(s.repo.CheckRuns(first.Head))
		press()
		s.until(how+" makes a new run", func() bool { return s.check(pull).ID != before.ID })
		run := s.settled(pull)
		if run.Conclusion != "action_required" || len(run.Annotations) != 1 || run.Title != before.Title {
			t.Errorf("%s: the new run is %s (%s) with %v", how, run.Conclusion, run.Title, marks(run))
		}
		if n := len(s.repo.CheckRuns(first.Head)) - runs; n != 1 {
			t.Errorf("%s: %d new runs, want 1", how, n)
		}
	}
	again("re-run", func() { s.repo.Rerequest(first.ID, "olivia") })
	again("re-run all", func() { s.repo.RerequestSuite(first.Head, "olivia") })
	if len(s.comments(pull)) != 1 || len(s.asked(pull)) != 1 {
		t.Errorf("%d comments, asked %v", len(s.comments(pull)), s.asked(pull))
	}
}

// A re-run of a head that was never seen finds its pull requests.
func TestReRunOfAnUnknownHead(t *testing.T) {
	s := begin(t, shop())
	s.hub.Disturb(func(githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
	pull := s.open(without(t, status))
	s.hub.Disturb(nil)
	s.repo.RerequestSuite(s.repo.Pull(pull).Head, "olivia")
	s.wants(pull, "action_required", "acme/mobile")
}

// Other Apps may report under our name: their runs are neither taken for ours
// nor touched.
func TestOthersRunsOfTheSameName(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("work", "change", "olivia", without(t, status))
	head := s.repo.Branch("work")
	s.repo.ForgeRun(head, "assent", "success")
	pull := s.repo.OpenPull(githubtest.Pull{Title: "Change", Author: "olivia", HeadRef: "work"})
	s.wants(pull, "action_required", "acme/mobile")
	s.repo.ForgeRun(head, "assent", "success")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	ours := 0
	for _, run := range s.repo.CheckRuns(head) {
		if run.App == s.hub.AppID {
			ours++
		} else if run.Title != "" {
			t.Errorf("another's run says %q", run.Title)
		}
	}
	if ours != 1 {
		t.Errorf("%d runs of ours, want 1", ours)
	}
}
