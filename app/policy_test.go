package app_test

import (
	"strings"
	"testing"
)

// What the base says of lifecycles, versions and oasdiff's files holds for the
// head; what the head says does not yet.
func TestPolicyOnLifecycleAndVersions(t *testing.T) {
	major := with(without(t, note), nil)
	major[ordersFile] = edit(t, major[ordersFile], "version: 1.0.0", "version: 2.0.0")
	deprecated := map[string]string{ordersFile: edit(t, orders, "  /orders/{id}:\n    get:\n",
		"  /orders/{id}:\n    get:\n      deprecated: true\n      x-sunset: '2100-01-01'\n")}
	soon := map[string]string{ordersFile: strings.Replace(deprecated[ordersFile], "2100-01-01", "2020-01-01",
		1)}
	const levels = "response-required-property-removed info\nrequest-property-removed info\n"
	for _, test := range []struct {
		name, policy string
		files        map[string]string // of the base, beside the shop's
		change       map[string]string
		conclusion   string
		words        string
	}{
		{"a major version breaks", "version: 1\n", nil, major, "action_required", ""},
		{
			"and may", "version: 1\nversioning: {major-allows: true}\n", nil, major, "success",
			"(allowed: the version goes from 1.0.0 to 2.0.0)",
		},
		{
			"if the base says so", "version: 1\n", nil,
			with(major, map[string]string{configFile: "version: 1\nversioning: {major-allows: true}\n"}),
			"action_required", "",
		},
		{
			"notice in time", "version: 1\nlifecycle: {notice: {stable: 180}}\n", nil, deprecated,
			"success", "",
		},
		{
			"notice too short", "version: 1\nlifecycle: {notice: {stable: 180}}\n", nil, soon,
			"action_required", "requires 180 days' notice",
		},
		{
			"levels of oasdiff's", "version: 1\noasdiff: {severity-levels: levels.txt}\n",
			map[string]string{"levels.txt": levels}, without(t, note), "success", "",
		},
		{
			"lines without a meaning", "version: 1\noasdiff: {err-ignore: levels.txt}\n",
			map[string]string{"levels.txt": levels}, without(t, note), "action_required",
			"levels.txt:1:1: no method and path",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, with(with(shop(), test.files), map[string]string{configFile: test.policy}))
			run := s.wants(s.open(test.change), test.conclusion, "")
			if !strings.Contains(run.Summary, test.words) {
				t.Errorf("the summary does not say %q: %s", test.words, run.Summary)
			}
		})
	}
}
