package app

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/openapi"
	"github.com/assent-dev/assent/diff/tree"
)

// What kin-openapi may cost: it takes a tenth of a second for a megabyte, and
// cannot be interrupted.
const (
	mostValidated  = 2 << 20 // bytes
	validationTime = 10 * time.Second
)

// validator says what is wrong with descriptions by the rules of OpenAPI. It
// never stands in the way: what it cannot read or takes too long for, it has
// nothing to say about.
type validator struct {
	cache *tree.Cache
	most  int // bytes
}

// complaint is one of kin-openapi's.
type complaint struct {
	text string   // as it says it: the same in base and head for the same mistake
	why  string   // without the way
	keys []string // the way to the closest element that it names
}

// changes returns what is wrong with the head and was not with the base.
func (v validator) changes(ctx context.Context, old, new diff.Source) ([]diff.Change, error) {
	if new.Absent() {
		return nil, nil
	}
	doc, size := v.read(new)
	switch {
	case doc == nil:
		return nil, nil // the comparison says so
	case size > v.most:
		return []diff.Change{openapi.Unvalidated(doc)}, nil
	}
	found, err := v.complaints(ctx, new)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	known := map[string]int{}
	if before, size := v.read(old); before != nil && size <= v.most {
		earlier, err := v.complaints(ctx, old)
		if err != nil {
			return nil, err
		}
		for _, c := range earlier {
			known[c.text]++
		}
	}
	var all []diff.Change
	for _, c := range found {
		if known[c.text]--; known[c.text] < 0 {
			all = append(all, openapi.Invalid(doc, c.keys, c.why))
		}
	}
	return all, nil
}

// read opens the description and all that it refers to, and returns how large
// that is; nil if not all of it can be read, within the bounds of comparing.
func (v validator) read(s diff.Source) (doc *tree.Document, size int) {
	if s.Absent() {
		return nil, 0
	}
	files := tree.NewFiles(s.FS, v.cache)
	closure, err := openapi.Format.Graph(diff.Scope{FS: s.FS, Folder: ".", Cache: v.cache}).Closure(s.Root())
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

// complaints asks kin-openapi, and gives up on it if it panics or takes too
// long. The error is that of the context.
func (v validator) complaints(ctx context.Context, s diff.Source) ([]complaint, error) {
	answer := make(chan []complaint, 1)
	go func() {
		// A panic is a bug of the library, and no complaint.
		found, _ := guarded(func() ([]complaint, error) { return complaints(ctx, s), nil })
		answer <- found
	}()
	timer := time.NewTimer(validationTime)
	defer timer.Stop()
	select {
	case found := <-answer:
		return found, nil
	case <-timer.C:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// errOutside keeps the library to the files of the tree.
var errOutside = errors.New("not in the repository")

func complaints(ctx context.Context, s diff.Source) []complaint {
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
	if err == nil {
		return nil
	}
	all := []error{err}
	if several := (openapi3.MultiError{}); errors.As(err, &several) {
		all = several
	}
	var found []complaint
	for _, err := range all {
		keys, why := way(err)
		found = append(found, complaint{text: err.Error(), why: why, keys: keys})
	}
	return found
}

// components are the fields that hold what kin-openapi calls by these names.
var components = map[string]string{
	"schema": "schemas", "parameter": "parameters", "header": "headers", "request body": "requestBodies", "response": "responses",
	"security scheme": "securitySchemes", "example": "examples", "link": "links", "callback": "callbacks",
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
			keys = append(keys, components[e.Section], e.Name)
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
