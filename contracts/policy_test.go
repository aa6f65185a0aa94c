package contracts

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff/jsonschema"
)

// policyFinder compares what three texts of the configuration say of one
// contract.
func policyFinder(base, tip, head string) *Finder {
	files := func(text string) memory {
		return memory{config.Path: "version: 1\n" + text + "\n", "order.lines": "id: [\n"}
	}
	f := finder(files(base), files(head))
	f.Policy, f.Tip = files(tip), "tip"
	return f
}

// policyChanges compares and lists the rules on the policy that are found, by the
// report.
func policyChanges(t *testing.T, f *Finder) (ids, notes []string) {
	t.Helper()
	result, err := f.Compare(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range result.PolicyChanges {
		for _, found := range change.Report.Changes {
			ids = append(ids, change.Report.Contract+": "+found.Rule.ID)
		}
	}
	return ids, result.Notes
}

// TestPolicyOfThreeRevisions: what the pull request loosens is found by the
// policy at the tip, and what the base branch changed meanwhile is not.
func TestPolicyOfThreeRevisions(t *testing.T) {
	const (
		listed   = "contracts: [{path: order.lines, owners: [a/b]}]\n"
		selfish  = "approvals: {self-approval: true}\n"
		others   = "contracts: [{path: order.lines, owners: [a/c]}]\n"
		user     = "consumers: [{team: a/d, contract: order}]\n"
		several  = "approvals: {per-team: 2}\n"
		order    = config.Path + " for order.lines: config/"
		everyone = config.Path + ": config/"
	)
	for name, tt := range map[string]struct {
		base, tip, head string
		want            []string
	}{
		"nothing":            {listed, listed, listed, nil},
		"loosened":           {listed, listed, listed + selfish, []string{order + "self-approval-allowed"}},
		"tightened":          {listed, listed, listed + several, []string{everyone + "tightened"}},
		"owners":             {listed, listed, others, []string{order + "owners-changed"}},
		"loosened meanwhile": {listed, listed + selfish, listed + "# ours\n", nil},
		"both loosened":      {listed, listed + selfish, listed + selfish, nil},
		"tightened meanwhile": {
			listed, listed + several, listed + "# ours\n", nil,
		},
		"tightened meanwhile, and loosened": {
			listed, listed + several, others, []string{order + "owners-changed"},
		},
		"used meanwhile, and loosened": {
			listed, listed + user, listed + selfish, []string{everyone + "self-approval-allowed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := policyChanges(t, policyFinder(tt.base, tt.tip, tt.head))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestUnreadablePolicy: where the policy cannot be read, the last version that can
// be decides, or else the defaults; never the head's.
func TestUnreadablePolicy(t *testing.T) {
	const broken = "colour: blue\n"
	const listed = "contracts: [{path: order.lines, owners: [a/b]}]\n"
	const selfish = "approvals: {self-approval: true}\n"
	version := func(text string) memory { return memory{config.Path: "version: 1\n" + text} }
	since := tagged{"1": version(listed), "2": version(broken)}
	const mended, order = config.Path + ": config/mended", config.Path + " for order.lines: config/"
	for name, tt := range map[string]struct {
		versions tagged
		head     string
		want     []string
		decides  string
	}{
		"untouched": {since, broken, nil, "commit 1 decides"},
		"mended":    {since, listed, []string{mended}, "commit 1 decides"},
		"mended and loosened": {
			since, listed + selfish, []string{mended, order + "self-approval-allowed"}, "commit 1 decides",
		},
		"never readable": {
			tagged{"1": version(broken)}, listed + selfish, []string{mended}, "defaults decide",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := policyFinder(broken, broken, tt.head)
			f.Repository = tt.versions
			got, notes := policyChanges(t, f)
			got = slices.DeleteFunc(got, func(id string) bool { return strings.HasSuffix(id, "tightened") })
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if len(notes) != 1 || !strings.Contains(notes[0], tt.decides) {
				t.Errorf("notes %q, want one that says %q", notes, tt.decides)
			}
		})
	}
}

// TestPolicyOfAnUnreadableHead: where another file of the policy changes beside a
// configuration that cannot be read, nobody can tell what is lost.
func TestPolicyOfAnUnreadableHead(t *testing.T) {
	const broken, listed = "colour: blue\n", "contracts: [{path: order.lines, owners: [a/b]}]\n"
	f := policyFinder(broken, listed, broken)
	result, err := f.Compare(context.Background())
	if err != nil || len(result.Mistakes) > 0 {
		t.Fatalf("the pull request changes nothing: %v, %v", err, result.Mistakes)
	}
	f.Head = memory{config.Path: "version: 1\n" + broken, "order.lines": "id: [\n", "CODEOWNERS": "* @a/c\n"}
	result, err = f.Compare(context.Background())
	if err != nil || len(result.Mistakes) != 1 {
		t.Errorf("got %v, mistakes %v, want the mistake of the configuration", err, result.Mistakes)
	}
}

// TestTooLargeForThePolicy: a file that nobody could look into is told, by its name
// if that says what it is.
func TestTooLargeForThePolicy(t *testing.T) {
	large := errors.New("the file is too large")
	for file, want := range map[string]string{
		"other.lines": "the file is no longer a contract",
		"other.json":  "may be a contract, and was not looked into: the file is too large",
		"other.txt":   "",
	} {
		f := policyFinder("", "", "contracts: [{path: order.lines}]\n")
		f.Formats = append(f.Formats, jsonschema.Format)
		base := memory{config.Path: "version: 1\n", "order.lines": "id: [\n", file: "id: [\n"}
		head := maps.Clone(base)
		head[config.Path] = "version: 1\ncontracts: [{path: order.lines}]\n"
		refused := refusing{base, file, large}
		f.Base, f.Policy, f.Head, f.TooLarge = refused, refused, refusing{head, file, large}, large
		result, err := f.Compare(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, change := range result.PolicyChanges {
			if change.File == file {
				got = change.Report.Changes[0].Message
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}
