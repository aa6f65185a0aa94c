package config

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/hmarr/codeowners"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
)

// CodeOwnerFiles are the places of CODEOWNERS, in GitHub's order: the first file
// that exists counts.
var CodeOwnerFiles = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

// CodeOwners says who owns which files of a repository, by its CODEOWNERS.
type CodeOwners struct {
	file  string // where it is
	text  string
	rules codeowners.Ruleset
}

// ReadCodeOwners reads CODEOWNERS. In a tree without one nobody owns anything,
// and so it is where the file is broken: GitHub ignores it then, and shows its
// errors.
func ReadCodeOwners(tree fs.FS) (CodeOwners, error) {
	for _, name := range CodeOwnerFiles {
		data, err := fs.ReadFile(tree, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return CodeOwners{}, fmt.Errorf("read %s: %w", name, err)
		}
		rules, err := codeowners.ParseFile(strings.NewReader(string(data)))
		if err != nil {
			rules = nil
		}
		return CodeOwners{file: name, text: string(data), rules: rules}, nil
	}
	return CodeOwners{}, nil
}

// Of returns who owns a file. The Party is zero if nobody does.
func (o CodeOwners) Of(file string) approval.Party {
	party, _ := o.find(file)
	return party
}

// find returns who owns a file, and the line that says so.
func (o CodeOwners) find(file string) (party approval.Party, at diff.Location) {
	rule, err := o.rules.Match(file)
	if err != nil || rule == nil {
		return party, at
	}
	for _, owner := range rule.Owners {
		switch owner.Type {
		case codeowners.TeamOwner:
			party.Teams = append(party.Teams, owner.Value)
		case codeowners.UsernameOwner:
			party.Users = append(party.Users, owner.Value)
		}
	}
	return party, diff.Location{File: o.file, Line: rule.LineNumber, Column: 1, EndLine: rule.LineNumber}
}
