package avro

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	twmb "github.com/twmb/avro"

	"github.com/assent-dev/assent/diff"
)

// source is a contract of one file.
func source(text string) diff.Source {
	return diff.Source{
		FS:    fstest.MapFS{"s.avsc": &fstest.MapFile{Data: []byte(text)}},
		Paths: []string{"s.avsc"},
	}
}

func compared(t testing.TB, old, new string) *diff.Report {
	t.Helper()
	full, err := Format.Compatibility("full")
	if err != nil {
		t.Fatal(err)
	}
	r, err := diff.Compare(context.Background(),
		diff.Contract{Name: "s", Format: Format, Compatibility: full},
		[]diff.Source{source(old)}, source(new))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// breaks reports whether a direction is broken, leaving out rules by id.
func breaks(r *diff.Report, side diff.Side, without ...string) bool {
	for i := range r.Changes {
		c := &r.Changes[i]
		if c.Side()&side != 0 && c.Rule.Level(side) == diff.Breaking && !slices.Contains(without, c.Rule.ID) {
			return true
		}
	}
	return false
}

const pairs = 5000

// generated calls f with a schema and an edit of it, both valid for the peer.
func generated(t *testing.T, f func(old, new string, o, n *twmb.Schema)) {
	t.Helper()
	valid := 0
	for seed := range uint64(pairs) {
		g := newGenerator(seed)
		s := g.schema(4)
		old, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		new, err := json.Marshal(g.edited(s, 1+g.IntN(3)))
		if err != nil {
			t.Fatal(err)
		}
		o, oerr := twmb.Parse(string(old))
		n, nerr := twmb.Parse(string(new))
		if oerr != nil || nerr != nil {
			continue // an edit made a type used before its definition, a branch twice
		}
		valid++
		f(string(old), string(new), o, n)
		if t.Failed() {
			t.Fatalf("seed %d\nold %s\nnew %s", seed, old, new)
		}
	}
	if valid < pairs/2 {
		t.Fatalf("only %d of %d pairs are valid", valid, pairs)
	}
}

// TestPeer compares the verdict of each direction with github.com/twmb/avro.
// They differ in one case on purpose: a change between logical types other than
// decimal is breaking here, because the meaning of values changes.
func TestPeer(t *testing.T) {
	broken := 0
	generated(t, func(old, new string, o, n *twmb.Schema) {
		r := compared(t, old, new)
		if len(r.Errors) > 0 {
			t.Fatalf("refused: %v", r.Errors[0])
		}
		for _, d := range []struct {
			side           diff.Side
			writer, reader *twmb.Schema
		}{{diff.Sends, o, n}, {diff.Receives, n, o}} {
			want := twmb.CheckCompatibility(d.writer, d.reader)
			if want != nil {
				broken++
			}
			if got := breaks(r, d.side, "avro/logical-type-changed"); got != (want != nil) {
				t.Errorf("%s: breaks %v, the peer says %v", d.side, got, want)
			}
		}
	})
	if broken < pairs/10 {
		t.Errorf("only %d directions were broken: the edits are too mild", broken)
	}
}

// TestSelfAndMirror: a schema does not differ from itself, and exchanging the
// revisions exchanges the directions that break.
func TestSelfAndMirror(t *testing.T) {
	generated(t, func(old, new string, _, _ *twmb.Schema) {
		// Documentation makes it another file, so that it is really compared.
		if r := compared(t, old, strings.ReplaceAll(old, `"type":"record"`,
			`"type":"record","doc":"?"`)); len(r.Changes) > 0 {
			t.Errorf("differs from itself: %s", r.Changes[0].Message)
		}
		there, back := compared(t, old, new), compared(t, new, old)
		for _, side := range []diff.Side{diff.Sends, diff.Receives} {
			if breaks(there, side) != breaks(back, side.Flip()) {
				t.Errorf("%s breaks %v, and mirrored %v", side, breaks(there, side),
					breaks(back, side.Flip()))
			}
		}
	})
}
