package tree_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff/tree"
)

func TestResolve(t *testing.T) {
	files := tree.NewFiles(fstest.MapFS{
		"api/root.yaml":   {Data: []byte("paths: {/a~b: {get: 1}}\nlist: [x, y]\n")},
		"api/sub/pet.yml": {Data: []byte("Pet: 7\n")},
		"top.json":        {Data: []byte(`{"a b": 1}`)},
		"broken.json":     {Data: []byte("{\n\"a\"")},
	}, nil)
	root, err := files.Open("api/root.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{
		"#/paths/~1a~0b/get":   "1",
		"#/list/1":             "y",
		"sub/pet.yml#/Pet":     "7",
		"../top.json#/a%20b":   "1",
		"#/nothing":            "dead end: nothing at #/nothing in api/root.yaml",
		"no.yaml#/a":           "dead end: api/no.yaml does not exist",
		"sub":                  "dead end: api/sub is a folder",
		"../../etc/passwd":     "dead end: the reference leads out of the repository",
		"/etc/passwd":          "dead end: only relative paths within the repository are followed",
		"https://example.com/": "dead end: references to other hosts are not followed",
		"%2e%2e/%2e%2e/x":      "dead end: the reference leads out of the repository",
		"../broken.json#/a":    "error: broken.json:2:4: invalid JSON: unexpected EOF",
	} {
		n, err := files.Resolve(root, ref)
		var end tree.DeadEnd
		var got string
		switch {
		case errors.As(err, &end):
			got = "dead end: " + end.Error()
		case err != nil:
			got = "error: " + err.Error()
		default:
			got = n.Text
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", ref, got, want)
		}
	}
}

// TestResolveNames follows references by the names that schemas give
// themselves.
func TestResolveNames(t *testing.T) {
	files := tree.NewFiles(fstest.MapFS{
		"schemas/order.json": {Data: []byte(`{
  "$id": "https://example.com/schemas/order.json",
  "$defs": {
    "sku": {"$anchor": "sku", "title": "by anchor"},
    "old": {"$id": "#old", "title": "by id"},
    "address": {"$id": "address.json", "title": "inside", "$defs": {"city": {"title": "below"}}}
  }}`)},
		"schemas/common/money.json": {Data: []byte(`{"title": "beside"}`)},
		"top.json":                  {Data: []byte(`{"title": "above"}`)},
	}, nil)
	order, err := files.Open("schemas/order.json")
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{
		"#sku":                     "by anchor",
		"#old":                     "by id",
		"address.json":             "inside",
		"address.json#/$defs/city": "below",
		"https://example.com/schemas/address.json":      "inside",
		"https://example.com/schemas/common/money.json": "beside",
		"https://example.com/top.json":                  "above",
	} {
		n, err := files.Resolve(order, ref)
		if err != nil || n.Get("title").Str() != want {
			t.Errorf("%s: %q, %v, want %q", ref, n.Get("title").Str(), err, want)
		}
	}
	inside, err := files.Resolve(order, "address.json")
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{
		"#/$defs/city": "below",
		"#":            "inside",
		"#/$defs/sku":  "by anchor",
	} {
		if n, err := files.ResolveIn(inside.Get("$defs").Resource(), ref); err != nil ||
			n.Get("title").Str() != want {
			t.Errorf("%s within a schema with a name: %q, %v, want %q", ref, n.Get("title").Str(), err, want)
		}
	}
	for _, ref := range []string{
		"#none", "https://example.org/schemas/order.json", "https://example.com/../../up.json",
	} {
		if n, err := files.Resolve(order, ref); err == nil {
			t.Errorf("%s leads to %s", ref, n.At())
		}
	}
}

// slow fails for some files as a remote file system does.
type slow struct {
	fs.FS
	fails string
}

type timeout struct{}

func (timeout) Error() string             { return "time-out" }
func (timeout) RetryAfter() time.Duration { return time.Second }

