package diff

import "context"

// Format is one contract language. A function that is nil stands for something
// that the language does not have.
type Format struct {
	Name string
	// Extensions are those of files that can be the root of a contract, in lower
	// case. Schemas from registries get the first.
	Extensions []string
	// Match recognises a root file by the beginning of its content, then by
	// its name. Without content the name alone decides.
	Match func(path string, head []byte) bool
	// Sided says that contracts state themselves who sends and who receives;
	// compatibility then protects both sides.
	Sided bool
	// Default is the compatibility where none is configured.
	Default string
	// Rules lists all that Compare may report. Shared rules are the same
	// pointers in several formats.
	Rules []*Rule
	// Validation lists all that Validate may report.
	Validation []*Rule
	// Profiles are the ways of judging that may be chosen instead of the default.
	Profiles []Profile
	// ReaderSchemas says that data is read with a schema of the reader's own,
	// which is compared with the contract as if it were an earlier revision.
	ReaderSchemas bool
	// Links reads what a file says of others, whatever lies around it. Mistakes of
	// the author are of type *Error. nil: files say nothing of others, or the links
	// of another format count.
	Links func(*File) (Links, error)
	// References returns a function that lists the files of the scope to which one
	// of them leads. What it learns of the scope serves all files. It ignores the
	// mistakes of authors, because comparing reports them. nil: a file leads to
	// those whose paths are among its links.
	References func(Scope) func(file string) ([]string, error)
	// ByName says that files are found by names. A root then does not say where the
	// rest lies, and the caller of Compare lists all files of the contract.
	ByName bool
	// Describes says that contracts are about contracts in other languages, as data
	// contracts are about schemas: that is among their links.
	Describes bool
	// Registered says how schema registries hold the language; nil if they do not.
	Registered *Registered
	// Validate lists what is wrong with one revision by the specification of the
	// language and does not keep it from being compared. It may take long.
	Validate func(context.Context, Source) ([]Complaint, error)
	// Session returns a Compare for many contracts of the same revisions, on one
	// file system: what it learns of one serves the others. It may be called
	// by several goroutines. nil: there is nothing to learn.
	Session func() func(ctx context.Context, r *Report, old, new Source, o Options) error
	// Compare adds to the report what differs between two revisions. The
	// author's mistakes go to Report.Fail; all other errors are returned.
	Compare func(ctx context.Context, r *Report, old, new Source, o Options) error
}

// Registered says how schema registries hold the schemas of a format.
type Registered struct {
	// Type is what registries call the format: "AVRO".
	Type string
	// ByPath says that a reference of a registered schema is named by the path
	// under which the schema looks for it. If not, it is named by a type.
	ByPath bool
	// Name returns the full name of the schema's type, "" if it has none.
	Name func(Source) (string, error)
	// Bundle writes a schema as one text that refers to no other file. nil: the
	// root is all that a registry can be asked about.
	Bundle func(Source) (string, error)
	// At returns the element of the root that a registry points to, or the
	// closest one around it. nil: registries point to none.
	At func(s Source, pointer string) (Location, error)
}

// Complaint is something that is wrong with one revision of a contract.
type Complaint struct {
	// Text is the same for the same mistake in another revision, which makes it
	// old. A complaint without a text is made of every new revision.
	Text string
	Fact Fact
}
