package jsonschema

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/assent-dev/assent/diff"
)

// shape is what some values have in common. Only the part of a schema that can
// matter to values of the shape has to be exported.
type shape struct {
	names  map[string]bool // of members, nil for any
	levels int             // how deep the values nest
}

// covers reports whether all values of the other shape are of this shape, too.
func (s shape) covers(other shape) bool {
	for name := range other.names {
		if !s.names[name] {
			return false
		}
	}
	return other.levels <= s.levels
}

// add extends the shape by a part of a value that lies at a level.
func (s *shape) add(value any, level int) {
	s.levels = max(s.levels, level)
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			s.names[name] = true
			s.add(member, level+1)
		}
	case []any:
		for _, element := range v {
			s.add(element, level+1)
		}
	}
}

// validator is a schema compiled by an independent library, and what it costs
// to check one value.
type validator struct {
	*jsonschema.Schema
	effort int
}

// effortPerNode says how much checking costs as much as exporting one node.
const effortPerNode = 20

// trusted is the address of an exported schema. The library checks schemas of
// other hosts against the meta-schema, which would be half of the work. Without
// that check it fails on some keywords, which the exporter leaves out.
const trusted = "https://json-schema.org/assent"

// newValidator compiles a schema for values of a shape on a side. It loads no
// other document.
func newValidator(e *effective, side diff.Side, shared shape, b *budget) (v validator, err error) {
	v.effort = 1
	f := &effort{reader: e.reader, names: shared.names, known: map[visit]int{}}
	for _, site := range e.sites {
		v.effort += f.estimate(site, shared.levels)
	}
	if v.effort >= mostEffort {
		return v, errors.New("checking a value against the schema takes too long")
	}
	text, err := e.export(side, shared.names, b)
	if err != nil {
		return v, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return v, fmt.Errorf("read the exported schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(jsonschema.SchemeURLLoader{})
	compiler.AssertFormat()
	if err := compiler.AddResource(trusted, doc); err != nil {
		return v, err
	}
	v.Schema, err = compiler.Compile(trusted)
	return v, err
}
