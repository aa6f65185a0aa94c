package app_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff/formats"
)

func TestNothingChanged(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"configured":   shop(),
		"unconfigured": bare(),
		"no contract":  {"README.md": "# Shop\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, files)
			var mu sync.Mutex
			var blobs []string
			s.hub.Fail(func(r *http.Request) *githubFault {
				mu.Lock()
				defer mu.Unlock()
				if strings.Contains(r.URL.Path, "/git/blobs/") {
					blobs = append(blobs, r.URL.Path)
				}
				return nil
			})
			pull := s.open(map[string]string{"README.md": "# The shop\n", "main.go": "package main\n"})
			run := s.wants(pull, "success", "No contract changed")
			if len(run.Annotations) > 0 {
				t.Errorf("annotations: %v", marks(run))
			}
			if run = s.settled(pull); run.Conclusion != "success" {
				t.Errorf("then the check is %s", run.Conclusion)
			}
			if c := s.comment(pull); c != "" {
				t.Errorf("a comment: %s", c)
			}
			if diff := cmp.Diff([]string{}, s.asked(pull)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			most := 0
			for file := range files { // the configuration and the contracts: they may refer to what changed
				if formats.All.Candidate(file) {
					most++
				}
			}
			if len(blobs) > most {
				t.Errorf("%d files were read, want at most %d", len(blobs), most)
			}
			if n := s.wrote("POST", "/check-runs"); n != 1 || s.wrote("PATCH", "") != 0 {
				t.Errorf("%d runs were posted, %d requests patched something; want 1 and 0", n,
					s.wrote("PATCH", ""))
			}
		})
	}
}

func TestSafeChangesNeedNobody(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{ordersFile: edit(t, orders, note,
		note+"        paid: {type: boolean}\n")})
	s.wants(pull, "success", "1 change that needs no approval")
	s.idle()
	if c := s.comment(pull); c != "" || len(s.asked(pull)) > 0 {
		t.Errorf("asked %v, comment %q; want none", s.asked(pull), c)
	}
}

func TestWhoIsAsked(t *testing.T) {
	policy := func(pairs ...string) map[string]string {
		return with(shop(), map[string]string{configFile: edit(t, settings, pairs...)})
	}
	noOwners := []string{
		"    path: api/orders.yaml\n    owners: [acme/orders]\n", "    path: api/orders.yaml\n",
	}
	owned := map[string]string{".github/CODEOWNERS": "* @acme/analytics\n/api/ @acme/billing @walter\n"}
	for _, test := range []struct {
		name              string
		base, change      map[string]string
		conclusion, title string
		asked             []string
	}{
		{
			"only who reads it", shop(), without(t, status), "action_required",
			"1 change needs approval by acme/mobile", []string{"mobile"},
		},
		{
			"everybody who reads it", shop(), without(t, total), "action_required",
			"by acme/mobile, acme/billing", []string{"billing", "mobile"},
		},
		{
			"another operation", shop(), without(t, amount), "action_required", "by acme/billing",
			[]string{"billing"},
		},
		{
			"each its own", shop(), without(t, status, amount), "action_required",
			"2 changes need approval by acme/mobile, acme/billing", []string{"billing", "mobile"},
		},
		{
			"the owners for what nobody uses", shop(), without(t, note), "action_required",
			"by acme/orders", []string{"orders"},
		},
		{
			"code owners without owners", with(policy(noOwners...), owned), without(t, note),
			"action_required", "by acme/billing or walter", []string{"@walter", "billing"},
		},
		{
			"anyone without either", policy(noOwners...), without(t, note), "action_required",
			"by anyone with write access", []string{},
		},
		{
			"anyone without a configuration", bare(), without(t, note), "action_required",
			"by anyone with write access", []string{},
		},
		{
			"code owners without a configuration", with(bare(), owned), without(t, note),
			"action_required", "by acme/billing or walter", []string{"@walter", "billing"},
		},
		{
			"unclaimed fails",
			policy("version: 1\n", "version: 1\napprovals: {unclaimed: fail}\n"),
			without(t, note), "failure", "nobody can agree to", []string{},
		},
		{
			"unclaimed passes",
			policy("version: 1\n", "version: 1\napprovals: {unclaimed: pass}\n"),
			without(t, note), "success", "2 changes that need no approval", []string{},
		},
		{
			"an avro field", shop(),
			map[string]string{tradesFile: edit(t, trades, `"name": "price"`, `"name": "cost"`)},
			"action_required", "by acme/billing", []string{"billing"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, test.base)
			pull := s.open(test.change)
			s.wants(pull, test.conclusion, test.title)
			s.idle()
			if diff := cmp.Diff(test.asked, s.asked(pull)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			comment := s.comment(pull)
			if wanted := test.conclusion != "success"; wanted != strings.Contains(comment, test.title) {
				t.Errorf("the comment says: %s", comment)
			}
			if run := s.check(pull); test.conclusion != "success" &&
				!slices.ContainsFunc(run.Annotations, func(a githubAnnotation) bool {
					return a.Level == "failure"
				}) {
				t.Errorf("no annotation is a failure: %v", marks(run))
			}
		})
	}
}

// Whoever has write access may agree to what nobody claims, but not the author
// and not a reader.
func TestAnyoneWithWriteAccess(t *testing.T) {
	s := begin(t, bare())
	pull := s.open(without(t, note))
	s.wants(pull, "action_required", "anyone with write access")
	s.approve(pull, "rita", "olivia")
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("after a reader's and the author's approval the check is %s", run.Conclusion)
	}
	s.approve(pull, "walter")
	s.wants(pull, "success", "1 change approved")
}

func TestCodeOwnerMayBeAPerson(t *testing.T) {
	s := begin(t, with(bare(), map[string]string{"CODEOWNERS": "*.yaml @walter\n"}))
	pull := s.open(without(t, note))
	s.wants(pull, "action_required", "by walter")
	s.approve(pull, "oscar")
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("after the approval of somebody else the check is %s", run.Conclusion)
	}
	s.approve(pull, "walter")
	s.wants(pull, "success", "approved")
}
