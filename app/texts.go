package app

import (
	"io/fs"
	"strings"
	"time"
)

// texts is a file system of texts, for schemas that are in no repository.
type texts map[string]string

// Open opens a text; there are no folders.
func (t texts) Open(name string) (fs.File, error) {
	text, ok := t[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openText{strings.NewReader(text), textInfo{name, int64(len(text))}}, nil
}

type openText struct {
	*strings.Reader
	info textInfo
}

func (o *openText) Stat() (fs.FileInfo, error) { return o.info, nil }
func (o *openText) Close() error               { return nil }

type textInfo struct {
	name string
	size int64
}

func (i textInfo) Name() string       { return i.name[strings.LastIndexByte(i.name, '/')+1:] }
func (i textInfo) Size() int64        { return i.size }
func (i textInfo) Mode() fs.FileMode  { return 0o444 }
func (i textInfo) ModTime() time.Time { return time.Time{} }
func (i textInfo) IsDir() bool        { return false }
func (i textInfo) Sys() any           { return nil }
