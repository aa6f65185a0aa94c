package app_test

import (
	"strings"
	"testing"
)

// A line of CODEOWNERS that GitHub skips is skipped here, and said: it widens
// nobody's say, nor does a line that names nobody who can be asked.
func TestBadLineInCodeOwners(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		asked      string // by CODEOWNERS
		agrees     string // whose approval counts; nobody's if empty
		note       string
	}{
		{
			"a range", "*.yaml @oscar\n/docs/[ab].md @acme/analytics\n", "oscar", "oscar",
			"CODEOWNERS line 2 is skipped, as GitHub skips it: unexpected character",
		},
		{
			"an owner without @", "/api/ @acme/orders\n/events/ acme/billing\n", "acme/orders", "oscar",
			"CODEOWNERS line 2 is skipped, as GitHub skips it: invalid owner format",
		},
		{
			"an e-mail address", "/api/ orders@acme.com\n", "orders@acme.com", "",
			"CODEOWNERS line 1 names only e-mail addresses",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := begin(t, ownerless(t, tt.text))
			pull := s.open(without(t, note))
			run := s.wants(pull, "action_required", "1 change needs approval by "+tt.asked)
			if !strings.Contains(run.Summary, tt.note) {
				t.Errorf("the summary does not say %q:\n%s", tt.note, run.Summary)
			}
			s.approve(pull, "walter") // who may write
			if run := s.settled(pull); run.Conclusion != "action_required" {
				t.Errorf("with the approval of one who may write the check is %s", run.Conclusion)
			}
			if tt.agrees != "" {
				s.approve(pull, tt.agrees)
				s.wants(pull, "success", "1 change approved")
			}
		})
	}
}

// Where nobody asks CODEOWNERS, its mistakes are no news.
func TestBadLineThatNobodyAsks(t *testing.T) {
	s := begin(t, with(shop(), map[string]string{"CODEOWNERS": "[API]\n"}))
	run := s.wants(s.open(without(t, note)), "action_required", "by acme/orders")
	if strings.Contains(run.Summary, "CODEOWNERS") {
		t.Errorf("the summary speaks of CODEOWNERS:\n%s", run.Summary)
	}
}
