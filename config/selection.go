package config

import (
	"context"
	"iter"
	"slices"
	"strings"
)

// Selection finds what a configuration lists. What is written without wildcards is
// looked up, so that a file costs a step for each glob alone.
type Selection struct {
	entries []Contract
	exact   map[string][]int // the entries, by what is written
	globs   map[int]glob     // by entry
	order   []int            // of the globs' entries
}

// Selected is a file that an entry lists.
type Selected struct {
	Contract // what the entry says of the file
	File     string
	Entry    int // its index
}

// Selection prepares the look-up of many files.
func (r *Repository) Selection() *Selection {
	s := &Selection{entries: r.Contracts, exact: map[string][]int{}, globs: map[int]glob{}}
	for i, entry := range r.Contracts {
		s.exact[entry.Path] = append(s.exact[entry.Path], i)
		if !IsGlob(entry.Path) {
			continue
		}
		if g, err := parseGlob(entry.Path); err == nil {
			s.globs[i], s.order = g, append(s.order, i)
		}
	}
	return s
}

// Entry returns the first entry that lists a file.
func (s *Selection) Entry(file string) (entry Contract, listed bool) {
	i := s.first(file)
	if i < 0 {
		return Contract{}, false
	}
	return s.entries[i], true
}

func (s *Selection) first(file string) int {
	first := -1
	if exact := s.exact[file]; len(exact) > 0 {
		first = exact[0]
	}
	parts := strings.Split(file, "/")
	for _, i := range s.order {
		if first >= 0 && i > first {
			break
		}
		if s.globs[i].matchesParts(parts) {
			return i
		}
	}
	return first
}

// Of returns the files that each entry lists, in the order of the entries. The
// context ends it: whoever opens a pull request brings globs and files.
func (s *Selection) Of(
	ctx context.Context, files iter.Seq[string], exists func(file string) bool,
) ([]Selected, error) {
	var all []Selected
	add := func(i int, file string) {
		all = append(all, Selected{Contract: s.entries[i].For(file), File: file, Entry: i})
	}
	for i, entry := range s.entries {
		if exists(entry.Path) {
			add(i, entry.Path)
		}
	}
	if len(s.order) == 0 {
		return all, nil
	}
	for file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		parts := strings.Split(file, "/")
		for _, i := range s.order {
			if file != s.entries[i].Path && s.globs[i].matchesParts(parts) {
				add(i, file)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Selected) int { return a.Entry - b.Entry })
	return all, nil
}
