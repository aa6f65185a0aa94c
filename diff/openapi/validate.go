package openapi

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// mostValidated bounds the bytes of a description that kin-openapi validates.
// It takes a tenth of a second for a megabyte, and cannot be interrupted.
const mostValidated = 2 << 20

// validate returns the complaints of kin-openapi about a description. It
// returns none for a description that cannot be read.
func validate(ctx context.Context, s diff.Source) ([]diff.Complaint, error) {
	return validateUpTo(ctx, s, mostValidated)
}

func validateUpTo(ctx context.Context, s diff.Source, most int) ([]diff.Complaint, error) {
	doc, size := openAll(s)
	switch {
	case doc == nil:
		return nil, nil // the comparison reports that
	case size > most:
		return []diff.Complaint{{Fact: tooLargeToValidate(doc)}}, nil
	}
	var all []diff.Complaint
	for _, err := range complaints(ctx, s) {
		keys, why := unwrap(err)
		all = append(all, diff.Complaint{Text: err.Error(), Fact: invalidAt(doc, keys, why)})
	}
	return all, nil
}

// openAll opens the description and all files that it refers to, and returns
// their size. It returns nil if one of them cannot be read.
func openAll(s diff.Source) (doc *tree.Document, size int) {
	files := tree.NewFiles(s.FS, s.Cache)
	scope := diff.Scope{FS: s.FS, Folder: ".", Cache: s.Cache}
	closure, err := (&diff.Format{Links: jsonschema.Links}).Graph(scope).Closure(s.Root())
	if err != nil {
		return nil, 0
	}
	for _, name := range closure {
		d, err := files.Open(name)
		if err != nil {
			return nil, 0
		}
		size += d.Size
		if name == s.Root() {
			doc = d
		}
	}
	return doc, size
}

// errOutside refuses files that are not in the tree.
var errOutside = errors.New("not in the repository")

// complaints returns the errors that kin-openapi finds.
func complaints(ctx context.Context, s diff.Source) []error {
	loader := openapi3.NewLoader()
	loader.Context = ctx
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, at *url.URL) ([]byte, error) {
		if at.Scheme != "" || at.Host != "" || !fs.ValidPath(at.Path) {
			return nil, errOutside
		}
		return fs.ReadFile(s.FS, at.Path)
	}
	description, err := loader.LoadFromURI(&url.URL{Path: s.Root()})
	if err != nil {
		return nil // the comparison reports references that lead nowhere
	}
	// The comparison checks examples, defaults and patterns if they changed.
	// kin-openapi would check patterns as Go's regular expressions.
	err = description.Validate(ctx, openapi3.EnableMultiError(), openapi3.DisableExamplesValidation(),
		openapi3.DisableSchemaDefaultsValidation(), openapi3.DisableSchemaPatternValidation())
	if several := (openapi3.MultiError{}); errors.As(err, &several) {
		return several
	}
	if err != nil {
		return []error{err}
	}
	return nil
}

// fieldOf maps the names that kin-openapi uses to fields of components.
var fieldOf = map[string]string{
	"schema":          "schemas",
	"parameter":       "parameters",
	"header":          "headers",
	"request body":    "requestBodies",
	"response":        "responses",
	"security scheme": "securitySchemes",
	"example":         "examples",
	"link":            "links",
	"callback":        "callbacks",
}

// unwrap follows the wrappers of a complaint. It returns the keys of the
// element that the complaint is about, and the text of the innermost error.
func unwrap(err error) (keys []string, why string) {
	for {
		switch e := err.(type) {
		case *openapi3.SectionValidationError:
			keys = append(keys, e.Section)
			err = e.Cause
		case *openapi3.PathValidationError:
			keys = append(keys, e.Path)
			err = e.Cause
		case *openapi3.WebhookValidationError:
			keys = append(keys, e.Name)
			err = e.Cause
		case *openapi3.OperationValidationError:
			keys = append(keys, strings.ToLower(e.Method))
			err = e.Cause
		case *openapi3.ComponentValidationError:
			keys = append(keys, fieldOf[e.Section], e.Name)
			err = e.Cause
		case *openapi3.PathParametersError:
			return append(keys, e.Path, strings.ToLower(e.Method)), err.Error()
		case *openapi3.ConflictingPathsError:
			return append(keys, e.Path2), err.Error()
		case *openapi3.DuplicateOperationIDError:
			method, path, _ := strings.Cut(e.Endpoint2, " ")
			return append(keys, path, strings.ToLower(method), "operationId"), err.Error()
		default:
			return keys, err.Error()
		}
	}
}
