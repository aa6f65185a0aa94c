package github

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// object identifies a blob by its SHA, and the files of a commit by the commit's.
// For folders see [folderOf]. The repository is part of
// the identity: two repositories may have the same content, but a client must
// be allowed to read it in its own.
type object struct {
	repo int64
	sha  string
}

// folderOf is the listing of a folder, by the SHA of its tree.
func folderOf(repo Repo, tree string) object { return object{repo.ID, "folder " + tree} }

// cached is a blob, a folder, or the files of a commit.
type cached struct {
	blob   []byte
	folder *folder
	files  []file
	dead   map[string]string // links of the commit that lead nowhere
	cost   int64
}

func costOf(files []file) int64 {
	cost := int64(64)
	for _, f := range files {
		cost += int64(len(f.path)+len(f.sha)) + 64
	}
	return cost
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
