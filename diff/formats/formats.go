// Package formats lists the contract languages that assent knows. It is the one
// place that knows them all: app, the command line and the documentation take
// the list from here, and hand it to package contracts.
package formats

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/avro"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/odcs"
	"github.com/assent-dev/assent/diff/openapi"
)

// All are the formats that assent knows.
var All = List{openapi.Format, odcs.Format, avro.Format, avro.Protocol, jsonschema.Format}

// List is a list of formats. They are asked in its order whose a file is.
type List []*diff.Format

// headSize is how many bytes of a file Recognise looks at.
const headSize = 16 << 10

// Named returns the format of that name.
func (l List) Named(name string) (*diff.Format, error) {
	var names []string
	for _, f := range l {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return nil, fmt.Errorf("unknown format %q: want one of %s", name, strings.Join(names, ", "))
}

// Recognise returns the format whose root file this is, nil for other files.
func (l List) Recognise(path string, head []byte) *diff.Format {
	for _, f := range l {
		if f.Match(path, head[:min(len(head), headSize)]) {
			return f
		}
	}
	return nil
}

// RecogniseFile returns the format of a file, of which it reads the beginning:
// nil for a file that is not the root of a contract.
func (l List) RecogniseFile(in fs.FS, file string) (*diff.Format, error) {
	f, err := in.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, headSize))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return l.Recognise(file, head), nil
}

// Candidate reports whether a file of this name may be a contract at all, so
// that nothing else has to be read.
func (l List) Candidate(path string) bool {
	path = strings.ToLower(path)
	return slices.ContainsFunc(l, func(f *diff.Format) bool {
		return slices.ContainsFunc(f.Extensions, func(ext string) bool {
			return strings.HasSuffix(path, ext)
		})
	})
}

// Rules lists every rule once, those first that comparing does not report by
// itself.
func (l List) Rules() []*diff.Rule {
	all := diff.ContractRules()
	for _, f := range l {
		all = append(all, f.Validation...)
	}
	for _, f := range l {
		for _, r := range f.Rules {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all
}
