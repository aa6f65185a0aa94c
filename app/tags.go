package app

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/github"
)

// mostTags bounds a history of tags; each is a tree that has to be fetched.
const mostTags = 50

// tagged is the contract at the tags that its entry selects, as far as the
// compatibility asks for them. It is looked for where it lies at the base.
func (j *job) tagged(ctx context.Context, c contract) (h History, err error) {
	compatibility, err := c.format.Compatibility(c.Compatibility)
	if err != nil || compatibility.Protects == 0 {
		return h, nil // the caller meets the error again
	}
	all, err := j.client.Tags(ctx, j.repo)
	if err != nil {
		return h, fmt.Errorf("list tags: %w", err)
	}
	tags := slices.DeleteFunc(all, func(t github.Tag) bool {
		ok, err := path.Match(c.Versions, t.Name)
		return !ok || err != nil
	})
	if len(tags) == 0 {
		h.Notes = append(h.Notes, fmt.Sprintf("%s: no tag matches %s.", c.Name, c.Versions))
	}
	slices.SortStableFunc(tags, func(a, b github.Tag) int { return byNumbers(a.Name, b.Name) })
	most := mostTags
	if !compatibility.Transitive {
		most = 1
	}
	if left := len(tags) - most; left > 0 {
		tags = tags[left:]
		if compatibility.Transitive {
			h.Notes = append(h.Notes, fmt.Sprintf("%s: the %d oldest tags that match %s are not compared with.", c.Name, left, c.Versions))
		}
	}
	for _, tag := range tags {
		version, err := j.at(ctx, c, tag)
		if err != nil {
			return h, err
		}
		if !version.Absent() {
			h.Versions = append(h.Versions, version)
		}
	}
	return h, nil
}

// at is the contract at a tag; the zero Source if it was not there yet.
func (j *job) at(ctx context.Context, c contract, tag github.Tag) (diff.Source, error) {
	tree, err := j.client.Tree(ctx, j.repo, tag.Commit)
	if err != nil {
		return diff.Source{}, fmt.Errorf("read the files of %s: %w", tag.Name, err)
	}
	file := c.oldPath
	if file == "" {
		file = c.newPath
	}
	if _, there := tree.Blob(file); !there {
		return diff.Source{}, nil
	}
	var files []string
	if c.format.References != nil {
		files, err = newReferences(tree, j.Cache, nil).of(c.format).Closure(file)
		if err != nil {
			return diff.Source{}, fmt.Errorf("find the files of %s at %s: %w", c.Name, tag.Name, err)
		}
	}
	source := j.source(tree, file, files)
	source.Label = tag.Name
	return source, nil
}

// byNumbers orders names as people number versions: v9 before v10.
func byNumbers(a, b string) int {
	for a != "" && b != "" {
		x, y := run(a), run(b)
		n, errA := strconv.ParseUint(x, 10, 64)
		m, errB := strconv.ParseUint(y, 10, 64)
		switch {
		case errA == nil && errB == nil && n != m:
			if n < m {
				return -1
			}
			return 1
		case (errA != nil || errB != nil) && x != y:
			return strings.Compare(x, y)
		}
		a, b = a[len(x):], b[len(y):]
	}
	return len(a) - len(b)
}

// run is the digits that a text begins with, or what stands before its first.
func run(s string) string {
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	end := strings.IndexFunc(s, func(r rune) bool { return digit(r) != digit(rune(s[0])) })
	if end < 0 {
		return s
	}
	return s[:end]
}
