package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github/githubtest"
)

// Of all who may press the button, only an active member who has no part in the
// change speaks for a team.
func TestWhoseApprovalCounts(t *testing.T) {
	s := begin(t, shop())
	s.hub.SetTeam(githubtest.Team{
		Org:     "acme",
		Slug:    "mobile",
		Members: []string{"mia", "max", "olivia"},
		Pending: []string{"anna"},
	})
	branch := "work"
	s.repo.Commit(branch, "max helps", "max", map[string]string{"README.md": "# Ours\n"})
	s.repo.Commit(branch, "the change", "olivia", without(t, status))
	pull := s.repo.OpenPull(githubtest.Pull{Title: "Change", Author: "olivia", HeadRef: branch})
	s.wants(pull, "action_required", "by acme/mobile")
	for who, why := range map[string]string{
		"bert":   "of another team",
		"anna":   "invited to the team",
		"olivia": "the author",
		"max":    "a committer",
		"oscar":  "an owner",
	} {
		s.approve(pull, who)
		if run := s.settled(pull); run.Conclusion != "action_required" {
			t.Errorf("after the approval of %s, %s, the check is %s", who, why, run.Conclusion)
		}
	}
	s.repo.Review(pull, "mia", "COMMENTED", "Hm.")
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("after a comment the check is %s", run.Conclusion)
	}
	s.approve(pull, "mia")
	s.wants(pull, "success", "1 change approved by everyone who is hit")
}

// Who presses "Update branch" has no part in the change, and can agree to it. Who
// merges by themselves may have changed something.
func TestUpdatedBranch(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "by acme/mobile")
	s.repo.Push("main", "elsewhere", "oscar", map[string]string{"main.go": "package main\n"})
	s.repo.UpdateBranch(pull, "mia")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.repo.Push(s.repo.Pull(pull).HeadRef, "a hand", "mia", map[string]string{"a.go": "package main\n"})
	run := s.wants(pull, "action_required", "by acme/mobile")
	if words := "The approval of mia does not count"; !strings.Contains(run.Summary, words) {
		t.Errorf("the check does not say %q: %s", words, run.Summary)
	}
}

func TestSelfApprovalWhereAllowed(t *testing.T) {
	s := begin(t, with(shop(),
		map[string]string{configFile: settings + "approvals: {self-approval: true}\n"}))
	pull := s.open(without(t, note))
	s.wants(pull, "action_required", "by acme/orders")
	s.approve(pull, "olivia")
	s.wants(pull, "success", "approved")
}

func TestWhoLeavesTheTeamNoLongerCounts(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "mobile", Members: []string{"max"}})
	s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "action_required", "1 change needs approval by acme/mobile")
	s.approve(pull, "max")
	s.wants(pull, "success", "approved")
}

// An approval belongs to the changes that were there when it was given: it
// outlives other commits and a rebase, and covers nothing that came later.
func TestApprovalBelongsToTheChange(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, total))
	s.wants(pull, "action_required", "by acme/mobile, acme/billing")
	s.approve(pull, "mia", "bert")
	s.wants(pull, "success", "1 change approved")

	s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "success", "1 change approved")

	s.repo.Push("main", "elsewhere", "oscar", map[string]string{"main.go": "package main\n"})
	rebased := s.repo.Commit("rebased", "rebased", "olivia",
		with(without(t, total), map[string]string{"README.md": "# Shop 2\n"}))
	s.repo.Reset(s.repo.Pull(pull).HeadRef, rebased, "olivia")
	s.wants(pull, "success", "1 change approved")

	s.push(pull, map[string]string{ordersFile: "# moved by a line\n" + less(t, orders, total)})
	s.wants(pull, "success", "1 change approved")
	if diff := cmp.Diff([]string{"billing", "mobile"}, s.asked(pull)); diff != "" {
		t.Errorf("asked so far (-want +got):\n%s", diff)
	}

	s.push(pull, without(t, total, status))
	s.wants(pull, "action_required", "1 change needs approval by acme/mobile")
	s.idle()
	if diff := cmp.Diff([]string{"billing", "mobile", "mobile"}, s.asked(pull)); diff != "" {
		t.Errorf("asked for what is new (-want +got):\n%s", diff)
	}
	s.approve(pull, "mia")
	s.wants(pull, "success", "2 changes approved")
}

