package openapi

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var versionDecreased = &diff.Rule{
	ID:        "openapi/version-decreased",
	Title:     "version decreased",
	Sends:     diff.Risky,
	Receives:  diff.Risky,
	Editorial: true,
	Aliases:   []string{"oasdiff:api-version-decreased"},
	Doc: `
A consumer that compares versions takes the old description for the newer one. The
branch may not be up to date.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
info: {version: 1.4.0}
-- new.yaml --
openapi: 3.1.0
info: {version: 1.3.9}
-- want --
new.yaml:2:8: risky: document › info: the version goes back from 1.4.0 to 1.3.9 [openapi/version-decreased] (was old.yaml:2)
`,
}

var versionNotRaised = &diff.Rule{
	ID: "openapi/version-not-raised", Title: "version not raised", Sequel: true, Editorial: true,
	Aliases: []string{"oasdiff:api-version-not-bumped"},
	Doc: `
The contract changed and its version did not, so the version does not tell consumers
which contract they have. This is reported for breaking changes, and for all changes if
the configuration says so (versioning.every-change). To enforce a new version, set the
rule to breaking.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
info: {version: 2026-11}
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
info: {version: 2026-11}
paths: {}
-- want --
new.yaml:2:8: safe: document › info: the version stays 2026-11 [openapi/version-not-raised] (was old.yaml:2)
new.yaml:3:1: breaking: /orders: the path was removed [openapi/path-removed] (was old.yaml:4)
    sends: GET /orders
`,
}

var versionRaisedTooLittle = &diff.Rule{
	ID:        "openapi/version-raised-too-little",
	Title:     "version raised too little",
	Sends:     diff.Risky,
	Receives:  diff.Risky,
	Sequel:    true,
	Editorial: true,
	Aliases:   []string{"oasdiff:api-major-version-not-bumped"},
	Doc: `
By semantic versioning a breaking change needs a new major version, or before 1.0.0 a
new minor one. This version says that nothing broke. To enforce a new version, set the
rule to breaking.`,
	Example: `
-- old.yaml --
openapi: 3.1.0
info: {version: 1.4.0}
paths:
  /orders:
    get: {responses: {"200": {description: all}}}
-- new.yaml --
openapi: 3.1.0
info: {version: 1.5.0}
paths: {}
-- want --
new.yaml:2:8: risky: document › info: the version goes from 1.4.0 to 1.5.0: a breaking change needs 2.0.0 [openapi/version-raised-too-little] (was old.yaml:2)
new.yaml:3:1: breaking: /orders: the path was removed [openapi/path-removed] (was old.yaml:4)
    sends: GET /orders
`,
}

// version judges the change of info.version by the findings. Versions that do
// not follow semantic versioning can be compared for equality, but have no
// order.
func (w *walk) version() {
	old, new := w.old.root.Path("info", "version"), w.new.root.Path("info", "version")
	if old == nil || new == nil {
		return
	}
	before, after := "v"+old.Text, "v"+new.Text
	ordered := semver.IsValid(before) && semver.IsValid(after)
	whole := w.atDocument(diff.Step{Kind: diff.Aspect, Name: "info"})
	add := func(rule *diff.Rule, message string) {
		whole.add(diff.Found{
			Rule:    rule,
			Old:     old,
			New:     new,
			Message: message,
			Values:  []string{old.Text, new.Text},
			Before:  elementHash(old),
			After:   elementHash(new),
		})
	}
	breaks := w.report.Breaks(w.options.InProgress)
	switch {
	case ordered && semver.Compare(before, after) > 0:
		add(versionDecreased, "the version goes back from "+old.Text+" to "+new.Text)
	case !w.report.Differs():
	case before == after && (breaks || w.options.Versioning.EveryChange):
		add(versionNotRaised, "the version stays "+old.Text)
	case ordered && breaks && !allowsBreaks(before, after):
		add(versionRaisedTooLittle,
			"the version goes from "+old.Text+" to "+new.Text+": a breaking change needs "+
				nextBreakingVersion(before))
	}
}

