package diff

import (
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/assent-dev/assent/diff/tree"
)

// Scope is where the contracts of one revision lie.
type Scope struct {
	FS     fs.FS
	Folder string      // what they refer to by name is looked for here and below
	Cache  *tree.Cache // of parsed documents; may be nil
	// Outlines returns the outlines of those files that exist, so that none has to
	// be opened. nil: files are opened.
	Outlines func(files []string) (map[string]Outline, error)
}

// Graph is which file of one revision refers to which. It grows as it is asked,
// each file is looked into once, and it is not safe for concurrent use.
type Graph struct {
	references func(file string) ([]string, error)
	known      map[string][]string
}

// Graph begins a graph of the scope's files.
func (f *Format) Graph(s Scope) *Graph {
	g := &Graph{known: map[string][]string{}}
	switch {
	case f.References != nil:
		g.references = f.References(s)
	case f.Links != nil:
		g.references = func(file string) ([]string, error) { return s.targets(f, file) }
	default:
		g.references = func(string) ([]string, error) { return nil, nil }
	}
	return g
}

// targets returns the files to whose paths a file refers.
func (s Scope) targets(f *Format, file string) ([]string, error) {
	links, err := s.Links(f, file)
	return links.Targets(file), err
}

func (g *Graph) from(file string) ([]string, error) {
	files, ok := g.known[file]
	if ok {
		return files, nil
	}
	files, err := g.references(file)
	if err == nil {
		g.known[file] = files
	}
	return files, err
}

// Files lists the files that were looked into so far, sorted.
func (g *Graph) Files() []string { return slices.Sorted(maps.Keys(g.known)) }

// Closure lists the files that a contract consists of: its root, then all that
// it leads to.
func (g *Graph) Closure(root string) ([]string, error) {
	files := []string{path.Clean(root)}
	seen := map[string]bool{files[0]: true}
	for i := 0; i < len(files); i++ { // files grows
		next, err := g.from(files[i])
		if err != nil {
			return nil, err
		}
		for _, file := range next {
			if !seen[file] {
				seen[file] = true
				files = append(files, file)
			}
		}
	}
	return files, nil
}

// Touched returns a function that tells whether a contract consists of a file
// that changed. The work for all contracts together grows with the references
// between their files, not with their closures.
func (g *Graph) Touched(changed func(file string) bool) func(root string) (bool, error) {
	touched := map[string]bool{} // the files about which it is settled
	return func(root string) (bool, error) {
		s := search{graph: g, changed: changed, settled: touched, seen: map[string]bool{}}
		found, err := s.from(path.Clean(root))
		if err == nil && !found {
			for file := range s.seen { // nothing that they lead to was left out
				touched[file] = false
			}
		}
		return found, err
	}
}

// search looks for a changed file, depth first.
type search struct {
	graph   *Graph
	changed func(string) bool
	settled map[string]bool
	seen    map[string]bool
}

func (s *search) from(file string) (bool, error) {
	if found, ok := s.settled[file]; ok {
		return found, nil
	}
	if s.seen[file] {
		return false, nil
	}
	s.seen[file] = true
	found := s.changed(file)
	if !found {
		next, err := s.graph.from(file)
		if err != nil {
			return false, err
		}
		for _, other := range next {
			if found, err = s.from(other); found || err != nil {
				break
			}
		}
		if err != nil {
			return false, err
		}
	}
	if found {
		s.settled[file] = true // and so is everything on the way to it
	}
	return found, nil
}
