package tree

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// DeadEnd is the reason why a reference leads to nothing. It is a mistake of
// the author, unlike the failure of a file system.
type DeadEnd string

func (e DeadEnd) Error() string { return string(e) }

// Resolve finds the node that a reference in a document leads to: in the same
// file, or in another file of the tree. It refuses references that leave the
// tree, and never fetches what a pull request names.
//
// The error for a reference to nothing is a DeadEnd, and for a reference to a
// file with mistakes that file's *Error. All other errors are those of the file
// system.
func (f *Files) Resolve(from *Document, ref string) (*Node, error) {
	return f.ResolveIn(from.Root, ref)
}

// ResolveIn does the same for a reference in a schema with its own $id:
// fragments start at that schema (JSON Schema 2020-12 Core, section 9.2).
func (f *Files) ResolveIn(resource *Node, ref string) (*Node, error) {
	file, fragment, _ := strings.Cut(ref, "#")
	root := resource
	if file != "" {
		var err error
		if root, err = f.target(resource.Document(), file); err != nil {
			return nil, err
		}
	}
	doc := root.Document()
	n := doc.inPart(root, fragment)
	if n == nil && file == "" {
		n = doc.inPart(doc.Root, fragment) // the author may not expect that $id matters
	}
	if n == nil {
		return nil, DeadEnd("nothing at #" + fragment + " in " + doc.Path)
	}
	return n, nil
}

// target finds what a reference names before its fragment: a schema of the same
// document by its $id, else another file.
func (f *Files) target(from *Document, file string) (*Node, error) {
	if n := from.resource(file); n != nil {
		return n, nil
	}
	name, err := from.join(file)
	if err != nil {
		return nil, err
	}
	doc, err := f.Follow(name)
	if err != nil {
		return nil, err
	}
	return doc.Root, nil
}

// Follow opens a file that a reference names. For a missing file or a folder the
// error is a DeadEnd.
func (f *Files) Follow(name string) (*Document, error) {
	doc, err := f.Open(name)
	if err == nil {
		return doc, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, DeadEnd(name + " does not exist")
	}
	if info, serr := fs.Stat(f.fsys, name); serr == nil && info.IsDir() {
		return nil, DeadEnd(name + " is a folder")
	}
	return nil, err
}

// IsMistake reports whether the error is a mistake that the author has to
// correct.
func IsMistake(err error) bool {
	var located *Error
	var end DeadEnd
	return errors.As(err, &located) || errors.As(err, &end)
}

// Links lists the other files to which the document refers, sorted, each as Join
// takes it.
func (d *Document) Links() []string {
	names := map[string]bool{}
	d.Root.Walk(func(n *Node) bool {
		file, _, _ := strings.Cut(n.Get("$ref").Str(), "#")
		if file != "" && d.resource(file) == nil {
			names[d.relative(file)] = true
		}
		return n.Refers()
	})
	return slices.Sorted(maps.Keys(names))
}

// join finds the file that a reference means.
func (d *Document) join(file string) (string, error) { return Join(d.Path, d.relative(file)) }

// relative returns the path to the file that a reference means, where that is a
// URI with the host of the document's own.
func (d *Document) relative(file string) string {
	if near, ok := d.sibling(file); ok {
		return near
	}
	return file
}

// Join resolves a relative reference against the file that contains it. For
// URLs, absolute paths and paths out of the tree the error is a DeadEnd.
func Join(from, file string) (string, error) {
	switch {
	case strings.Contains(file, "://"), strings.HasPrefix(file, "//"),
		strings.HasPrefix(strings.ToLower(file), "urn:"):
		return "", DeadEnd("references to other hosts are not followed")
	case strings.HasPrefix(file, "/"), strings.Contains(file, `\`), strings.Contains(file, "\x00"):
		return "", DeadEnd("only relative paths within the repository are followed")
	}
	name := path.Join(path.Dir(from), unescape(file))
	if !fs.ValidPath(name) || name == "." {
		return "", DeadEnd("the reference leads out of the repository")
	}
	return name, nil
}