// A change that becomes another one is not what was approved, and what hits
// nobody new asks nobody new.
func TestApprovalDoesNotCoverAnotherChange(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{ordersFile: edit(t, orders, total,
		"        total: {type: [number, string]}\n")})
	s.wants(pull, "action_required", "by acme/mobile, acme/billing")
	s.approve(pull, "mia", "bert")
	s.wants(pull, "success", "approved")
	s.push(pull, map[string]string{ordersFile: edit(t, orders, total,
		"        total: {type: [number, string, boolean]}\n")})
	s.wants(pull, "action_required", "by acme/mobile, acme/billing")
	s.idle()
	if diff := cmp.Diff([]string{"billing", "billing", "mobile", "mobile"}, s.asked(pull)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// Events may come late: an approval of an older commit covers what was found
// there, also when it was never decided.
func TestApprovalOfAnOlderCommit(t *testing.T) {
	s := begin(t, shop())
	s.hub.Disturb(func(githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
	pull := s.open(without(t, status))
	s.approve(pull, "mia")
	s.hub.Disturb(nil)
	s.push(pull, without(t, status, total))
	s.wants(pull, "action_required", "1 change needs approval by acme/mobile, acme/billing")
	s.idle()
	if run := s.check(pull); len(run.Annotations) != 2 {
		t.Errorf("annotations: %v", marks(run))
	}
	s.approve(pull, "bert", "max")
	s.wants(pull, "success", "2 changes approved")
}

func TestDismissalVoids(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	id := s.repo.Review(pull, "mia", "APPROVED", "")
	s.wants(pull, "success", "approved")
	s.repo.Dismiss(pull, id, "oscar")
	s.wants(pull, "action_required", "acme/mobile")
}

// A no stands, whoever else agrees, until somebody of the same team says yes.
func TestRejectionStandsUntilItsTeamAgrees(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, total))
	s.wants(pull, "action_required", "by acme/mobile, acme/billing")
	s.repo.Review(pull, "rita", "CHANGES_REQUESTED", "I am of no team.")
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("a stranger's no makes the check %s", run.Conclusion)
	}
	s.repo.Review(pull, "mia", "CHANGES_REQUESTED", "We need it.")
	s.wants(pull, "failure", "Rejected by mia")
	s.approve(pull, "bert")
	if run := s.settled(pull); run.Conclusion != "failure" {
		t.Errorf("another team's yes makes the check %s", run.Conclusion)
	}
	s.approve(pull, "max")
	s.wants(pull, "success", "1 change approved")
	s.repo.Review(pull, "bert", "CHANGES_REQUESTED", "On second thoughts.")
	s.wants(pull, "failure", "Rejected by bert")
}

func TestSeveralOfATeamMustAgree(t *testing.T) {
	s := begin(t, with(shop(), map[string]string{configFile: settings + "approvals: {per-team: 2}\n"}))
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "by acme/mobile")
	s.approve(pull, "mia", "mia")
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("one member's approvals make the check %s", run.Conclusion)
	}
	s.approve(pull, "max")
	s.wants(pull, "success", "approved")
}

// A team that GitHub does not ask is waited for all the same, and the comment says
// why it is not asked. It is mentioned where that may reach it.
func TestTeamThatCannotBeAsked(t *testing.T) {
	for name, tt := range map[string]struct {
		team githubtest.Team
		says string
	}{
		"secret": {
			githubtest.Team{Org: "acme", Slug: "quiet", Members: []string{"quentin"}, Secret: true},
			"@acme/quiet: GitHub does not show the team to assent: it may be secret",
		},
		"without access": {
			githubtest.Team{
				Org: "acme", Slug: "quiet", Members: []string{"quentin"}, Repos: []string{"another"},
			},
			"@acme/quiet: GitHub asks only those who have access to this repository",
		},
		"of another organisation": {
			githubtest.Team{Org: "rival", Slug: "quiet", Members: []string{"quentin"}},
			"`rival/quiet`: the team is of another organisation",
		},
		"that does not exist at all": {
			githubtest.Team{Org: "acme", Slug: "others"}, "`acme/quiet`: there is no such team",
		},
	} {
		t.Run(name, func(t *testing.T) {
			asked := tt.team.Org + "/quiet"
			if tt.team.Slug != "quiet" {
				asked = "acme/quiet"
			}
			s := begin(t, with(shop(),
				map[string]string{configFile: edit(t, settings, "acme/mobile", asked)}))
			s.hub.SetTeam(tt.team)
			pull := s.open(without(t, total))
			run := s.wants(pull, "action_required", "by "+asked+", acme/billing")
			if strings.Contains(run.Summary, "asked |") {
				t.Errorf("the check says that somebody is asked: %s", run.Summary)
			}
			s.idle()
			if diff := cmp.Diff([]string{"billing"}, s.asked(pull)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if c := s.comment(pull); !strings.Contains(c, tt.says) || strings.Contains(c, "@acme/billing") {
				t.Errorf("the comment does not say %q: %s", tt.says, c)
			}
			s.approve(pull, "bert")
			s.wants(pull, "action_required", "1 change needs approval by "+asked)
		})
	}
}
