package contracts

import (
	"io/fs"
	"path"
	"strings"
	"time"
)

// schemaFS is a file system of schemas that are in no repository: their texts
// by their names.
type schemaFS map[string]string

// Open opens a schema. There are no folders.
func (s schemaFS) Open(name string) (fs.File, error) {
	text, ok := s[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openSchema{strings.NewReader(text), schemaInfo{name, int64(len(text))}}, nil
}

type openSchema struct {
	*strings.Reader
	info schemaInfo
}

func (o *openSchema) Stat() (fs.FileInfo, error) { return o.info, nil }
func (o *openSchema) Close() error               { return nil }

type schemaInfo struct {
	name string
	size int64
}

func (i schemaInfo) Name() string       { return path.Base(i.name) }
func (i schemaInfo) Size() int64        { return i.size }
func (i schemaInfo) Mode() fs.FileMode  { return 0o444 }
func (i schemaInfo) ModTime() time.Time { return time.Time{} }
func (i schemaInfo) IsDir() bool        { return false }
func (i schemaInfo) Sys() any           { return nil }
