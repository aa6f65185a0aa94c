package github

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// object identifies a blob or the tree of a commit. The repository is part of
// the identity: two repositories may have the same content, but a client must
// be allowed to read it in its own.
type object struct {
	repo int64
	sha  string
}

// cached is a blob, or a tree's files.
type cached struct {
	blob  []byte
	files []file
	cost  int64
}

// cache keeps the objects that were used last, up to a number of bytes. Objects
// are immutable, so none expires.
type cache struct {
	mu   sync.Mutex
	lru  *simplelru.LRU[object, cached]
	left int64
}

func newCache(bytes int64) *cache {
	c := &cache{left: bytes}
	// fails only for a size below 1
	c.lru, _ = simplelru.NewLRU(math.MaxInt, func(_ object, v cached) { c.left += v.cost })
	return c
}

func (c *cache) get(o object) (cached, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lru.Get(o)
}

func (c *cache) put(o object, v cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lru.Contains(o) {
		return
	}
	c.lru.Add(o, v)
	for c.left -= v.cost; c.left < 0; {
		c.lru.RemoveOldest()
	}
}
