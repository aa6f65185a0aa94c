package tree

import (
	"io/fs"
	"path"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Bounds of what one revision of a contract may read, so that a pull request
// cannot make a review expensive.
const (
	mostFiles = 4096
	mostBytes = 128 << 20
	mostNodes = 8 << 20
)

// Files opens the documents of one revision, each parsed once. It is not safe
// for concurrent use.
type Files struct {
	fsys   fs.FS
	cache  *Cache
	opened map[string]opened
	bytes  int
	nodes  int
}

// opened is the result of opening a file. The file is not read again, also
// after an error.
type opened struct {
	doc *Document
	err error
}

// NewFiles returns files that are read from fsys. The cache may be nil. It is
// only used if fsys identifies the content of files by a method Blob(path)
// (sha, ok).
func NewFiles(fsys fs.FS, cache *Cache) *Files {
	return &Files{fsys: fsys, cache: cache, opened: map[string]opened{}}
}

// Open returns the parsed file. A mistake in the file is an *Error; the error
// for a file that does not exist satisfies fs.ErrNotExist.
func (f *Files) Open(name string) (*Document, error) {
	name = path.Clean(name)
	if o, ok := f.opened[name]; ok {
		return o.doc, o.err
	}
	if len(f.opened) >= mostFiles || f.bytes > mostBytes || f.nodes > mostNodes {
		return nil, &Error{
			Location{File: name, Line: 1, Column: 1, EndLine: 1},
			"the contract refers to too many or too large files",
		}
	}
	d, err := f.open(name)
	if err == nil {
		f.bytes += d.Size
		f.nodes += d.nodes
	}
	f.opened[name] = opened{d, err}
	return d, err
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
	d, err := f.cache.Parse(name, data)
	if err != nil {
		return nil, err
	}
	if key != "" {
		f.cache.put(key, d)
	}
	return d, nil
}

// Cache keeps parsed documents by the identity of their content, up to a bound.
// It is safe for concurrent use, because documents do not change.
type Cache struct {
	mu    sync.Mutex
	lru   *simplelru.LRU[string, *Document]
	bytes int
	most  int
	room  *room // to parse in; nil: without bound
}

// perByte estimates the memory that the nodes of a document take for each byte
// of its source.
const perByte = 10

// NewCache returns a cache that uses about this many bytes of memory.
func NewCache(bytes int) *Cache {
	c := &Cache{most: bytes}
	// NewLRU fails only for a size that is not positive. The size bounds the
	// entries; put bounds the bytes.
	c.lru, _ = simplelru.NewLRU(1<<16, func(_ string, d *Document) { c.bytes -= d.Size * perByte })
	return c
}

// Parse parses a file within the memory that BoundParsing allows, and does not
// keep it. The cache may be nil.
func (c *Cache) Parse(name string, data []byte) (*Document, error) {
	leave, err := c.enter(name, data)
	if err != nil {
		return nil, err
	}
	defer leave()
	return Parse(name, data, Limits{})
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
