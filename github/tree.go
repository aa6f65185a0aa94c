package github

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"sort"
	"strings"

	gh "github.com/google/go-github/v66/github"
)

const maxFiles = 1 << 20 // of one tree

// file is a regular file of a tree. Symbolic links and submodules are left out.
type file struct {
	path, sha string
	size      int64
}

// Tree is the files of one commit as a file system. Listing it costs one
// request, or more if GitHub truncates the listing. A blob is fetched when it
// is opened. Listings and blobs are cached by SHA.
type Tree struct {
	ctx    context.Context // of the review that reads the tree: the methods of fs.FS take none
	client *Client
	repo   Repo
	files  []file // sorted by path
}

// Tree lists the files of a commit. The context is also used to read blobs
// later.
func (c *Client) Tree(ctx context.Context, repo Repo, commit string) (*Tree, error) {
	if repo.ID == 0 || len(commit) < 40 { // the cache's key: a branch would never change in it
		return nil, fmt.Errorf("tree %q of %s: want the repository's ID and a commit's SHA", commit, repo)
	}
	t := &Tree{ctx: ctx, client: c, repo: repo}
	if known, ok := c.app.objects.get(object{repo.ID, commit}); ok {
		t.files = known.files
		return t, nil
	}
	if err := t.list(commit, ""); err != nil {
		return nil, wrap(ctx, err, "tree %s of %s", commit, repo)
	}
	sort.Slice(t.files, func(i, j int) bool { return t.files[i].path < t.files[j].path })
	cost := int64(64)
	for _, f := range t.files {
		cost += int64(len(f.path)+len(f.sha)) + 64
	}
	c.app.objects.put(object{repo.ID, commit}, cached{files: t.files, cost: cost})
	return t, nil
}

// list adds the files under a tree. If the listing does not fit one answer, it
// lists each sub-tree.
func (t *Tree) list(sha, dir string) error {
	listing, _, err := t.client.rest.Git.GetTree(t.ctx, t.repo.Owner, t.repo.Name, sha, true)
	if err != nil {
		return err
	}
	if !listing.GetTruncated() {
		return t.add(dir, listing.Entries)
	}
	listing, _, err = t.client.rest.Git.GetTree(t.ctx, t.repo.Owner, t.repo.Name, sha, false)
	if err != nil {
		return err
	}
	if listing.GetTruncated() {
		return fmt.Errorf("%w: folder %q", ErrTooLarge, dir)
	}
	if err := t.add(dir, listing.Entries); err != nil {
		return err
	}
	for _, e := range listing.Entries {
		if e.GetType() == "tree" {
			if err := t.list(e.GetSHA(), path.Join(dir, e.GetPath())); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tree) add(dir string, entries []*gh.TreeEntry) error {
	for _, e := range entries {
		name := path.Join(dir, e.GetPath())
		if e.GetType() == "blob" && strings.HasPrefix(e.GetMode(), "100") && fs.ValidPath(name) {
			t.files = append(t.files, file{name, e.GetSHA(), int64(e.GetSize())})
		}
	}
	if len(t.files) > maxFiles {
		return fmt.Errorf("%w: more than %d files", ErrTooLarge, maxFiles)
	}
	return nil
}

// Files yields the paths of all files, sorted.
func (t *Tree) Files() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range t.files {
			if !yield(f.path) {
				return
			}
		}
	}
}

// Blob returns the SHA of a file's content, without reading it.
func (t *Tree) Blob(name string) (sha string, ok bool) {
	f, ok := t.find(name)
	return f.sha, ok
}

// Ref returns the SHA and the size of a file's content, as [Client.Blobs] takes
// them.
func (t *Tree) Ref(name string) (ref BlobRef, ok bool) {
	f, ok := t.find(name)
	return BlobRef{f.sha, f.size}, ok
}

func (t *Tree) find(name string) (file, bool) {
	if i := t.indexOf(name); i < len(t.files) && t.files[i].path == name {
		return t.files[i], true
	}
	return file{}, false
}

// indexOf returns the index of the first file whose path is not less than name.
func (t *Tree) indexOf(name string) int {
	return sort.Search(len(t.files), func(i int) bool { return t.files[i].path >= name })
}

func (t *Tree) read(f file) ([]byte, error) {
	return t.client.blob(t.ctx, t.repo, BlobRef{f.sha, f.size})
}
