// Package registry reads schema registries: which versions a subject has, their
// text, how they have to fit together, and what the registry would say to a new
// one. It never writes.
//
// It knows no contract format, no repository and nothing of who may use a
// registry; package contracts, which calls it, does. An error is one of three
// kinds: a Mistake has to be mended by whoever wrote the configuration; one
// with a method RetryAfter() time.Duration is of time; all others are ours or
// the registry's.
package registry

import (
	"context"
	"fmt"
	"time"
)

// Registry is one schema registry.
type Registry interface {
	// Subject tells what is registered under a name. If there is nothing, the
	// error is a Mistake.
	Subject(ctx context.Context, name string) (Subject, error)
	// Schema returns one version of it, with what it refers to.
	Schema(ctx context.Context, subject string, version int64) (Schema, error)
	// Check asks what the registry would say if the schema were registered now;
	// nothing is what it says to a schema that it would take, or if it cannot
	// be asked.
	DryRun(ctx context.Context, subject string, s Schema) ([]Refusal, error)
}

// Subject is a line of versions.
type Subject struct {
	Versions []int64 // that are not deleted, oldest first
	Level    string  // the compatibility that is in force, as the registry spells it
	// Group is a property of a version's metadata: only versions that agree on
	// it have to fit together. "" if all have to.
	Group string
}

// Schema is one version.
type Schema struct {
	Type       string // AVRO, JSON or PROTOBUF
	Text       string
	Metadata   map[string]string
	References []Reference // all that it needs, over any number of steps, each once
}

// Reference is a schema that another refers to under a name: an Avro type, a
// $ref, an import path.
type Reference struct {
	Name    string
	Subject string
	Version int64
	Text    string
	Direct  bool // the schema itself refers to it, not only one that it needs
}

// Refusal is one reason why the registry would not take a schema.
type Refusal struct {
	Type        string // its own name of the reason: READER_FIELD_MISSING_DEFAULT_VALUE
	Path        string // a JSON pointer into the schema; "" if it gives none
	Description string
}

// Invalid is the type of the refusal of what the registry takes for no schema.
const Invalid = "INVALID_SCHEMA"

// Mistake is the error of a configuration that names what is not there.
type Mistake string

func (m Mistake) Error() string { return string(m) }

// temporary is an error that time may heal.
type temporary struct {
	err   error
	after time.Duration
}

func (e *temporary) Error() string { return fmt.Sprintf("%v (try again in %v)", e.err, e.after) }
func (e *temporary) Unwrap() error { return e.err }

// RetryAfter is how long the registry wants to be left alone.
func (e *temporary) RetryAfter() time.Duration { return e.after }
