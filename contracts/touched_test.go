package contracts

import (
	"io/fs"
	"iter"
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// memory is a tree of texts. Their identities are the texts themselves.
type memory map[string]string

func (m memory) Files() iter.Seq[string] { return slices.Values(slices.Sorted(maps.Keys(m))) }

func (m memory) Blob(file string) (string, bool) {
	text, exists := m[file]
	return text, exists
}

func (m memory) Open(name string) (fs.File, error) {
	if text, exists := m[name]; exists {
		return fstest.MapFS{name: {Data: []byte(text)}}.Open(name)
	}
	files := fstest.MapFS{}
	for file, text := range m {
		files[file] = &fstest.MapFile{Data: []byte(text)}
	}
	return files.Open(name)
}

// TestChanged: which files differ comes from the trees, whose files are matched
// by their paths in the folders that are compared.
func TestChanged(t *testing.T) {
	before := memory{"v1/same": "1", "v1/mod": "1", "v1/b/gone": "1"}
	after := memory{"v2/same": "1", "v2/mod": "2", "v2/b": "file now", "v2/new": ""}
	old, new := &Revision{Tree: before, Path: "v1"}, &Revision{Tree: after, Path: "v2"}
	got := slices.Sorted(maps.Keys(changedFiles(old, new)))
	if d := cmp.Diff([]string{"b", "b/gone", "mod", "new"}, got); d != "" {
		t.Error(d)
	}
	if again := changedFiles(old, old); len(again) > 0 {
		t.Errorf("a tree differs from itself: %v", again)
	}
	if all := changedFiles(&Revision{}, new); len(all) != 4 {
		t.Errorf("all files are new, and %v changed", all)
	}
}
