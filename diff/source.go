package diff

import (
	"bytes"
	"context"
	"io/fs"
	"path"

	"github.com/assent-dev/assent/diff/tree"
)

// Source is a contract at one revision. The zero Source is a contract that is
// absent there.
type Source struct {
	FS    fs.FS       // may be read by several goroutines
	Paths []string    // the root file, then others that it needs where the caller knows them
	Whole bool        // Paths lists all that there is: nothing is looked for beside it
	Cache *tree.Cache // of parsed documents, shared between comparisons; may be nil
	Label string      // names the revision in a history: a tag, a file, "version 3"
}

// Absent reports whether the contract does not exist at this revision.
func (s Source) Absent() bool { return s.FS == nil || len(s.Paths) == 0 }

// Root is the path of the root file, "" for an absent contract.
func (s Source) Root() string {
	if len(s.Paths) == 0 {
		return ""
	}
	return s.Paths[0]
}

// Moved reports whether a root that is gone and one that is new are the same
// contract elsewhere: a file of the same name, or with the same content.
func Moved(gone, added Source) bool {
	if path.Base(gone.Root()) == path.Base(added.Root()) {
		return true
	}
	before, err := fs.ReadFile(gone.FS, gone.Root())
	if err != nil {
		return false
	}
	after, err := fs.ReadFile(added.FS, added.Root())
	return err == nil && bytes.Equal(before, after)
}

// Format is one contract language.
type Format struct {
	Name string
	// Match recognises a root file by the beginning of its content, then by
	// its name.
	Match func(path string, head []byte) bool
	// Sided says that contracts state themselves who sends and who receives;
	// compatibility then protects both sides.
	Sided bool
	// Default is the compatibility where none is configured.
	Default string
	// Rules lists all that Compare may report. Shared rules are the same
	// pointers in several formats.
	Rules []*Rule
	// Profiles are the ways of judging that may be chosen instead of the default.
	Profiles []Profile
	// References returns a function that lists the files of the scope that one
	// of them refers to; nil is for formats that refer by $ref. What it learns of
	// the scope serves all files. An author's mistakes are none here, comparing
	// reports them.
	References func(Scope) func(file string) ([]string, error)
	// Session returns a Compare for many contracts of the same revisions, on one
	// file system: what it learns of one serves the others. It may be called
	// by several goroutines. nil: there is nothing to learn.
	Session func() func(ctx context.Context, r *Report, old, new Source, o Options) error
	// Bundle writes a contract as one text that refers to no other file, for
	// those who take no more than one; nil if its root is all that can be given.
	Bundle func(Source) (string, error)
	// Compare adds to the report what differs between two revisions. The
	// author's mistakes go to Report.Fail; all other errors are returned.
	Compare func(ctx context.Context, r *Report, old, new Source, o Options) error
}
