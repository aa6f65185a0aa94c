package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github/githubtest"
)

// However deliveries come, late, twice, out of order or not at all until they
// are sent again, the check is the same.
func TestDeliveriesConverge(t *testing.T) {
	fates := map[string]func(n int) githubtest.Fate{
		"as they should": func(int) githubtest.Fate { return githubtest.Deliver },
		"twice":          func(int) githubtest.Fate { return githubtest.Twice },
		"out of order": func(n int) githubtest.Fate {
			return []githubtest.Fate{githubtest.Late, githubtest.Deliver}[n%2]
		},
		"every other": func(n int) githubtest.Fate {
			return []githubtest.Fate{githubtest.Drop, githubtest.Deliver}[n%2]
		},
		"none at first": func(int) githubtest.Fate { return githubtest.Drop },
	}
	for name, fate := range fates {
		t.Run(name, func(t *testing.T) {
			s := begin(t, shop())
			n := 0
			s.hub.Disturb(func(d githubtest.Delivery) githubtest.Fate {
				if d.Event != "pull_request" && d.Event != "pull_request_review" {
					return githubtest.Deliver
				}
				n++
				return fate(n - 1)
			})
			pull := s.open(without(t, status))
			s.repo.Review(pull, "mia", "APPROVED", "")
			s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
			s.push(pull, without(t, status, amount))
			s.repo.Review(pull, "bert", "APPROVED", "")
			s.hub.Disturb(nil)
			s.repo.Review(pull, "rita", "COMMENTED", "This lets the late ones go.")
			s.idle()
			s.hub.RedeliverFailed()
			s.wants(pull, "success", "2 changes approved by everyone who is hit")
			run := s.settled(pull)
			if runs := s.repo.CheckRuns(run.Head); run.Conclusion != "success" || len(run.Annotations) != 2 ||
				len(runs) != 1 {
				t.Errorf("in the end: %s, %v, in %d runs", run.Conclusion, marks(run), len(runs))
			}
			if ours := s.comments(pull); len(ours) > 1 {
				t.Errorf("%d comments", len(ours))
			}
		})
	}
}

func TestInstallationBackfills(t *testing.T) {
	s := begin(t, shop())
	s.hub.Disturb(func(githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
	quiet := s.open(map[string]string{"README.md": "# Shop 2\n"})
	broken := s.open(without(t, status))
	closed := s.open(without(t, total))
	s.repo.ClosePull(closed)
	s.hub.Disturb(nil)
	s.hub.Install("acme")
	s.wants(quiet, "success", "No contract changed")
	s.wants(broken, "action_required", "acme/mobile")
	if run := s.settled(closed); run.ID != 0 {
		t.Errorf("a closed pull request got a check: %s", run.Conclusion)
	}
}

// deliveries counts what the store holds of an event.
func (s *scene) deliveries(event string) (n int) {
	s.Helper()
	db, err := sql.Open("sqlite", "file:"+s.db+"?mode=ro")
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(context.Background(), `SELECT count(*) FROM delivery WHERE event = $1`,
		event).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

func TestWhatTheServerRefuses(t *testing.T) {
	s := begin(t, shop())
	s.hub.Disturb(func(githubtest.Delivery) githubtest.Fate { return githubtest.Drop })
	pull := s.open(without(t, status))
	s.hub.Disturb(nil)
	var opened []byte
	for _, d := range s.hub.Deliveries() {
		if d.Event == "pull_request" {
			opened = d.Payload
		}
	}
	s.idle()
	got := []int{}
	for i, test := range []struct {
		secret string
		body   []byte
	}{
		{"guessed", opened},
		{"", opened},
		{s.hub.Secret, bytes.Repeat([]byte(" "), 25<<20+1)},
		{s.hub.Secret, []byte("{")},
	} {
		got = append(got, s.deliver(fmt.Sprintf("refused-%d", i), "pull_request", test.secret, test.body))
	}
	if diff := cmp.Diff([]int{401, 401, 413, 400}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	s.idle()
	if n, run := s.deliveries("pull_request"), s.check(pull); n != 0 || run.ID != 0 {
		t.Errorf("%d deliveries are stored, the check is %q", n, run.Conclusion)
	}
	if status := s.deliver("signed", "pull_request", s.hub.Secret, opened); status != 202 {
		t.Errorf("the signed delivery is answered %d", status)
	}
	s.wants(pull, "action_required", "acme/mobile")
	if n := s.deliveries("pull_request"); n != 1 {
		t.Errorf("%d deliveries are stored, want 1", n)
	}
}

// What was begun goes on after a restart.
func TestRestart(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	s.idle()
	s.end()
	s.serve(quick)
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.idle()
	if len(s.comments(pull)) != 1 || len(s.asked(pull)) != 1 ||
		len(s.repo.CheckRuns(s.check(pull).Head)) != 1 {
		t.Errorf("after a restart there are %d comments, %v was asked", len(s.comments(pull)), s.asked(pull))
	}
}
