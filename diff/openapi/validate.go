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

// mostValidated bounds the bytes of a description that kin-openapi is asked
// about: it takes a tenth of a second for a megabyte, and cannot be interrupted.
const mostValidated = 2 << 20

// validate asks kin-openapi what is wrong with a description by the rules of
// OpenAPI. It has nothing to say about what cannot be read.
func validate(ctx context.Context, s diff.Source) ([]diff.Complaint, error) {
	return validateUpTo(ctx, s, mostValidated)
}

func validateUpTo(ctx context.Context, s diff.Source, most int) ([]diff.Complaint, error) {
	doc, size := whole(s)
	switch {
	case doc == nil:
		return nil, nil // comparing says so
	case size > most:
		return []diff.Complaint{{Fact: tooLargeToValidate(doc)}}, nil
	}
	var all []diff.Complaint
	for _, err := range complaints(ctx, s) {
		keys, why := way(err)
		all = append(all, diff.Complaint{Text: err.Error(), Fact: invalidAt(doc, keys, why)})
	}
	return all, nil
}

// whole opens the description and all that it refers to, and returns how large
// that is; nil if not all of it can be read, within the bounds of comparing.
func whole(s diff.Source) (doc *tree.Document, size int) {
	files := tree.NewFiles(s.FS, s.Cache)
	scope := diff.Scope{FS: s.FS, Folder: ".", Cache: s.Cache}
	closure, err := (&diff.Format{References: jsonschema.References}).Graph(scope).Closure(s.Root())
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

// errOutside keeps the library to the files of the tree.
var errOutside = errors.New("not in the repository")

// complaints returns what kin-openapi says.
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
		return nil // a reference that leads nowhere is the comparison's to report
	}
	// Examples, defaults and patterns are checked by comparing, as far as they
	// changed; its regular expressions are Go's.
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

// fieldOf is the field that holds what kin-openapi calls by these names.
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

// way follows the wrappers of a complaint to the element that it is about, and
// returns what is left to say.
func way(err error) (keys []string, why string) {
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
