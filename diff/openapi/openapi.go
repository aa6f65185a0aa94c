// Package openapi compares OpenAPI descriptions, 3.0 to 3.2: paths, operations,
// parameters, bodies and responses here, their schemas by package jsonschema.
//
// A comparison walks both revisions operation by operation. What consumers do
// with the data at a place, send it or receive it, follows from where the walk
// is, and flips inside webhooks and callbacks. Each theme has a file, which
// holds its rules: paths, operations, parameters and their styles, bodies,
// media types and encodings, responses, headers, security and schemes,
// lifecycle, versions, examples. A change of a field that no theme knows is
// reported as undecided (unexamined.go). Only diff/formats and tests import the
// package.
package openapi

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// Format is OpenAPI 3.0, 3.1 and 3.2.
var Format = &diff.Format{
	Name:       "openapi",
	Extensions: []string{".json", ".yaml", ".yml"},
	Match:      match,
	Sided:      true,
	Default:    "backward",
	Rules:      rules,
	Links:      jsonschema.Links,
	Validate:   validate,
	Validation: validation,
	Compare:    compare,
}

// rules are in the order of the documentation.
var rules = slices.Concat([]*diff.Rule{
	// Who calls where.
	pathRemoved, pathAdded, webhookRemoved, webhookAdded, callbackRemoved, callbackAdded,
	// Operations as a whole.
	operationRemoved, operationAdded, operationDeprecated, operationRestored, operationIDChanged,
	operationIDAdded, tagsChanged,
	// Where calls go.
	serverRemoved, serverAdded, serverDefaultChanged,
	// Parameters.
	parameterRemoved, parameterAdded, requiredParameterAdded, parameterBecameRequired,
	parameterBecameOptional, defaultChanged,
	// How parameters and headers are written.
	styleChanged, reservedRefused, reservedAllowed, emptyRefused, emptyAllowed,
	// Request bodies.
	bodyRemoved, bodyAdded, requiredBodyAdded, bodyBecameRequired, bodyBecameOptional,
	// The media types of any content.
	mediaTypeRemoved, mediaTypeAdded, mediaTypeRenamed, mediaRangeNarrowed,
	// How values are written as XML.
	xmlChanged,
	// The types of the parts of a form or multipart body.
	partTypeRemoved, partTypeAdded,
	// The statuses of responses.
	responseRemoved, responseAdded, errorRemoved, errorAdded, rangeNarrowed,
	// The headers of responses and parts.
	headerRemoved, headerAdded, headerBecameOptional, headerBecameRequired, requiredHeaderAdded,
	// The links from a response to further calls.
	linkRemoved, linkChanged, linkAdded,
	// Who may call.
	securityRequired, alternativeRemoved, scopeAdded, alternativeAdded,
	// How credentials are sent and where they come from.
	schemeChanged, flowRemoved, flowAdded, scopeRemoved, tokenURLChanged,
	// Definitions that no operation of the document leads to.
	componentRemoved, componentAdded,
	// Deprecation, sunset and stability.
	deprecated, restored, sunsetPostponed, sunsetBroken, sunsetUnreadable, noticeTooShort,
	stabilityIncreased, stabilityDecreased, stabilityUnreadable, deprecatedRemoved, retired,
	promiseWithdrawn,
	// The version that the description states.
	versionDecreased, versionNotRaised, versionRaisedTooLittle,
	// The values that a description gives.
	exampleRefused, exampleOutdated, exampleUnexpected, exampleInvalid, examplesOutdated,
	examplesUnchecked,
	// Fields whose meaning is not known.
	changeUndecided,
}, jsonschema.Rules)

// validation are the rules that report the complaints of an independent
// validator.
var validation = []*diff.Rule{invalid, unvalidated}

// match looks for the version that every description states. It recognises
// Swagger 2.0 too, because a file that nothing recognises is ignored, and this
// one must be refused. In a large file with sorted members the version may come
// after the bytes that match sees: then the file's name counts.
func match(name string, head []byte) bool {
	members := tree.Members(head)
	for _, field := range []string{"openapi", "swagger"} {
		if version := members[field]; version != "" && version[0] >= '0' && version[0] <= '9' {
			return true
		}
	}
	base := strings.ToLower(path.Base(name))
	_, hasComponents := members["components"]
	_, hasPaths := members["paths"]
	return (strings.HasPrefix(base, "openapi.") || strings.HasPrefix(base, "swagger.")) &&
		(hasComponents || hasPaths)
}

func compare(ctx context.Context, r *diff.Report, old, new diff.Source, options diff.Options) error {
	o, n, err := loadBoth(old, new)
	if err != nil {
		return r.Fail(err)
	}
	if err := jsonschema.ReportRefs(r, o.schemas, n.schemas); err != nil {
		return err
	}
	w := &walk{
		old: o, new: n, report: r, options: options, side: diff.Sends,
		schemas:        jsonschema.NewComparer(ctx, o.schemas, n.schemas),
		renamedSchemes: renamedSchemes(o, n),
	}
	w.schemas.Options = options
	w.checker = &exampleChecker{Checker: jsonschema.NewChecker(), seen: map[*tree.Node]bool{}}
	w.document()
	w.version()
	w.allowNewVersion()
	return w.schemas.Err()
}
