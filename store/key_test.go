package store_test

import (
	"testing"

	"github.com/assent-dev/assent/store"
)

// TestKeyText: databases contain these texts.
func TestKeyText(t *testing.T) {
	for want, got := range map[string]store.Key{
		"pull/7":         store.PullKey(7),
		"head/abc":       store.HeadKey("abc"),
		"group/abc/def":  store.GroupKey("abc", "def"),
		"installation/9": store.InstallationKey(9),
		"base/release/1": store.BaseKey("release/1"),
		"team/4":         store.TeamKey(4),
		"members/9":      store.MembersKey(9),
		"sweep/9":        store.SweepKey(9),
		"list":           store.ListKey,
	} {
		if string(got) != want {
			t.Errorf("the key is %q, want %q", got, want)
		}
	}
	for _, got := range []store.Key{
		store.PullKey(0), store.HeadKey(""), store.InstallationKey(0), store.BaseKey(""), store.TeamKey(0),
		store.GroupKey("", "def"), store.GroupKey("abc", ""),
	} {
		if got != "" {
			t.Errorf("%q names a lane of nothing", got)
		}
	}
}

// TestKeyKinds: a key returns what it was made of, and is of one kind only.
func TestKeyKinds(t *testing.T) {
	type kinds struct {
		pull         int
		head         string
		first, last  string
		installation int64
	}
	read := func(k store.Key) (got kinds) {
		if n, ok := k.Pull(); ok {
			got.pull = n
		}
		if sha, ok := k.Head(); ok {
			got.head = sha
		}
		if head, base, ok := k.Group(); ok {
			got.first, got.last = head, base
		}
		if id, ok := k.Installation(); ok {
			got.installation = id
		}
		return got
	}
	for key, want := range map[store.Key]kinds{
		store.PullKey(7):               {pull: 7},
		store.HeadKey("abc"):           {head: "abc"},
		store.GroupKey("abc", "def"):   {first: "abc", last: "def"},
		store.InstallationKey(1 << 40): {installation: 1 << 40},

		"": {}, "pull": {}, "pull/": {}, "pull/seven": {}, "pull/0": {},
		"head/": {}, "group/abc": {}, "group/abc/": {}, "other/7": {},
	} {
		if got := read(key); got != want {
			t.Errorf("%q reads as %+v, want %+v", key, got, want)
		}
	}
}
