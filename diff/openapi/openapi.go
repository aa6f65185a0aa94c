// Package openapi compares OpenAPI descriptions, 3.0 to 3.2: paths, operations,
// parameters, bodies and responses here, their schemas by package jsonschema.
//
// A comparison walks both revisions operation by operation. What consumers do
// with the data at a place, send it or receive it, follows from where the walk
// is, and flips inside webhooks and callbacks. The rules lie with their themes:
// paths.go, parameters.go, bodies.go, responses.go. Only diff/formats and tests
// import the package.
package openapi

import (
	"bytes"
	"context"
	"regexp"
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
)

// Format is OpenAPI 3.0, 3.1 and 3.2.
var Format = &diff.Format{
	Name:    "openapi",
	Match:   match,
	Sided:   true,
	Default: "backward",
	Rules:   slices.Concat(paths, parameters, bodies, responses, unexamined, jsonschema.Rules),
	Compare: compare,
}

// versionField finds the field that every description has, in YAML and JSON.
// Swagger 2.0 is recognised too, so that it is refused and not passed over.
var versionField = regexp.MustCompile(`(?m)(^|[{,\s])["']?(openapi|swagger)["']?\s*:\s*["']?[0-9]`)

func match(_ string, head []byte) bool {
	return versionField.Match(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
}

func compare(ctx context.Context, r *diff.Report, old, new diff.Source) error {
	o, err := load(old)
	if err != nil {
		return r.Fail(err)
	}
	n, err := load(new)
	if err != nil {
		return r.Fail(err)
	}
	if err := jsonschema.ReportRefs(r, o.schemas, n.schemas); err != nil {
		return err
	}
	w := &walk{
		old: o, new: n, report: r, side: diff.Sends,
		schemas: jsonschema.NewComparer(ctx, o.schemas, n.schemas),
	}
	w.document()
	return w.schemas.Err()
}
