package avro

import (
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
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
	known   map[string]diff.Links // by path
	located map[[2]string]string  // by folder and full name: the path, "" if there is none
	files   map[string]bool       // all schemas in the folder; nil until they are needed
	index   map[string][]string   // by unqualified name: files that may define it; nil until it is needed
}

// mostSearched bounds how many files are read for the index where there are no
// outlines. Reading so many from a local disk takes no noticeable time.
const mostSearched = 10_000

func newLibrary(s diff.Scope) *library {
	return &library{Scope: s, known: map[string]diff.Links{}, located: map[[2]string]string{}}
}

// asAvro is how outlines name the links of schemas and of protocols, which are the
// same.
var asAvro = &diff.Format{Name: "avro", Links: links}

// links reads which types a file defines, and which it uses without defining them.
func links(f *diff.File) (diff.Links, error) {
	doc, err := f.Document()
	if err != nil {
		return diff.Links{}, err
	}
	reader := newParser()
	reader.document(doc.Root)
	l := diff.Links{Defines: slices.Sorted(maps.Keys(reader.file.types))}
	for _, use := range reader.undefinedNames() {
		names := slices.Compact([]string{qualify(use.name.Text, use.space), use.name.Text})
		isKnown := func(known []string) bool { return slices.Equal(known, names) }
		if !slices.ContainsFunc(l.Uses, isKnown) {
			l.Uses = append(l.Uses, names)
		}
	}
	return l, nil
}

// references lists the files that define the types which a file uses and does
// not define itself.
func (l *library) references(name string) ([]string, error) {
	links, err := l.linksOf(name)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, use := range links.Uses {
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

// linksOf returns what a file defines and uses. If the file has mistakes, which
// the comparison reports, that is as much as can be read.
func (l *library) linksOf(name string) (diff.Links, error) {
	links, ok := l.known[name]
	if ok {
		return links, nil
	}
	links, err := l.Links(asAvro, name)
	if err == nil {
		l.known[name] = links
	}
	return links, err
}

// locate finds the file that defines a name which another file uses, "" if
// there is none.
func (l *library) locate(from string, names []string) (string, error) {
	for _, full := range names {
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
	links, err := l.linksOf(file)
	_, defined := slices.BinarySearch(links.Defines, full)
	return defined, err
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

// readIndex makes the index of the schemas in the folder: from their outlines, or
// without parsing them, up to a number of files.
func (l *library) readIndex() error {
	l.index = map[string][]string{}
	files := slices.Sorted(maps.Keys(l.files))
	if l.Outlines != nil {
		return l.readOutlines(files)
	}
	for _, name := range files[:min(len(files), mostSearched)] {
		data, err := fs.ReadFile(l.FS, name)
		if err != nil {
			return err
		}
		for _, m := range namesInText.FindAllSubmatch(data, -1) {
			l.enter(string(m[1]), name)
		}
	}
	return nil
}

func (l *library) readOutlines(files []string) error {
	outlines, err := l.Outlines(files)
	if err != nil {
		return err
	}
	for _, name := range files {
		defines := outlines[name].Links[asAvro.Name].Defines
		if outlines[name].Long {
			links, err := l.linksOf(name)
			if err != nil {
				return err
			}
			defines = links.Defines
		}
		for _, full := range defines {
			l.enter(unqualified(full), name)
		}
	}
	return nil
}

// enter notes that a file may define a type. Files come one after the other.
func (l *library) enter(simple, file string) {
	known := l.index[simple]
	if len(known) == 0 || known[len(known)-1] != file {
		l.index[simple] = append(known, file)
	}
}
