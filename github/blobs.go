package github

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// MaxBlob bounds the files that are read, in bytes. A larger one is [ErrTooLarge].
const MaxBlob = 25 << 20

const (
	// GraphQL cuts texts, so larger blobs come by REST at once.
	maxText    = 400 << 10
	batchBlobs = 100
	batchBytes = 4 << 20 // JSON may need six bytes for one
)

// BlobRef names a blob and tells its size, as a tree lists it.
type BlobRef struct {
	SHA  string
	Size int64
}

// Blobs reads many blobs at once, by one request for about a hundred. It keeps
// them in the cache. The contents must not be changed. A blob that is too large
// to be read is an error, so the caller leaves those out by their size.
func (c *Client) Blobs(ctx context.Context, repo Repo, blobs []BlobRef) (map[string][]byte, error) {
	out := map[string][]byte{}
	var batch, single []BlobRef
	bytes := int64(0)
	seen := map[string]bool{}
	for _, b := range blobs {
		known, cached := c.app.objects.get(object{repo.ID, b.SHA})
		switch {
		case seen[b.SHA]:
		case !isSHA(b.SHA):
			return nil, fmt.Errorf("blob %q of %s: want its SHA", b.SHA, repo)
		case cached:
			out[b.SHA] = known.blob
		case b.Size > maxText:
			single = append(single, b)
		default:
			if len(batch) == batchBlobs || len(batch) > 0 && bytes+b.Size > batchBytes {
				if err := c.batch(ctx, repo, batch, out); err != nil {
					return nil, err
				}
				batch, bytes = nil, 0
			}
			batch, bytes = append(batch, b), bytes+b.Size
		}
		seen[b.SHA] = true
	}
	if err := c.batch(ctx, repo, batch, out); err != nil {
		return nil, err
	}
	for _, b := range single {
		blob, err := c.blob(ctx, repo, b)
		if err != nil {
			return nil, err
		}
		out[b.SHA] = blob
	}
	return out, nil
}

// batch reads blobs by one query. Texts that are not exactly the blob (cut,
// binary, in another encoding) are read by REST.
func (c *Client) batch(ctx context.Context, repo Repo, blobs []BlobRef, out map[string][]byte) error {
	if len(blobs) == 0 {
		return nil
	}
	var answer struct {
		Repository map[string]*struct{ Text string }
	}
	if err := charge(ctx, blobs...); err != nil {
		return err
	}
	err := c.query(ctx, blobsQuery(blobs), map[string]any{"owner": repo.Owner, "name": repo.Name}, &answer)
	if err != nil {
		return wrap(ctx, err, "%d blobs of %s", len(blobs), repo)
	}
	for i, b := range blobs {
		var content []byte
		if found := answer.Repository[fmt.Sprintf("b%d", i)]; found != nil {
			content = []byte(found.Text)
		}
		if blobSHA(content) == b.SHA {
			c.app.objects.put(object{repo.ID, b.SHA}, cached{blob: content, cost: int64(len(content)) + 64})
		} else if content, err = c.blob(ctx, repo, b); err != nil {
			return err
		}
		out[b.SHA] = content
	}
	return nil
}

func blobsQuery(blobs []BlobRef) query {
	var text strings.Builder
	text.WriteString("query($owner: String!, $name: String!) {\n" +
		"  repository(owner: $owner, name: $name) {\n")
	for i, b := range blobs {
		fmt.Fprintf(&text, "    b%d: object(oid: %q) { ...blob }\n", i, b.SHA)
	}
	text.WriteString("  }\n}\nfragment blob on Blob { text }")
	return query{text: text.String(), needs: "contents=read"}
}

// blobSHA is the name that git gives to a content.
func blobSHA(content []byte) string {
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", len(content))
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

func isSHA(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) >= 40
}

// blob reads one blob by REST, unless it is cached.
func (c *Client) blob(ctx context.Context, repo Repo, b BlobRef) ([]byte, error) {
	if b.Size > MaxBlob {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLarge, b.Size, MaxBlob)
	}
	key := object{repo.ID, b.SHA}
	if known, ok := c.app.objects.get(key); ok {
		return known.blob, nil
	}
	if err := charge(ctx, b); err != nil {
		return nil, err
	}
	blob, _, err := c.rest.Git.GetBlobRaw(ctx, repo.Owner, repo.Name, b.SHA)
	if err != nil {
		err = wrap(ctx, err, "blob %s of %s", b.SHA, repo)
		if errors.Is(err, fs.ErrNotExist) { // the listing has the file, so it is not missing
			return nil, fmt.Errorf("blob %s of %s: GitHub lists it and does not have it", b.SHA, repo)
		}
		return nil, err
	}
	c.app.objects.put(key, cached{blob: blob, cost: int64(len(blob)) + 64})
	return blob, nil
}
