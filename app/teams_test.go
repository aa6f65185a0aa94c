package app_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github/githubtest"
)

// A name in the policy stands for the team that had it when somebody was first
// asked by it. A team keeps its say under a new name, and another team that takes
// the old name has none.
func TestRenamedTeam(t *testing.T) {
	s := begin(t, shop())
	first := s.open(without(t, status))
	s.wants(first, "action_required", "by acme/mobile")
	s.idle()
	s.hub.RenameTeam("acme", "mobile", "apps")
	s.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "mobile", Members: []string{"rita"}})
	second := s.open(with(without(t, status), map[string]string{"README.md": "# Shop 2\n"}))
	s.wants(second, "action_required", "by acme/mobile")
	s.idle()
	if diff := cmp.Diff([]string{"apps"}, s.asked(second)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	for _, pull := range []int{first, second} {
		s.approve(pull, "rita")
		if run := s.settled(pull); run.Conclusion != "action_required" {
			t.Errorf("#%d: the team that took the name makes the check %s", pull, run.Conclusion)
		}
		s.approve(pull, "mia")
		s.wants(pull, "success", "1 change approved")
	}
}

// The name of a team that was deleted is nobody's, until the base branch's policy
// is edited.
func TestDeletedTeam(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "by acme/mobile")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.hub.RemoveTeam("acme", "mobile")
	s.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "mobile", Members: []string{"rita"}})
	s.approve(pull, "rita")
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("a team of a deleted one's name makes the check %s", run.Conclusion)
	}
	s.repo.Push("main", "confirm the teams", "oscar", map[string]string{configFile: "# Ours\n" + settings})
	s.approve(pull, "rita")
	s.wants(pull, "success", "approved")
}

// GitHub ignores the case of names, and so does assent.
func TestTeamInAnotherCase(t *testing.T) {
	inCapitals := edit(t, settings, "acme/mobile", "Acme/Mobile")
	s := begin(t, with(shop(), map[string]string{configFile: inCapitals}))
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "by Acme/Mobile")
	s.idle()
	if diff := cmp.Diff([]string{"mobile"}, s.asked(pull)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
}

// A yes that was dismissed before assent saw it is not a no.
func TestDismissedUnseen(t *testing.T) {
	for state, conclusion := range map[string]string{
		"APPROVED": "action_required", "CHANGES_REQUESTED": "failure",
	} {
		t.Run(state, func(t *testing.T) {
			s := begin(t, shop())
			pull := s.open(without(t, status))
			s.wants(pull, "action_required", "by acme/mobile")
			s.idle()
			s.hub.Disturb(func(githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
			s.repo.Dismiss(pull, s.repo.Review(pull, "mia", state, ""), "olivia")
			s.hub.Disturb(nil)
			s.repo.Review(pull, "rita", "COMMENTED", "What now?")
			if run := s.settled(pull); run.Conclusion != conclusion {
				t.Errorf("the check is %s (%s), want %s", run.Conclusion, run.Title, conclusion)
			}
		})
	}
}
