package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/tree"
)

// cacheBytes is of parsed documents, per revision.
const cacheBytes = 256 << 20

// collect finds the contracts of all arguments and matches them by name.
func collect(format string, olds []string, new string) ([]*contracts.Contract, error) {
	args := append(slices.Clone(olds), new)
	revisions, err := readAll(args)
	if err != nil {
		return nil, err
	}
	all, err := contracts.Match(formats.All, format, revisions...)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no contract is recognised in %s: give --format", strings.Join(args, ", "))
	}
	return all, err
}

// readAll reads every argument, the newest revision last.
func readAll(args []string) ([]*contracts.Revision, error) {
	root, err := enclosing(args)
	if err != nil {
		return nil, err
	}
	var revisions []*contracts.Revision
	var file, folder string
	for i, arg := range args {
		r := &contracts.Revision{Cache: tree.NewCache(cacheBytes)}
		revisions = append(revisions, r)
		if len(args) > 2 && i < len(args)-1 {
			r.Label = filepath.ToSlash(arg)
		}
		if arg == os.DevNull {
			continue
		}
		info, err := os.Stat(arg)
		if errors.Is(err, fs.ErrNotExist) {
			const text = "%s does not exist: write %s for a contract that is not there"
			return nil, fmt.Errorf(text, arg, os.DevNull)
		}
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			folder = arg
		} else {
			file = arg
		}
		if r.Path, err = below(root, arg); err != nil {
			return nil, err
		}
		if r.Tree, err = readDisk(root, r.Path); err != nil {
			return nil, err
		}
	}
	if file != "" && folder != "" {
		const text = "%s is a file and %s a folder: compare files with files, folders with folders"
		return nil, fmt.Errorf(text, file, folder)
	}
	return revisions, nil
}

// below returns the path of an argument in the folder, in slashes.
func below(root, arg string) (string, error) {
	absolute, err := filepath.Abs(arg)
	if err != nil {
		return "", err
	}
	path, err := filepath.Rel(root, absolute)
	return filepath.ToSlash(path), err
}

// enclosing returns the folder in which files may refer to each other, and by
// whose paths they are shown: the working folder if it holds all arguments, and
// the innermost folder that holds them if it does not.
func enclosing(args []string) (string, error) {
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
	outside := func(holder string) bool { return !within(common, holder) }
	if len(holders) > 0 && slices.ContainsFunc(holders, outside) {
		common = holders[0]
		for slices.ContainsFunc(holders, outside) {
			common = filepath.Dir(common)
		}
	}
	return common, nil
}

func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}
