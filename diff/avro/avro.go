// Package avro compares Avro schemas by the rules of schema resolution (Avro
// 1.11 and 1.12, "Schema Resolution") in both directions. It does not stop at
// the first difference: it reports all of them, each at its line.
//
// Consumers that send data need a new schema that reads what old writers wrote.
// Consumers that receive data need an old schema that reads what new writers
// write. The package always reports both; diff.Compare lowers the level of a
// direction that a contract's compatibility does not protect.
//
// Parsing yields definitions that know their line (schema.go, parse.go). Each
// pair of definitions is compared once (walk.go). The rules of a theme and the
// code that reports them share a file. Package reach finds the uses of a
// changed definition.
//
// The package knows no registry, no generated code and no Avro data. Its caller
// is diff.Compare, through Format.
package avro

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Format compares Avro schema files (.avsc). By default the new schema must
// read what the last one wrote, as in Confluent Schema Registry.
var Format = &diff.Format{
	Name:          "avro",
	Extensions:    []string{".avsc", ".json"},
	Match:         matchSchema,
	Default:       "backward",
	Rules:         rules,
	Profiles:      []diff.Profile{confluent},
	ReaderSchemas: true,
	Links:         links,
	References:    references,
	ByName:        true,
	Registered:    &diff.Registered{Type: "AVRO", Name: typeName, Bundle: bundle, At: diff.Source.At},
	Session:       newSession,
	Compare:       compare,
}

// Protocol compares Avro protocols (.avpr). A protocol says who sends which
// data: clients send requests and receive responses and errors.
var Protocol = &diff.Format{
	Name:       "avro-protocol",
	Extensions: []string{".avpr", ".json"},
	Match:      matchProtocol,
	Sided:      true,
	Default:    "backward",
	Rules:      slices.Concat(rules, messageRules),
	References: references,
	ByName:     true,
	Compare:    compare,
}

func references(s diff.Scope) func(string) ([]string, error) { return newLibrary(s).references }

// rules are in the order of the documentation.
var rules = []*diff.Rule{
	// Fields.
	fieldAddedWithoutDefault, fieldRemovedWithoutDefault, fieldAdded, fieldRemoved,
	fieldAliasAmbiguous,
	fieldRenamedWithAlias, fieldRenamedWithAliasAndDefault, fieldRenamedBack,
	fieldRenamedBackWithDefault, fieldRenamedBothWays,
	// Defaults.
	defaultAdded, defaultRemoved, defaultChanged,
	defaultInvalid, defaultOfLaterBranch,
	// Orders that programs may rely on.
	fieldsReordered, enumSymbolsReordered, sortOrderChanged,
	// Enums.
	enumSymbolAdded, enumSymbolAddedWithDefault, enumSymbolRemoved, enumSymbolRemovedWithDefault,
	enumDefaultAdded, enumDefaultRemoved, enumDefaultChanged,
	// Unions.
	madeNullable, madeRequired, unionBranchAdded, unionBranchRemoved,
	unionBranchSplit, unionBranchMerged, unionWrappingChanged, unionBranchesReordered,
	// Types.
	typeChanged, typeWidened, typeNarrowed, typeExchanged, fixedSizeChanged,
	logicalTypeChanged, decimalChanged, logicalTypeAdded, logicalTypeRemoved,
	customLogicalTypeChanged,
	// Names.
	typeRenamed, typeRenamedWithAlias, typeRenamedBack, typeRenamedBothWays, namespaceChanged,
	aliasAdded, aliasRemoved,
}

// messageRules are the rules on elements that only protocols have.
var messageRules = []*diff.Rule{
	messageRemoved, messageAdded, messageOneWayChanged, protocolRenamed, protocolTypeRemoved,
}

func compare(ctx context.Context, r *diff.Report, old, new diff.Source, _ diff.Options) error {
	o, err := load(r, old)
	if err != nil {
		return err
	}
	n, err := load(r, new)
	if err != nil || o == nil || n == nil {
		return err
	}
	if (o.protocol == nil) != (n.protocol == nil) {
		return r.Fail(n.node().Errorf("a protocol cannot be compared with a schema: the revisions are " +
			"files of different kinds"))
	}
	return newWalk(ctx, o, n).run(r)
}

// load reads one revision: the root, and the files that define the types it
// refers to. It returns nil if the files have mistakes, which are in the
// report.
func load(r *diff.Report, s diff.Source) (*file, error) {
	if strings.EqualFold(path.Ext(s.Root()), ".avdl") {
		at := diff.Location{File: s.Root(), Line: 1, Column: 1, EndLine: 1}
		return nil, r.Fail(&diff.Error{
			Location: at,
			Message: "Avro IDL is not compared: commit the schema (.avsc) or protocol (.avpr) that is " +
				"generated from it",
		})
	}
	p, err := parse(s, s.Paths)
	if err == nil && len(p.undefinedNames()) > 0 && !s.Whole {
		var paths []string
		scope := diff.Scope{FS: s.FS, Folder: path.Dir(s.Root()), Cache: s.Cache}
		if paths, err = closure(scope, s.Root()); err == nil {
			p, err = parse(s, paths)
		}
	}
	if err != nil {
		return nil, r.Fail(err)
	}
	return finished(r, p)
}

// finished returns the parsed file, nil if it has mistakes.
func finished(r *diff.Report, p *parser) (*file, error) {
	f, mistakes := p.finish()
	for _, mistake := range mistakes {
		if err := r.Fail(mistake); err != nil {
			return nil, err
		}
	}
	if len(mistakes) > 0 {
		return nil, nil
	}
	return f, nil
}

// closure lists the root and the files that it needs, directly or not.
func closure(s diff.Scope, root string) ([]string, error) {
	return (&diff.Format{References: references}).Graph(s).Closure(root)
}

// parse reads the files, the root first. It skips a file whose type the root
// defines itself.
func parse(s diff.Source, paths []string) (*parser, error) {
	files := tree.NewFiles(s.FS, s.Cache)
	p := newParser()
	for i, name := range paths {
		doc, err := files.Open(name)
		switch {
		case err != nil:
			return nil, err
		case i == 0:
			p.document(doc.Root)
		default:
			p.furtherFile(doc.Root)
		}
	}
	return p, nil
}
