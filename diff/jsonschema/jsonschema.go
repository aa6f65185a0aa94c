// Package jsonschema compares schemas by the values that they allow: JSON Schema
// on its own, and the dialects of it that OpenAPI and AsyncAPI use.
//
// Schemas are not compared keyword by keyword. A Reader builds the effective
// form of a schema at a place: it follows references and merges allOf, and each
// keyword keeps the node that it came from. A Comparer compares two effective
// schemas for each use: which values can one side send or receive that the
// other one does not expect? It compares a pair once and reports its findings
// for every use of the pair, so that one cause is one finding.
//
// The files have three layers. Those named schema_* read schemas, compare_*
// compares two of them, and witness_* makes up a value that shows what breaks.
//
// The formats whose documents contain schemas call the package. It knows the
// dialects of their schemas, and nothing else of their documents.
package jsonschema

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Format is JSON Schema on its own. A schema that stands alone may describe
// what is sent as well as what is received; the compatibility decides which.
var Format = &diff.Format{
	Name:       "jsonschema",
	Extensions: []string{".json", ".yaml", ".yml"},
	Match:      match,
	Default:    "backward",
	Profiles:   profiles,
	Rules:      Rules,
	Links:      Links,
	Registered: &diff.Registered{Type: "JSON", ByPath: true, Name: title, At: diff.Source.At},
	Compare:    compare,
}

// Rules are the rules on schemas, shared by all formats that contain them, in
// the order of the documentation.
var Rules = []*diff.Rule{
	// Which kinds of values a schema allows.
	typeChanged, typeNarrowed, typeWidened, nullAllowed, nullRefused, nothingAllowed,
	somethingAllowed,
	// Enumerated values; const is an enum of one.
	enumValueRemoved, enumValueAdded, enumAdded, enumRemoved,
	// Bounds.
	rangeNarrowed, rangeWidened, sizeNarrowed, sizeWidened, multipleNarrowed, multipleWidened,
	// What strings look like; format is also used on numbers.
	formatChanged, formatNarrowed, formatWidened, patternAdded, patternRemoved, patternNarrowed,
	patternWidened, patternChanged,
	// The properties of objects.
	propertyRemoved, optionalPropertyRemoved, propertyRefused, propertyAdded, propertyAddedToClosed,
	requiredPropertyAdded, propertyBecameRequired, propertyBecameOptional, openPropertyDeclared,
	openPropertyUndeclared, requiredWithDefault,
	// Properties that a schema does not declare.
	additionalRestricted, additionalOpened,
	// Properties that require other ones.
	dependencyAdded, dependencyRemoved,
	// Arrays; their length is among the ranges.
	uniqueRequired, uniqueDropped,
	// OneOf and anyOf.
	alternativeRemoved, alternativeAdded, overlapRefused, overlapAllowed,
	// How the branch of a value is found.
	discriminatorChanged, discriminatorRemoved, mappingChanged, discriminatorAdded,
	// What a string is the encoded form of.
	contentChanged, contentNarrowed, contentWidened,
	// Lists of known values, which may not be all.
	knownValueRemoved, knownValueAdded,
	// Keywords whose effect does not follow from their value alone.
	constraintNarrowed, constraintWidened, narrowingUndecided, wideningUndecided,
	// What properties announce of their own future.
	deprecated, restored, sunsetPostponed, sunsetBroken, sunsetUnreadable, noticeTooShort,
	stabilityIncreased, stabilityDecreased, stabilityUnreadable, deprecatedRemoved, retired,
	// Differences whose effect is not known.
	changeUndecided,
}

// match recognises a schema by $schema at its top, or by its name.
func match(name string, head []byte) bool {
	if strings.Contains(tree.Members(head)["$schema"], "json-schema.org/") {
		return true
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	return strings.HasSuffix(stem, ".schema") &&
		slices.Contains([]string{".json", ".yaml", ".yml"}, path.Ext(name))
}

// Links reads the files to which a file refers by $ref. The formats that contain
// schemas refer to files in the same way.
func Links(f *diff.File) (diff.Links, error) {
	doc, err := f.Document()
	if err != nil {
		return diff.Links{}, err
	}
	return diff.Links{Files: doc.Links()}, nil
}

// title returns what registries take for the name of a schema's type.
func title(s diff.Source) (string, error) {
	doc, err := tree.NewFiles(s.FS, s.Cache).Open(s.Root())
	if err != nil {
		return "", err
	}
	return doc.Root.Get("title").Str(), nil
}

// compare compares two files on both sides. The compatibility decides which
// findings count.
func compare(ctx context.Context, r *diff.Report, old, new diff.Source, o diff.Options) error {
	olds, err := readSource(old)
	if err != nil {
		return r.Fail(err)
	}
	news, err := readSource(new)
	if err != nil {
		return r.Fail(err)
	}
	if err := ReportRefs(r, olds, news); err != nil {
		return err
	}
	c := NewComparer(ctx, olds, news)
	c.Options = o
	for _, side := range []diff.Side{diff.Sends, diff.Receives} {
		c.Compare(r, Use{Path: olds.pathOf(olds.root), Side: side}, olds.root, news.root)
	}
	return c.Err()
}

func readSource(s diff.Source) (*Reader, error) {
	files := tree.NewFiles(s.FS, s.Cache)
	doc, err := files.Open(s.Root())
	if err != nil {
		return nil, err
	}
	return NewReader(files, doc.Root, Host{Dialect: dialectOf(doc.Root), Name: namer(doc)}), nil
}

// namer returns a function that names the nodes of a schema and of the files to
// which it refers. A path begins with the title of the file. Without a title,
// the root file is just "schema", since its name may differ between revisions,
// and another file goes by its name.
func namer(root *tree.Document) func(*tree.Node) diff.Path {
	return func(n *tree.Node) diff.Path {
		doc := n.Document()
		name := doc.Root.Get("title").Str()
		if name == "" && doc != root {
			name = strings.SplitN(path.Base(doc.Path), ".", 2)[0]
		}
		return Down(diff.PathOf(diff.Step{Kind: diff.Definition, Noun: "schema", Name: name}), doc.Root, n)
	}
}
