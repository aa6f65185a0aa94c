package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/tree"
)

// pairing is one contract that was found on at least one side.
type pairing struct {
	name    string
	format  *diff.Format
	olds    []diff.Source
	new     diff.Source
	renamed bool
	// untouched says that no file differs: there is nothing to compare.
	untouched bool
}

// side is one argument: the files found there, by the name under which they are
// matched.
type side struct {
	folder bool
	tree   fs.FS
	base   string // the folder, or that of the file
	cache  *tree.Cache
	files  map[string]diff.Source
	graphs map[*diff.Format]*diff.Graph
}

// cacheBytes is of parsed documents, per side.
const cacheBytes = 256 << 20

// onDisk is a folder whose files do not change while assent runs: their names
// tell their contents.
type onDisk struct{ disk }

// disk is what os.DirFS returns.
type disk interface {
	fs.ReadFileFS
	fs.ReadDirFS
	fs.StatFS
}

func (onDisk) Blob(name string) (string, bool) { return name, true }

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
	kinds, err := recogniseAll(format, sides)
	if err != nil {
		return nil, err
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
	all = follow(all)
	if sides[0].folder {
		leaveUntouched(all, sides)
	}
	for i := range all {
		if p := &all[i]; !p.untouched {
			p.complete(sides)
		}
	}
	return all, nil
}

// recogniseAll returns the formats of the files, by name. The newest revision
// that is recognised counts; others are not looked into.
func recogniseAll(format string, sides []*side) (map[string]*diff.Format, error) {
	kinds := map[string]*diff.Format{}
	for _, s := range slices.Backward(sides) {
		for name, file := range s.files {
			if kinds[name] != nil {
				continue
			}
			kind, err := recognise(format, s.tree, file.Root())
			if err != nil {
				return nil, err
			}
			if kind != nil {
				kinds[name] = kind
			}
		}
	}
	return kinds, nil
}

// complete names the files that the contract needs beside its root.
func (p *pairing) complete(sides []*side) {
	for i := range p.olds {
		p.olds[i] = sides[i].complete(p.format, p.olds[i])
	}
	p.new = sides[len(p.olds)].complete(p.format, p.new)
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
func readAll(format string, olds []string, new string) ([]*side, error) {
	args := append(slices.Clone(olds), new)
	base, err := enclosing(args)
	if err != nil {
		return nil, err
	}
	var sides []*side
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
func (f folder) read(format, arg, label string) (*side, error) {
	s := &side{files: map[string]diff.Source{}, graphs: map[*diff.Format]*diff.Graph{}, cache: tree.NewCache(cacheBytes)}
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
	s.tree, s.base = onDisk{os.DirFS(string(f)).(disk)}, base
	add := func(name, file string) {
		s.files[name] = diff.Source{FS: s.tree, Paths: []string{file}, Cache: s.cache, Label: label}
	}
	if s.folder = info.IsDir(); !s.folder {
		s.base = path.Dir(base)
		add(single, base)
		return s, nil
	}
	return s, fs.WalkDir(s.tree, base, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && file != base:
			return fs.SkipDir
		case !entry.Type().IsRegular() || !formats.Candidate(file):
			return nil
		}
		add(s.name(file), file)
		return nil
	})
}

// recognise returns the format asked for, or the one that claims the file.
func recognise(format string, in fs.FS, path string) (*diff.Format, error) {
	if format != "" {
		return formats.Named(format)
	}
	f, err := in.Open(path)
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
