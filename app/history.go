package app

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
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/registry"
)

// History is what a schema registry knows of a contract.
type History struct {
	Level    string         // the compatibility that is in force there
	Versions []diff.Source  // those that the compatibility asks to compare with
	Refusals []diff.Refusal // what the registry would say to the head, and not to the base
	Notes    []string       // for people
}

// fetches bounds the versions that are fetched at once.
const fetches = 4

// history reads the history of a contract that the head still has. An error of
// the configuration is a registry.Mistake, every other one a registryError.
func (j *job) history(ctx context.Context, c contract, base, head diff.Source) (History, error) {
	reg, err := j.Registries.named(c.Registry.Name, j.repo.Owner)
	if err != nil {
		return History{}, err
	}
	h, err := ReadHistory(ctx, reg, c.format, c.Contract, base, head)
	if err != nil && !isMistake(err) && ctx.Err() == nil {
		err = &registryError{c.Registry.Name, err}
	}
	return h, err
}

// relocate shows the mistakes of registered versions, which are in no file of
// the repository, at the entry that leads to them.
func (h *History) relocate(r *diff.Report, entry diff.Location) {
	for i, e := range r.Errors {
		registered := slices.ContainsFunc(h.Versions, func(v diff.Source) bool {
			files, ok := v.FS.(texts)
			_, there := files[e.File]
			return ok && there
		})
		if registered {
			entry.Line = max(entry.Line, 1)
			r.Errors[i] = &diff.Error{Location: entry, Message: fmt.Sprintf("the registered %s: %s", e.Location, e.Message)}
		}
	}
}

// ReadHistory asks a registry for the versions of a contract, by its entry in a
// configuration, and what it would say to the head. An error that somebody has
// to mend is a registry.Mistake.
func ReadHistory(ctx context.Context, reg registry.Registry, format *diff.Format, c config.Contract, base, head diff.Source) (History, error) {
	name, err := subjectOf(c.Registry, head)
	if err != nil {
		return History{}, err
	}
	subject, err := reg.Subject(ctx, name)
	if isMistake(err) && base.Absent() {
		note := fmt.Sprintf("%s: the schema registry %s has no versions of %s yet.", c.Name, c.Registry.Name, name)
		return History{Notes: []string{note}}, nil
	}
	if err != nil {
		return History{}, err
	}
	h := History{Level: subject.Level}
	compatibility, err := format.Compatibility(cmp.Or(c.Compatibility, subject.Level))
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
	latest := schemas[len(schemas)-1]
	for i, s := range schemas {
		if want := types[format.Name]; s.Type != want {
			return h, registry.Mistake(fmt.Sprintf("version %d of %s is of the type %s, and the contract's format is %s: name another subject", numbers[i], name, s.Type, format.Name))
		}
		if subject.Group == "" || s.Metadata[subject.Group] == latest.Metadata[subject.Group] {
			h.Versions = append(h.Versions, source(name, numbers[i], s))
		}
	}
	h.Refusals, err = refused(ctx, reg, format, name, latest, base, head)
	return h, err
}

// subjectOf is where the versions of the contract are, by the name of its type
// if that counts.
func subjectOf(r *config.Registration, head diff.Source) (string, error) {
	if !r.ByRecord() {
		return r.SubjectOf(""), nil
	}
	doc, err := tree.NewFiles(head.FS, head.Cache).Open(head.Root())
	var broken *diff.Error
	if errors.As(err, &broken) {
		return "", registry.Mistake(fmt.Sprintf("the strategy %s needs the schema's name, and %s cannot be read", r.Strategy, head.Root()))
	}
	if err != nil {
		return "", err
	}
	record := doc.Root.Get("name").Str()
	if space := doc.Root.Get("namespace").Str(); space != "" && path.Ext(record) == "" {
		record = space + "." + record
	}
	if record = cmp.Or(record, doc.Root.Get("title").Str()); record == "" {
		return "", registry.Mistake(fmt.Sprintf("the strategy %s needs the schema's name, and %s has none", r.Strategy, head.Root()))
	}
	return r.SubjectOf(record), nil
}

// fetch fetches versions of a subject, in their order.
func fetch(ctx context.Context, reg registry.Registry, subject string, versions []int64) ([]registry.Schema, error) {
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

// types is what registries call the formats, extensions what their files end in.
var (
	types      = map[string]string{"avro": "AVRO", "jsonschema": "JSON", "protobuf": "PROTOBUF"}
	extensions = map[string]string{"AVRO": ".avsc", "JSON": ".json", "PROTOBUF": ".proto"}
)

// source makes a revision of a registered version. What it refers to lies where
// the schema looks for it: beside it, under the reference's name.
func source(subject string, version int64, s registry.Schema) diff.Source {
	file := func(subject string, version int64) string {
		name := fmt.Sprintf("%s/version-%d%s", subject, version, extensions[s.Type])
		if !fs.ValidPath(name) {
			return path.Base(name)
		}
		return name
	}
	root := file(subject, version)
	files, paths := texts{root: s.Text}, []string{root}
	for _, r := range s.References {
		name := path.Join(path.Dir(root), r.Name)
		if s.Type == "AVRO" || !fs.ValidPath(name) {
			name = file(r.Subject, r.Version)
		}
		if _, there := files[name]; !there {
			files[name] = r.Text
			paths = append(paths, name)
		}
	}
	return diff.Source{FS: files, Paths: paths, Whole: true, Label: fmt.Sprintf("version %d", version)}
}

// refused asks what the registry would say to the head, leaving out what it says
// to the base as well.
func refused(ctx context.Context, reg registry.Registry, format *diff.Format, subject string, latest registry.Schema, base, head diff.Source) ([]diff.Refusal, error) {
	said, err := check(ctx, reg, format, subject, latest, head)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	before, err := check(ctx, reg, format, subject, latest, base)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(said, func(r diff.Refusal) bool { return slices.Contains(before, r) }), nil
}

func check(ctx context.Context, reg registry.Registry, format *diff.Format, subject string, latest registry.Schema, s diff.Source) ([]diff.Refusal, error) {
	if s.Absent() {
		return nil, nil
	}
	asked, err := sent(format, latest, s)
	var broken *diff.Error
	if errors.As(err, &broken) {
		return nil, nil // comparing says so
	}
	if err != nil {
		return nil, err
	}
	said, err := reg.Check(ctx, subject, asked)
	var all []diff.Refusal
	for _, r := range said {
		if r.Type == registry.Invalid && format.Bundle == nil {
			continue // it may only miss what lies in other files of the repository
		}
		all = append(all, diff.Refusal(r))
	}
	return all, err
}

// sent is the schema as the registry is asked about it: with all that it needs,
// or with the references of the latest version.
func sent(format *diff.Format, latest registry.Schema, s diff.Source) (registry.Schema, error) {
	if format.Bundle != nil && len(s.Paths) > 1 {
		text, err := format.Bundle(s)
		return registry.Schema{Type: latest.Type, Text: text}, err
	}
	text, err := fs.ReadFile(s.FS, s.Root())
	if err != nil {
		return registry.Schema{}, fmt.Errorf("read %s: %w", s.Root(), err)
	}
	return registry.Schema{Type: latest.Type, Text: string(text), References: latest.References}, nil
}
