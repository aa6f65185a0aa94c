package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/github"
)

// contract is one that a pull request touches.
type contract struct {
	config.Contract
	format           *diff.Format
	oldPath, newPath string // "" where it does not exist
}

// discover finds the contracts that differ between base and head: those that
// either side's configuration lists, or, without a configuration, all that are
// recognised.
func discover(policy, head *config.Repository, t revisions) ([]contract, []approval.Mistake, error) {
	changed := map[string]bool{}
	relevant := false
	for _, c := range github.Changed(t.base, t.head) {
		changed[c.Path] = true
		relevant = relevant || formats.Candidate(c.Path) || c.Path == config.Path
	}
	if !relevant {
		return nil, nil, nil
	}
	d := discovery{revisions: t, changed: changed, found: map[string]*contract{}}
	if err := d.configured(policy, head); err != nil {
		return nil, nil, err
	}
	if len(policy.Contracts) == 0 && len(head.Contracts) == 0 {
		if err := d.recognised(policy); err != nil {
			return nil, nil, err
		}
	}
	var touched []contract
	for _, name := range slices.Sorted(maps.Keys(d.found)) {
		c := d.found[name]
		ok, err := d.touches(c)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			touched = append(touched, *c)
		}
	}
	return touched, d.mistakes, nil
}

// discovery is a search for contracts.
type discovery struct {
	revisions
	changed  map[string]bool
	found    map[string]*contract // by name
	mistakes []approval.Mistake
}

// configured takes the union of what both sides list. What the base says of a
// contract counts; what the head alone lists is new.
func (d *discovery) configured(policy, head *config.Repository) error {
	for _, entry := range policy.Contracts {
		for _, file := range files(d.base, entry.Path) {
			c, err := d.add(entry, file, d.base)
			if err != nil {
				return err
			}
			c.oldPath = file
			if _, still := d.head.Blob(file); still {
				c.newPath = file
			}
		}
	}
	for _, entry := range head.Contracts {
		matched := files(d.head, entry.Path)
		if len(matched) == 0 {
			d.mistakes = append(d.mistakes, approval.Mistake{File: config.Path, Line: entry.Line.Line, Column: entry.Line.Column, Message: fmt.Sprintf("no file matches %s", entry.Path)})
		}
		for _, file := range matched {
			c, err := d.add(entry, file, d.head)
			if err != nil {
				return err
			}
			c.newPath, c.Line = file, entry.Line
		}
	}
	return nil
}

// add finds or makes the contract that a file belongs to.
func (d *discovery) add(entry config.Contract, file string, in *github.Tree) (*contract, error) {
	if strings.ContainsAny(entry.Path, "*?[") {
		entry.Name = config.DefaultName(file)
	}
	if c := d.found[entry.Name]; c != nil {
		return c, nil
	}
	format, err := recognise(entry.Format, in, file)
	if err != nil {
		return nil, err
	}
	c := &contract{Contract: entry, format: format}
	if format == nil {
		message := fmt.Sprintf("%s is not recognised as a contract: give its format", file)
		if _, err := formats.Named(entry.Format); entry.Format != "" {
			message = err.Error()
		}
		d.mistakes = append(d.mistakes, approval.Mistake{File: config.Path, Line: max(entry.Line.Line, 1), Column: max(entry.Line.Column, 1), Message: message})
		return c, nil // without a format, it is not compared
	}
	d.found[entry.Name] = c
	return c, nil
}

// recognise returns the format of a file, nil if it has none.
func recognise(name string, in *github.Tree, file string) (*diff.Format, error) {
	if name != "" {
		format, err := formats.Named(name)
		if err != nil {
			return nil, nil // the caller says so on the entry's line
		}
		return format, nil
	}
	data, err := fs.ReadFile(in, file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return formats.Recognise(file, data), nil
}

// files lists what a path or glob matches: * within a folder, ** over folders.
func files(in *github.Tree, pattern string) []string {
	if !strings.ContainsAny(pattern, "*?[") {
		if _, ok := in.Blob(pattern); ok {
			return []string{pattern}
		}
		return nil
	}
	var all []string
	for file := range in.Files() {
		if matches(strings.Split(pattern, "/"), strings.Split(file, "/")) {
			all = append(all, file)
		}
	}
	return all
}

func matches(pattern, file []string) bool {
	switch {
	case len(pattern) == 0:
		return len(file) == 0
	case pattern[0] == "**":
		for i := range len(file) + 1 {
			if matches(pattern[1:], file[i:]) {
				return true
			}
		}
		return false
	case len(file) == 0:
		return false
	}
	ok, err := path.Match(pattern[0], file[0])
	return ok && err == nil && matches(pattern[1:], file[1:])
}

// mostScanned bounds the files that are looked into for a repository without a
// configuration.
const mostScanned = 300

// recognised finds the contracts of a repository that lists none: the changed
// files that are one, and those that refer to a changed file.
func (d *discovery) recognised(policy *config.Repository) error {
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
	d.follow()
	if !orphan {
		return nil
	}
	scanned := 0
	for file := range d.head.Files() {
		if !formats.Candidate(file) || d.changed[file] || strings.HasPrefix(file, ".github/") {
			continue
		}
		if scanned++; scanned > mostScanned {
			d.mistakes = append(d.mistakes, approval.Mistake{File: config.Path, Line: 1, Column: 1, Message: "the repository has too many files to look for contracts in: list the contracts in " + config.Path})
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
		if gone.newPath != "" {
			continue
		}
		for _, newName := range slices.Sorted(maps.Keys(d.found)) {
			if c := d.found[newName]; c.oldPath == "" && c.format == gone.format && diff.Moved(d.source(d.base, gone.oldPath), d.source(d.head, c.newPath)) {
				gone.newPath = c.newPath
				delete(d.found, newName)
				break
			}
		}
	}
}

func (d *discovery) source(in *github.Tree, path string) diff.Source {
	return diff.Source{FS: in, Paths: []string{path}}
}

// touches reports whether anything that the contract consists of changed.
func (d *discovery) touches(c *contract) (bool, error) {
	if c.oldPath != c.newPath {
		return true, nil
	}
	for _, side := range []*github.Tree{d.base, d.head} {
		closure, err := tree.NewFiles(side, nil).Closure(cmp.Or(c.newPath, c.oldPath))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, fmt.Errorf("follow the references of %s: %w", c.Name, err)
		}
		if slices.ContainsFunc(closure, func(file string) bool { return d.changed[file] }) {
			return true, nil
		}
	}
	return false, nil
}
