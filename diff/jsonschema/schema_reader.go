package jsonschema

import (
	"regexp"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Dialect is the set of keywords that a schema is read with.
type Dialect uint8

// The dialects differ in what the same keyword does. A keyword that only some
// dialects have is read in all of them. OpenAPI30 is a subset of draft 5 with
// nullable and boolean exclusive bounds (OpenAPI 3.0.4, section 4.7.24). Draft7
// stands for drafts 4 to 7: like OpenAPI30, they ignore the keywords beside
// $ref (draft 7 Core, section 8.3). Draft202012 stands for 2019-09, too: there,
// items may be a list, which no schema of 2020-12 is.
const (
	Draft202012 Dialect = iota
	Draft7
	OpenAPI30
)

func dialectOf(root *tree.Node) Dialect {
	for _, draft := range []string{"draft-03", "draft-04", "draft-06", "draft-07"} {
		if strings.Contains(root.Get("$schema").Str(), draft) {
			return Draft7
		}
	}
	return Draft202012
}

// refHidesSiblings reports whether the keywords beside $ref are ignored, as
// they are before draft 2019-09.
func (d Dialect) refHidesSiblings() bool { return d != Draft202012 }

// Host is the format whose documents contain the schemas.
type Host struct {
	Dialect Dialect

	// Name returns the path of a node: the definition that it belongs to.
	Name func(*tree.Node) diff.Path

	// Containers are keywords of the format, not of schemas, whose members have
	// names of their author's choice: a response may be called default, which
	// elsewhere is a keyword.
	Containers []string

	// Sections are the parts of a document that are left out where a schema
	// refers to the whole document.
	Sections []string
}

// Reader reads the schemas of one revision.
type Reader struct {
	host            Host
	files           *tree.Files
	root            *tree.Node
	targets         map[reference]target
	docs            []*tree.Document          // filled by documents
	refsFound       []*tree.Node              // filled by documents
	anchors         map[string]int            // how many schemas have a dynamic anchor of the name
	single          map[*tree.Node]*effective // by their only site; see effective
	merged          map[string]*effective     // by several sites
	restrictedKinds map[kindsKey]*effective
	restrictedCases map[caseKey]*effective
	keywordSchemas  map[*tree.Node]*effective // by the first of their keywords
	kindsFound      map[*tree.Node]kinds
	regexps         map[string]*regexp.Regexp // see regexp
	paths           map[*tree.Node]diff.Path
}

// NewReader returns a Reader of the document with the root, and of the
// documents that it refers to.
func NewReader(files *tree.Files, root *tree.Node, host Host) *Reader {
	return &Reader{
		host:            host,
		files:           files,
		root:            root,
		targets:         map[reference]target{},
		single:          map[*tree.Node]*effective{},
		merged:          map[string]*effective{},
		restrictedKinds: map[kindsKey]*effective{},
		restrictedCases: map[caseKey]*effective{},
		keywordSchemas:  map[*tree.Node]*effective{},
		kindsFound:      map[*tree.Node]kinds{},
		regexps:         map[string]*regexp.Regexp{},
		paths:           map[*tree.Node]diff.Path{},
	}
}

// Allows reports whether a schema allows some value of the JSON type. A nil
// schema allows every type.
func (r *Reader) Allows(schema *tree.Node, typ string) bool {
	return schema == nil || r.effective(schema, schema).kinds&kindNames[typ] != 0
}

// pathOf returns the path of a node, and remembers it: finding it takes the
// longer the deeper the node lies.
func (r *Reader) pathOf(n *tree.Node) diff.Path {
	p, known := r.paths[n]
	if !known {
		p = r.host.Name(n)
		r.paths[n] = p
	}
	return p
}

// regexp compiles a pattern once. It returns nil for a pattern that Go does not
// understand.
func (r *Reader) regexp(pattern string) *regexp.Regexp {
	re, known := r.regexps[pattern]
	if !known {
		re, _ = regexp.Compile(pattern)
		r.regexps[pattern] = re
	}
	return re
}

// annotations are keywords that neither allow nor refuse any value.
var annotations = []string{
	"title", "description", "summary", "example", "examples", "$comment", "externalDocs",
	"deprecated", "default", "xml",
}

// These keywords hold a schema, a list of schemas, and schemas by name.
var (
	schemaKeywords = []string{
		"not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames",
		"unevaluatedItems", "unevaluatedProperties",
	}
	listKeywords = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
	mapKeywords  = []string{"properties", "patternProperties", "dependentSchemas"}
)