func (s slow) Open(name string) (fs.File, error) {
	if name == s.fails {
		return nil, &fs.PathError{Op: "open", Path: name, Err: timeout{}}
	}
	return s.FS.Open(name)
}

func TestFailingFileSystemIsNoMistake(t *testing.T) {
	files := tree.NewFiles(slow{
		fstest.MapFS{"a.yaml": {Data: []byte("x: {$ref: b.yaml}\n")}, "b.yaml": {}},
		"b.yaml",
	}, nil)
	root, err := files.Open("a.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, resolve := files.Resolve(root, "b.yaml")
	_, references := files.Follow("b.yaml")
	for _, err := range []error{resolve, references} {
		var later timeout
		var end tree.DeadEnd
		if !errors.As(err, &later) || errors.As(err, &end) {
			t.Errorf("got %v, want the error of the file system", err)
		}
	}
}

// targets are the files to which a file of the tree refers.
func targets(t *testing.T, files *tree.Files, name string) (all []string) {
	t.Helper()
	doc, err := files.Follow(name)
	if tree.IsMistake(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range doc.Links() {
		if target, err := tree.Join(name, link); err == nil {
			all = append(all, target)
		}
	}
	slices.Sort(all)
	return all
}

func TestLinks(t *testing.T) {
	files := tree.NewFiles(fstest.MapFS{
		"api/root.yaml": {Data: []byte("a: {$ref: 'sub/b.json#/x'}\nb: [{$ref: '#/a'}, {$ref: " +
			"missing.yaml}]\nc: {$ref: 'https://example.com/c.yaml'}\nd: {$ref: ../../out.yaml}\n")},
		"api/sub/b.json": {Data: []byte(`{"x": {"$ref": "../../top.yml"}, "y": {"$ref": "../root.yaml#/a"}}`)},
		"top.yml":        {Data: []byte("$ref: broken.yaml\n")},
		"broken.yaml":    {Data: []byte("$ref: unread.yaml\na: [\n")},
		"unread.yaml":    {Data: []byte("x: 1\n")},
	}, nil)
	for name, want := range map[string][]string{
		"api/root.yaml":  {"api/missing.yaml", "api/sub/b.json"},
		"api/sub/b.json": {"api/root.yaml", "top.yml"},
		"top.yml":        {"broken.yaml"},
		"unread.yaml":    nil,
		"broken.yaml":    nil,
		"gone.yaml":      nil,
	} {
		if d := cmp.Diff(want, targets(t, files, name)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestSelf: a description may state its own address. References to that address
// and to its neighbours stay in the tree. Others are refused.
func TestSelf(t *testing.T) {
	files := tree.NewFiles(fstest.MapFS{
		"api/root.yaml": {Data: []byte("$self: https://example.com/v1/openapi.yaml\na: {$ref: " +
			"'https://example.com/v1/parts/b.json#/x'}\nb: {$ref: 'https://example.org/v1/c.yaml'}\n")},
		"api/parts/b.json": {Data: []byte(`{"x": 7}`)},
	}, nil)
	root, err := files.Open("api/root.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"https://example.com/v1/parts/b.json#/x", "parts/b.json#/x"} {
		if n, err := files.Resolve(root, ref); err != nil || n.Text != "7" {
			t.Errorf("%s: %v, %v", ref, n, err)
		}
	}
	if n, err := files.Resolve(root, "https://example.com/v1/openapi.yaml#/a"); err != nil ||
		n != root.Root.Get("a") {
		t.Errorf("to itself: %v, %v", n, err)
	}
	if _, err := files.Resolve(root, "https://example.org/v1/c.yaml"); !errors.As(err, new(tree.DeadEnd)) {
		t.Errorf("to another host: %v, want a dead end", err)
	}
	if d := cmp.Diff([]string{"api/parts/b.json"}, targets(t, files, "api/root.yaml")); d != "" {
		t.Error(d)
	}
}
