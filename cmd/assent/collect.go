package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

// pairing is one contract that was found on at least one side.
type pairing struct {
	name    string
	format  *diff.Format
	olds    []diff.Source
	new     diff.Source
	renamed bool
}

// side is one argument: the files found there, by the name under which they are
// matched.
type side struct {
	folder bool
	files  map[string]diff.Source
	kinds  map[string]*diff.Format // of those files that are recognised
}

// single is the name of a contract that is given as a file: files are matched
// whatever their names.
const single = "contract"

// collect pairs the contracts of all arguments by name. A file that is
// recognised in one argument counts in all: a revision too broken to be
// recognised must not look like a removal.
func collect(format string, olds []string, new string) ([]pairing, error) {
	sides, err := readAll(format, olds, new)
	if err != nil {
		return nil, err
	}
	kinds := map[string]*diff.Format{}
	for _, s := range sides {
		maps.Copy(kinds, s.kinds)
	}
	if len(kinds) == 0 {
		return nil, fmt.Errorf("no contract is recognised in %s: give --format", strings.Join(append(slices.Clone(olds), new), ", "))
	}
	var all []pairing
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		p := pairing{name: name, format: kinds[name], new: sides[len(olds)].files[name]}
		for _, s := range sides[:len(olds)] {
			p.olds = append(p.olds, s.files[name])
		}
		all = append(all, p)
	}
	return follow(all), nil
}

// follow joins what is gone in the newest revision with what is new there, if
// it is the same contract under another name.
func follow(all []pairing) []pairing {
	for i := range all {
		gone := &all[i]
		last := gone.olds[len(gone.olds)-1]
		if last.Absent() || !gone.new.Absent() {
			continue
		}
		j := slices.IndexFunc(all, func(p pairing) bool {
			isNew := !slices.ContainsFunc(p.olds, func(s diff.Source) bool { return !s.Absent() })
			return isNew && p.format == gone.format && !p.new.Absent() && diff.Moved(last, p.new)
		})
		if j >= 0 {
			gone.new, gone.renamed = all[j].new, true
			all[j].new = diff.Source{}
		}
	}
	return slices.DeleteFunc(all, func(p pairing) bool {
		return p.new.Absent() && !slices.ContainsFunc(p.olds, func(s diff.Source) bool { return !s.Absent() })
	})
}

// readAll reads every argument; the sides are in the arguments' order.
func readAll(format string, olds []string, new string) ([]side, error) {
	args := append(slices.Clone(olds), new)
	base, err := enclosing(args)
	if err != nil {
		return nil, err
	}
	var sides []side
	var files, folders string
	for i, arg := range args {
		label := ""
		if len(olds) > 1 && i < len(olds) {
			label = filepath.ToSlash(arg)
		}
		s, err := base.read(format, arg, label)
		if err != nil {
			return nil, err
		}
		switch {
		case s.folder:
			folders = arg
		case len(s.files) > 0:
			files = arg
		}
		sides = append(sides, s)
	}
	if files != "" && folders != "" {
		return nil, fmt.Errorf("%s is a file and %s a folder: compare files with files, folders with folders", files, folders)
	}
	return sides, nil
}

// folder is what the arguments have in common: the files in it may refer to
// each other, and are shown by their path in it.
type folder string

// enclosing returns the working folder if it holds all arguments, else the
// innermost folder that does.
func enclosing(args []string) (folder, error) {
	common, err := os.Getwd()
	if err != nil {
		return "", err
	}
	var holders []string
	for _, arg := range args {
		path, err := filepath.Abs(arg)
		if err != nil {
			return "", err
		}
		if arg != os.DevNull {
			holders = append(holders, filepath.Dir(path))
		}
	}
	if len(holders) > 0 && slices.ContainsFunc(holders, func(h string) bool { return !within(common, h) }) {
		common = holders[0]
		for slices.ContainsFunc(holders, func(h string) bool { return !within(common, h) }) {
			common = filepath.Dir(common)
		}
	}
	return folder(common), nil
}

func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// read finds the contracts of one argument. Files are matched whatever their
// names; those in folders by their paths.
func (f folder) read(format, arg, label string) (side, error) {
	s := side{files: map[string]diff.Source{}, kinds: map[string]*diff.Format{}}
	if arg == os.DevNull {
		return s, nil
	}
	info, err := os.Stat(arg)
	if errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("%s does not exist: write %s for a contract that is not there", arg, os.DevNull)
	}
	if err != nil {
		return s, err
	}
	absolute, err := filepath.Abs(arg)
	if err != nil {
		return s, err
	}
	base, err := filepath.Rel(string(f), absolute)
	if err != nil {
		return s, err
	}
	base = filepath.ToSlash(base)
	tree := os.DirFS(string(f))
	add := func(name, path string) error {
		kind, err := recognise(format, tree, path)
		s.files[name] = diff.Source{FS: tree, Paths: []string{path}, Label: label}
		if kind != nil {
			s.kinds[name] = kind
		}
		return err
	}
	if s.folder = info.IsDir(); !s.folder {
		return s, add(single, base)
	}
	return s, fs.WalkDir(tree, base, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != base:
			return fs.SkipDir
		case !entry.Type().IsRegular() || !formats.Candidate(path):
			return nil
		}
		return add(strings.TrimPrefix(strings.TrimPrefix(path, base), "/"), path)
	})
}

// recognise returns the format asked for, or the one that claims the file.
func recognise(format string, tree fs.FS, path string) (*diff.Format, error) {
	if format != "" {
		return formats.Named(format)
	}
	f, err := tree.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, formats.HeadSize))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return formats.Recognise(path, head), nil
}
