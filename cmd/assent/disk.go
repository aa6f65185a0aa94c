package main

import (
	"crypto/sha256"
	"io/fs"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/diff/formats"
)

// disk is the files below a folder, of which those at one path may be contracts.
// They do not change while assent runs.
type disk struct {
	dirFS
	files   []string          // that may be contracts, sorted
	digests map[string]string // of their contents
}

// dirFS is what os.DirFS returns.
type dirFS interface {
	fs.ReadFileFS
	fs.ReadDirFS
	fs.StatFS
}

// readDisk reads the files at a path in the folder: the file itself, or those
// below it that may be contracts.
func readDisk(root, path string) (*disk, error) {
	d := &disk{dirFS: os.DirFS(root).(dirFS), digests: map[string]string{}}
	err := fs.WalkDir(d, path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && file != path:
			return fs.SkipDir
		case file == path && !entry.IsDir(), entry.Type().IsRegular() && formats.All.Candidate(file):
			d.files = append(d.files, file)
		}
		return nil
	})
	if err == nil && len(d.files) > 0 && d.files[0] != path {
		d.digest()
	}
	return d, err
}

// digest reads the files in parallel, as the cores allow. What cannot be read is
// reported by comparing it.
func (d *disk) digest() {
	sums := make([][sha256.Size]byte, len(d.files))
	read := make([]bool, len(d.files))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range d.files {
		group.Go(func() error {
			data, err := d.ReadFile(file)
			sums[i], read[i] = sha256.Sum256(data), err == nil
			return nil
		})
	}
	_ = group.Wait() // no function fails
	for i, file := range d.files {
		if read[i] {
			d.digests[file] = string(sums[i][:])
		}
	}
}

// Files yields the files that may be contracts.
func (d *disk) Files() iter.Seq[string] { return slices.Values(d.files) }

// Blob identifies the content of a file by its digest. A file that was not read
// is identified by its path.
func (d *disk) Blob(file string) (string, bool) {
	if digest, ok := d.digests[file]; ok {
		return digest, true
	}
	info, err := d.Stat(file)
	return file, err == nil && !info.IsDir()
}
