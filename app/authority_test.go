package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestAuthority tries, for each kind of change that somebody has to agree to,
// whose approval counts. All others may approve as often as they like.
func TestAuthority(t *testing.T) {
	const owners, mobile, writers = "acme/orders", "acme/mobile", "anyone with write access"
	adding := func(text string) map[string]string { return map[string]string{configFile: settings + text} }
	twin := strings.NewReplacer("orders.yaml", "orders.*").Replace(settings)
	both := with(shop(), map[string]string{configFile: twin, "api/orders.json": twinOrders("{}")})
	const statusFile, priceFile = "api/status.def", "zz/price.avsc"
	referring := edit(t, orders, status, "        status: {$ref: 'status.def#/Status'}\n")
	typo := edit(t, settings, tradesFile, "events/tarde.avsc")
	many := with(shop(), map[string]string{tradesFile: edit(t, trades, `"double"`, `"acme.Price"`)})
	for i := range 400 {
		many[fmt.Sprintf("schemas/%03d.avsc", i)] = fmt.Sprintf(
			`{"type": "record", "name": "acme.R%d", "fields": []}`+"\n", i)
	}
	priceType := func(of string) string {
		return `{"type": "record", "name": "acme.Price", "fields": [{"name": "amount", "type": "` + of + "\"}]}\n"
	}
	for _, tt := range []struct {
		name         string
		base, change map[string]string
		fork         bool
		asks         string   // who is named in the title
		asked        []string // for a review
		findings     int      // with an annotation
		agrees       []string // those who may
	}{
		{"a break", shop(), without(t, status), false, mobile, []string{"mobile"}, 1, []string{"mia"}},
		{
			"a break from a fork", shop(), without(t, status), true, mobile,
			[]string{"mobile"}, 1, []string{"mia"},
		},
		{
			"a break that hits nobody", shop(), without(t, note), false, owners,
			[]string{"orders"}, 1, []string{"oscar"},
		},
		{
			"a break that two agree to", shop(), without(t, total), false, "acme/mobile, acme/billing",
			[]string{"billing", "mobile"}, 1, []string{"bert", "mia"},
		},
		{
			"everything ignored", shop(), adding("ignore: [{subject: '**', reason: x}]\n"), true,
			"acme/mobile, acme/billing", []string{"billing", "mobile"}, 1, []string{"bert", "mia"},
		},
		{
			"nobody is asked any more", shop(), adding("approvals: {unclaimed: pass}\n"), false, owners,
			[]string{"orders"}, 2, []string{"oscar"},
		},
		{
			"other owners", shop(),
			map[string]string{configFile: edit(t, settings, "[acme/orders]", "[acme/mobile]")}, false, owners,
			[]string{"orders"}, 1, []string{"oscar"},
		},
		{
			"a use narrowed", shop(),
			map[string]string{configFile: edit(t, settings, "reads status, total", "reads total")},
			false, mobile, []string{"mobile"}, 1, []string{"mia"},
		},
		{
			"a first configuration", bare(), with(without(t, status), map[string]string{
				configFile: "version: 1\ncontracts: [{path: " + tradesFile + "}]\n",
			}), false, writers, []string{}, 2, []string{"oscar", "walter"},
		},
		{
			"a decoy", shop(), with(without(t, status), map[string]string{
				"api/frozen.yaml": orders, configFile: edit(t, settings, ordersFile, "api/frozen.yaml"),
			}), false, "acme/mobile, acme/billing", []string{"billing", "mobile"}, 2, []string{"bert", "mia"},
		},
		{
			"code owners", ownerless(t, "* @acme/orders\n"),
			map[string]string{"CODEOWNERS": "* @acme/mobile\n"},
			false, owners, []string{"orders"}, 3, []string{"oscar"},
		},
		{
			"a twin of another extension", both, map[string]string{"api/orders.json": twinOrders("")},
			false, owners, []string{"orders"}, 1, []string{"oscar"},
		},
		{
			"a file of any name that a contract refers to",
			with(shop(), map[string]string{ordersFile: referring, statusFile: "Status: {type: string}\n"}),
			map[string]string{statusFile: "Status: {type: integer}\n"}, true, mobile,
			[]string{"mobile"}, 1, []string{"mia"},
		},
		{
			"a type behind many files", with(many, map[string]string{priceFile: priceType("double")}),
			map[string]string{priceFile: priceType("string")}, false, "acme/billing",
			[]string{"billing"}, 1, []string{"bert"},
		},
		{
			"an entry that leads nowhere", with(shop(), map[string]string{configFile: typo}),
			map[string]string{"README.md": "# Shop 2\n"},
			false, owners, []string{"orders"}, 1, []string{"oscar"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := begin(t, tt.base)
			s.hub.AddBot("helper[bot]")
			s.repo.Grant("helper[bot]", "write")
			s.hub.AddUser("frank")
			pull := s.openAs(tt.fork, tt.change)
			run := s.wants(pull, "action_required", "by "+tt.asks)
			s.hub.SetTeam(githubtest.Team{ // max has left it, and rita has not joined yet
				Org: "acme", Slug: "mobile", Members: []string{"mia"}, Pending: []string{"rita"},
			})
			for _, who := range []string{
				"olivia", "frank", "oscar", "mia", "max", "bert", "anna", "walter", "rita", "helper[bot]",
			} {
				if slices.Contains(tt.agrees, who) {
					continue
				}
				s.approve(pull, who)
				if run := s.settled(pull); run.Conclusion != "action_required" {
					t.Errorf("after the approval of %s the check is %s (%s)", who, run.Conclusion, run.Title)
				}
			}
			if diff := cmp.Diff(tt.asked, s.asked(pull)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if len(run.Annotations) != tt.findings {
				t.Errorf("%d findings, want %d: %v", len(run.Annotations), tt.findings, marks(run))
			}
			s.approve(pull, tt.agrees...)
			s.wants(pull, "success", "approved by everyone who is hit")
		})
	}
}

// twinOrders is a description in JSON whose one path has the operations.
func twinOrders(path string) string {
	if path != "" {
		path = `"/x": {"get": {"responses": {"200": {"description": "x"}}}}`
	}
	return `{"openapi": "3.0.3", "info": {"title": "o", "version": "1.0.0"}, "paths": {` + path + "}}\n"
}

// openAs opens a pull request of olivia, or of frank from his fork.
func (s *scene) openAs(fork bool, files map[string]string) int {
	if !fork {
		return s.open(files)
	}
	s.branches++
	branch := fmt.Sprintf("fork-%d", s.branches)
	s.repo.Commit(branch, "a change", "frank", files)
	return s.repo.OpenPull(githubtest.Pull{
		Title: "A change", Author: "frank", HeadRef: branch, Fork: "frank",
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
