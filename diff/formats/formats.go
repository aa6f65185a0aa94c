// Package formats lists the contract languages that assent knows. It is the one
// place that knows them all: the command line, app and the documentation ask it.
package formats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/avro"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/odcs"
	"github.com/assent-dev/assent/diff/openapi"
)

// All is asked in this order whose a file is.
var All = []*diff.Format{openapi.Format, odcs.Format, avro.Format, avro.Protocol, jsonschema.Format}

// HeadSize is how many bytes of a file Recognise wants to see.
const HeadSize = 16 << 10

// Named returns the format of that name.
func Named(name string) (*diff.Format, error) {
	var names []string
	for _, f := range All {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return nil, fmt.Errorf("unknown format %q: want one of %s", name, strings.Join(names, ", "))
}

// Recognise returns the format whose root file this is, nil if it is none.
func Recognise(path string, head []byte) *diff.Format {
	for _, f := range All {
		if f.Match(path, head[:min(len(head), HeadSize)]) {
			return f
		}
	}
	return nil
}

// extensions are those of files that can be the root of a contract.
var extensions = []string{".json", ".yaml", ".yml", ".avsc", ".avpr"}

// Candidate reports whether a file of this name may be a contract at all, so
// that nothing else has to be read.
func Candidate(path string) bool {
	return slices.ContainsFunc(extensions, func(ext string) bool { return strings.HasSuffix(strings.ToLower(path), ext) })
}

// Rules lists every rule once, those first that comparing does not report by
// itself.
func Rules() []*diff.Rule {
	all := slices.Concat(diff.ContractRules(), openapi.Validation)
	for _, f := range All {
		for _, r := range f.Rules {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all
}
