package app_test

import (
	"strings"
	"testing"
)

// A contract that was broken on the base branch can be mended, and what is removed
// beside that is asked of those whom it hits.
func TestBrokenContractCanBeMended(t *testing.T) {
	s := begin(t, shop())
	s.repo.Push("main", "a mistake", "oscar", map[string]string{ordersFile: orders + "  x: [\n"})
	run := s.wants(s.open(map[string]string{ordersFile: "# mended\n" + orders}), "success", "")
	if words := "api/orders.yaml cannot be read at the base"; !strings.Contains(run.Summary, words) {
		t.Errorf("the check does not say %q: %s", words, run.Summary)
	}
	s.wants(s.open(without(t, status)), "action_required", "by acme/mobile")
}
