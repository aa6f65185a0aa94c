package app_test

import (
	"strings"
	"testing"
)

// TestEntryThatLeadsNowhere: while an entry of the base branch leads to no file,
// nothing is green without its owners, who may also agree to an entry that is right.
func TestEntryThatLeadsNowhere(t *testing.T) {
	typo := strings.Replace(settings, "events/trade.avsc", "events/tarde.avsc", 1)
	for name, change := range map[string]map[string]string{
		"untouched": {"README.md": "# The shop\n"},
		"corrected": {configFile: settings},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, with(shop(), map[string]string{configFile: typo}))
			pull := s.open(change)
			run := s.wants(pull, "action_required", "")
			if name == "untouched" && !strings.Contains(run.Summary, "no file matches events/tarde.avsc") {
				t.Errorf("the summary does not say what is wrong: %s", run.Summary)
			}
			s.approve(pull, "oscar")
			s.wants(pull, "success", "")
		})
	}
}
