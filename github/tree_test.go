package github_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/github/githubtest"
)

// count counts requests whose path contains a part.
func (w *world) count(part string) *atomic.Int64 {
	var n atomic.Int64
	w.hub.Fail(func(r *http.Request) *githubtest.Fault {
		if strings.Contains(r.URL.Path, part) {
			n.Add(1)
		}
		return nil
	})
	return &n
}

func TestTreeIsAFileSystem(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	files := map[string]string{
		"a/b/c.yaml":     "c",
		"a/b.yaml":       "b",
		"a-b/x":          "x",
		"a.txt":          "t",
		"a/ü/ñ.json":     "{}",
		"empty":          "",
		"z/deep/er/file": "1",
	}
	sha := w.shop.Commit("main", "files", "ann", files)
	tree := must(w.client.Tree(w.ctx, w.repo, sha))(w)
	names := []string{"README.md", "api/orders.yaml"}
	for name := range files {
		names = append(names, name)
	}
	if err := fstest.TestFS(tree, names...); err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if diff := cmp.Diff(names, slices.Collect(tree.Files())); diff != "" {
		t.Error(diff)
	}
	for name, want := range files {
		if got := must(tree.ReadFile(name))(w); string(got) != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if blob, ok := tree.Blob("a.txt"); !ok || blob != w.git("rev-parse", sha+":a.txt") {
		t.Errorf("blob %q", blob)
	}
	if _, ok := tree.Blob("a"); ok {
		t.Error("a folder is not a blob")
	}
}

func TestWhatIsReadOnceIsNotFetchedAgain(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	fetched := w.count("/git/")
	head := w.shop.Branch("main")
	for range 3 {
		tree := must(w.client.Tree(w.ctx, w.repo, head))(w)
		content := must(tree.ReadFile("README.md"))(w)
		if string(content) != "hello\n" {
			t.Errorf("the cache was written through: %q", content)
		}
		content[0] = 'X' // the caller's own copy
	}
	if n := fetched.Load(); n != 2 {
		t.Errorf("%d requests, want one for the tree and one for the blob", n)
	}
	// The same content in another repository is fetched there: the cache does
	// not tell who may read it.
	other := w.hub.AddRepo("acme", "other")
	sha := other.Commit("main", "start", "ann", map[string]string{"README.md": "hello\n"})
	tree := must(w.client.Tree(w.ctx, github.Repo{
		Installation: other.Installation,
		ID:           other.ID,
		Owner:        "acme",
		Name:         "other",
	}, sha))(w)
	if got := must(tree.ReadFile("README.md"))(w); string(got) != "hello\n" {
		t.Errorf("the other repository's README is %q", got)
	}
	if n := fetched.Load(); n != 4 {
		t.Errorf("%d requests, want 4", n)
	}
}

func TestTruncatedTreeIsReadBySubTrees(t *testing.T) {
	w := newWorld(t, githubtest.Options{TreeLimit: 5})
	files := map[string]string{}
	for i := range 4 {
		for j := range 3 {
			files[fmt.Sprintf("d%d/e%d/f", i, j)] = fmt.Sprint(i, j)
		}
	}
	sha := w.shop.Commit("main", "many", "ann", files)
	tree := must(w.client.Tree(w.ctx, w.repo, sha))(w)
	n := 0
	err := fs.WalkDir(tree, ".", func(_ string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil || n != 14 {
		t.Errorf("%d files, want 14: %v", n, err)
	}
}

func TestLinksAndSubmodulesAreNotFiles(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	stream := "commit refs/heads/links\ncommitter a <a@b> 0 +0000\ndata 1\nx\n" +
		"M 120000 inline link\ndata 11\n/etc/passwd\nM 160000 " + w.shop.Branch("main") + " module\n" +
		"M 100755 inline run.sh\ndata 2\nok\n"
	w.fastImport(stream)
	tree := must(w.client.Tree(w.ctx, w.repo, w.shop.Branch("links")))(w)
	for _, name := range []string{"link", "module"} {
		if _, err := tree.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	entries := must(tree.ReadDir("."))(w)
	if len(entries) != 1 || entries[0].Name() != "run.sh" {
		t.Errorf("entries %v", entries)
	}
}

func TestHugeBlobIsRefusedUnread(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	sha := w.shop.Commit("main", "huge", "ann",
		map[string]string{"huge.yaml": string(bytes.Repeat([]byte("x"), 25<<20+1))})
	fetched := w.count("/git/blobs/")
	tree := must(w.client.Tree(w.ctx, w.repo, sha))(w)
	if _, err := tree.ReadFile("huge.yaml"); err == nil || retryAfter(err) != 0 || isMissing(err) {
		t.Errorf("got %v, want a lasting error", err)
	}
	if fetched.Load() != 0 {
		t.Error("the blob was fetched")
	}
}

func TestTreeWantsACommit(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	if _, err := w.client.Tree(w.ctx, w.repo, "main"); err == nil {
		t.Error("a branch would be cached as what it is today")
	}
	if _, err := w.client.Tree(w.ctx, github.Repo{Owner: "acme", Name: "shop"},
		w.shop.Branch("main")); err == nil {
		t.Error("without the ID the cache would be shared between repositories")
	}
	_, err := w.client.Tree(w.ctx, w.repo, strings.Repeat("0", 40))
	if !isMissing(err) {
		t.Errorf("missing commit: %v", err)
	}
}

// TestListingReadsNoFile: what differs between two trees is told by their
// listings, which are complete.
func TestListingReadsNoFile(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	old := w.shop.Commit("main", "old", "ann", map[string]string{"a/same": "1", "a/mod": "1", "b/gone": "1"})
	head := w.shop.Commit("fix", "new", "ann", map[string]string{"a/mod": "2", "new": "n", "b": "file now"},
		"b/gone")
	requests := w.count("")
	a, b := must(w.client.Tree(w.ctx, w.repo, old))(w), must(w.client.Tree(w.ctx, w.repo, head))(w)
	before := requests.Load()
	if files := slices.Collect(b.Files()); !slices.IsSorted(files) || !slices.Contains(files, "new") {
		t.Errorf("got %q", files)
	}
	for name, same := range map[string]bool{"a/same": true, "a/mod": false} {
		was, _ := a.Blob(name)
		is, exists := b.Blob(name)
		if !exists || is != w.git("rev-parse", head+":"+name) || (was == is) != same {
			t.Errorf("%s: %s became %s", name, was, is)
		}
	}
	if _, exists := b.Blob("b/gone"); exists {
		t.Error("a file that is gone is listed")
	}
	if requests.Load() != before {
		t.Error("listing fetched something")
	}
}
