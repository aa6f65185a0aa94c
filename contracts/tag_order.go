package contracts

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

// sortTags sorts the tags that a pattern selects as versions, by the rules of
// semantic versioning: v2.0.0-rc.1 comes before v2.0.0. Tags that contain no
// version come before all that do, ordered by the numbers in them.
func sortTags(pattern string, tags []string) {
	prefix := versionlessPrefix(pattern)
	versions := make(map[string]string, len(tags))
	for _, tag := range tags {
		versions[tag] = versionOf(tag, prefix)
	}
	slices.SortFunc(tags, func(a, b string) int {
		return cmp.Or(semver.Compare(versions[a], versions[b]), compareNumbers(a, b), strings.Compare(a, b))
	})
}

// versionlessPrefix returns what all tags of a pattern begin with, up to where
// a version may begin: "orders-" for "orders-v1.*".
func versionlessPrefix(pattern string) string {
	if i := strings.IndexAny(pattern, `*?[\`); i >= 0 {
		pattern = pattern[:i]
	}
	return strings.TrimRight(pattern, "vV.0123456789")
}

const (
	majorPart     = `[vV]?0*([0-9]+)`
	lesserPart    = `\.0*([0-9]+)`
	candidatePart = `(?:-([0-9A-Za-z.-]+))?`
	buildPart     = `(?:\+[0-9A-Za-z.-]+)?$`
)

// A version has three numbers. What has fewer is one as well if nothing else can
// be meant: v6.1-rc1 is the candidate of a version, and 2026-01-15 is a day.
var (
	fullVersion = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])` +
		majorPart + lesserPart + lesserPart + candidatePart + buildPart)
	shortVersion = regexp.MustCompile(`(?:^|(?:^|[^0-9.])[^0-9A-Za-z.])` +
		majorPart + `(?:` + lesserPart + `)?(?:` + lesserPart + `)?(?:-([A-Za-z][0-9A-Za-z.-]*))?` + buildPart)
)

// versionOf returns the version in a tag, as package semver writes it; "" if
// there is none. A tag may name more than the version: orders/v1.2.0. Where there
// are several numbers, the prefix of the pattern says which of them are not part
// of the version: that of orders-2-v* ends before the v.
func versionOf(tag, prefix string) string {
	for _, search := range []struct {
		version *regexp.Regexp
		text    string
	}{
		{fullVersion, tag},
		{shortVersion, strings.TrimPrefix(tag, prefix)},
		{shortVersion, tag},
	} {
		if m := search.version.FindStringSubmatch(search.text); m != nil {
			return canonical(m[1], m[2], m[3], m[4])
		}
	}
	return ""
}

// numberedWord is an identifier of a candidate such as rc10.
var numberedWord = regexp.MustCompile(`\b([A-Za-z]+)0*([0-9]+)\b`)

// canonical returns a version as package semver reads it, or "" if it is none. It
// makes rc.10 of rc10, which semantic versioning would order by letters, before rc2.
func canonical(major, minor, patch, candidate string) string {
	v := "v" + major + "." + cmp.Or(minor, "0") + "." + cmp.Or(patch, "0")
	if candidate != "" {
		v += "-" + numberedWord.ReplaceAllString(candidate, "$1.$2")
	}
	if !semver.IsValid(v) {
		return ""
	}
	return v
}

// compareNumbers orders names as people number versions: v9 before v10.
func compareNumbers(a, b string) int {
	for a != "" && b != "" {
		x, y := leadingRun(a), leadingRun(b)
		n, errA := strconv.ParseUint(x, 10, 64)
		m, errB := strconv.ParseUint(y, 10, 64)
		switch {
		case errA == nil && errB == nil && n != m:
			return cmp.Compare(n, m)
		case (errA != nil || errB != nil) && x != y:
			return strings.Compare(x, y)
		}
		a, b = a[len(x):], b[len(y):]
	}
	return len(a) - len(b)
}

// leadingRun returns the digits with which a text begins, or what precedes its
// first digit.
func leadingRun(s string) string {
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	end := strings.IndexFunc(s, func(r rune) bool { return digit(r) != digit(rune(s[0])) })
	if end < 0 {
		return s
	}
	return s[:end]
}
