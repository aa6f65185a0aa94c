package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/github/githubtest"
)

// There is one comment, and it says what is so now.
func TestOneCommentEditedInPlace(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	s.until("a comment", func() bool {
		return strings.Contains(s.comment(pull), "1 change needs approval by acme/mobile")
	})
	first := s.comments(pull)[0].ID
	s.push(pull, without(t, status, total))
	s.until("the comment follows", func() bool {
		return strings.Contains(s.comment(pull), "2 changes need approval by acme/mobile, acme/billing")
	})
	s.push(pull, map[string]string{ordersFile: orders})
	s.until("the comment says that it is over", func() bool {
		return strings.Contains(s.comment(pull), "No contract changed")
	})
	if now := s.comments(pull)[0].ID; now != first {
		t.Errorf("the comment is %d, it was %d", now, first)
	}
}

// lost loses the answers to the first requests of the method that end so: they
// have their effect all the same.
func lost(times int, method, suffix string) func(*http.Request) *githubFault {
	left := make(chan struct{}, times)
	for range times {
		left <- struct{}{}
	}
	return func(r *http.Request) *githubFault {
		if r.Method != method || !strings.HasSuffix(r.URL.Path, suffix) {
			return nil
		}
		select {
		case <-left:
			return &githubFault{After: true}
		default:
			return nil
		}
	}
}

// A comment whose result was lost is found again by its marker, behind a
// hundred others and beside an impostor's.
func TestLostCommentIsFoundAgain(t *testing.T) {
	s := begin(t, shop())
	s.hub.Disturb(func(d githubtest.Delivery) githubtest.Fate {
		if d.Event == "issue_comment" {
			return githubtest.Drop
		}
		return githubtest.Deliver
	})
	s.repo.Commit("work", "change", "olivia", without(t, status))
	s.hub.Fail(lost(1, "POST", "/issues/1/comments"))
	s.idle()
	s.end() // the conversation is there before assent is
	pull := s.repo.OpenPull(githubtest.Pull{Title: "Change", Author: "olivia", HeadRef: "work"})
	s.repo.Comment(pull, "rita", checks.Marker+" I can write that, too.")
	for i := range 130 {
		s.repo.Comment(pull, "rita", fmt.Sprintf("Comment %d", i))
	}
	s.sent()
	s.serve(quick)
	s.hub.RedeliverFailed()
	s.wants(pull, "action_required", "acme/mobile")
	s.idle()
	if n := s.wrote("POST", "/issues/1/comments"); n != 1 {
		t.Errorf("%d comments were written, want 1", n)
	}
	if !strings.Contains(s.comment(pull), "by acme/mobile") {
		t.Errorf("the comment says %q", s.comment(pull))
	}
}

// Whoever deletes the comment had reasons.
func TestDeletedCommentStaysDeleted(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.until("a comment", func() bool { return s.comment(pull) != "" })
	s.idle()
	s.repo.DeleteComment(s.comments(pull)[0].ID)
	s.push(pull, without(t, status, total))
	s.wants(pull, "action_required", "2 changes")
	s.idle()
	s.approve(pull, "mia", "bert")
	s.wants(pull, "success", "approved")
	s.idle()
	if c := s.comment(pull); c != "" {
		t.Errorf("there is a comment again: %s", c)
	}
	if log := s.log.String(); strings.Contains(log, "lane put off") {
		t.Errorf("publishing failed over it: %s", log)
	}
}

// A member who reviews without deciding is not asked again, until there is
// something new.
func TestTeamIsAskedOnceForTheSame(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.until("mobile is asked", func() bool { return len(s.asked(pull)) == 1 })
	s.repo.Review(pull, "mia", "COMMENTED", "I have to think.")
	s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "action_required", "acme/mobile")
	s.idle()
	if diff := cmp.Diff([]string{"mobile"}, s.asked(pull)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	s.push(pull, without(t, status, amount))
	s.wants(pull, "action_required", "2 changes")
	s.idle()
	if diff := cmp.Diff([]string{"billing", "mobile"}, s.asked(pull)); diff != "" {
		t.Errorf("asked for another team's change (-want +got):\n%s", diff)
	}
}

// A request whose answer was lost is found in the list, or in the timeline once
// a member has reviewed.
func TestLostRequestIsNotRepeated(t *testing.T) {
	for name, reviewed := range map[string]bool{"still listed": false, "reviewed since": true} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, shop())
			s.repo.Commit("work", "change", "olivia", without(t, status))
			s.hub.Fail(lost(1, "POST", "/requested_reviewers"))
			pull := s.repo.OpenPull(githubtest.Pull{Title: "Change", Author: "olivia", HeadRef: "work"})
			s.until("mobile is asked", func() bool { return len(s.asked(pull)) == 1 })
			if reviewed {
				s.repo.Review(pull, "mia", "COMMENTED", "Hm.")
			}
			s.idle()
			if diff := cmp.Diff([]string{"mobile"}, s.asked(pull)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if s.comment(pull) == "" {
				t.Error("there is no comment: publishing ended early")
			}
		})
	}
}

func TestDraftAsksNobodyYet(t *testing.T) {
	s := begin(t, shop())
	s.repo.Commit("work", "change", "olivia", without(t, status))
	pull := s.repo.OpenPull(githubtest.Pull{Title: "Change", Author: "olivia", HeadRef: "work", Draft: true})
	s.wants(pull, "action_required", "acme/mobile")
	s.idle()
	if asked := s.asked(pull); len(asked) > 0 {
		t.Errorf("asked on a draft: %v", asked)
	}
	s.repo.Ready(pull)
	s.until("mobile is asked", func() bool { return len(s.asked(pull)) == 1 })
	s.idle()
	if diff := cmp.Diff([]string{"mobile"}, s.asked(pull)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestClosedPullRequestAsksNobody(t *testing.T) {
	s := begin(t, shop())
	s.hub.Disturb(func(githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
	pull := s.open(without(t, status))
	s.repo.ClosePull(pull)
	s.hub.Disturb(nil)
	s.hub.RedeliverFailed()
	s.idle()
	if asked, c := s.asked(pull), s.comment(pull); len(asked) > 0 || c != "" {
		t.Errorf("asked %v, comment %q", asked, c)
	}
	s.repo.Reopen(pull)
	s.wants(pull, "action_required", "acme/mobile")
	s.until("mobile is asked", func() bool { return len(s.asked(pull)) == 1 })
}
