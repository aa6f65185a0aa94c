package tree

import (
	"context"
	"fmt"

	"golang.org/x/sync/semaphore"
)

// What parsing takes of memory for each byte of the source, measured on
// descriptions of 1 to 10 MB: the YAML library keeps a tree of its own.
const (
	perByteOfYAML = 40
	perByteOfJSON = 12
)

// room is the memory for the documents that are being parsed.
type room struct {
	most int64
	left *semaphore.Weighted
}

// BoundParsing bounds the memory for all documents that are being parsed at the
// same time through the cache. A document waits until it has room; one that needs
// more than there is at all is refused.
func (c *Cache) BoundParsing(bytes int64) {
	c.room = &room{bytes, semaphore.NewWeighted(bytes)}
}

// enter waits for room to parse a file.
func (c *Cache) enter(name string, data []byte) (leave func(), err error) {
	if c == nil || c.room == nil {
		return func() {}, nil
	}
	kind, perByte := "YAML", int64(perByteOfYAML)
	if looksLikeJSON(data) {
		kind, perByte = "JSON", perByteOfJSON
	}
	size := int64(len(data)) * perByte
	if size > c.room.most {
		const text = "the file has %.1f MB, and at most %d MB of %s are read"
		return nil, &Error{
			Location{File: name, Line: 1, Column: 1, EndLine: 1},
			fmt.Sprintf(text, float64(len(data))/1e6, c.room.most/perByte/1e6, kind),
		}
	}
	// Whoever is in there parses a bounded file, and leaves.
	if err := c.room.left.Acquire(context.Background(), size); err != nil {
		return nil, err
	}
	return func() { c.room.left.Release(size) }, nil
}
