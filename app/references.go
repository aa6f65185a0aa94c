package app

import (
	"errors"
	"fmt"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/github"
)

// references is which file of one revision refers to which, per format.
type references struct {
	tree    *github.Tree
	cache   *tree.Cache
	changed map[string]bool
	graphs  map[*diff.Format]*diff.Graph
	touched map[*diff.Format]func(root string) (bool, error)
}

func newReferences(in *github.Tree, cache *tree.Cache, changed map[string]bool) *references {
	return &references{in, cache, changed, map[*diff.Format]*diff.Graph{}, map[*diff.Format]func(string) (bool, error){}}
}

func (r *references) of(f *diff.Format) *diff.Graph {
	g := r.graphs[f]
	if g == nil {
		g = f.Graph(diff.Scope{FS: r.tree, Folder: ".", Cache: r.cache, Most: mostScanned})
		r.graphs[f] = g
		r.touched[f] = g.Touched(func(file string) bool { return r.changed[file] })
	}
	return g
}

// touches reports whether anything that the contract consists of changed.
func (d *discovery) touches(c *contract) (bool, error) {
	if c.oldPath != c.newPath || d.changed[c.newPath] {
		return true, nil
	}
	for _, side := range []*references{d.before, d.after} {
		side.of(c.format)
		hit, err := side.touched[c.format](c.newPath)
		if errors.Is(err, github.ErrTooLarge) {
			return true, nil // the comparison says so
		}
		if err != nil {
			return false, fmt.Errorf("follow the references of %s: %w", c.Name, err)
		}
		if hit {
			return true, nil
		}
	}
	return false, nil
}

// complete finds the files that the contract needs beside its root, where the
// root does not say where they lie.
func (d *discovery) complete(c *contract) (err error) {
	if c.format.References == nil {
		return nil
	}
	for _, side := range []struct {
		in   *references
		root string
		into *[]string
	}{{d.before, c.oldPath, &c.oldFiles}, {d.after, c.newPath, &c.newFiles}} {
		if side.root == "" {
			continue
		}
		*side.into, err = side.in.of(c.format).Closure(side.root)
		if errors.Is(err, github.ErrTooLarge) {
			*side.into = []string{side.root} // the comparison says so
		} else if err != nil {
			return fmt.Errorf("find the files of %s: %w", c.Name, err)
		}
	}
	return nil
}
