package formats_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/assent-dev/assent/diff/formats"
)

// TestPolicies keeps the page on policies true: its table says what the rules
// cost.
func TestPolicies(t *testing.T) {
	page, err := os.ReadFile("../../docs/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\|.*\\| `([a-z-]+/[a-z-]+)` \\| (\\w+) \\| (\\w+) \\|$")
	rows := row.FindAllStringSubmatch(string(page), -1)
	if len(rows) < 5 {
		t.Fatalf("only %d rows: the page is written otherwise than this test reads it", len(rows))
	}
	levels := map[string][2]string{}
	for _, r := range formats.All.Rules() {
		levels[r.ID] = [2]string{r.Sends.String(), r.Receives.String()}
	}
	for _, row := range rows {
		if got := levels[row[1]]; got != [2]string{row[2], row[3]} {
			t.Errorf("%s: the page says %s and %s, the rule %v", row[1], row[2], row[3], got)
		}
	}
}
