package contracts

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Revision is one revision of the files among which contracts are looked for.
type Revision struct {
	Tree Tree // nil where no contract exists
	// Path is that of a folder in the tree, or of one file. Contracts in folders
	// are matched by their paths below it. A contract given as a file is matched
	// whatever its name.
	Path  string
	Label string      // names the revision in a history: a tag, a file
	Cache *tree.Cache // of parsed documents; may be nil

	// outlines returns those of files, as far as these exist. nil: files are opened.
	outlines func(files []string) (map[string]diff.Outline, error)
	graphs   map[*diff.Format]*diff.Graph
	listed   map[*config.Repository][]config.Selected
}

// single is the name of a contract that is given as a file.
const single = "contract"

// name returns what a file of the revision is matched by.
func (r *Revision) name(file string) string {
	switch r.Path {
	case ".":
		return file
	case file:
		return single
	}
	return strings.TrimPrefix(file, r.Path+"/")
}

// isFolder reports whether contracts are matched by their paths.
func (r *Revision) isFolder() bool {
	if r.Tree == nil {
		return false
	}
	_, isFile := r.Tree.Blob(r.Path)
	return !isFile
}

// source returns the contract whose root file this is; without one, an absent
// contract.
func (r *Revision) source(root string) diff.Source {
	if root == "" {
		return diff.Source{}
	}
	return diff.Source{FS: r.Tree, Paths: []string{root}, Cache: r.Cache, Label: r.Label}
}

// graph returns which file of the revision refers to which, as the format sees
// it.
func (r *Revision) graph(f *diff.Format) *diff.Graph {
	g := r.graphs[f]
	if g == nil {
		g = f.Graph(r.scope())
		if r.graphs == nil {
			r.graphs = map[*diff.Format]*diff.Graph{}
		}
		r.graphs[f] = g
	}
	return g
}

// scope is where the files of the revision look for what they refer to.
func (r *Revision) scope() diff.Scope {
	folder := r.Path
	if !r.isFolder() {
		folder = path.Dir(folder)
	}
	return diff.Scope{FS: r.Tree, Folder: folder, Cache: r.Cache, Outlines: r.outlines}
}

// entries returns what a configuration lists of the revision's files. The caller may
// change the list.
func (r *Revision) entries(ctx context.Context, of *config.Repository) ([]config.Selected, error) {
	known, ok := r.listed[of]
	if !ok {
		exists := func(file string) bool {
			_, exists := r.Tree.Blob(file)
			return exists
		}
		var err error
		if known, err = of.Selection().Of(ctx, r.Tree.Files(), exists); err != nil {
			return nil, err
		}
		if r.listed == nil {
			r.listed = map[*config.Repository][]config.Selected{}
		}
		r.listed[of] = known
	}
	return slices.Clone(known), nil
}

// blobs returns the identities of the files' contents, by the files' names.
func (r *Revision) blobs() map[string]string {
	all := r.files()
	for name, file := range all {
		all[name], _ = r.Tree.Blob(file)
	}
	return all
}

// files returns the paths of the files by their names.
func (r *Revision) files() map[string]string {
	all := map[string]string{}
	if r.Tree != nil {
		for file := range r.Tree.Files() {
			all[r.name(file)] = file
		}
	}
	return all
}

// findFiles lists the files that a contract needs beside its root, where the root
// does not say where they lie.
func (r *Revision) findFiles(f *diff.Format, s *diff.Source) error {
	if !f.ByName || s.Absent() {
		return nil
	}
	paths, err := r.graph(f).Closure(s.Root())
	if err != nil {
		return err
	}
	s.Paths, s.Whole = paths, true
	return nil
}
