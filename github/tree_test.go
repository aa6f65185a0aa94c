package github_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
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

func TestDeadLinksAndSubmodulesAreNotFiles(t *testing.T) {
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

// links commits files, and links with the prefix "-> ".
func (w *world) links(branch string, files map[string]string) string {
	var stream strings.Builder
	fmt.Fprintf(&stream, "commit refs/heads/%s\ncommitter a <a@b> 0 +0000\ndata 1\nx\n", branch)
	for name, content := range files {
		mode := "100644"
		if target, link := strings.CutPrefix(content, "-> "); link {
			mode, content = "120000", target
		}
		fmt.Fprintf(&stream, "M %s inline %s\ndata %d\n%s\n", mode, name, len(content), content)
	}
	w.fastImport(stream.String())
	return w.shop.Branch(branch)
}

func TestLinksAreFollowed(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	files := map[string]string{
		"real/a.yaml": "a", "real/deep/b.yaml": "b", "real/up": "-> ../top", "top": "t",
		"file": "-> real/a.yaml", "chain": "-> ./file", "around": "-> real/../real//deep/b.yaml",
		"folder": "-> real", "slash": "-> real/deep/", "sub/through": "-> ../folder/deep/b.yaml",
		"sub/folder": "-> ../folder",
		// These lead nowhere.
		"out": "-> ../top", "far": "-> real/../../x", "root": "-> /top", "none": "-> real/none",
		"self": "-> self", "ping": "-> pong", "pong": "-> ping", "all": "-> .", "real/deep/circle": "-> ..",
		"under": "-> top/x", "long": "-> " + strings.Repeat("./", 4000) + "top",
		"winding": "-> " + strings.Repeat("./", 1500) + "top",
	}
	tree := must(w.client.Tree(w.ctx, w.repo, w.links("links", files)))(w)
	want := map[string]string{
		"real/a.yaml": "a", "real/deep/b.yaml": "b", "real/up": "t", "top": "t", "file": "a", "chain": "a",
		"around": "b", "folder/a.yaml": "a", "folder/deep/b.yaml": "b", "folder/up": "t",
		"slash/b.yaml": "b", "sub/through": "b", "sub/folder/a.yaml": "a", "sub/folder/deep/b.yaml": "b",
		"sub/folder/up": "t",
	}
	got := map[string]string{}
	for name := range tree.Files() {
		got[name] = string(must(tree.ReadFile(name))(w))
		if ref, _ := tree.Ref(name); ref.Size != int64(len(got[name])) {
			t.Errorf("%s: %d bytes", name, ref.Size)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := fstest.TestFS(tree, slices.Collect(maps.Keys(want))...); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"out", "far", "root", "none", "self", "ping", "pong", "all",
		"real/deep/circle", "folder/deep/circle", "under", "long", "winding"} {
		if _, err := tree.Open(name); !isMissing(err) {
			t.Errorf("%s: %v", name, err)
		}
		target, dead := tree.DeadLink(name)
		if said := strings.TrimPrefix(files[name], "-> "); !dead || files[name] != "" && name != "long" &&
			target != said {
			t.Errorf("%s: dead link %t to %.30q", name, dead, target)
		}
	}
	for _, name := range []string{"file", "folder", "top", "never"} {
		if _, dead := tree.DeadLink(name); dead {
			t.Errorf("%s is no dead link", name)
		}
	}
}

// TestChangeBehindALink: what changes is seen at every path that leads there.
func TestChangeBehindALink(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	files := map[string]string{"v1/api.yaml": "1", "link": "-> v1/api.yaml", "latest": "-> v1"}
	before := must(w.client.Tree(w.ctx, w.repo, w.links("one", files)))(w)
	files["v1/api.yaml"] = "2"
	after := must(w.client.Tree(w.ctx, w.repo, w.links("two", files)))(w)
	for _, name := range []string{"v1/api.yaml", "link", "latest/api.yaml"} {
		was, _ := before.Blob(name)
		is, ok := after.Blob(name)
		if was == is || !ok {
			t.Errorf("%s: from %s to %s", name, was, is)
		}
	}
}

// TestHostileLinksEnd: neither many links nor folders that multiply are followed
// for long.
func TestHostileLinksEnd(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	many := map[string]string{"top": "t"}
	for i := range 1001 {
		many[fmt.Sprintf("l%d", i)] = "-> top"
	}
	multiply := map[string]string{"d10/f": "t"}
	for i := range 10 {
		for j := range 10 {
			multiply[fmt.Sprintf("d%d/l%d", i, j)] = fmt.Sprintf("-> ../d%d", i+1)
		}
	}
	chain := map[string]string{"l999": "-> " + strings.Repeat("./", 2000) + "l0"}
	for i := range 999 {
		chain[fmt.Sprintf("l%d", i)] = fmt.Sprintf("-> %sl%d", strings.Repeat("./", 2000), i+1)
	}
	for name, files := range map[string]map[string]string{
		"many": many, "multiply": multiply, "chain": chain,
	} {
		_, err := w.client.Tree(w.ctx, w.repo, w.links(name, files))
		if name == "chain" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !errors.Is(err, github.ErrTooLarge) || !strings.Contains(err.Error(), "symbolic links") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLinksCostOneRequest(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	head := w.links("links", map[string]string{"a": "a", "b": "-> a", "c": "-> b", "d": "-> nowhere"})
	for _, want := range []map[string]int{
		{"/graphql": 1, "/repos/{owner}/{repo}/git/trees/{tree_sha}": 1}, {},
	} {
		got := w.calls(func() {
			if _, dead := must(w.client.Tree(w.ctx, w.repo, head))(w).DeadLink("d"); !dead {
				t.Error("the dead link is forgotten")
			}
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestPushToALargeTree costs requests for the folders that it changed, and two
// for each on the way that does not fit one answer.
func TestPushToALargeTree(t *testing.T) {
	w := newWorld(t, githubtest.Options{TreeLimit: 12})
	files := map[string]string{}
	for i := range 4 {
		for j := range 10 {
			files[fmt.Sprintf("d%d/f%d", i, j)] = fmt.Sprint(i, j)
			files[fmt.Sprintf("large/e%d/f%d", i, j)] = fmt.Sprint("large", i, j)
		}
	}
	listed := func(sha string, want int) *github.Tree {
		t.Helper()
		var tree *github.Tree
		calls := w.calls(func() { tree = must(w.client.Tree(w.ctx, w.repo, sha))(w) })
		if got := calls["/repos/{owner}/{repo}/git/trees/{tree_sha}"]; got != want || len(calls) > 1 {
			t.Errorf("calls %v, want %d listings", calls, want)
		}
		return tree
	}
	first := w.shop.Commit("main", "many", "ann", files)
	listed(first, 2+1+4+2+4) // the root, api, four folders, the large one, four in it
	listed(first, 0)
	listed(w.shop.Commit("main", "one", "ann", map[string]string{"d1/f1": "new"}), 2+1)
	tree := listed(w.shop.Commit("main", "deep", "ann", map[string]string{"large/e2/f3": "new"}), 2+2+1)
	if got := string(must(tree.ReadFile("large/e2/f3"))(w)); got != "new" {
		t.Errorf("read %q", got)
	}
	if n := len(slices.Collect(tree.Files())); n != 82 {
		t.Errorf("%d files, want 82", n)
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
