package contracts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/tree"
)

// Index knows the outlines of the files of trees, which say what is a contract and
// which files refer to which. With it no search has to stop at a number of files.
type Index interface {
	// Outlines returns the outlines of those files that the tree has, all of them
	// or an error. One that has RetryAfter() time.Duration says that the index does
	// not know them yet; it is returned as it is.
	Outlines(ctx context.Context, in Tree, files []string) (map[string]diff.Outline, error)
}

// Reading is an Index that keeps nothing: it reads the files, as many at once as
// there are cores.
type Reading struct {
	Formats  formats.List
	Cache    *tree.Cache // bounds the memory of parsing; may be nil
	TooLarge error       // with which a Tree refuses to read a file
}

// Outlines reads the files.
func (r *Reading) Outlines(
	ctx context.Context, in Tree, files []string,
) (map[string]diff.Outline, error) {
	made := make([]diff.Outline, len(files))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		group.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			made[i], err = guarded(func() (diff.Outline, error) { return r.outline(in, file) })
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := make(map[string]diff.Outline, len(files))
	for i, file := range files {
		all[file] = made[i]
	}
	return all, nil
}

func (r *Reading) outline(in Tree, file string) (diff.Outline, error) {
	data, err := fs.ReadFile(in, file)
	if large, ok := tooLarge(err, r.TooLarge); ok {
		return r.Formats.Unread(file, large.Message), nil
	}
	if err != nil {
		return diff.Outline{}, fmt.Errorf("read %s: %w", file, err)
	}
	return r.Formats.Outline(file, data, r.Cache), nil
}

// outlines asks an index once for each content under each name. It may be used by
// several goroutines.
type outlines struct {
	index Index
	mu    sync.Mutex
	known map[content]diff.Outline
}

// content is what an outline follows from: a blob, and the last part of its path.
type content struct{ blob, name string }

func newOutlines(index Index) *outlines {
	return &outlines{index: index, known: map[content]diff.Outline{}}
}

// of returns the outlines of those files that the tree has.
func (o *outlines) of(ctx context.Context, in Tree, files []string) (map[string]diff.Outline, error) {
	all := make(map[string]diff.Outline, len(files))
	contents := map[string]content{}
	var missing []string
	o.mu.Lock()
	for _, file := range files {
		blob, exists := in.Blob(file)
		if !exists {
			continue
		}
		c := content{blob, path.Base(file)}
		outline, known := o.known[c]
		if known {
			all[file] = outline
		} else if _, asked := contents[file]; !asked {
			contents[file], missing = c, append(missing, file)
		}
	}
	o.mu.Unlock()
	if len(missing) == 0 {
		return all, nil
	}
	found, err := o.index.Outlines(ctx, in, missing)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, file := range missing {
		outline, ok := found[file]
		if !ok {
			return nil, fmt.Errorf("the index has no outline of %s", file)
		}
		all[file], o.known[contents[file]] = outline, outline
	}
	return all, nil
}

// load asks for the outlines of files and of all that they lead to by path: one
// request for each step away from them, and not one for each file.
func (r *Revision) load(files []string) error {
	seen := map[string]bool{}
	for _, file := range files {
		seen[file] = true
	}
	for len(files) > 0 {
		known, err := r.outlines(files)
		if err != nil {
			return err
		}
		var next []string
		for file, outline := range known {
			for _, links := range outline.Links {
				for _, target := range links.Targets(file) {
					if !seen[target] {
						seen[target], next = true, append(next, target)
					}
				}
			}
		}
		slices.Sort(next)
		files = next
	}
	return nil
}

// outline returns the outline of a file, the zero Outline if there is no such file.
func (r *Revision) outline(file string) (diff.Outline, error) {
	known, err := r.outlines([]string{file})
	return known[file], err
}

// tooLarge turns the refusal to read a huge file into a mistake of its author.
func tooLarge(err, refusal error) (*diff.Error, bool) {
	if err == nil || !errors.Is(err, refusal) {
		return nil, false
	}
	m := mistake(diff.Location{}, "%v", err)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		m.File, m.Message = at.Path, at.Err.Error()
	}
	return m, true
}
