package contracts

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/assent-dev/assent/diff/formats"
)

// TestManyMoves: a folder of many contracts that moves is followed, each file to the
// first that is called like it, in a time that grows with their number.
func TestManyMoves(t *testing.T) {
	const count = 5000
	base, head := memory{}, memory{}
	for i := range count {
		text := fmt.Sprintf(`{"type": "record", "name": "T%d", "fields": []}`, i)
		base[fmt.Sprintf("old/%d/t.avsc", i)], head[fmt.Sprintf("new/%d/t.avsc", i)] = text, text
	}
	f := finder(base, head)
	f.Formats = formats.All
	f.open(context.Background())
	began := time.Now()
	r := &Result{}
	c, _, err := f.configurations(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.find(context.Background(), c, r); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("%d contracts that moved take %v", count, took)
	}
	for _, c := range r.Contracts {
		if !c.renamed {
			t.Fatalf("%s is not followed", c.file)
		}
	}
	if len(r.Contracts) != count {
		t.Errorf("%d contracts, want %d", len(r.Contracts), count)
	}
}
