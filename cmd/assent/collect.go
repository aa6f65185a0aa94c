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
	name   string
	format *diff.Format
	olds   []diff.Source
	new    diff.Source
}

// side is one argument: the root files found there, by the name under which
// they are matched.
type side struct {
	roots map[string]diff.Source
	kinds map[string]*diff.Format
}

// collect pairs the contracts of all arguments by name.
func collect(format string, olds []string, new string) ([]pairing, error) {
	args := append(slices.Clone(olds), new)
	base, err := enclosing(args)
	if err != nil {
		return nil, err
	}
	var sides []side
	names := map[string]bool{}
	for i, arg := range args {
		label := ""
		if len(olds) > 1 && i < len(olds) {
			label = filepath.ToSlash(arg)
		}
		s, err := base.read(format, arg, label)
		if err != nil {
			return nil, err
		}
		sides = append(sides, s)
		for name := range s.roots {
			names[name] = true
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no contract found: give --format if the files are not recognised")
	}
	var all []pairing
	for _, name := range slices.Sorted(maps.Keys(names)) {
		p := pairing{name: name, new: sides[len(olds)].roots[name]}
		for _, s := range sides {
			if kind := s.kinds[name]; kind != nil {
				p.format = kind
			}
		}
		for _, s := range sides[:len(olds)] {
			p.olds = append(p.olds, s.roots[name])
		}
		all = append(all, p)
	}
	return all, nil
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
	s := side{roots: map[string]diff.Source{}, kinds: map[string]*diff.Format{}}
	if arg == os.DevNull {
		return s, nil
	}
	info, err := os.Stat(arg)
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
		if kind != nil {
			s.roots[name], s.kinds[name] = diff.Source{FS: tree, Paths: []string{path}, Label: label}, kind
		}
		return err
	}
	if !info.IsDir() {
		if err := add("contract", base); err != nil || len(s.roots) > 0 {
			return s, err
		}
		return s, fmt.Errorf("%s is not recognised as a contract: give --format", arg)
	}
	return s, fs.WalkDir(tree, base, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != base:
			return fs.SkipDir
		case entry.IsDir() || !formats.Candidate(path):
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
