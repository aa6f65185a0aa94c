package contracts

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTagOrder: the tags that a pattern selects are in the order of their
// versions, however they are written and listed.
func TestTagOrder(t *testing.T) {
	tests := []struct {
		name, pattern string
		want          []string
	}{
		{"numbers", "v*", []string{"v1.2.3", "v1.2.10", "v1.10.0", "v1.10.3", "v2", "v9", "v10"}},
		{
			"a version comes after its candidates", "v*",
			[]string{
				"v0.9.0", "v1.0.0-1", "v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-alpha.beta", "v1.0.0-beta",
				"v1.0.0-beta.2", "v1.0.0-beta.11", "v1.0.0-rc.1", "v1.0.0-rc.2", "v1.0.0-rc.10", "v1.0.0",
			},
		},
		{"candidates numbered without a dot", "v*", []string{"v1.0.0-rc2", "v1.0.0-rc10", "v1.0.0"}},
		{
			"candidates of short versions", "v*",
			[]string{"v5.9", "v6-beta.1", "v6", "v6.1-rc1", "v6.1-rc10", "v6.1", "v6.2"},
		},
		{"builds are equal, and ordered by name", "*", []string{"1.0.0", "1.0.0+2", "1.0.0+10", "1.0.1"}},
		{"in a folder", "orders/v*", []string{"orders/v1.2.0-rc.1", "orders/v1.2.0", "orders/v1.10.0"}},
		{"in any folder", "*/v*", []string{"orders/v1.2.0", "trades/v1.10.0", "orders/v2.0.0"}},
		{"behind a name", "orders-*", []string{"orders-1.2.0-rc.1", "orders-1.2.0", "orders-1.10.0"}},
		{
			"behind a name without a separator", "orders*",
			[]string{"orders1.2.0-rc.1", "orders1.2.0", "orders1.10.0"},
		},
		{
			"behind a name with a number", "orders-2-v*",
			[]string{"orders-2-v1", "orders-2-v3-rc.1", "orders-2-v3"},
		},
		{
			"full versions behind a number", "*",
			[]string{"orders-2-1.0.0-rc.1", "orders-2-1.0.0", "orders-3-1.1.0"},
		},
		{"a pattern within the version", "v1*", []string{"v1.2.0", "v1.10.0-rc.1", "v1.10.0", "v10.0.0"}},
		{"a pattern within the candidate", "v1.0.0-*", []string{"v1.0.0-1", "v1.0.0-beta.3", "v1.0.0-rc.2"}},
		{"a pattern with a part of the version", "v1.*", []string{"v1.9", "v1.10"}},
		{"calendar versions", "*", []string{"2025.12.31", "2026.01.15", "2026.1.16", "2026.10.01"}},
		{"days", "release-*", []string{"release-2025-12-31", "release-2026-1-2", "release-2026-1-15"}},
		{
			"what is no version comes first, in the order of its numbers", "*",
			[]string{
				"1.2.3.4", "latest", "nightly-2026-01-02", "nightly-2026-01-15", "v1.0.0-rc..1",
				"v1_9", "v1_10", "v0.1.0", "v1.0.0",
			},
		},
		{
			"numbers of any length", "v*",
			[]string{"v99999999999999999999.0.0", "v100000000000000000000.0.0"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for shift := range tt.want {
				given := slices.Concat(tt.want[shift:], tt.want[:shift])
				slices.Reverse(given)
				given = slices.Insert(given, shift, "a/b/not-selected")
				if d := cmp.Diff(tt.want, matchingTags(tt.pattern, given)); d != "" {
					t.Error(d)
				}
			}
		})
	}
}
