package contracts

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// mostTags bounds a history of tags; each is a tree that has to be fetched.
const mostTags = 50

// taggedVersions reads the contract at the tags that its entry selects, as far
// as the compatibility asks for them. It is looked for where it lies at the base.
func (f *Finder) taggedVersions(ctx context.Context, c *Contract) (h History, err error) {
	compatibility, err := c.Format.Compatibility(c.Compatibility)
	if err != nil || compatibility.Protects == 0 {
		return h, nil // the caller meets the error again
	}
	commits, err := f.Repository.Tags(ctx)
	if err != nil {
		return h, fmt.Errorf("list tags: %w", err)
	}
	tags := matchingTags(c.Versions, slices.Sorted(maps.Keys(commits)))
	if len(tags) == 0 {
		h.Notes = append(h.Notes, fmt.Sprintf("%s: no tag matches %s.", c.Name, c.Versions))
	}
	most := mostTags
	if !compatibility.Transitive {
		most = 1
	}
	if left := len(tags) - most; left > 0 {
		tags = tags[left:]
		if compatibility.Transitive {
			const text = "%s: the %d oldest tags that match %s are not compared with."
			h.Notes = append(h.Notes, fmt.Sprintf(text, c.Name, left, c.Versions))
		}
	}
	for _, tag := range tags {
		version, err := f.atTag(ctx, c, tag, commits[tag])
		if err != nil {
			return h, err
		}
		if !version.Absent() {
			h.Versions = append(h.Versions, version)
		}
	}
	return h, nil
}

// matchingTags returns the tags that a pattern selects, by the numbers in them.
func matchingTags(pattern string, tags []string) []string {
	selects := config.Glob(pattern)
	tags = slices.DeleteFunc(tags, func(tag string) bool { return !selects(tag) })
	slices.SortStableFunc(tags, compareNumbers)
	return tags
}

// atTag returns the contract at a tag: the zero Source if it did not exist yet.
func (f *Finder) atTag(ctx context.Context, c *Contract, tag, commit string) (diff.Source, error) {
	tree, err := f.Repository.Tree(ctx, commit)
	if err != nil {
		return diff.Source{}, fmt.Errorf("read the files of %s: %w", tag, err)
	}
	file := cmp.Or(c.Old().Root(), c.New.Root())
	if _, exists := tree.Blob(file); !exists {
		return diff.Source{}, nil
	}
	r := f.revision(tree)
	r.Label = tag
	source := r.source(file)
	if err := r.findFiles(c.Format, &source); err != nil {
		return diff.Source{}, fmt.Errorf("find the files of %s at %s: %w", c.Name, tag, err)
	}
	return source, nil
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
