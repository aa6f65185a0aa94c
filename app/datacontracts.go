package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/odcs"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/registry"
)

// dataContract is a data contract of one revision.
type dataContract struct {
	file    string
	teams   []string // that answer for it and for the schemas that it describes
	schemas []string // files that are there
	// subjects of a registry, by the files of their schemas.
	subjects map[string]string
}

// dataContracts reads the data contracts of a revision: the files that are
// named as such, and those that the configuration lists with the format.
func dataContracts(t *github.Tree, listed *config.Repository, cache *tree.Cache) ([]dataContract, error) {
	var files []string
	for file := range t.Files() {
		if odcs.Named(file) && len(files) < mostScanned {
			files = append(files, file)
		}
	}
	for _, e := range list(listed, t) {
		if e.Format == odcs.Format.Name && !slices.Contains(files, e.file) {
			files = append(files, e.file)
		}
	}
	var all []dataContract
	for _, file := range files {
		c, err := readDataContract(t, file, cache)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// readDataContract reads one. A broken one describes nothing: its author is
// told where it is compared.
func readDataContract(t *github.Tree, file string, cache *tree.Cache) (dataContract, error) {
	d := dataContract{file: file, subjects: map[string]string{}}
	c, err := odcs.Read(diff.Source{FS: t, Paths: []string{file}, Cache: cache})
	var mistake *diff.Error
	switch {
	case errors.As(err, &mistake), errors.Is(err, github.ErrTooLarge):
		return d, nil
	case err != nil:
		return d, fmt.Errorf("read data contract %s: %w", file, err)
	}
	d.teams = c.Teams
	for _, object := range c.Objects {
		i := slices.IndexFunc(object.Schemas, func(schema string) bool {
			_, there := t.Blob(schema)
			return there
		})
		if i >= 0 {
			d.schemas = append(d.schemas, object.Schemas[i])
			d.subjects[object.Schemas[i]] = object.Subject
		}
	}
	return d, nil
}

// answers returns the teams of the data contracts that are one of the files,
// or describe it.
func answers(contracts []dataContract, files ...string) (teams []string) {
	for _, d := range contracts {
		if slices.ContainsFunc(files, func(file string) bool { return file == d.file || slices.Contains(d.schemas, file) }) {
			teams = append(teams, d.teams...)
		}
	}
	slices.Sort(teams)
	return slices.Compact(teams)
}

// named completes an entry that leaves it to a data contract to name the subject
// in the registry. As all that says where to look, it is read at the base branch.
func (j *job) named(policy *config.Repository, c contract, t revisions) (contract, error) {
	if c.Registry.Strategy != config.ByDataContract {
		return c, nil
	}
	described, err := dataContracts(t.policy, policy, j.Cache)
	if err != nil {
		return c, err
	}
	for _, d := range described {
		for _, file := range []string{c.oldPath, c.newPath} {
			if subject := d.subjects[file]; subject != "" {
				entry := *c.Registry
				entry.Subject, entry.Strategy = subject, ""
				c.Registry = &entry
				return c, nil
			}
		}
	}
	return c, registry.Mistake("no data contract on the base branch describes " + c.newPath + " as a topic of Kafka, which would name the subject")
}

// described adds the data contracts whose schemas changed, in a repository
// that lists none.
func (d *discovery) described() error {
	contracts, err := dataContracts(d.head, &config.Repository{}, d.cache)
	if err != nil {
		return err
	}
	for _, c := range contracts {
		if slices.ContainsFunc(c.schemas, func(file string) bool { return d.changed[file] }) && !d.changed[c.file] && !strings.HasPrefix(c.file, ".github/") {
			if _, err := d.recogniseOne(c.file); err != nil {
				return err
			}
		}
	}
	return nil
}
