package contracts

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/registry"
)

// description is a contract that describes others, such as a data contract.
type description struct {
	file    string
	teams   []string // that answer for it and for the schemas that it describes
	schemas []string // files that exist
	// subjects of a registry, by the files of their schemas.
	subjects map[string]string
}

// descriptions reads the contracts of a revision that describe others: the files
// whose names say so, and those that the configuration lists with the format.
func (f *Finder) descriptions(t Tree, r *config.Repository) ([]description, error) {
	var all []description
	for _, format := range f.Formats {
		if format.Describe == nil {
			continue
		}
		for _, file := range describingFiles(t, r, format) {
			d, err := f.describe(t, format, file)
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	return all, nil
}

// describingFiles returns the files of a format that describes others.
func describingFiles(t Tree, r *config.Repository, format *diff.Format) []string {
	var files []string
	for file := range t.Files() {
		if format.Match(file, nil) && len(files) < config.MostScanned {
			files = append(files, file)
		}
	}
	for _, e := range entries(r, t) {
		if e.Format == format.Name && !slices.Contains(files, e.file) {
			files = append(files, e.file)
		}
	}
	return files
}

// describe reads what one contract says of others. A broken one describes
// nothing: its author is told where it is compared.
func (f *Finder) describe(t Tree, format *diff.Format, file string) (description, error) {
	d := description{file: file, subjects: map[string]string{}}
	said, err := format.Describe(diff.Source{FS: t, Paths: []string{file}, Cache: f.Cache})
	var wrong *diff.Error
	if _, large := f.tooLarge(err); large || errors.As(err, &wrong) {
		return d, nil
	}
	if err != nil {
		return d, fmt.Errorf("read what %s describes: %w", file, err)
	}
	d.teams = said.Teams
	for _, object := range said.Objects {
		i := slices.IndexFunc(object.Schemas, func(schema string) bool {
			_, exists := t.Blob(schema)
			return exists
		})
		if i >= 0 {
			d.schemas = append(d.schemas, object.Schemas[i])
			d.subjects[object.Schemas[i]] = object.Subject
		}
	}
	return d, nil
}

// Teams returns the teams of the data contracts on the base branch that are one
// of the result's contracts or describe it, by the name of the contract.
func (f *Finder) Teams(r *Result) (map[string][]string, error) {
	described, err := f.descriptions(f.Policy, r.Policy)
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, c := range r.Contracts {
		for _, d := range described {
			if d.concerns(c.New.Root()) || d.concerns(c.Old().Root()) {
				all[c.Name] = append(all[c.Name], d.teams...)
			}
		}
		slices.Sort(all[c.Name])
		all[c.Name] = slices.Compact(all[c.Name])
	}
	return all, nil
}

// concerns reports whether the file is the description or is described by it.
func (d *description) concerns(file string) bool {
	return file == d.file || slices.Contains(d.schemas, file)
}

// registration returns where the versions of a contract are registered. An entry
// may leave it to a data contract to name the subject. As all that says where to
// look, that is read at the base branch.
func (f *Finder) registration(policy *config.Repository, c *Contract) (*config.Registration, error) {
	if c.Registry.Strategy != config.ByDataContract {
		return c.Registry, nil
	}
	described, err := f.descriptions(f.Policy, policy)
	if err != nil {
		return nil, err
	}
	for _, d := range described {
		for _, s := range []diff.Source{c.Old(), c.New} {
			if subject := d.subjects[s.Root()]; subject != "" {
				r := *c.Registry
				r.Subject, r.Strategy = subject, ""
				return &r, nil
			}
		}
	}
	return nil, registry.Mistake("no data contract on the base branch describes " + c.New.Root() +
		" as a topic of Kafka, which would name the subject")
}

// addDescriptions adds the contracts that describe a changed schema, in a
// repository that lists none.
func (d *discovery) addDescriptions() error {
	described, err := d.finder.descriptions(d.head.Tree, &config.Repository{})
	if err != nil {
		return err
	}
	for _, c := range described {
		hasChanged := slices.ContainsFunc(c.schemas, func(file string) bool { return d.changed[file] })
		if !hasChanged || d.changed[c.file] || strings.HasPrefix(c.file, ".github/") {
			continue
		}
		if _, err := d.recogniseOne(c.file); err != nil {
			return err
		}
	}
	return nil
}
