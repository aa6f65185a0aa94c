package github

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"sort"
	"strings"
)

const maxFiles = 1 << 20 // of one tree

// file is a regular file of a tree, or a symbolic link before it is followed.
// Submodules are left out.
type file struct {
	path, sha string
	size      int64
	link      bool
}

// Tree is the files of one commit as a file system. Symbolic links within the
// tree are followed: a link has the content, and the SHA, of what it leads to.
//
// Listing a tree costs one request, and one more for its links. If GitHub
// truncates the listing, it costs requests for the folders that were not listed
// before. A blob is fetched when it is opened. Listings and blobs are cached by
// SHA.
type Tree struct {
	ctx    context.Context // of the review that reads the tree: the methods of fs.FS take none
	client *Client
	repo   Repo
	files  []file // sorted by path
	dead   map[string]string
}

// Tree lists the files of a commit. The context is also used to read blobs
// later.
func (c *Client) Tree(ctx context.Context, repo Repo, commit string) (*Tree, error) {
	if repo.ID == 0 || len(commit) < 40 { // the cache's key: a branch would never change in it
		return nil, fmt.Errorf("tree %q of %s: want the repository's ID and a commit's SHA", commit, repo)
	}
	t := &Tree{ctx: ctx, client: c, repo: repo}
	if known, ok := c.app.objects.get(object{repo.ID, commit}); ok {
		t.files, t.dead = known.files, known.dead
		return t, nil
	}
	l := &lister{ctx: ctx, client: c, repo: repo}
	err := l.walk(commit, "")
	if err == nil {
		sortFiles(l.files)
		t.files, t.dead, err = c.follow(ctx, repo, l.files)
	}
	if err != nil {
		return nil, wrap(ctx, err, "tree %s of %s", commit, repo)
	}
	if !l.large { // else its folders are cached
		c.app.objects.put(object{repo.ID, commit}, cached{
			files: t.files, dead: t.dead, cost: costOf(t.files) + int64(len(t.dead))*256,
		})
	}
	return t, nil
}

func sortFiles(files []file) {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.path, b.path) })
}

// folder is the files under a tree, with paths from there. If they did not fit
// one answer, only its own are there, and the folders in it.
type folder struct {
	files   []file
	folders []file
}

// lister collects the files of a commit.
type lister struct {
	ctx    context.Context
	client *Client
	repo   Repo
	files  []file
	large  bool // the commit did not fit one answer
}

// walk adds the files under a tree.
func (l *lister) walk(sha, dir string) error {
	here, err := l.list(sha, dir)
	if err != nil {
		return err
	}
	for _, f := range here.files {
		f.path = path.Join(dir, f.path)
		l.files = append(l.files, f)
	}
	if len(l.files) > maxFiles {
		return fmt.Errorf("%w: more than %d files", ErrTooLarge, maxFiles)
	}
	for _, f := range here.folders {
		if err := l.walk(f.sha, path.Join(dir, f.path)); err != nil {
			return err
		}
	}
	return nil
}

// list returns a folder. Those of large commits are cached, so that a push costs
// requests only for the folders that it changed.
func (l *lister) list(sha, dir string) (*folder, error) {
	objects := l.client.app.objects
	if known, ok := objects.get(folderOf(l.repo, sha)); ok {
		l.large = true
		return known.folder, nil
	}
	here, truncated, err := l.ask(sha, true)
	if err == nil && !truncated {
		if l.large {
			objects.put(folderOf(l.repo, sha), cached{folder: here, cost: costOf(here.files)})
		}
		return here, nil
	}
	if err != nil {
		return nil, err
	}
	l.large = true
	here, truncated, err = l.ask(sha, false)
	if err == nil && truncated {
		err = fmt.Errorf("%w: folder %q", ErrTooLarge, dir)
	}
	if err != nil {
		return nil, err
	}
	cost := costOf(here.files) + costOf(here.folders)
	objects.put(folderOf(l.repo, sha), cached{folder: here, cost: cost})
	return here, nil
}

func (l *lister) ask(sha string, recursive bool) (here *folder, truncated bool, err error) {
	listing, _, err := l.client.rest.Git.GetTree(l.ctx, l.repo.Owner, l.repo.Name, sha, recursive)
	if err != nil {
		return nil, false, err
	}
	here = &folder{}
	for _, e := range listing.Entries {
		f := file{e.GetPath(), e.GetSHA(), int64(e.GetSize()), e.GetMode() == "120000"}
		switch {
		case !fs.ValidPath(f.path):
		case e.GetType() == "blob" && (f.link || strings.HasPrefix(e.GetMode(), "100")):
			here.files = append(here.files, f)
		case e.GetType() == "tree" && !recursive:
			here.folders = append(here.folders, f)
		}
	}
	return here, listing.GetTruncated(), nil
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

// DeadLink returns the target of a symbolic link that leads nowhere: out of the
// tree, to nothing, or in a circle. Such a link is not a file.
func (t *Tree) DeadLink(name string) (target string, ok bool) {
	target, ok = t.dead[name]
	return target, ok
}

func (t *Tree) find(name string) (file, bool) { return findFile(t.files, name) }

func (t *Tree) indexOf(name string) int { return indexOf(t.files, name) }

func findFile(files []file, name string) (file, bool) {
	if i := indexOf(files, name); i < len(files) && files[i].path == name {
		return files[i], true
	}
	return file{}, false
}

// indexOf returns the index of the first file whose path is not less than name.
func indexOf(files []file, name string) int {
	return sort.Search(len(files), func(i int) bool { return files[i].path >= name })
}

// Prefetch reads files by few requests, so that each need not be asked for when it
// is opened. It leaves out those that are too large.
func (t *Tree) Prefetch(names []string) error {
	var refs []BlobRef
	for _, name := range names {
		if ref, ok := t.Ref(name); ok && ref.Size <= MaxBlob {
			refs = append(refs, ref)
		}
	}
	_, err := t.client.Blobs(t.ctx, t.repo, refs)
	return err
}

func (t *Tree) read(f file) ([]byte, error) {
	return t.client.blob(t.ctx, t.repo, BlobRef{f.sha, f.size})
}
