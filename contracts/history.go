package contracts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/registry"
)

// History is the earlier versions of a contract, and what the registry that has
// them says to the new one.
type History struct {
	Level    string        // the compatibility that the registry enforces; "" for tags
	Versions []diff.Source // those that the compatibility asks to compare with
	Refusals []diff.Fact   // what the registry would say to the new revision, and not to the old
	Notes    []string      // for people
}

// fetches bounds the versions that are fetched at once.
const fetches = 4

// registeredVersions reads the history of a contract that the head still has. An
// error of the configuration is a registry.Mistake, every other one a
// RegistryError.
func (f *Finder) registeredVersions(ctx context.Context, c *Contract) (History, error) {
	registration, err := f.registration(c)
	if err != nil {
		return History{}, err
	}
	reg, err := f.Registries.open(registration.Name, f.Owner)
	if err != nil {
		return History{}, err
	}
	h, err := c.History(ctx, reg, registration)
	if err != nil && !isMistake(err) && ctx.Err() == nil {
		err = &RegistryError{registration.Name, err}
	}
	return h, err
}

// History asks a registry for the versions of the contract, and what it would
// say to the newest revision. An error that somebody has to mend is a
// registry.Mistake.
func (c *Contract) History(
	ctx context.Context, reg registry.Registry, r *config.Registration,
) (History, error) {
	name, err := subjectOf(c.Format, r, c.New)
	if err != nil {
		return History{}, err
	}
	subject, err := reg.Subject(ctx, name)
	if isMistake(err) && c.Old().Absent() {
		note := fmt.Sprintf("%s: the schema registry %s has no versions of %s yet.", c.Name, r.Name, name)
		return History{Notes: []string{note}}, nil
	}
	if err != nil {
		return History{}, err
	}
	h := History{Level: subject.Level}
	compatibility, err := c.Format.Compatibility(cmp.Or(c.Compatibility, subject.Level))
	if err != nil {
		return h, registry.Mistake(err.Error())
	}
	if len(subject.Versions) == 0 || compatibility.Protects == 0 {
		return h, nil
	}
	numbers := subject.Versions
	if !compatibility.Transitive {
		numbers = numbers[len(numbers)-1:]
	}
	schemas, err := fetch(ctx, reg, name, numbers)
	if err != nil {
		return h, err
	}
	if h.Versions, err = versions(c.Format, name, subject.Group, numbers, schemas); err != nil {
		return h, err
	}
	run := dryRun{reg, c.Format.Registered, name, schemas[len(schemas)-1]}
	h.Refusals, err = run.refusals(ctx, c.Old(), c.New)
	return h, err
}

// subjectOf is where the versions of the contract are, by the name of its type
// if that counts.
func subjectOf(format *diff.Format, r *config.Registration, s diff.Source) (string, error) {
	if !r.ByRecord() {
		return r.SubjectOf(""), nil
	}
	record := ""
	if format.Registered != nil {
		var err error
		record, err = format.Registered.Name(s)
		var broken *diff.Error
		if errors.As(err, &broken) {
			return "", nameless(r, s, "cannot be read")
		}
		if err != nil {
			return "", err
		}
	}
	if record == "" {
		return "", nameless(r, s, "has none")
	}
	return r.SubjectOf(record), nil
}

// nameless is the mistake of an entry whose strategy needs a name that the schema
// does not give.
func nameless(r *config.Registration, s diff.Source, why string) error {
	return registry.Mistake(fmt.Sprintf("the strategy %s needs the schema's name, and %s %s", r.Strategy,
		s.Root(), why))
}

// fetch fetches versions of a subject, in their order.
func fetch(
	ctx context.Context, reg registry.Registry, subject string, versions []int64,
) ([]registry.Schema, error) {
	schemas := make([]registry.Schema, len(versions))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fetches)
	for i, version := range versions {
		group.Go(func() (err error) {
			schemas[i], err = reg.Schema(ctx, subject, version)
			return err
		})
	}
	return schemas, group.Wait()
}

// versions makes revisions of the schemas of a subject. Where the registry groups
// them, those of the latest one's group count.
func versions(
	format *diff.Format, subject, group string, numbers []int64, schemas []registry.Schema,
) ([]diff.Source, error) {
	var all []diff.Source
	latest := schemas[len(schemas)-1]
	for i, s := range schemas {
		if format.Registered == nil || s.Type != format.Registered.Type {
			const text = "version %d of %s is of the type %s, and the contract's format is %s: " +
				"name another subject"
			return nil, registry.Mistake(fmt.Sprintf(text, numbers[i], subject, s.Type, format.Name))
		}
		if group == "" || s.Metadata[group] == latest.Metadata[group] {
			all = append(all, version(format, subject, numbers[i], s))
		}
	}
	return all, nil
}

// version makes a revision of a registered version. What it refers to lies where
// the schema looks for it: beside it, under the reference's name.
func version(format *diff.Format, subject string, number int64, s registry.Schema) diff.Source {
	file := func(subject string, number int64) string {
		name := fmt.Sprintf("%s/version-%d%s", subject, number, format.Extensions[0])
		if !fs.ValidPath(name) {
			return path.Base(name)
		}
		return name
	}
	root := file(subject, number)
	files, paths := schemaFS{root: s.Text}, []string{root}
	for _, r := range s.References {
		name := path.Join(path.Dir(root), r.Name)
		if !format.Registered.ByPath || !fs.ValidPath(name) {
			name = file(r.Subject, r.Version)
		}
		if _, exists := files[name]; !exists {
			files[name] = r.Text
			paths = append(paths, name)
		}
	}
	return diff.Source{FS: files, Paths: paths, Whole: true, Label: fmt.Sprintf("version %d", number)}
}

// relocate shows the mistakes of registered versions, which are in no file of
// the repository, at the entry that leads to them.
func (h *History) relocate(r *diff.Report, entry diff.Location) {
	for i, e := range r.Errors {
		isRegistered := slices.ContainsFunc(h.Versions, func(v diff.Source) bool {
			files, ok := v.FS.(schemaFS)
			_, exists := files[e.File]
			return ok && exists
		})
		if isRegistered {
			entry.Line = max(entry.Line, 1)
			message := fmt.Sprintf("the registered %s: %s", e.Location, e.Message)
			r.Errors[i] = &diff.Error{Location: entry, Message: message}
		}
	}
}
