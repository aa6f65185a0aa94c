package avro

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// extension is the extension of the files that are searched for types.
const extension = ".avsc"

// library finds the files of one revision that define the types which schemas
// refer to by name. It first looks for a file with the type's name, next to the
// schema and in the folders above it: Leg.avsc, acme.Leg.avsc or acme/Leg.avsc
// for the type acme.Leg. If there is none, it searches an index of the names in
// all schemas, which it makes once and without parsing them.
type library struct {
	diff.Scope
	summaries map[string]*fileSummary // by path
	located   map[[2]string]string    // by folder and full name: the path, "" if there is none
	files     map[string]bool         // all schemas in the folder; nil until they are needed
	index     map[string][]string     // by unqualified name: files that may define it; nil until it is needed
}

// fileSummary is the part of a file's content that matters to other files.
type fileSummary struct {
	defines map[string]*schema
	uses    []pending // the names that it does not define itself
}

// mostSearched bounds how many files are read for the index. Reading so many
// from a local disk takes no noticeable time.
const mostSearched = 10_000

func newLibrary(s diff.Scope) *library {
	s.Most = cmp.Or(s.Most, mostSearched)
	return &library{Scope: s, summaries: map[string]*fileSummary{}, located: map[[2]string]string{}}
}

// references lists the files that define the types which a file uses and does
// not define itself.
func (l *library) references(name string) ([]string, error) {
	p, err := l.summary(name)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, use := range p.uses {
		found, err := l.locate(name, use)
		if err != nil {
			return nil, err
		}
		if found != "" && !slices.Contains(files, found) {
			files = append(files, found)
		}
	}
	return files, nil
}

// summary reads a file. If the file has mistakes, which the comparison reports,
// the summary has as much as can be read.
func (l *library) summary(name string) (*fileSummary, error) {
	if p := l.summaries[name]; p != nil {
		return p, nil
	}
	p := &fileSummary{}
	doc, err := tree.NewFiles(l.FS, l.Cache).Open(name)
	var mistake *tree.Error
	switch {
	case errors.As(err, &mistake):
	case err != nil:
		return nil, err
	default:
		reader := newParser()
		reader.document(doc.Root)
		p.defines, p.uses = reader.file.types, reader.undefinedNames()
	}
	l.summaries[name] = p
	return p, nil
}

// locate finds the file that defines a name which another file uses, "" if
// there is none.
func (l *library) locate(from string, use pending) (string, error) {
	for _, full := range []string{qualify(use.name.Text, use.space), use.name.Text} {
		key := [2]string{path.Dir(from), full}
		found, known := l.located[key]
		if !known {
			var err error
			if found, err = l.findByFileName(key[0], full); err == nil && found == "" {
				found, err = l.findInIndex(key[0], full)
			}
			if err != nil {
				return "", err
			}
			l.located[key] = found
		}
		if found != "" {
			return found, nil
		}
	}
	return "", nil
}

// findByFileName looks for a file that has the type's name, in the folder and
// in those above.
func (l *library) findByFileName(folder, full string) (string, error) {
	if err := l.listFiles(); err != nil {
		return "", err
	}
	simple := unqualified(full)
	files := slices.Compact([]string{simple, full, strings.ReplaceAll(full, ".", "/")})
	for {
		for _, file := range files {
			candidate := path.Join(folder, file+extension)
			if !l.files[candidate] {
				continue
			}
			if ok, err := l.defines(candidate, full); ok || err != nil {
				return candidate, err
			}
		}
		if folder == l.Folder || folder == "." {
			return "", nil
		}
		folder = path.Dir(folder)
	}
}

func (l *library) defines(file, full string) (bool, error) {
	p, err := l.summary(file)
	return err == nil && p.defines[full] != nil, err
}

// findInIndex reads the files that may define the type, those closest to the
// folder first.
func (l *library) findInIndex(folder, full string) (string, error) {
	if l.index == nil {
		if err := l.readIndex(); err != nil {
			return "", err
		}
	}
	files := slices.Clone(l.index[unqualified(full)])
	slices.SortStableFunc(files, func(a, b string) int { return shared(folder, b) - shared(folder, a) })
	for _, file := range files {
		if ok, err := l.defines(file, full); ok || err != nil {
			return file, err
		}
	}
	return "", nil
}

// shared counts the folders at the beginning that two paths have in common.
func shared(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	return i
}

// namesInText matches the names of definitions, and those of fields too.
var namesInText = regexp.MustCompile(`"name"\s*:\s*"(?:[^"]*\.)?([^".]+)"`)

// listFiles finds all schemas in the folder without reading them.
func (l *library) listFiles() error {
	if l.files != nil {
		return nil
	}
	l.files = map[string]bool{}
	return fs.WalkDir(l.FS, l.Folder, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && name != l.Folder:
			return fs.SkipDir
		case entry.Type().IsRegular() && path.Ext(name) == extension:
			l.files[name] = true
		}
		return nil
	})
}

// readIndex makes the index of the schemas in the folder, up to a number of
// files.
func (l *library) readIndex() error {
	l.index = map[string][]string{}
	files := slices.Sorted(maps.Keys(l.files))
	for _, name := range files[:min(len(files), l.Most)] {
		data, err := fs.ReadFile(l.FS, name)
		if err != nil {
			return err
		}
		for _, m := range namesInText.FindAllSubmatch(data, -1) {
			simple := string(m[1])
			if known := l.index[simple]; !slices.Contains(known, name) {
				l.index[simple] = append(known, name)
			}
		}
	}
	return nil
}
