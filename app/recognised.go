package app

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/github"
)

// mostScanned bounds the files that are looked into for a repository without a
// configuration.
const mostScanned = 300

// recognised finds the contracts of a repository that lists none: the changed
// files that are one, and those that refer to a changed file.
func (d *discovery) recognised() error {
	orphan := false // a changed file that may be part of a contract
	for _, file := range slices.Sorted(maps.Keys(d.changed)) {
		if !formats.Candidate(file) || strings.HasPrefix(file, ".github/") {
			continue
		}
		root, err := d.recogniseOne(file)
		if err != nil {
			return err
		}
		orphan = orphan || !root
	}
	if !orphan {
		return nil
	}
	scanned := 0
	for file := range d.head.Files() {
		if !formats.Candidate(file) || d.changed[file] || strings.HasPrefix(file, ".github/") {
			continue
		}
		if scanned++; scanned > mostScanned {
			d.notes = append(d.notes, fmt.Sprintf("The repository has too many files to look for a contract that refers to what changed: list the contracts in %s.", config.Path))
			return nil
		}
		if _, err := d.recogniseOne(file); err != nil {
			return err
		}
	}
	return nil
}

// recogniseOne adds the file if it is a contract's root on either side.
func (d *discovery) recogniseOne(file string) (root bool, err error) {
	for _, side := range []*github.Tree{d.base, d.head} {
		if _, there := side.Blob(file); !there {
			continue
		}
		format, err := recognise("", side, file)
		if large, ok := tooLarge(err); ok {
			if d.changed[file] {
				d.mistakes = append(d.mistakes, large)
			}
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if format == nil {
			continue
		}
		name := config.DefaultName(file)
		c := d.found[name]
		if c == nil {
			c = &contract{Contract: config.Contract{Name: name, Path: file, InProgress: config.DefaultInProgress}, format: format}
			d.found[name] = c
		}
		if side == d.base {
			c.oldPath = file
		}
		if _, still := d.head.Blob(file); still {
			c.newPath = file
		}
		root = true
	}
	return root, nil
}

// follow joins a contract that is gone with one that is new if it is the same
// file elsewhere: same content, or the same name in another folder.
func (d *discovery) follow() {
	for _, goneName := range slices.Sorted(maps.Keys(d.found)) {
		gone := d.found[goneName]
		if gone == nil || gone.newPath != "" {
			continue
		}
		for _, newName := range slices.Sorted(maps.Keys(d.found)) {
			if c := d.found[newName]; c.oldPath == "" && c.format == gone.format && d.moved(gone.oldPath, c.newPath) {
				gone.newPath = c.newPath
				delete(d.found, newName)
				break
			}
		}
	}
}

// moved is diff.Moved by the names of blobs: nothing is read that may fail.
func (d *discovery) moved(from, to string) bool {
	before, _ := d.base.Blob(from)
	after, _ := d.head.Blob(to)
	return before == after || path.Base(from) == path.Base(to)
}
