package jsonschema_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
)

// slow is a file system that fails for one file, as a remote one does.
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

// A file system that fails is not the author's mistake: the review is tried
// again, and its error must be found on the way up.
func TestFailingFileSystem(t *testing.T) {
	files := fstest.MapFS{
		"root.json": {Data: []byte(`{"properties": {"a": {"$ref": "far.json"}}}`)},
		"far.json":  {Data: []byte(`{"type": "string"}`)},
	}
	good := diff.Source{FS: files, Paths: []string{"root.json"}}
	for _, fails := range []string{"root.json", "far.json"} {
		bad := diff.Source{FS: slow{files, fails}, Paths: []string{"root.json"}}
		for name, pair := range map[string][2]diff.Source{"old": {bad, good}, "new": {good, bad}} {
			report := &diff.Report{}
			err := jsonschema.Format.Compare(context.Background(), report, pair[0], pair[1], diff.Options{})
			var later interface{ RetryAfter() time.Duration }
			if !errors.As(err, &later) {
				t.Errorf("%s of %s: got %v, want the file system's error", fails, name, err)
			}
			if len(report.Errors) > 0 {
				t.Errorf("%s of %s: reported as the author's: %v", fails, name, report.Errors[0])
			}
		}
	}
}
