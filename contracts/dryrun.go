package contracts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/registry"
)

// reasons is the tool whose names for reasons a dry run gives: the registries
// that can be asked have the interface of Confluent's.
const reasons = "confluent"

// dryRun asks a registry what it would say if a schema were registered now.
type dryRun struct {
	registry registry.Registry
	format   *diff.Registered
	subject  string
	latest   registry.Schema // the last version
}

// refusals returns what the registry says to the new revision, without what it
// says to the old one as well.
func (d *dryRun) refusals(ctx context.Context, old, new diff.Source) ([]diff.Fact, error) {
	said, err := d.ask(ctx, new)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	before, err := d.ask(ctx, old)
	if err != nil {
		return nil, err
	}
	var facts []diff.Fact
	for _, r := range said {
		if slices.Contains(before, r) {
			continue
		}
		at, err := d.place(new, r.Path)
		if err != nil {
			return nil, err
		}
		refusal := diff.Refusal{Registry: reasons, Type: r.Type, Path: r.Path, Description: r.Description}
		facts = append(facts, diff.Refused(refusal, at))
	}
	return facts, nil
}

// ask returns what the registry has against a revision.
func (d *dryRun) ask(ctx context.Context, s diff.Source) ([]registry.Refusal, error) {
	if s.Absent() {
		return nil, nil
	}
	schema, err := d.schema(s)
	var broken *diff.Error
	if errors.As(err, &broken) {
		return nil, nil // comparing reports it
	}
	if err != nil {
		return nil, err
	}
	said, err := d.registry.DryRun(ctx, d.subject, schema)
	if d.format.Bundle == nil { // it may only miss what lies in other files of the repository
		said = slices.DeleteFunc(said, func(r registry.Refusal) bool { return r.Type == registry.Invalid })
	}
	return said, err
}

// schema is what the registry is asked about: a schema with all that it needs,
// or with the references of the last version.
func (d *dryRun) schema(s diff.Source) (registry.Schema, error) {
	if d.format.Bundle != nil && len(s.Paths) > 1 {
		text, err := d.format.Bundle(s)
		return registry.Schema{Type: d.latest.Type, Text: text}, err
	}
	text, err := fs.ReadFile(s.FS, s.Root())
	if err != nil {
		return registry.Schema{}, fmt.Errorf("read %s: %w", s.Root(), err)
	}
	return registry.Schema{Type: d.latest.Type, Text: string(text), References: d.latest.References}, nil
}

// place returns the place that the registry points to. In a contract that cannot be
// read, comparing has the place to show.
func (d *dryRun) place(s diff.Source, pointer string) (diff.Location, error) {
	start := firstLine(diff.Location{File: s.Root()})
	if d.format.At == nil {
		return start, nil
	}
	at, err := d.format.At(s, pointer)
	var broken *diff.Error
	if errors.As(err, &broken) {
		return start, nil
	}
	return at, err
}
