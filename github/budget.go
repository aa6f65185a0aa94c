package github

import (
	"context"
	"fmt"
	"sync"
)

// Budget bounds what one review reads of a repository's files. What a pull request
// brings must not spend the requests of all others.
type Budget struct {
	mu       sync.Mutex
	requests int
	bytes    int64

	most      int
	mostBytes int64
}

// NewBudget returns a budget for a number of requests for blobs, of some bytes
// together. Blobs that are cached cost nothing.
func NewBudget(requests int, bytes int64) *Budget { return &Budget{most: requests, mostBytes: bytes} }

type budgetKey struct{}

// WithBudget returns a context within which reading blobs is charged to the budget.
// What exceeds it is [ErrTooLarge].
func WithBudget(ctx context.Context, b *Budget) context.Context {
	return context.WithValue(ctx, budgetKey{}, b)
}

// charge charges the budget of a context, if it has one, with a request for blobs.
func charge(ctx context.Context, blobs ...BlobRef) error {
	b, ok := ctx.Value(budgetKey{}).(*Budget)
	if !ok {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests++
	for _, blob := range blobs {
		b.bytes += blob.Size
	}
	if b.requests > b.most || b.bytes > b.mostBytes {
		const text = "%w: a review reads files by at most %d requests, and at most %d MB: " +
			"split the pull request"
		return fmt.Errorf(text, ErrTooLarge, b.most, b.mostBytes>>20)
	}
	return nil
}
