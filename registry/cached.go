package registry

import (
	"context"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
)

// Bounds of what is remembered.
const (
	mostKept = 2000
	mostText = 256 << 10        // bytes of one version
	keptFor  = 10 * time.Minute // a subject may be deleted for good and begun anew
)

// Cached is a registry whose versions are remembered for a while: they do not
// change, and every review asks for them again.
type Cached struct {
	Registry
	kept *expirable.LRU[version, Schema]
}

type version struct {
	subject string
	number  int64
}

// NewCached remembers what the registry returns.
func NewCached(r Registry) *Cached {
	return &Cached{r, expirable.NewLRU[version, Schema](mostKept, nil, keptFor)}
}

// Schema asks for a version that is not remembered.
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
