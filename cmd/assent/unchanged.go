package main

import (
	"bytes"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/assent-dev/assent/diff"
)

// graph is which file of the side refers to which, in a format's ways.
func (s *side) graph(f *diff.Format) *diff.Graph {
	g := s.graphs[f]
	if g == nil {
		g = f.Graph(diff.Scope{FS: s.tree, Folder: s.base, Cache: s.cache})
		s.graphs[f] = g
	}
	return g
}

// complete names the files that a contract needs beside its root, where the
// format cannot tell them from the root alone.
func (s *side) complete(f *diff.Format, source diff.Source) diff.Source {
	if source.Absent() || f.References == nil {
		return source
	}
	if paths, err := s.graph(f).Closure(source.Root()); err == nil {
		source.Paths, source.Whole = paths, true // else the comparison meets the error, and reports it
	}
	return source
}

// differing compares the files of two folders byte by byte: names of those that
// are in one alone or differ. Nothing is parsed.
func differing(a, b *side) map[string]bool {
	all := maps.Clone(a.files)
	maps.Copy(all, b.files)
	names := slices.Collect(maps.Keys(all))
	out := map[string]bool{}
	var mu sync.Mutex
	var workers sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for share := range slices.Chunk(names, max(1, (len(names)+cores-1)/cores)) {
		workers.Go(func() {
			for _, name := range share {
				if equal(a.files[name], b.files[name]) {
					continue
				}
				mu.Lock()
				out[name] = true
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return out
}

// equal compares two files; whatever keeps them from being read is reported by
// comparing the contracts.
func equal(a, b diff.Source) bool {
	if a.Absent() || b.Absent() {
		return false
	}
	x, errA := fs.ReadFile(a.FS, a.Root())
	y, errB := fs.ReadFile(b.FS, b.Root())
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// leaveUntouched marks the contracts of folders that consist of no file that
// differs in any of them: they need no comparison.
func leaveUntouched(all []pairing, sides []*side) {
	newest := sides[len(sides)-1]
	differs := map[string]bool{}
	for _, s := range sides[:len(sides)-1] {
		maps.Copy(differs, differing(s, newest))
	}
	touched := map[*diff.Format]func(string) (bool, error){}
	for i := range all {
		p := &all[i]
		if p.new.Absent() || p.renamed || differs[p.name] {
			continue
		}
		if p.untouched = len(differs) == 0; p.untouched {
			continue
		}
		if touched[p.format] == nil {
			touched[p.format] = newest.graph(p.format).Touched(func(file string) bool { return differs[newest.name(file)] })
		}
		hit, err := touched[p.format](p.new.Root())
		p.untouched = !hit && err == nil // the comparison meets the error again
	}
}

// name is what a file of the folder is matched by.
func (s *side) name(file string) string {
	if s.base == "." {
		return file
	}
	return strings.TrimPrefix(file, s.base+"/")
}
