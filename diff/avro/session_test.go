package avro

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

// repository makes two revisions of files that refer to each other, in circles
// too. Some types are renamed, some defined twice, some files broken.
func repository(seed uint64, count int) fstest.MapFS {
	random := rand.New(rand.NewPCG(seed, 3))
	tree := fstest.MapFS{}
	for i := range count {
		fields := []any{object{"name": "id", "type": "long"}, object{"name": "name", "type": "string"}}
		for j := range random.IntN(4) {
			fields = append(fields, object{
				"name": fmt.Sprint("ref", j),
				"type": []any{"null", fmt.Sprint("acme.T", random.IntN(count))},
			})
		}
		if random.IntN(12) == 0 {
			fields = append(fields, object{
				"name": "own",
				"type": object{
					"type":   "record",
					"name":   fmt.Sprint("T", random.IntN(count)),
					"fields": []any{},
				},
			})
		}
		schema := object{"type": "record", "name": fmt.Sprint("T", i), "namespace": "acme", "fields": fields}
		old, _ := json.Marshal(schema)
		switch random.IntN(8) {
		case 0:
			fields[0].(object)["type"] = []any{"int", "string", "double"}[random.IntN(3)]
		case 1:
			schema["fields"] = append(fields, object{"name": "more", "type": "string"})
		case 2:
			schema["name"] = fmt.Sprint("Renamed", i)
		case 3:
			schema["fields"] = "none"
		}
		new, _ := json.Marshal(schema)
		tree[fmt.Sprintf("old/T%d.avsc", i)] = &fstest.MapFile{Data: old}
		tree[fmt.Sprintf("new/T%d.avsc", i)] = &fstest.MapFile{Data: new}
	}
	return tree
}

// TestSession: contracts that are compared together get the same reports as
// separately.
func TestSession(t *testing.T) {
	alone, shared := 0, 0
	for seed := range uint64(150) {
		const count = 12
		tree := repository(seed, count)
		graphs := map[string]*diff.Graph{}
		for _, side := range []string{"old", "new"} {
			graphs[side] = Format.Graph(diff.Scope{FS: tree, Folder: side})
		}
		source := func(side string, i int) diff.Source {
			paths, err := graphs[side].Closure(fmt.Sprintf("%s/T%d.avsc", side, i))
			if err != nil {
				t.Fatal(err)
			}
			return diff.Source{FS: tree, Paths: paths, Whole: true}
		}
		s := &session{old: newShelf(), new: newShelf(), walk: newWalk(context.Background(), nil, nil)}
		for i := range count {
			want, got := &diff.Report{}, &diff.Report{}
			old, new := source("old", i), source("new", i)
			if err := Format.Compare(context.Background(), want, old, new, diff.Options{}); err != nil {
				t.Fatal(err)
			}
			done, err := s.compare(context.Background(), got, old, new)
			if err != nil {
				t.Fatal(err)
			}
			if !done {
				alone++
				continue
			}
			shared++
			if d := cmp.Diff(told(want), told(got)); d != "" {
				t.Fatalf("seed %d, contract %d: %s", seed, i, d)
			}
		}
	}
	if t.Logf("%d contracts shared, %d alone", shared, alone); shared < 200 {
		t.Errorf("only %d contracts were compared together", shared)
	}
}

// told is what a report says, by fingerprint.
func told(r *diff.Report) map[string]string {
	out := map[string]string{}
	for i := range r.Changes {
		c := &r.Changes[i]
		out[c.Fingerprint()] = fmt.Sprint(c.Rule.ID, c.Subject, c.Message, c.Old, c.New, c.Reaches, c.Witness)
	}
	for _, e := range r.Errors {
		out[e.Error()] = "error"
	}
	return out
}

// TestSessionOfOtherFiles: a name may mean different types in different
// contracts.
func TestSessionOfOtherFiles(t *testing.T) {
	leg := func(typ string) string {
		return `{"type": "record", "name": "Leg", "fields": [{"name": "price", "type": "` + typ + `"}]}`
	}
	tree := schemas(map[string]string{"trade.avsc": `{"type": "record", "name": "Trade", "fields": [{"name": "leg", "type": {"type": "Leg"}}]}`, "x.avsc": leg("int"), "y.avsc": leg("double"), "z.avsc": leg("string")})
	source := func(leg string) diff.Source {
		return diff.Source{FS: tree, Paths: []string{"trade.avsc", leg}, Whole: true}
	}
	compare := newSession()
	for _, tt := range []struct{ old, new, want string }{
		{"x.avsc", "z.avsc", "avro/type-changed"}, {"x.avsc", "y.avsc", "avro/type-widened"},
		{"y.avsc", "x.avsc", "avro/type-narrowed"}, {"x.avsc", "x.avsc", ""},
	} {
		r := &diff.Report{}
		if err := compare(context.Background(), r, source(tt.old), source(tt.new),
			diff.Options{}); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range r.Changes {
			got += c.Rule.ID
		}
		if got != tt.want {
			t.Errorf("%s to %s: %q, want %q", tt.old, tt.new, got, tt.want)
		}
	}
}
