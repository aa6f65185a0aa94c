package contracts

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff/formats"
)

// TestMendedContract: what cannot be read at the base is compared with the last
// version that can be, or else asked of the owners, so that it can be mended and hides
// nothing.
func TestMendedContract(t *testing.T) {
	const (
		file = "api.yaml"
		none = "openapi: 3.1.0\ninfo: {title: a, version: 1.0.0}\npaths:\n"
		one  = none + "  /a: {get: {responses: {'200': {description: a}}}}\n"
		two  = one + "  /b: {get: {responses: {'200': {description: b}}}}\n"
	)
	broken := two + "  /c: [\n"
	commits := func(texts ...string) tagged {
		all := tagged{}
		for i, text := range texts {
			all[string(rune('1'+i))] = memory{file: text}
		}
		return all
	}
	for name, tt := range map[string]struct {
		base, head string
		versions   tagged
		want       []string // findings
		notes      string
		unseen     int
		errors     int
	}{
		"mended": {
			broken, "# good\n" + two, commits(two, broken), nil, "commit 1", 0, 0,
		},
		"mended, and less": {
			broken, one, commits(two, broken), []string{"openapi/version-not-raised", "openapi/path-removed"},
			"commit 1", 0, 0,
		},
		"never readable": {broken, two, commits(broken), []string{"contract/added"}, "", 1, 0},
		"broken still":   {broken, "# still\n" + broken, commits(two), nil, "", 0, 2},
		"broken now":     {two, broken, commits(two), nil, "", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := finder(memory{file: tt.base}, memory{file: tt.head})
			f.Formats = formats.All
			f.Repository = tt.versions
			result, err := f.Compare(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			failed := 0
			for _, r := range result.Reports {
				failed += len(r.Errors)
				for _, c := range r.Changes {
					got = append(got, c.Rule.ID)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			notes := strings.Join(result.Notes, "\n")
			if !strings.Contains(notes, tt.notes) || (tt.notes == "") != !strings.Contains(notes, "commit") {
				t.Errorf("notes %q, want %q", notes, tt.notes)
			}
			if len(result.PolicyChanges) != tt.unseen || failed != tt.errors {
				t.Errorf("%d entries unseen, want %d; %d errors, want %d", len(result.PolicyChanges),
					tt.unseen, failed, tt.errors)
			}
		})
	}
}
