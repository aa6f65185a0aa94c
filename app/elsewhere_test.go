package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/assent-dev/assent/github/githubtest"
)

// What is pushed to the base branch decides on open pull requests, too.
func TestPolicyPushed(t *testing.T) {
	exception := "ignore: [{rule: schema/property-removed, reason: nobody reads it}]\n"
	s := begin(t, with(shop(), map[string]string{configFile: settings + exception}))
	pull := s.open(without(t, status))
	s.wants(pull, "success", "")
	s.settled(pull)
	s.repo.Push("main", "stricter", "oscar", map[string]string{configFile: settings})
	s.wants(pull, "action_required", "by acme/mobile")
	s.repo.Push("main", "milder", "oscar", map[string]string{configFile: settings + exception})
	s.wants(pull, "success", "")
}

// A push that matters to no pull request costs none of them a review.
func TestPushOfSomethingElse(t *testing.T) {
	s := begin(t, with(shop(), map[string]string{"CODEOWNERS": "* @acme/orders\n"}))
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "by acme/mobile")
	s.settled(pull)
	read := 0
	s.hub.Fail(func(r *http.Request) *githubFault {
		if strings.Contains(r.URL.Path, "/compare/") {
			read++
		}
		return nil
	})
	s.repo.Push("main", "code", "oscar", map[string]string{"main.go": "package main\n"})
	s.repo.Push("other", "policy", "oscar", map[string]string{configFile: settings + "# of another branch\n"})
	s.settled(pull)
	if read > 0 {
		t.Errorf("the pull request was reviewed %d times", read)
	}
	s.repo.Push("main", "owners", "oscar", map[string]string{"CODEOWNERS": "* @acme/mobile\n"})
	s.settled(pull)
	if read == 0 {
		t.Error("other code owners made nobody look at the pull request")
	}
}

// Who leaves a team or the organisation speaks for nobody from then on, and who
// joins does, whether or not anything happens to the pull request.
func TestMembershipDecides(t *testing.T) {
	mobile := func(members ...string) githubtest.Team {
		return githubtest.Team{Org: "acme", Slug: "mobile", Members: members}
	}
	for name, leave := range map[string]func(*scene){
		"the team":         func(s *scene) { s.hub.SetTeam(mobile("max")) },
		"the organisation": func(s *scene) { s.hub.RemoveMember("acme", "mia") },
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, shop())
			pull := s.open(without(t, status))
			s.wants(pull, "action_required", "by acme/mobile")
			s.approve(pull, "mia", "rita")
			s.wants(pull, "success", "approved")
			s.idle()
			leave(s)
			s.wants(pull, "action_required", "by acme/mobile")
			s.hub.SetTeam(mobile("max", "rita"))
			s.wants(pull, "success", "approved")
		})
	}
}

// A team that is deleted speaks for nobody at once.
func TestTeamDeletedMeanwhile(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "by acme/mobile")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.idle()
	s.hub.RemoveTeam("acme", "mobile")
	s.wants(pull, "action_required", "by acme/mobile")
}

// A repository that joins an installation later has its pull requests reviewed.
func TestRepositoryAddedLater(t *testing.T) {
	s := begin(t, shop())
	bank := s.hub.AddRepo("acme", "bank")
	bank.Uninstall()
	bank.Commit("main", "start", "oscar", shop())
	bank.Commit("work", "a change", "olivia", without(t, status))
	pull := bank.OpenPull(pullOf("work"))
	s.idle()
	bank.Install()
	s.until("the pull request has its check", func() bool {
		run, _ := bank.Check(bank.Pull(pull).Head, "assent")
		return run.Conclusion == "action_required"
	})
	s.idle()
}

