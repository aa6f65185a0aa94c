package registry

import (
	"context"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
)

// Bounds of the cache.
const (
	mostKept = 2000
	mostText = 256 << 10        // bytes of one version
	keptFor  = 10 * time.Minute // a subject may be deleted for good and created again
)

// Cached is a registry that keeps versions for a while: they do not change, and
// every review asks for them again.
type Cached struct {
	Registry
	kept *expirable.LRU[version, Schema]
}

type version struct {
	subject string
	number  int64
}

// NewCached returns a registry that keeps the versions that r returns.
func NewCached(r Registry) *Cached {
	return &Cached{r, expirable.NewLRU[version, Schema](mostKept, nil, keptFor)}
}

// Schema returns a version. It asks the registry unless the version is cached.
func (c *Cached) Schema(ctx context.Context, subject string, number int64) (Schema, error) {
	key := version{subject, number}
	if s, ok := c.kept.Get(key); ok {
		return s, nil
	}
	s, err := c.Registry.Schema(ctx, subject, number)
	if err == nil && s.size() <= mostText {
		c.kept.Add(key, s)
	}
	return s, err
}

func (s *Schema) size() int {
	n := len(s.Text)
	for _, r := range s.References {
		n += len(r.Text)
	}
	return n
}
