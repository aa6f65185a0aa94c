package contracts

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

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

// matchingTags returns the tags that a pattern selects, the oldest version first.
func matchingTags(pattern string, tags []string) []string {
	selects := config.Glob(pattern)
	tags = slices.DeleteFunc(tags, func(tag string) bool { return !selects(tag) })
	sortTags(pattern, tags)
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
	r := f.revision(ctx, tree)
	r.Label = tag
	source := r.source(file)
	if err := r.findFiles(c.Format, &source); err != nil {
		return diff.Source{}, fmt.Errorf("find the files of %s at %s: %w", c.Name, tag, err)
	}
	return source, nil
}
