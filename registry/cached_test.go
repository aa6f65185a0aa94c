package registry

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
)

// TestCached: a version is fetched once, unless fetching failed or the version
// is large.
func TestCached(t *testing.T) {
	f := fake(t)
	f.SeedSchema("trades-value", 1, 1, avro("A"))
	huge := make([]byte, mostText)
	for i := range huge {
		huge[i] = ' '
	}
	f.SeedSchema("trades-value", 2, 2, sr.Schema{Schema: `"int"` + string(huge), Type: sr.TypeAvro})
	var asked atomic.Int32
	f.Intercept(func(http.ResponseWriter, *http.Request) bool { asked.Add(1); return false })
	c := NewCached(confluent(t, f.URL()))
	for _, tt := range []struct {
		number int64
		asked  int32
	}{{1, 1}, {2, 2}, {7, 2}} {
		asked.Store(0)
		first, err1 := c.Schema(context.Background(), "trades-value", tt.number)
		second, err2 := c.Schema(context.Background(), "trades-value", tt.number)
		if (err1 == nil) != (err2 == nil) || !cmp.Equal(first, second) {
			t.Errorf("version %d: %v, then %v", tt.number, err1, err2)
		}
		if got := asked.Load(); got != tt.asked {
			t.Errorf("version %d was asked for %d times, want %d", tt.number, got, tt.asked)
		}
	}
}
