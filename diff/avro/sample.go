package avro

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Bounds of a sample: nobody reads a larger one.
const (
	mostSampleBytes = 8 << 10 // bytes
	mostSampleTypes = 20_000  // types visited for one sample
)

var (
	errEndless  = errors.New("every value of the type would contain itself")
	errTooLarge = errors.New("the smallest value is too large to be shown")
)

// sampler makes small values in Avro's JSON encoding (specification, "JSON
// Encoding"). It remembers them, since types are used again and again.
type sampler struct {
	known map[*schema]string
	open  map[*schema]bool // types whose value is being made: it cannot contain another one
	tried int
}

func newSampler() *sampler {
	return &sampler{known: map[*schema]string{}, open: map[*schema]bool{}}
}

// value makes a value of the type.
func (s *sampler) value(t *schema) (string, error) {
	if v, ok := s.known[t]; ok {
		return v, nil
	}
	if s.tried++; s.tried > mostSampleTypes {
		return "", errTooLarge
	}
	if s.open[t] {
		return "", errEndless
	}
	s.open[t] = true
	v, err := s.make(t)
	delete(s.open, t)
	if err == nil {
		s.known[t] = v
	}
	return v, err
}

func (s *sampler) make(t *schema) (string, error) {
	switch t.kind {
	case record:
		return s.record(t, nil, "")
	case enum:
		if len(t.symbols) == 0 {
			return "", errors.New("the enum has no symbols")
		}
		return quoted(t.symbols[0].Text), nil
	case fixed:
		return zeroBytes(t.size)
	case union:
		return s.union(t)
	}
	return scalarValue(t), nil
}

// scalarValue returns the smallest value of a type that needs no other value.
func scalarValue(t *schema) string {
	switch t.kind {
	case "null":
		return "null"
	case "boolean":
		return "false"
	case "string":
		if t.logical.name == "uuid" {
			return `"00000000-0000-0000-0000-000000000000"`
		}
		return `""`
	case "bytes":
		switch t.logical.name {
		case "decimal":
			return `"\u0000"`
		case "big-decimal": // the bytes of a 0, and its scale
			return `"\u0002\u0000\u0000"`
		}
		return `""`
	case array:
		return "[]"
	case mapped:
		return "{}"
	}
	return "0"
}

// zeroBytes returns a fixed of zeros: each byte is written as a character.
func zeroBytes(size string) (string, error) {
	n, err := strconv.Atoi(size)
	if err != nil || n*len(`\u0000`) > mostSampleBytes {
		return "", errTooLarge
	}
	return `"` + strings.Repeat(`\u0000`, n) + `"`, nil
}

// union makes null if the union allows it, or else a value of the first branch
// that has one.
func (s *sampler) union(t *schema) (string, error) {
	err := error(nil)
	for _, b := range t.branches {
		if isNull(b) {
			return "null", nil
		}
	}
	for _, b := range t.branches {
		v, failed := s.value(b.to)
		if failed == nil {
			return branch(b.to, v), nil
		}
		err = errors.Join(err, failed)
	}
	if err == nil {
		err = errors.New("a union without branches has no values")
	}
	return "", err
}

// record makes a record in which field f has the given value.
func (s *sampler) record(t *schema, f *field, given string) (string, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, each := range t.fields {
		v := given
		if each != f {
			var err error
			if v, err = s.value(each.typ.to); err != nil {
				return "", err
			}
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(member(each.name, v))
		if b.Len() > mostSampleBytes {
			return "", errTooLarge
		}
	}
	b.WriteByte('}')
	return b.String(), nil
}

// branch writes a value of a union. Every value except null names its branch.
func branch(t *schema, v string) string {
	switch {
	case t.kind == "null":
		return v
	case t.isNamed():
		return "{" + member(t.name, v) + "}"
	}
	return "{" + member(t.kind, v) + "}"
}

func member(key, v string) string { return quoted(key) + ":" + v }

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always encodes
	return string(text)
}
