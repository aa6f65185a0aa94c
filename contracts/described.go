package contracts

import (
	"context"
	"slices"

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

// descriptions returns the contracts of a revision that describe others: the files
// whose names say so, and those that the configuration lists with the format.
func (f *Finder) descriptions(
	ctx context.Context, in *Revision, r *config.Repository,
) ([]description, error) {
	var all []description
	for _, format := range f.Formats {
		if !format.Describes {
			continue
		}
		files, err := describingFiles(ctx, in, r, format)
		if err != nil {
			return nil, err
		}
		if _, err := in.outlines(files); err != nil { // all at once
			return nil, err
		}
		for _, file := range files {
			links, err := in.scope().Links(format, file)
			if err != nil {
				return nil, err
			}
			all = append(all, in.describe(file, links))
		}
	}
	return all, nil
}

// describingFiles returns the files of a format that describes others.
func describingFiles(
	ctx context.Context, in *Revision, r *config.Repository, format *diff.Format,
) ([]string, error) {
	var files []string
	for file := range in.Tree.Files() {
		if format.Match(file, nil) {
			files = append(files, file)
		}
	}
	entries, err := in.entries(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Format == format.Name {
			files = append(files, e.File)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// describe returns what one contract says of others. A broken one describes
// nothing: its author is told where it is compared.
func (r *Revision) describe(file string, links diff.Links) description {
	d := description{file: file, teams: links.Teams, subjects: map[string]string{}}
	for _, object := range links.Objects {
		schemas := object.Files(file)
		i := slices.IndexFunc(schemas, func(schema string) bool {
			_, exists := r.Tree.Blob(schema)
			return exists
		})
		if i >= 0 {
			d.schemas = append(d.schemas, schemas[i])
			d.subjects[schemas[i]] = object.Subject
		}
	}
	return d
}

// Teams returns the teams of the data contracts on the base branch that are one
// of the result's contracts or describe it, by the name of the contract.
func (f *Finder) Teams(r *Result) map[string][]string {
	all := map[string][]string{}
	for _, c := range r.Contracts {
		for _, d := range f.described {
			if d.concerns(c.New.Root()) || d.concerns(c.Old().Root()) {
				all[c.Name] = append(all[c.Name], d.teams...)
			}
		}
		slices.Sort(all[c.Name])
		all[c.Name] = slices.Compact(all[c.Name])
	}
	return all
}

// concerns reports whether the file is the description or is described by it.
func (d *description) concerns(file string) bool {
	return file == d.file || slices.Contains(d.schemas, file)
}

// registration returns where the versions of a contract are registered. An entry
// may leave it to a data contract to name the subject. As all that says where to
// look, that is read at the base branch.
func (f *Finder) registration(c *Contract) (*config.Registration, error) {
	if c.Registry.Strategy != config.ByDataContract {
		return c.Registry, nil
	}
	for _, d := range f.described {
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
