package github

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"
)

var (
	_ fs.ReadFileFS = (*Tree)(nil)
	_ fs.ReadDirFS  = (*Tree)(nil)
	_ fs.StatFS     = (*Tree)(nil)
)

// Open opens a file. It fetches the content unless it is cached.
func (t *Tree) Open(name string) (fs.File, error) {
	info, err := t.stat("open", name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return &openDir{info: info, rest: t.children(name)}, nil
	}
	blob, err := t.read(info.file)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &openFile{Reader: bytes.NewReader(blob), info: info}, nil
}

// ReadFile returns a copy of a file's content.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	info, err := t.stat("read", name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	blob, err := t.read(info.file)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return bytes.Clone(blob), nil
}

// ReadDir lists a folder. It fetches nothing.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	info, err := t.stat("readdir", name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return t.children(name), nil
}

// Stat describes a file or a folder. It fetches nothing. The modification time
// is zero, because git does not store it.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	info, err := t.stat("stat", name)
	if err != nil {
		return nil, err
	}
	return info, nil
}

func (t *Tree) stat(op, name string) (entry, error) {
	if !fs.ValidPath(name) {
		return entry{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if f, ok := t.find(name); ok {
		return entry{file: f}, nil
	}
	i := t.indexOf(name + "/")
	if name == "." || i < len(t.files) && strings.HasPrefix(t.files[i].path, name+"/") {
		return entry{file: file{path: name}, dir: true}, nil
	}
	return entry{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// children lists a folder. It skips the files of each sub-folder by a search.
func (t *Tree) children(dir string) []fs.DirEntry {
	prefix := dir + "/"
	if dir == "." {
		prefix = ""
	}
	var out []fs.DirEntry
	for i := t.indexOf(prefix); i < len(t.files) && strings.HasPrefix(t.files[i].path, prefix); {
		name, _, deeper := strings.Cut(t.files[i].path[len(prefix):], "/")
		if !deeper {
			out = append(out, entry{file: t.files[i]})
			i++
			continue
		}
		out = append(out, entry{file: file{path: prefix + name}, dir: true})
		i = t.indexOf(prefix + name + "0") // the character after the slash
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name() < out[j].Name() })
	return out
}

// entry is a file or a folder, as fs.FileInfo and as fs.DirEntry.
type entry struct {
	file
	dir bool
}

func (e entry) Name() string               { return path.Base(e.path) }
func (e entry) Size() int64                { return e.size }
func (e entry) ModTime() time.Time         { return time.Time{} }
func (e entry) IsDir() bool                { return e.dir }
func (e entry) Sys() any                   { return nil }
func (e entry) Type() fs.FileMode          { return e.Mode().Type() }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }

func (e entry) Mode() fs.FileMode {
	if e.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type openFile struct {
	*bytes.Reader
	info entry
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return nil }

type openDir struct {
	info entry
	rest []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *openDir) Close() error               { return nil }

func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.path, Err: fs.ErrInvalid}
}

func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(d.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.rest) {
		n = len(d.rest)
	}
	out := d.rest[:n:n]
	d.rest = d.rest[n:]
	return out, nil
}
