// Package difftest runs what every format is tested by: the examples of its
// rules, with all rules running, and the fixtures in its testdata folder. An
// example and a fixture are txtar archives: prose and flags, then the files
// old.* and new.* (or folders old/ and new/, the root file first; old1.*,
// old2.* make a history), then want: what "assent compare" prints. A file
// refusals, if there is one, holds what a schema registry says: type, path and
// words, a line each.
//
// With UPDATE=1 in the environment, as "make update" sets it, expectations are
// rewritten, except for a fixture that reports nothing and for one whose name
// begins with "same-": it must go on saying that nothing changed. Only tests
// import this package.
package difftest

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/diff"
)

// Run tests a format: the examples of its own rules, and testdata/*.txtar.
// Rules that it shares are tested where they are defined: an id begins with the
// end of that format's name.
func Run(t *testing.T, f *diff.Format) {
	t.Helper()
	ids := identities{}
	runRules(t, f, ids, slices.DeleteFunc(slices.Clone(f.Rules), func(r *diff.Rule) bool {
		family, _, _ := strings.Cut(r.ID, "/")
		return !strings.HasSuffix(f.Name, family)
	}))
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { fixture(t, f, ids, file) })
	}
	ids.compare(t)
}

var ruleID = regexp.MustCompile(`^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$`)

// Rules checks rules whose examples are contracts of the format: documented,
// found by their example, and with nothing else found there than it says.
func Rules(t *testing.T, f *diff.Format, rules []*diff.Rule) {
	t.Helper()
	runRules(t, f, identities{}, rules)
}

func runRules(t *testing.T, f *diff.Format, ids identities, rules []*diff.Rule) {
	t.Helper()
	for _, rule := range rules {
		t.Run(rule.ID, func(t *testing.T) {
			if !ruleID.MatchString(rule.ID) || rule.Title == "" || strings.TrimSpace(rule.Doc) == "" {
				t.Fatal("a rule needs an id such as schema/type-changed, a title and a Doc")
			}
			archive := txtar.Parse([]byte(rule.Example))
			report := check(t, f, archive)
			ids.add(rule.ID, report)
			if !slices.ContainsFunc(report.Changes, func(c diff.Change) bool { return c.Rule == rule }) {
				t.Error("the example does not report the rule")
			}
			updated, err := settle(archive, text(t, report))
			if err != nil {
				t.Error(err)
			}
			if updated != nil {
				rewriteExample(t, rule.Example, string(txtar.Format(updated)))
			}
		})
	}
}

func fixture(t *testing.T, f *diff.Format, ids identities, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	report := check(t, f, archive)
	ids.add(filepath.Base(file), report)
	if err := settleFixture(file, archive, text(t, report)); err != nil {
		t.Error(err)
	}
}

// check compares the sides of an archive, and each side with itself: that
// must report nothing.
func check(t *testing.T, f *diff.Format, archive *txtar.Archive) *diff.Report {
	t.Helper()
	olds, new := sides(t, archive)
	for _, side := range append(slices.Clone(olds), new) {
		if side.Absent() {
			continue
		}
		if self := compare(t, f, archive, []diff.Source{side}, side); len(self.Changes) > 0 {
			t.Errorf("%s differs from itself:\n%s", side.Root(), text(t, self))
		}
	}
	return compare(t, f, archive, olds, new, refusals(t, f, archive, new)...)
}

// refusals reads the file refusals: a line for each, which holds the registry's
// name of the reason, a pointer and a description.
func refusals(t *testing.T, f *diff.Format, archive *txtar.Archive, new diff.Source) (all []diff.Fact) {
	t.Helper()
	for _, file := range archive.Files {
		if file.Name != "refusals" {
			continue
		}
		for line := range strings.Lines(string(file.Data)) {
			kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			pointer, words, _ := strings.Cut(rest, " ")
			at, err := f.Registered.At(new, pointer)
			if err != nil {
				t.Fatal(err)
			}
			refusal := diff.Refusal{Registry: "confluent", Type: kind, Path: pointer, Description: words}
			all = append(all, diff.Refused(refusal, at))
		}
	}
	return all
}

func compare(t *testing.T, f *diff.Format, archive *txtar.Archive, olds []diff.Source, new diff.Source,
	facts ...diff.Fact) *diff.Report {
	t.Helper()
	if last := olds[len(olds)-1]; renamed(last, new) {
		facts = append(facts, diff.Renamed(last, new))
	}
	compatibility, err := f.Compatibility(flag(archive, "--compatibility"))
	if err != nil {
		t.Fatal(err)
	}
	profile, err := f.Profile(flag(archive, "--profile"))
	if err != nil {
		t.Fatal(err)
	}
	report, err := diff.Compare(context.Background(), diff.Contract{
		Name: "example", Format: f, Facts: facts, Compatibility: compatibility,
		Options: diff.Options{
			Profile:    profile,
			Today:      diff.Day(flag(archive, "--today")),
			Lifecycle:  diff.Lifecycle{Notice: notice(t, archive)},
			Versioning: versioning(archive),
		},
		Policy: diff.Policy{InProgress: strings.Fields(flag(archive, "--in-progress"))},
	}, olds, new)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// notice reads the flag --notice LEVEL=DAYS.
func notice(t *testing.T, archive *txtar.Archive) map[string]int {
	t.Helper()
	level, number, given := strings.Cut(flag(archive, "--notice"), "=")
	if !given {
		return nil
	}
	days, err := strconv.Atoi(number)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]int{level: days}
}

// versioning reads the flag --allow, which is major or path.
func versioning(archive *txtar.Archive) diff.Versioning {
	return diff.Versioning{
		Major: flag(archive, "--allow") == "major",
		Path:  flag(archive, "--allow") == "path",
	}
}

// renamed reports whether the root lies elsewhere in its folder than before.
func renamed(old, new diff.Source) bool {
	_, before, inFolder := strings.Cut(old.Root(), "/")
	_, after, _ := strings.Cut(new.Root(), "/")
	return inFolder && !new.Absent() && before != after
}

func text(t *testing.T, r *diff.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteText(&b, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// flag finds the value of a flag in the archive's comment.
func flag(archive *txtar.Archive, name string) string {
	fields := strings.Fields(string(archive.Comment))
	if i := slices.Index(fields, name); i >= 0 && i+1 < len(fields) {
		return fields[i+1]
	}
	return ""
}

// sides splits an archive by the first element of the names, up to its dot.
func sides(t *testing.T, archive *txtar.Archive) (olds []diff.Source, new diff.Source) {
	t.Helper()
	tree, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	bySide := map[string]*diff.Source{}
	var order []string
	for _, file := range archive.Files {
		side, _, _ := strings.Cut(strings.Split(file.Name, "/")[0], ".")
		if side == "want" || side == "refusals" || bySide[side] != nil {
			continue
		}
		bySide[side] = &diff.Source{FS: tree, Paths: []string{file.Name}}
		order = append(order, side)
	}
	for _, side := range order {
		if side == "new" {
			new = *bySide[side]
			continue
		}
		if side != "old" {
			bySide[side].Label = side
		}
		olds = append(olds, *bySide[side])
	}
	if len(olds) == 0 {
		olds = []diff.Source{{}}
	}
	return olds, new
}
