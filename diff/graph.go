package diff

import (
	"io/fs"
	"path"

	"github.com/assent-dev/assent/diff/tree"
)

// Scope is where the contracts of one revision lie.
type Scope struct {
	FS     fs.FS
	Folder string      // what they refer to by name is looked for here and below
	Cache  *tree.Cache // of parsed documents; may be nil
	Most   int         // bounds the files that are searched for a name; 0: as the format sees fit
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
	if f.References != nil {
		g.references = f.References(s)
	} else {
		g.references = func(string) ([]string, error) { return nil, nil }
	}
	return g
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
