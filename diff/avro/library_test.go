package avro

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

func schemas(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

const leg = `{"type": "record", "name": "acme.Leg", "fields": []}`

func TestClosure(t *testing.T) {
	uses := func(name string) string {
		return `{"type": "record", "name": "acme.Trade", "fields": [{"name": "leg", "type": "` + name + `"}]}`
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{
			"beside",
			map[string]string{"s/t.avsc": uses("Leg"), "s/Leg.avsc": leg, "Leg.avsc": leg},
			[]string{"s/t.avsc", "s/Leg.avsc"},
		},
		{
			"full name",
			map[string]string{"s/t.avsc": uses("acme.Leg"), "s/acme.Leg.avsc": leg},
			[]string{"s/t.avsc", "s/acme.Leg.avsc"},
		},
		{
			"folders of the namespace",
			map[string]string{"s/acme/sub/t.avsc": uses("Leg"), "s/acme/Leg.avsc": leg},
			[]string{"s/acme/sub/t.avsc", "s/acme/Leg.avsc"},
		},
		{"another type of that name beside", map[string]string{
			"s/t.avsc":      uses("Leg"),
			"s/Leg.avsc":    `{"type": "fixed", "name": "other.Leg", "size": 1}`,
			"s/x/legs.avsc": leg,
		},
			[]string{"s/t.avsc", "s/x/legs.avsc"}},
		{
			"the closest",
			map[string]string{"s/v2/t.avsc": uses("Leg"), "s/v1/legs.avsc": leg, "s/v2/legs.avsc": leg},
			[]string{"s/v2/t.avsc", "s/v2/legs.avsc"},
		},
		{
			"not above the scope",
			map[string]string{"s/t.avsc": uses("Leg"), "Leg.avsc": leg},
			[]string{"s/t.avsc"},
		},
		{
			"no path out of a name",
			map[string]string{"s/x/t.avsc": uses("../Leg"), "s/Leg.avsc": leg},
			[]string{"s/x/t.avsc"},
		},
		{"in circles", map[string]string{
			"s/t.avsc":   uses("Leg"),
			"s/Leg.avsc": `{"type": "record", "name": "acme.Leg", "fields": [{"name": "trade", "type": ["null", "Trade", "Leg"]}]}`,
		}, []string{"s/t.avsc", "s/Leg.avsc"}},
		{"what the root defines as well", map[string]string{
			"s/t.avsc":     `[` + leg + `, {"type": "record", "name": "acme.Trade", "fields": [{"name": "venue", "type": "Venue"}]}]`,
			"s/Venue.avsc": `{"type": "record", "name": "acme.Venue", "fields": [{"name": "leg", "type": "Leg"}]}`,
			"s/Leg.avsc":   leg,
		}, []string{"s/t.avsc", "s/Venue.avsc", "s/Leg.avsc"}},
		{
			"broken",
			map[string]string{"s/t.avsc": uses("Leg"), "s/Leg.avsc": `{"type": "record", "name": "acme.Leg`},
			[]string{"s/t.avsc"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Format.Graph(diff.Scope{FS: schemas(c.files), Folder: "s"}).Closure(c.want[0])
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// failing is a tree that cannot read one file.
type failing struct {
	fs.FS
	file string
}

func (f failing) Open(name string) (fs.File, error) {
	if name == f.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("enough")}
	}
	return f.FS.Open(name)
}

// TestSearchFails: a failing file system is not taken for one without the type.
func TestSearchFails(t *testing.T) {
	tree := failing{schemas(map[string]string{"a.avsc": leg, "t.avsc": `{"type": "array", "items": "Gone"}`}), "a.avsc"}
	if _, err := Format.Graph(diff.Scope{FS: tree, Folder: "."}).Closure("t.avsc"); err == nil {
		t.Error("a file system that fails is taken for one without the type")
	}
}

// TestWhole: a source that says it is whole is not searched for other files.
func TestWhole(t *testing.T) {
	s := diff.Source{
		FS: schemas(map[string]string{
			"t.avsc":   `{"type": "array", "items": "acme.Leg"}`,
			"Leg.avsc": leg,
		}),
		Paths: []string{"t.avsc"},
	}
	for whole, mistakes := range map[bool]int{false: 0, true: 1} {
		s.Whole = whole
		r := &diff.Report{}
		if err := Format.Compare(context.Background(), r, s, s, diff.Options{}); err != nil ||
			len(r.Errors) != mistakes {
			t.Errorf("whole %v: %v %v", whole, err, r.Errors)
		}
	}
}
