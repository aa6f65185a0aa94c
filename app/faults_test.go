package app_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// faulty answers the first requests of each kind with the fault: token, reads,
// writes alike.
func faulty(times int, fault githubFault) func(*http.Request) *githubFault {
	var mu sync.Mutex
	seen := map[string]int{}
	return func(r *http.Request) *githubFault {
		mu.Lock()
		defer mu.Unlock()
		path := strings.Split(r.URL.Path, "/")
		key := r.Method + " " + path[len(path)-1]
		if len(path[len(path)-1]) >= 40 {
			key = r.Method + " " + path[len(path)-2] // a tree or blob by its SHA
		}
		if seen[key]++; seen[key] <= times {
			return &fault
		}
		return nil
	}
}

// header is a Header of one answer.
func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

// However GitHub fails for a while, the check ends right and nothing is said twice.
func TestGitHubFailsForAWhile(t *testing.T) {
	soon := strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)
	for name, fault := range map[string]githubFault{
		"500":           {Status: 500},
		"502 with HTML": {Status: 502, Body: "<html>Unicorn!</html>"},
		"rate limit": {
			Status: 403,
			Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", soon),
			Body:   `{"message": "API rate limit exceeded"}`,
		},
		"403 with Retry-After": {
			Status: 403,
			Header: header("Retry-After", "1"),
			Body:   `{"message": "You have exceeded a secondary rate limit"}`,
		},
		"429": {Status: 429, Header: header("Retry-After", "60")},
		"422 abuse": {
			Status: 422,
			Body:   `{"message": "Validation Failed", "errors": [{"code": "abuse"}]}`,
		},
		"hang-up":            {},
		"hang-up afterwards": {After: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, shop())
			s.hub.Fail(faulty(1, fault))
			pull := s.open(without(t, total, note))
			s.wants(pull, "action_required", "2 changes need approval by ")
			run := s.settled(pull)
			if n := len(s.repo.CheckRuns(run.Head)); n != 1 || len(run.Annotations) != 2 {
				t.Errorf("%d runs, annotations %v; want one run with two", n, marks(run))
			}
			if diff := cmp.Diff([]string{"billing", "mobile", "orders"}, s.asked(pull)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if n := len(s.repo.ReviewComments(pull)); s.comment(pull) == "" || n != 2 {
				t.Errorf("%d comments on lines, comment %q; want 2 and one", n, s.comment(pull))
			}
			s.approve(pull, "mia", "bert", "oscar")
			s.wants(pull, "success", "2 changes approved")
		})
	}
}

// What never heals is tried, then given up, and never green; the next event
// begins anew.
func TestGitHubFailsForGood(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "success", "No contract changed")
	s.idle()
	s.hub.Fail(func(r *http.Request) *githubFault {
		if strings.Contains(r.URL.Path, "/git/trees/") {
			return &githubFault{Status: 500}
		}
		return nil
	})
	s.push(pull, without(t, status))
	s.wants(pull, "in_progress", "trying again: GitHub asks for patience or does not answer")
	s.wants(pull, "timed_out", "Not decided")
	if run := s.settled(pull); run.Conclusion != "timed_out" || len(s.repo.CheckRuns(run.Head)) != 1 {
		t.Errorf("at the end the check is %s, in %d runs", run.Conclusion, len(s.repo.CheckRuns(run.Head)))
	}
	if len(s.asked(pull)) > 0 || s.comment(pull) != "" {
		t.Errorf("asked %v, comment %q", s.asked(pull), s.comment(pull))
	}
	s.hub.Fail(nil)
	s.repo.Rerequest(s.check(pull).ID, "olivia")
	s.wants(pull, "action_required", "acme/mobile")
}

// An answer that makes no sense is our fault until the contrary is shown, and
// is not green either.
func TestOurOwnFault(t *testing.T) {
	s := begin(t, shop())
	s.hub.Fail(func(r *http.Request) *githubFault {
		if strings.Contains(r.URL.Path, "/git/blobs/") {
			return &githubFault{Status: 404, Body: `{"message": "Not Found"}`}
		}
		return nil
	})
	pull := s.open(without(t, status))
	s.until("it is given up", func() bool { return s.check(pull).Conclusion != "" })
	if run := s.settled(pull); run.Conclusion != "timed_out" ||
		!strings.Contains(run.Title, "something went wrong on our side") {
		t.Errorf("the check is %s (%s)", run.Conclusion, run.Title)
	}
	s.hub.Fail(nil)
	s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "action_required", "acme/mobile")
}

// A membership that GitHub does not tell neither counts an approval nor drops
// it.
func TestMembershipThatCannotBeLookedUp(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	s.wants(pull, "action_required", "acme/mobile")
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
	s.hub.Fail(func(r *http.Request) *githubFault {
		if strings.Contains(r.URL.Path, "/memberships/") {
			return &githubFault{Status: 403, Body: `{"message": "Resource not accessible by integration"}`}
		}
		return nil
	})
	s.push(pull, map[string]string{"README.md": "# Shop 2\n"})
	s.wants(pull, "in_progress", "trying again")
	s.hub.Fail(nil)
	s.wants(pull, "success", "approved")
}
