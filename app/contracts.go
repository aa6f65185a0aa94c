package app

import (
	"fmt"
	"io/fs"
	"maps"
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
	format             *diff.Format
	oldPath, newPath   string   // "" where it does not exist
	oldFiles, newFiles []string // what the format finds by name: the root, then what it needs
}

// discover finds the contracts that differ between base and head: those that
// either side's configuration lists, or, without a configuration, all that are
// recognised. Where no file changed that could matter, none is read.
func discover(c configurations, t revisions, cache *tree.Cache) (discovered, error) {
	d := discovery{revisions: t, cache: cache, changed: map[string]bool{}, found: map[string]*contract{}}
	d.before, d.after = newReferences(t.base, cache, d.changed), newReferences(t.head, cache, d.changed)
	for _, change := range github.Changed(t.base, t.head) {
		d.changed[change.Path] = true
	}
	if !d.relevant(c) {
		return discovered{}, nil
	}
	if err := d.configured(c); err != nil {
		return discovered{}, err
	}
	if len(c.policy.Contracts) == 0 && len(c.head.Contracts) == 0 {
		if err := d.recognised(); err != nil {
			return discovered{}, err
		}
		if err := d.described(); err != nil {
			return discovered{}, err
		}
	}
	d.follow()
	for _, name := range slices.Sorted(maps.Keys(d.found)) {
		c := d.found[name]
		ok, err := d.touches(c)
		if err != nil {
			return discovered{}, err
		}
		if ok {
			if err := d.complete(c); err != nil {
				return discovered{}, err
			}
			d.contracts = append(d.contracts, *c)
		}
	}
	return d.discovered, nil
}

// discovered is what a pull request has to do with contracts.
type discovered struct {
	contracts []contract // those it touches
	mistakes  []approval.Mistake
	notes     []string // for people
}

// discovery is a search for contracts.
type discovery struct {
	revisions
	discovered
	cache         *tree.Cache
	changed       map[string]bool
	found         map[string]*contract // by name
	before, after *references
}

// relevant reports whether a file changed that is a contract, may be part of
// one, or lists them.
func (d *discovery) relevant(c configurations) bool {
	for file := range d.changed {
		if formats.Candidate(file) || file == config.Path {
			return true
		}
	}
	listed := append(list(c.policy, d.base), list(c.head, d.head)...)
	return slices.ContainsFunc(listed, func(e entry) bool { return d.changed[e.file] })
}

// entry is a file that a configuration lists, by itself or by a glob.
type entry struct {
	config.Contract
	file string
}

func list(r *config.Repository, in *github.Tree) []entry {
	var all []entry
	for _, c := range r.Contracts {
		glob := strings.ContainsAny(c.Path, "*?[")
		for _, file := range files(in, c.Path) {
			if glob {
				c.Name = config.DefaultName(file)
			}
			all = append(all, entry{c, file})
		}
	}
	return all
}

// configured takes the union of what both sides list. What the base says of a
// contract counts; what the head alone lists is new. What the pull request
// takes off the list is gone, file or no file: nobody would watch over it.
func (d *discovery) configured(c configurations) error {
	for _, e := range list(c.policy, d.base) {
		e.Line = diff.Location{} // the head's line is shown, if it has one
		if err := d.add(e, d.base, func(k *contract) { k.oldPath = e.file }); err != nil {
			return err
		}
	}
	for _, e := range list(c.head, d.head) {
		e.Registry, e.Versions = registered(c.policy, e)
		if err := d.add(e, d.head, func(k *contract) { k.newPath, k.Line = e.file, e.Line }); err != nil {
			return err
		}
	}
	before := list(c.base, d.base)
	for _, k := range d.found {
		listed := slices.ContainsFunc(before, func(e entry) bool { return e.file == k.oldPath })
		if _, there := d.head.Blob(k.oldPath); there && k.newPath == "" && !listed {
			k.newPath = k.oldPath // listed since the pull request began
		}
	}
	d.unmatched(c)
	return nil
}

// registered is where the policy says that a contract's versions are. An entry
// that the head alone has names none yet.
func registered(policy *config.Repository, e entry) (*config.Registration, string) {
	i := slices.IndexFunc(policy.Contracts, func(c config.Contract) bool { return config.Matches(c.Path, e.file) })
	if i < 0 {
		return nil, ""
	}
	return policy.Contracts[i].Registry, policy.Contracts[i].Versions
}

// unmatched complains of entries that match no file, unless they are none of
// the pull request's doing.
func (d *discovery) unmatched(c configurations) {
	for _, e := range c.head.Contracts {
		if len(files(d.head, e.Path)) > 0 || !c.touched && len(files(d.base, e.Path)) == 0 {
			continue
		}
		d.mistakes = append(d.mistakes, mistake(e.Line, "no file matches %s", e.Path))
		if k := d.found[e.Name]; k != nil {
			k.Line = e.Line
		}
	}
}

// add finds or makes the contract that a listed file belongs to: that of the
// same name, or that of the same file before its entry was renamed.
func (d *discovery) add(e entry, in *github.Tree, set func(*contract)) error {
	for _, k := range d.found {
		if k.Name == e.Name || k.newPath == "" && k.oldPath == e.file {
			set(k)
			return nil
		}
	}
	format, err := recognise(e.Format, in, e.file)
	if large, ok := tooLarge(err); ok {
		d.mistakes = append(d.mistakes, large)
		return nil
	}
	if err != nil {
		return err
	}
	if format == nil {
		message := fmt.Sprintf("%s is not recognised as a contract: give its format", e.file)
		if _, err := formats.Named(e.Format); e.Format != "" {
			message = err.Error()
		}
		d.mistakes = append(d.mistakes, mistake(e.Line, "%s", message))
		return nil
	}
	k := &contract{Contract: e.Contract, format: format}
	d.found[e.Name] = k
	set(k)
	return nil
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
		if config.Matches(pattern, file) {
			all = append(all, file)
		}
	}
	return all
}
