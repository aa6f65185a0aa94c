package life_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/life"
	"github.com/assent-dev/assent/diff/tree"
)

// read reads a life from YAML.
func read(t *testing.T, text string) life.Life {
	t.Helper()
	doc, err := tree.Parse("x.yaml", []byte("{"+text+"}"), tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return life.Of(doc.Root)
}

// rules name themselves.
var rules = life.Rules{
	Deprecated:          &diff.Rule{ID: "deprecated"},
	Restored:            &diff.Rule{ID: "restored"},
	SunsetPostponed:     &diff.Rule{ID: "sunset-postponed"},
	SunsetBroken:        &diff.Rule{ID: "sunset-broken"},
	SunsetUnreadable:    &diff.Rule{ID: "sunset-unreadable"},
	NoticeTooShort:      &diff.Rule{ID: "notice-too-short"},
	StabilityIncreased:  &diff.Rule{ID: "stability-increased"},
	StabilityDecreased:  &diff.Rule{ID: "stability-decreased"},
	StabilityUnreadable: &diff.Rule{ID: "stability-unreadable"},
}

func TestEvents(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{"nothing said", "", "", nil},
		{"announced", "", "deprecated: true", []string{"deprecated"}},
		{
			"announced with a day in time", "",
			"deprecated: true, x-sunset: 2027-06-30, x-stability-level: stable",
			[]string{"deprecated"},
		},
		{
			"announced too late", "",
			"deprecated: true, x-sunset: 2027-06-29, x-stability-level: stable",
			[]string{"deprecated", "notice-too-short"},
		},
		{
			"announced without a due day", "x-stability-level: beta",
			"deprecated: true, x-stability-level: beta", []string{"deprecated", "notice-too-short"},
		},
		{
			"a day that is set later", "deprecated: true", "deprecated: true, x-sunset: 2028-01-01",
			[]string{"sunset-postponed"},
		},
		{
			"the same day as date and time", "deprecated: true, x-sunset: 2028-01-01",
			"deprecated: true, x-sunset: '2028-01-01T00:30:00Z'", nil,
		},
		{
			"another day by its zone", "deprecated: true, x-sunset: 2028-01-01",
			"deprecated: true, x-sunset: '2028-01-01T00:30:00+02:00'", []string{"sunset-broken"},
		},
		{
			"taken back", "deprecated: true, x-sunset: 2028-01-01", "deprecated: true",
			[]string{"sunset-broken", "notice-too-short"},
		},
		{
			"no date", "deprecated: true", "deprecated: true, x-sunset: 2027-02-30",
			[]string{"sunset-unreadable"},
		},
		{"no text", "deprecated: true", "deprecated: true, x-sunset: 7", []string{"sunset-unreadable"}},
		{
			"no date before either", "deprecated: true, x-sunset: soon",
			"deprecated: true, x-sunset: soon", nil,
		},
		{"restored", "deprecated: true, x-sunset: 2028-01-01", "", []string{"restored"}},
		{"promised less", "", "x-stability-level: beta", []string{"stability-decreased"}},
		{
			"promised more", "x-stability-level: draft", "x-stability-level: alpha",
			[]string{"stability-increased"},
		},
		{"no level", "", "x-stability-level: ripe", []string{"stability-unreadable"}},
		{"a level that is mended", "x-stability-level: ripe", "x-stability-level: alpha", nil},
	}
	// 180 days after the first of January 2027 is the thirtieth of June.
	options := diff.Options{
		Today:     "2027-01-01",
		Lifecycle: diff.Lifecycle{Notice: map[string]int{"stable": 180, "beta": 30}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old, new := read(t, tt.old), read(t, tt.new)
			if tt.name == "announced" { // draft is due no notice
				old, new = read(t, "x-stability-level: draft"), read(t, tt.new+", x-stability-level: draft")
			}
			var got []string
			for _, e := range rules.Events(options, old, new) {
				got = append(got, e.Rule.ID)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRemoval(t *testing.T) {
	for text, want := range map[string]life.Removal{
		"":                                       life.Unannounced,
		"x-sunset: 2026-01-01":                   life.Unannounced,
		"deprecated: true":                       life.Announced,
		"deprecated: true, x-sunset: 2027-01-01": life.Over,
		"deprecated: true, x-sunset: 2027-01-02": life.Unannounced,
		"deprecated: true, x-sunset: soon":       life.Unannounced,
		"deprecated: true, x-sunset: 2026-12-31T23:00:00Z": life.Over,
	} {
		if got, _ := read(t, text).Removal("2027-01-01"); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
