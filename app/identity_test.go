package app_test

import (
	"strings"
	"testing"
)

// TestNoWayRoundTheFile: whatever a pull request does to entries, names and
// copies, a contract that stands at the base is compared with what stands in its
// place, and who answers for it is asked.
func TestNoWayRoundTheFile(t *testing.T) {
	const frozen = "api/frozen.yaml"
	for _, tt := range []struct {
		name    string
		base    map[string]string
		change  map[string]string
		deletes []string
		asked   string
	}{
		{
			"a first configuration that lists something else", bare(),
			with(without(t, status), map[string]string{
				"api/ping.yaml": "openapi: 3.0.3\ninfo: {title: ping, version: 1.0.0}\npaths: {}\n",
				configFile:      "version: 1\ncontracts: [{path: api/ping.yaml}]\n",
			}),
			nil, "3 changes need approval by anyone with write access", // two are no contracts any more
		},
		{
			"an entry that is pointed at a copy", shop(),
			with(without(t, status), map[string]string{
				frozen:     orders,
				configFile: edit(t, settings, ordersFile, frozen),
			}),
			nil, "2 changes need approval by acme/mobile, acme/billing",
		},
		{
			"a copy put away, and a successor under another name", bare(),
			map[string]string{"archive/orders.yaml": orders, "api/purchases.yaml": less(t, orders, status)},
			[]string{ordersFile}, "1 change needs approval by anyone with write access",
		},
		{
			"a twin with another extension",
			with(bare(), map[string]string{"api/orders.json": "{\"openapi\": \"3.0.3\"," +
				"\"info\": {\"title\": \"o\", \"version\": \"1.0.0\"}, \"paths\": {\"/x\": {\"get\": " +
				"{\"responses\": {\"200\": {\"description\": \"x\"}}}}}}\n"}),
			map[string]string{"api/orders.json": "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"o\", " +
				"\"version\": \"1.0.0\"}, \"paths\": {}}\n"},
			nil, "1 change needs approval by anyone with write access",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := begin(t, tt.base)
			pull := s.open(tt.change, tt.deletes...)
			run := s.settled(pull)
			if run.Conclusion != "action_required" || !strings.Contains(run.Title, tt.asked) {
				t.Errorf("the check is %s (%s), want action_required (%s)", run.Conclusion, run.Title,
					tt.asked)
			}
		})
	}
}