// Webhooks that are lost leave nothing green that is not, and nothing without a
// check.
func TestLostWebhooks(t *testing.T) {
	lose := func(s *scene, what func()) {
		s.idle()
		s.hub.Disturb(func(githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
		what()
		s.hub.Disturb(nil)
	}
	t.Run("of a push", func(t *testing.T) {
		s := begin(t, shop())
		pull := s.open(map[string]string{"README.md": "# Shop 2\n"})
		s.wants(pull, "success", "")
		lose(s, func() { s.push(pull, without(t, status)) })
		s.wants(pull, "action_required", "by acme/mobile")
	})
	t.Run("of another base", func(t *testing.T) {
		s := begin(t, shop())
		s.repo.Commit("next", "next", "oscar", without(t, status))
		pull := s.openOn("next", without(t, status))
		s.wants(pull, "success", "No contract changed")
		lose(s, func() { s.repo.Retarget(pull, "main") })
		s.wants(pull, "action_required", "by acme/mobile")
	})
	t.Run("of a new pull request", func(t *testing.T) {
		s := begin(t, shop())
		s.wants(s.open(map[string]string{"README.md": "# Shop 2\n"}), "success", "")
		pull := 0
		lose(s, func() { pull = s.open(without(t, status)) })
		s.wants(pull, "action_required", "by acme/mobile")
	})
	t.Run("of the base branch", func(t *testing.T) {
		exception := "ignore: [{rule: schema/property-removed, reason: nobody reads it}]\n"
		s := begin(t, with(shop(), map[string]string{configFile: settings + exception}))
		pull := s.open(without(t, status))
		s.wants(pull, "success", "")
		lose(s, func() { s.repo.Push("main", "stricter", "oscar", map[string]string{configFile: settings}) })
		s.wants(pull, "action_required", "by acme/mobile")
	})
	t.Run("of the closing", func(t *testing.T) {
		s := begin(t, shop())
		pull := s.open(map[string]string{"README.md": "# Shop 2\n"})
		s.wants(pull, "success", "")
		lose(s, func() { s.repo.ClosePull(pull) })
		s.wants(pull, "cancelled", "Closed. Was:")
	})
}

// GitHub announces a head before all of its servers show it.
func TestHeadThatIsNotShownYet(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "success", "No contract changed")
	s.settled(pull)
	s.repo.Lag(pull)
	s.push(pull, without(t, status))
	s.sent()
	s.repo.CatchUp()
	s.wants(pull, "action_required", "by acme/mobile")
}

// A locked conversation takes no comments, and keeps nobody from being asked.
func TestLockedConversation(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "success", "")
	s.repo.Lock(pull)
	s.push(pull, without(t, total))
	s.wants(pull, "action_required", "by acme/mobile, acme/billing")
	s.idle()
	if got := s.asked(pull); len(got) != 2 || s.comment(pull) != "" {
		t.Errorf("asked %v, want both; comment %q", got, s.comment(pull))
	}
	s.approve(pull, "mia", "bert")
	s.wants(pull, "success", "approved")
}

// Comments that GitHub never takes keep nobody from being asked, and the check
// says so in the end.
func TestCommentsThatFailForGood(t *testing.T) {
	s := begin(t, shop())
	s.hub.Fail(func(r *http.Request) *githubFault {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues/1/comments") {
			return &githubFault{Status: 400, Body: `{"message": "Problems parsing JSON"}`}
		}
		return nil
	})
	pull := s.open(without(t, status))
	s.until("the check says what is missing", func() bool {
		return strings.Contains(s.check(pull).Summary, "could not write all comments")
	})
	if run := s.check(pull); run.Conclusion != "action_required" {
		t.Errorf("the check is %s", run.Conclusion)
	}
	if len(s.asked(pull)) != 1 || len(s.repo.ReviewComments(pull)) != 1 {
		t.Errorf("asked %v, %d comments on lines", s.asked(pull), len(s.repo.ReviewComments(pull)))
	}
}

// A check that GitHub takes with no annotation and no summary still tells that it
// says too little.
func TestCheckThatCannotBePublished(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "success", "")
	s.settled(pull)
	s.hub.Fail(func(r *http.Request) *githubFault {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/check-runs") {
			return nil
		}
		if body := readBody(r); strings.Contains(body, "Not published") {
			return nil
		}
		return &githubFault{Status: 400, Body: `{"message": "Problems parsing JSON"}`}
	})
	s.push(pull, without(t, status))
	s.wants(pull, "timed_out", "Not published")
	s.idle()
	s.hub.Fail(nil)
	s.repo.Review(pull, "mia", "COMMENTED", "What now?")
	s.wants(pull, "action_required", "by acme/mobile")
}

// A review that ends the process each time is given up where people see it.
func TestReviewThatEndsTheProcess(t *testing.T) {
	s := begin(t, shop())
	s.sent() // it serves, so that there is a database
	s.end()
	pull := s.open(without(t, status))
	s.sql(fmt.Sprintf(`INSERT INTO lane (installation, repo_id, owner, name, key, head, generation, attempts)
		VALUES (%d, %d, 'acme', 'shop', 'pull/1', '%s', 1, 8)`,
		s.repo.Installation, s.repo.ID, s.repo.Pull(pull).Head))
	s.serve(quick)
	s.wants(pull, "timed_out", "ended the server's process")
	s.idle()
	s.repo.Review(pull, "rita", "COMMENTED", "And now?")
	s.wants(pull, "action_required", "by acme/mobile")
}
