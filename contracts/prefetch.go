package contracts

import (
	"errors"
	"maps"
	"slices"

	"github.com/assent-dev/assent/diff"
)

// fewFiles are not worth to be fetched together.
const fewFiles = 4

// prefetcher is a Tree that reads many files with less effort than one by one.
type prefetcher interface{ Prefetch(files []string) error }

// prefetch has the trees read the files together that contracts consist of, if they
// can. What a tree refuses to read becomes a mistake where the file is opened.
func (f *Finder) prefetch(all []*Contract) error {
	if err := f.base.prefetch(all, (*Contract).Old, f.TooLarge); err != nil {
		return err
	}
	return f.head.prefetch(all, func(c *Contract) diff.Source { return c.New }, f.TooLarge)
}

func (r *Revision) prefetch(all []*Contract, source func(*Contract) diff.Source, tooLarge error) error {
	tree, can := r.Tree.(prefetcher)
	if !can {
		return nil
	}
	var roots []string
	for _, c := range all {
		if root := source(c).Root(); root != "" {
			roots = append(roots, root)
		}
	}
	if err := r.load(roots); err != nil {
		return err
	}
	files := map[string]bool{}
	for _, c := range all {
		root := source(c).Root()
		if root == "" {
			continue
		}
		closure, err := r.graph(c.Format).Closure(root)
		if err != nil {
			return err
		}
		for _, file := range closure {
			files[file] = true
		}
	}
	if len(files) <= fewFiles {
		return nil
	}
	err := tree.Prefetch(slices.Sorted(maps.Keys(files)))
	if errors.Is(err, tooLarge) {
		return nil
	}
	return err
}
