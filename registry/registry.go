// Package registry reads schema registries: the versions of a subject, their
// text, the compatibility level, and whether the registry would accept a new
// version. It never writes.
//
// It knows neither contract formats nor repositories, and does not decide who
// may use a registry: package contracts, which calls it, does. Errors are of
// three kinds. A Mistake has to be corrected in the configuration. An error
// with a method RetryAfter() time.Duration may go away by itself. All others
// are faults of assent or of the registry.
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
	// Schema returns one version, with the schemas that it refers to.
	Schema(ctx context.Context, subject string, version int64) (Schema, error)
	// Check asks what the registry would say if the schema were registered now;
	// nothing is what it says to a schema that it would take, or if it cannot
	// be asked.
	DryRun(ctx context.Context, subject string, s Schema) ([]Refusal, error)
}

// Subject is a name in a registry, with the versions that are registered under
// it.
type Subject struct {
	Versions []int64 // those that are not deleted, oldest first
	Level    string  // the compatibility level, as the registry spells it
	// Group is the name of a property in a version's metadata. The registry
	// compares only versions that have the same value for it, or all if it
	// is "".
	Group string
}

// Schema is one version of a subject.
type Schema struct {
	Type       string // AVRO, JSON or PROTOBUF
	Text       string
	Metadata   map[string]string
	References []Reference // all schemas that it needs, directly or not, each once
}

// Reference is a schema that another refers to under a name: an Avro type, a
// $ref, an import path.
type Reference struct {
	Name    string
	Subject string
	Version int64
	Text    string
	Direct  bool // the schema itself refers to it, and not only one that it needs
}

// Refusal is one reason why the registry would refuse a schema.
type Refusal struct {
	Type        string // the registry's name of the reason: READER_FIELD_MISSING_DEFAULT_VALUE
	Path        string // a JSON pointer into the schema; "" if it gives none
	Description string
}

// Invalid is the type of a refusal if the registry finds the schema invalid.
const Invalid = "INVALID_SCHEMA"

// Mistake is an error in the configuration: it names something that does not
// exist.
type Mistake string

func (m Mistake) Error() string { return string(m) }

// temporary is an error of a call that may succeed later.
type temporary struct {
	err   error
	after time.Duration
}

func (e *temporary) Error() string { return fmt.Sprintf("%v (try again in %v)", e.err, e.after) }
func (e *temporary) Unwrap() error { return e.err }

// RetryAfter is how long the registry asks to wait.
func (e *temporary) RetryAfter() time.Duration { return e.after }
