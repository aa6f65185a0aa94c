package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// What a review reads by itself for the index. More is left to the lane of the
// index, which comes behind all that somebody waits for.
const (
	mostIndexedAtOnce = 300
	bytesIndexedOnce  = 8 << 20
)

// What the lane of the index reads at once, and before it lets others go first.
const (
	indexBatch = 500
	indexRun   = 5000
)

// index knows the outlines of a repository's files, from the database. It makes
// those that are missing, by reading the files from GitHub.
type index struct{ *job }

// Outlines is that of contracts.Index.
func (x index) Outlines(
	ctx context.Context, in contracts.Tree, files []string,
) (map[string]diff.Outline, error) {
	tree, ok := in.(*github.Tree)
	if !ok {
		return nil, fmt.Errorf("no index knows files of type %T", in)
	}
	all := make(map[string]diff.Outline, len(files))
	contents := map[string]store.Content{} // by file
	for _, file := range files {
		ref, exists := tree.Ref(file)
		switch {
		case !exists:
		case ref.Size > github.MaxBlob:
			all[file] = formats.All.Unread(file, fmt.Sprintf("the file has %d bytes, and at most %d are read",
				ref.Size, github.MaxBlob))
		default:
			contents[file] = store.Content{Blob: ref.SHA, Name: path.Base(file), Size: ref.Size}
		}
	}
	outlines, err := x.outlines(ctx, slices.Collect(maps.Values(contents)))
	for file, c := range contents {
		all[file] = outlines[c]
	}
	return all, err
}

// outlines returns the outlines of contents, or an *indexing error.
func (x index) outlines(
	ctx context.Context, contents []store.Content,
) (map[store.Content]diff.Outline, error) {
	kept := x.Store.Outlines(x.repo.ID, formats.OutlineVersion)
	bodies, err := kept.Known(ctx, contents)
	if err != nil {
		return nil, err
	}
	all := make(map[store.Content]diff.Outline, len(contents))
	var missing []store.Content
	size := int64(0)
	for _, c := range contents {
		body, known := bodies[c]
		if !known {
			missing = append(missing, c)
			size += c.Size
			continue
		}
		var o diff.Outline
		if err := json.Unmarshal(body, &o); err != nil {
			return nil, fmt.Errorf("decode the outline of %s: %w", c.Name, err)
		}
		all[c] = o
	}
	if len(missing) > mostIndexedAtOnce || size > bytesIndexedOnce {
		if err := kept.Want(ctx, missing); err != nil {
			return nil, err
		}
		if err := x.Store.DirtyLater(ctx, x.lane(store.IndexKey)); err != nil {
			return nil, err
		}
		return nil, &indexing{len(contents) - len(missing), len(contents)}
	}
	made, err := x.make(ctx, missing)
	maps.Copy(all, made)
	return all, err
}

// make reads files and keeps their outlines.
func (x index) make(
	ctx context.Context, contents []store.Content,
) (map[store.Content]diff.Outline, error) {
	if len(contents) == 0 {
		return nil, nil
	}
	refs := make([]github.BlobRef, len(contents))
	for i, c := range contents {
		refs[i] = github.BlobRef{SHA: c.Blob, Size: c.Size}
	}
	blobs, err := x.client.Blobs(ctx, x.repo, refs)
	if err != nil {
		return nil, fmt.Errorf("read files for the index: %w", err)
	}
	all, err := guarded(ctx, func() (map[store.Content]diff.Outline, error) {
		all := map[store.Content]diff.Outline{}
		for _, c := range contents {
			all[c] = formats.All.Outline(c.Name, blobs[c.Blob], x.Cache)
		}
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	bodies := map[store.Content]json.RawMessage{}
	for c, o := range all {
		if bodies[c], err = json.Marshal(o); err != nil {
			return nil, fmt.Errorf("encode the outline of %s: %w", c.Name, err)
		}
	}
	return all, x.Store.Outlines(x.repo.ID, formats.OutlineVersion).Save(ctx, bodies)
}

// indexing is the error of a review that needs outlines which are being made.
type indexing struct{ done, total int }

func (e *indexing) Error() string {
	return message.NewPrinter(language.English).Sprintf("indexed %d of %d files", e.done, e.total)
}

// RetryAfter puts off lanes that nothing else wakes.
func (e *indexing) RetryAfter() time.Duration { return 5 * time.Second }

// fillIndex makes the outlines that reviews wait for, and wakes those reviews.
func (j *job) fillIndex(ctx context.Context) error {
	kept := j.Store.Outlines(j.repo.ID, formats.OutlineVersion)
	done := 0
	for done < indexRun {
		wanted, err := kept.Wanted(ctx, indexBatch)
		if err != nil {
			return err
		}
		if len(wanted) == 0 {
			return j.wakeWaiting(ctx)
		}
		if _, err := (index{j}).make(ctx, wanted); err != nil {
			if j.lease.GivesUp(err) {
				return errors.Join(err, j.disappointWaiting(ctx))
			}
			return err
		}
		done += len(wanted)
	}
	if err := j.wakeWaiting(ctx); err != nil { // which then say how far it is
		return err
	}
	return j.Store.DirtyLater(ctx, j.lane(store.IndexKey))
}

// waiting returns what was decided on the pull requests that wait for the index.
func (j *job) waiting(ctx context.Context) ([]stored, error) {
	open, err := j.openPulls(ctx, j.repo.ID)
	return slices.DeleteFunc(open, func(s stored) bool { return !s.Indexing }), err
}

func (j *job) wakeWaiting(ctx context.Context) error {
	waiting, err := j.waiting(ctx)
	if err != nil {
		return err
	}
	return j.reviewThose(ctx, j.repo.ID, waiting)
}

// disappointWaiting says on the checks that wait that the index was given up.
func (j *job) disappointWaiting(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	waiting, err := j.waiting(ctx)
	if err != nil {
		return err
	}
	for _, s := range waiting {
		here := *j
		here.key = store.PullKey(s.Decision.Basis.Pull)
		s.Trouble = &checks.Trouble{Reason: "the repository's files could not be indexed", Final: true}
		if err := here.save(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
