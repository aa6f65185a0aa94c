package avro

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/assent-dev/assent/diff"
)

// FuzzCompare: nothing that a file holds makes a comparison panic, and nothing
// differs from itself.
func FuzzCompare(f *testing.F) {
	for seed := range uint64(20) {
		g := newGenerator(seed)
		s := g.schema(3)
		old, _ := json.Marshal(s)
		new, _ := json.Marshal(g.edited(s, 2))
		f.Add(string(old), string(new))
	}
	f.Add(orders, orders)
	f.Add(`{"type": "record", "name": "R", "fields": [{"name": "r", "type": "R", "default": {}}]}`, `{"type": {"type": ["null", {"type": "fixed", "name": "", "size": 9e9}]}}`)
	f.Add(`"R"`, `{"type": "record", "name": "R", "fields": [{"name": "a", "type": "R", "default": {}}, {"name": "b", "type": "R", "default": {}}]}`)
	f.Add(`{"protocol": "", "types": [1], "messages": {"": {"request": [{}], "errors": [[], "x"]}}}`, `{"protocol": "P"}`)
	f.Fuzz(func(t *testing.T, old, new string) {
		for _, format := range []*diff.Format{Format, Protocol} {
			if err := format.Compare(context.Background(), &diff.Report{}, source(old), source(new),
				diff.Options{}); err != nil {
				t.Errorf("%s: %v", format.Name, err)
			}
			r := &diff.Report{}
			if err := format.Compare(context.Background(), r, source(new), source(new),
				diff.Options{}); err != nil || len(r.Changes) > 0 {
				t.Errorf("%s differs from itself: %v", format.Name, err)
			}
		}
	})
}
