package contracts

import (
	"maps"
	"slices"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

// Match finds the contracts among the files of several revisions, the oldest
// first, and matches them by name. All files have the named format; without a
// name each file is recognised. A file that is recognised in one revision counts
// in all: a revision too broken to be recognised must not look like a removal.
func Match(known formats.List, format string, revisions ...*Revision) ([]*Contract, error) {
	recogniser := func(r *Revision, file string) (*diff.Format, error) {
		return known.RecogniseFile(r.Tree, file)
	}
	if format != "" {
		given, err := known.Named(format)
		if err != nil {
			return nil, err
		}
		recogniser = func(*Revision, string) (*diff.Format, error) { return given, nil }
	}
	files := make([]map[string]string, len(revisions)) // by name
	for i, r := range revisions {
		files[i] = r.files()
	}
	kinds, err := formatsOf(revisions, files, recogniser)
	if err != nil {
		return nil, err
	}
	olds, newest := revisions[:len(revisions)-1], revisions[len(revisions)-1]
	var all []*Contract
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		c := &Contract{Contract: config.Contract{Name: name}, Format: kinds[name]}
		for i, r := range olds {
			c.Olds = append(c.Olds, r.source(files[i][name]))
		}
		c.New = newest.source(files[len(olds)][name])
		all = append(all, c)
	}
	all = followMoves(all)
	if olds[0].isFolder() {
		changed := map[string]bool{}
		for _, r := range olds {
			maps.Copy(changed, changedFiles(r, newest))
		}
		if err := leaveUnchanged(all, changed, newest); err != nil {
			return nil, err
		}
	}
	for _, c := range all {
		if !c.unchanged {
			c.findFiles(olds, newest)
		}
	}
	shareSessions(all)
	return all, nil
}

// formatsOf returns the formats of the files, by name. The newest revision that
// is recognised counts; others are not looked into.
func formatsOf(
	revisions []*Revision, files []map[string]string,
	recogniser func(*Revision, string) (*diff.Format, error),
) (map[string]*diff.Format, error) {
	kinds := map[string]*diff.Format{}
	for i, r := range slices.Backward(revisions) {
		for name, file := range files[i] {
			if kinds[name] != nil {
				continue
			}
			kind, err := recogniser(r, file)
			if err != nil {
				return nil, err
			}
			if kind != nil {
				kinds[name] = kind
			}
		}
	}
	return kinds, nil
}

// shareSessions lets contracts of a format that can tell learn from each other.
func shareSessions(all []*Contract) {
	shared := map[*diff.Format]*diff.Format{}
	for _, c := range all {
		if c.Format.Session == nil || len(all) == 1 {
			continue
		}
		if shared[c.Format] == nil {
			same := *c.Format
			same.Compare = c.Format.Session()
			shared[c.Format] = &same
		}
		c.Format = shared[c.Format]
	}
}