// allowsBreaks reports whether semantic versioning allows breaking changes
// between two versions.
func allowsBreaks(before, after string) bool {
	if semver.Major(before) != "v0" {
		return semver.Major(before) != semver.Major(after)
	}
	return semver.MajorMinor(before) != semver.MajorMinor(after)
}

// nextBreakingVersion returns the first version that allows breaking changes.
func nextBreakingVersion(before string) string {
	var major, minor int
	// The version is valid: a number that is missing is 0.
	_, _ = fmt.Sscanf(semver.MajorMinor(before), "v%d.%d", &major, &minor)
	if major == 0 {
		return fmt.Sprintf("0.%d.0", minor+1)
	}
	return fmt.Sprintf("%d.0.0", major+1)
}

// allowNewVersion tells the report which breaking changes a new version allows.
// As configured, that is a new major version of the description, or an
// operation that continues under a later version in its path.
func (w *walk) allowNewVersion() {
	before, after := w.old.root.Path("info", "version").Str(), w.new.root.Path("info", "version").Str()
	if w.options.Versioning.Major && semver.IsValid("v"+before) && semver.IsValid("v"+after) &&
		semver.Compare(semver.Major("v"+before), semver.Major("v"+after)) < 0 {
		w.report.Allow(diff.Path{}, "the version goes from "+before+" to "+after)
	}
	if w.options.Versioning.Path {
		w.allowSucceeded()
	}
}

// versionSegment matches the part of a path that states a version.
var versionSegment = regexp.MustCompile(`/v([0-9]+)(/|$)`)

// allowSucceeded allows changes of operations that are deprecated or removed,
// if the same operation exists under a later version in the path.
func (w *walk) allowSucceeded() {
	versions := map[string][]*tree.Node{} // new path items by their path without the version
	for item := range w.new.root.Get("paths").Children() {
		if rest, version := splitVersion(item.Key); version > 0 {
			versions[rest] = append(versions[rest], item)
		}
	}
	for oldItem := range w.old.root.Get("paths").Children() {
		rest, version := splitVersion(oldItem.Key)
		successor := successorOf(versions[rest], version)
		if version == 0 || successor == nil {
			continue
		}
		item, remaining := w.new.resolve(successor), w.new.resolve(w.new.root.Path("paths", oldItem.Key))
		for _, op := range operationsOf(w.old.resolve(oldItem)) {
			kept := operation(remaining, op.Key)
			if operation(item, op.Key) == nil || kept != nil && !kept.Get("deprecated").True() {
				continue
			}
			method := strings.ToUpper(op.Key)
			successorStep := operationStep(method, normalise(successor.Key))
			w.report.Allow(diff.PathOf(operationStep(method, normalise(oldItem.Key))),
				successorStep.String()+" takes its place")
		}
	}
}

// splitVersion splits the version off a path: /v2/orders is /v/orders in
// version 2.
func splitVersion(path string) (rest string, version int) {
	m := versionSegment.FindStringSubmatchIndex(path)
	if m == nil {
		return "", 0
	}
	// A number that is too large counts as the largest one.
	version, _ = strconv.Atoi(path[m[2]:m[3]])
	return normalise(path[:m[2]] + path[m[3]:]), version
}

// successorOf returns the path item with the lowest version above the given
// one.
func successorOf(items []*tree.Node, above int) *tree.Node {
	var best *tree.Node
	lowest := 0
	for _, item := range items {
		if _, v := splitVersion(item.Key); v > above && (best == nil || v < lowest) {
			best, lowest = item, v
		}
	}
	return best
}

// operation returns the operation of a path item with a method, nil if it has
// none.
func operation(item *tree.Node, method string) *tree.Node {
	return firstOf(item.Get(method), item.Path("additionalOperations", method))
}
