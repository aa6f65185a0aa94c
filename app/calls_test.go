package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/assent-dev/assent/github/githubtest"
)

// manyFields is an order with a number of required fields, with some left out.
func manyFields(n, without int) string {
	var required, properties strings.Builder
	for i := without; i < n; i++ {
		fmt.Fprintf(&required, "        - f%d\n", i)
		fmt.Fprintf(&properties, "        f%d: {type: string}\n", i)
	}
	before, after, _ := strings.Cut(orders, "        - id\n")
	text := before + required.String() + "        - id\n" + after
	return strings.Replace(text, "        id: {type: string}\n",
		properties.String()+"        id: {type: string}\n", 1)
}

// What GitHub is asked for each event is bounded, as GitHub bounds it: an
// installation has 5,000 requests an hour.
func TestCalls(t *testing.T) {
	pace := quick
	pace.Sweep = time.Hour // which would be counted too
	first, err := described(githubtest.Options{
		Description: githubtest.Description(t), Schema: githubtest.Schema(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, with(shop(), map[string]string{ordersFile: manyFields(40, 0)}),
		githubtest.Options{Like: first}, pace)
	counted := func(name string, most int, event func()) {
		t.Helper()
		s.idle()
		s.hub.ResetCalls()
		event()
		s.idle()
		n := 0
		var calls []string
		for _, c := range s.hub.Calls() {
			n += c.Count
			calls = append(calls, fmt.Sprintf("%d × %s %s", c.Count, c.Method, c.Path))
		}
		if n > most {
			t.Errorf("%s: %d requests, at most %d:\n%s", name, n, most, strings.Join(calls, "\n"))
		}
	}
	s.wants(s.open(map[string]string{"README.md": "# Shop 2\n"}), "success", "No contract changed")
	warm := s.open(map[string]string{ordersFile: less(t, manyFields(40, 0), note)})
	s.wants(warm, "action_required", "by acme/orders")
	s.approve(warm, "oscar")
	s.wants(warm, "success", "approved")
	counted("a pull request without a change of a contract", 4, func() {
		s.wants(s.open(map[string]string{"README.md": "# Shop 3\n"}), "success", "No contract changed")
	})
	one := 0
	counted("a pull request that asks one team", 12, func() {
		one = s.open(map[string]string{ordersFile: less(t, manyFields(40, 0), status)})
		s.wants(one, "action_required", "by acme/mobile")
	})
	counted("an approval", 7, func() {
		s.repo.Review(one, "mia", "APPROVED", "")
		s.wants(one, "success", "approved")
	})
	many := 0
	counted("40 findings of one owner", 16, func() {
		many = s.open(map[string]string{ordersFile: manyFields(40, 40)})
		s.wants(many, "action_required", "40 changes need approval by acme/orders")
	})
	if n := len(s.repo.ReviewComments(many)); n != 30 {
		t.Errorf("%d comments on lines, want 30", n)
	}
	counted("the approval of 40 findings", 45, func() { // each comment is deleted by itself
		s.repo.Review(many, "oscar", "APPROVED", "")
		s.wants(many, "success", "approved")
	})
}
