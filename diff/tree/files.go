package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Most of what one revision of a contract may read: what a pull request can
// make a review cost.
const (
	mostFiles = 4096
	mostBytes = 512 << 20
)

// Files opens the documents of one revision, each parsed once. It is not safe
// for concurrent use.
type Files struct {
	fsys  fs.FS
	cache *Cache
	docs  map[string]*Document
	bytes int
}

// NewFiles reads from fsys. The cache may be nil; it is asked only where fsys
// tells the identity of a file's content by a method Blob(path) (sha, ok).
func NewFiles(fsys fs.FS, cache *Cache) *Files {
	return &Files{fsys: fsys, cache: cache, docs: map[string]*Document{}}
}

// Open parses the file, or returns it as parsed before. A mistake in the file
// is an *Error; a file that does not exist satisfies fs.ErrNotExist.
func (f *Files) Open(name string) (*Document, error) {
	name = path.Clean(name)
	if d := f.docs[name]; d != nil {
		return d, nil
	}
	if len(f.docs) >= mostFiles || f.bytes > mostBytes {
		return nil, &Error{Location{File: name, Line: 1, Column: 1, EndLine: 1}, "the contract refers to too many or too large files"}
	}
	d, err := f.open(name)
	if err != nil {
		return nil, err
	}
	f.docs[name], f.bytes = d, f.bytes+d.Size
	return d, nil
}

func (f *Files) open(name string) (*Document, error) {
	key := ""
	if blobs, ok := f.fsys.(interface{ Blob(string) (string, bool) }); ok && f.cache != nil {
		if sha, ok := blobs.Blob(name); ok {
			key = sha + " " + name
			if d := f.cache.get(key); d != nil {
				return d, nil
			}
		}
	}
	data, err := fs.ReadFile(f.fsys, name)
	if err != nil {
		return nil, err
	}
	d, err := Parse(name, data, Limits{})
	if err != nil {
		return nil, err
	}
	if key != "" {
		f.cache.put(key, d)
	}
	return d, nil
}

// Resolve finds what the reference ref, written in the document from, leads to:
// a fragment of the same file, another file of the tree, or both. What leaves
// the tree is refused: nothing that a pull request names is ever fetched.
func (f *Files) Resolve(from *Document, ref string) (*Node, error) {
	file, fragment, _ := strings.Cut(ref, "#")
	doc := from
	if file != "" {
		name, err := Join(from.Path, file)
		if err != nil {
			return nil, err
		}
		if doc, err = f.Open(name); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s does not exist", name)
		} else if err != nil {
			return nil, err
		}
	}
	n := doc.Pointer(fragment)
	if n == nil {
		return nil, fmt.Errorf("nothing at #%s in %s", fragment, doc.Path)
	}
	return n, nil
}

// Join resolves a relative file reference against the file that holds it. URLs,
// absolute paths and paths out of the tree are errors.
func Join(from, file string) (string, error) {
	switch {
	case strings.Contains(file, "://"), strings.HasPrefix(file, "//"), strings.HasPrefix(strings.ToLower(file), "urn:"):
		return "", errors.New("references to other hosts are not followed")
	case strings.HasPrefix(file, "/"), strings.Contains(file, `\`), strings.Contains(file, "\x00"):
		return "", errors.New("only relative paths within the repository are followed")
	}
	name := path.Join(path.Dir(from), unescape(file))
	if !fs.ValidPath(name) || name == "." {
		return "", errors.New("the reference leads out of the repository")
	}
	return name, nil
}

// Cache keeps parsed documents by the identity of their content, up to a
// bound. It is safe for concurrent use: documents do not change.
type Cache struct {
	mu    sync.Mutex
	lru   *simplelru.LRU[string, *Document]
	bytes int
	most  int
}

// perByte is about how much memory the nodes of a document take per byte of
// its source.
const perByte = 5

// NewCache keeps documents of about so many bytes of memory.
func NewCache(bytes int) *Cache {
	c := &Cache{most: bytes}
	// The size bounds entries; bytes are bounded below. It is positive: no error.
	c.lru, _ = simplelru.NewLRU(1<<16, func(_ string, d *Document) { c.bytes -= d.Size * perByte })
	return c
}

func (c *Cache) get(key string) *Document {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, _ := c.lru.Get(key)
	return d
}

func (c *Cache) put(key string, d *Document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d.Size*perByte > c.most || c.lru.Contains(key) {
		return
	}
	c.lru.Add(key, d)
	c.bytes += d.Size * perByte
	for c.bytes > c.most {
		c.lru.RemoveOldest()
	}
}
