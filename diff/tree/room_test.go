package tree_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/assent-dev/assent/diff/tree"
)

// blobs is a file system whose files have identities.
type blobs struct{ fstest.MapFS }

func (b blobs) Blob(name string) (string, bool) {
	f, ok := b.MapFS[name]
	if !ok {
		return "", false
	}
	return string(f.Data), true
}

// Parsing waits for room, and what never has room is refused with a line.
func TestBoundedParsing(t *testing.T) {
	const most = 40 * 1000 // 1,000 bytes of YAML
	cache := tree.NewCache(1 << 20)
	cache.BoundParsing(most)
	small := "a: " + strings.Repeat("x", 900)
	files := blobs{fstest.MapFS{
		"small.yaml": {Data: []byte(small)},
		"large.yaml": {Data: []byte(small + strings.Repeat("x", 200))},
		"large.json": {Data: []byte(`{"a": "` + strings.Repeat("x", 3000) + `"}`)},
		"huge.json":  {Data: []byte(`{"a": "` + strings.Repeat("x", 4000) + `"}`)},
	}}
	var readers sync.WaitGroup
	for range 20 { // more than there is room for at once
		readers.Go(func() {
			if _, err := tree.NewFiles(files, cache).Open("small.yaml"); err != nil {
				t.Error(err)
			}
			if _, err := tree.NewFiles(files, cache).Open("large.json"); err != nil {
				t.Error(err)
			}
		})
	}
	readers.Wait()
	for _, name := range []string{"large.yaml", "huge.json"} {
		var wrong *tree.Error
		if _, err := tree.NewFiles(files, cache).Open(name); !errors.As(err, &wrong) || wrong.Line != 1 ||
			!strings.Contains(wrong.Message, "at most") {
			t.Errorf("%s: %v, want a mistake of its author's", name, err)
		}
	}
}
