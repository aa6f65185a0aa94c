package diff

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/assent-dev/assent/diff/tree"
)

// Outline is what the content of a file says by itself, whatever lies around it.
// It follows from the bytes and from the last part of the path, so that it can be
// kept for good by these two. Which contract consists of which files is answered
// from outlines alone: no file is opened for it.
type Outline struct {
	Format string           `json:"format,omitempty"` // whose root the file is; "" for none
	Links  map[string]Links `json:"links,omitempty"`  // by the format that reads them
	Wrong  *Wrong           `json:"wrong,omitempty"`  // why the file says no more
	// Unread says that the file exceeds a bound and was not read. Its name alone
	// decides then what its Format is.
	Unread bool `json:"unread,omitempty"`
	// Long says that the file has more links than are kept: whoever needs them
	// opens the file.
	Long bool `json:"long,omitempty"`
}

// Wrong is why a file cannot be read, at its place.
type Wrong struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// In says where in which file, and why.
func (w *Wrong) In(file string) string { return fmt.Sprintf("%s:%d: %s", file, w.Line, w.Message) }

// Links are what one file says of others in one format.
type Links struct {
	Files   []string   `json:"files,omitempty"`   // relative to the file's folder, as tree.Join takes them
	Defines []string   `json:"defines,omitempty"` // full names
	Uses    [][]string `json:"uses,omitempty"`    // the full names that each use may mean, the likeliest first
	Teams   []string   `json:"teams,omitempty"`   // that answer for what a contract describes
	Objects []Object   `json:"objects,omitempty"` // what a contract describes
}

// Object is a table, topic or file that a contract in another language describes.
type Object struct {
	Subject string   `json:"subject,omitempty"` // of its schema in a registry; "" if it names none
	Schemas []string `json:"schemas,omitempty"` // files that may hold its schema, the likeliest first
}

// Files returns the files that may hold the schema of an object that a contract in
// another file describes.
func (o Object) Files(describedIn string) []string { return joined(describedIn, o.Schemas) }

// Targets returns the files to whose paths a file with these links refers. They
// need not exist.
func (l *Links) Targets(file string) []string { return joined(file, l.Files) }

// joined resolves links against the file that has them. Those that lead out of the
// tree are left out.
func joined(file string, links []string) (all []string) {
	for _, link := range links {
		if target, err := tree.Join(file, link); err == nil {
			all = append(all, target)
		}
	}
	return all
}

// IsZero reports whether the file says nothing of others.
func (l *Links) IsZero() bool {
	return len(l.Files)+len(l.Defines)+len(l.Uses)+len(l.Teams)+len(l.Objects) == 0
}

// size is how many bytes of text the links have.
func (l *Links) size() int {
	n := 0
	add := func(texts []string) {
		for _, text := range texts {
			n += len(text) + 1
		}
	}
	add(l.Files)
	add(l.Defines)
	add(l.Teams)
	for _, names := range l.Uses {
		add(names)
	}
	for _, object := range l.Objects {
		n += len(object.Subject)
		add(object.Schemas)
	}
	return n
}

// mostOutline bounds the text of the links in one format that an outline keeps.
const mostOutline = 64 << 10

// Outline returns what a file says that the formats read. Its Format is left to
// the caller.
func (f *File) Outline(formats []*Format) Outline {
	var o Outline
	for _, format := range formats {
		if format.Links == nil {
			continue
		}
		links, err := format.Links(f)
		var wrong *Error
		switch {
		case errors.As(err, &wrong):
			o.Wrong = &Wrong{wrong.Line, wrong.Column, wrong.Message}
		case links.size() > mostOutline:
			o.Long = true
		case !links.IsZero():
			if o.Links == nil {
				o.Links = map[string]Links{}
			}
			o.Links[format.Name] = links
		}
	}
	if o.Long {
		o.Links = nil
	}
	return o
}

// File is a file that is asked for its links. It is read and parsed once, however
// many formats ask.
type File struct {
	Path     string // of which the last part alone may count
	Text     func() ([]byte, error)
	Document func() (*tree.Document, error)
}

// NewFile returns a file whose content is known. The cache, which may be nil,
// bounds the memory in which it is parsed.
func NewFile(path string, data []byte, cache *tree.Cache) *File {
	return &File{
		Path:     path,
		Text:     func() ([]byte, error) { return data, nil },
		Document: sync.OnceValues(func() (*tree.Document, error) { return cache.Parse(path, data) }),
	}
}

// file returns a file of the scope.
func (s Scope) file(path string) *File {
	return &File{
		Path:     path,
		Text:     sync.OnceValues(func() ([]byte, error) { return fs.ReadFile(s.FS, path) }),
		Document: sync.OnceValues(func() (*tree.Document, error) { return s.open(path) }),
	}
}

func (s Scope) open(path string) (*tree.Document, error) {
	return tree.NewFiles(s.FS, s.Cache).Follow(path)
}

// Links returns the links of a file in a format: from its outline where there are
// outlines, else from the file. A file that is missing or has mistakes has none,
// because comparing reports that. Errors are of other kinds.
func (s Scope) Links(f *Format, file string) (Links, error) {
	if s.Outlines != nil {
		known, err := s.Outlines([]string{file})
		if o := known[file]; err != nil || !o.Long {
			return o.Links[f.Name], err
		}
	}
	links, err := f.Links(s.file(file))
	if tree.IsMistake(err) || errors.Is(err, fs.ErrNotExist) {
		return Links{}, nil
	}
	return links, err
}
