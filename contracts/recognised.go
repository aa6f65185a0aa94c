package contracts

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// addRecognised finds the contracts of a repository that lists none: the changed
// files that are one, and those that refer to a changed file.
func (d *discovery) addRecognised() error {
	orphan := false // a changed file that may be part of a contract
	for _, file := range slices.Sorted(maps.Keys(d.changed)) {
		if !d.isCandidate(file) {
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
	for file := range d.head.Tree.Files() {
		if !d.isCandidate(file) || d.changed[file] {
			continue
		}
		if scanned++; scanned > config.MostScanned {
			const text = "The repository has too many files to look for a contract that refers to what " +
				"changed: list the contracts in " + config.Path + "."
			d.result.Notes = append(d.result.Notes, text)
			return nil
		}
		if _, err := d.recogniseOne(file); err != nil {
			return err
		}
	}
	return nil
}

// isCandidate reports whether a file may be a contract without being listed.
func (d *discovery) isCandidate(file string) bool {
	return d.finder.Formats.Candidate(file) && !strings.HasPrefix(file, ".github/")
}

// recogniseOne adds the file if it is a contract's root on either side.
func (d *discovery) recogniseOne(file string) (root bool, err error) {
	for _, side := range []*Revision{d.base, d.head} {
		if _, exists := side.Tree.Blob(file); !exists {
			continue
		}
		format, err := d.finder.Formats.RecogniseFile(side.Tree, file)
		if large, ok := d.finder.tooLarge(err); ok {
			if d.changed[file] {
				d.complain(large)
			}
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("recognise %s: %w", file, err)
		}
		if format == nil {
			continue
		}
		c := d.recognisedAs(format, file)
		if side == d.base {
			c.Olds[0] = d.base.source(file)
		}
		if _, still := d.head.Tree.Blob(file); still {
			c.New = d.head.source(file)
		}
		root = true
	}
	return root, nil
}

// recognisedAs returns the contract whose root is the file, a new one if the
// other side did not have it.
func (d *discovery) recognisedAs(format *diff.Format, file string) *Contract {
	if k := d.found[file]; k != nil {
		return k
	}
	return d.create(config.Recognised(file), format, file)
}
