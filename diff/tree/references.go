package tree

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// DeadEnd is why a reference leads to nothing. It is the mistake of whoever
// wrote the reference, unlike a file system that fails.
type DeadEnd string

func (e DeadEnd) Error() string { return string(e) }

// Resolve finds what the reference ref, written in the document from, leads to:
// a fragment of the same file, another file of the tree, or both. What leaves
// the tree is refused: nothing that a pull request names is ever fetched.
//
// A reference to nothing gives a DeadEnd, one to a broken file that file's
// *Error; all other errors are those of the file system.
func (f *Files) Resolve(from *Document, ref string) (*Node, error) {
	return f.ResolveIn(from.Root, ref)
}

// ResolveIn does the same for a reference that is written in a part of a
// document with a name of its own: fragments count from there (JSON Schema
// 2020-12 Core, section 9.2).
func (f *Files) ResolveIn(resource *Node, ref string) (*Node, error) {
	file, fragment, _ := strings.Cut(ref, "#")
	root := resource
	if file != "" {
		var err error
		if root, err = f.named(resource.Document(), file); err != nil {
			return nil, err
		}
	}
	doc := root.Document()
	n := doc.below(root, fragment)
	if n == nil && file == "" {
		n = doc.below(doc.Root, fragment) // written for readers who know no $id
	}
	if n == nil {
		return nil, DeadEnd("nothing at #" + fragment + " in " + doc.Path)
	}
	return n, nil
}

// named finds what a reference names before its fragment: a schema in the same
// document by its $id, else another file.
func (f *Files) named(from *Document, file string) (*Node, error) {
	if n := from.resource(file); n != nil {
		return n, nil
	}
	name, err := from.join(file)
	if err != nil {
		return nil, err
	}
	doc, err := f.follow(name)
	if err != nil {
		return nil, err
	}
	return doc.Root, nil
}

// follow opens a file that a reference names.
func (f *Files) follow(name string) (*Document, error) {
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

// References lists the other files of the tree that a file refers to, sorted;
// none if it is missing or broken. Errors are those of the file system.
func (f *Files) References(name string) ([]string, error) {
	doc, err := f.follow(path.Clean(name))
	if isMistake(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(doc.files())), nil
}

// isMistake reports whether an author has to mend what the error says.
func isMistake(err error) bool {
	var located *Error
	var end DeadEnd
	return errors.As(err, &located) || errors.As(err, &end)
}

// files are the other files of the tree that the document refers to.
func (d *Document) files() map[string]bool {
	names := map[string]bool{}
	d.Root.Walk(func(n *Node) bool {
		file, _, _ := strings.Cut(n.Get("$ref").Str(), "#")
		if file == "" || d.resource(file) != nil {
			return n.Refers()
		}
		if name, err := d.join(file); err == nil {
			names[name] = true
		}
		return n.Refers()
	})
	return names
}

// join finds the file that a reference means: by its path, or by a URI next to
// the document's own.
func (d *Document) join(file string) (string, error) {
	if near, ok := d.sibling(file); ok {
		file = near
	}
	return Join(d.Path, file)
}

// Join resolves a relative file reference against the file that holds it. For
// URLs, absolute paths and paths out of the tree the error is a DeadEnd.
func Join(from, file string) (string, error) {
	switch {
	case strings.Contains(file, "://"), strings.HasPrefix(file, "//"), strings.HasPrefix(strings.ToLower(file), "urn:"):
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
