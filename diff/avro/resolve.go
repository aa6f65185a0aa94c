package avro

import (
	"slices"

	"github.com/assent-dev/assent/diff"
)

// promotions lists, for each kind of a writer, the kinds that readers may read
// it as (specification, "Schema Resolution").
var promotions = map[string][]string{
	"int":    {"long", "float", "double"},
	"long":   {"float", "double"},
	"float":  {"double"},
	"string": {"bytes"},
	"bytes":  {"string"},
}

func promotes(writer, reader *schema) bool {
	return slices.Contains(promotions[writer.kind], reader.kind)
}

// acceptsName reports whether the reader accepts the writer's name: it equals
// the reader's apart from the namespace, or it is one of the reader's aliases.
func acceptsName(reader, writer *schema) bool {
	return unqualified(reader.name) == unqualified(writer.name) ||
		slices.Contains(reader.aliases, writer.name)
}

// matchingNames returns the directions in which the names match.
func matchingNames(old, new *schema) (sides diff.Side) {
	if acceptsName(new, old) {
		sides |= diff.Sends
	}
	if acceptsName(old, new) {
		sides |= diff.Receives
	}
	return sides
}

// readerBranch returns the index of the reader's branch that reads the
// writer's, -1 if there is none. It prefers the same type or full name, then
// the same unqualified name, then the first branch that the writer's type is
// promoted to. It does not compare the content of the types: differences there
// are findings of their own.
func readerBranch(readers []ref, writer ref) int {
	w := writer.to
	tiers := []func(r *schema) bool{
		func(r *schema) bool {
			return r.kind == w.kind &&
				(!r.isNamed() || r.name == w.name || slices.Contains(r.aliases, w.name)) && r.size == w.size
		},
		func(r *schema) bool { return r.kind == w.kind && acceptsName(r, w) && r.size == w.size },
		func(r *schema) bool { return promotes(w, r) },
	}
	for _, reads := range tiers {
		if i := slices.IndexFunc(readers, func(r ref) bool { return reads(r.to) }); i >= 0 {
			return i
		}
	}
	return -1
}

// readerBranches calls readerBranch for each branch of the writer.
func readerBranches(readers, writers []ref) []int {
	out := make([]int, len(writers))
	for i, w := range writers {
		out[i] = readerBranch(readers, w)
	}
	return out
}

// supplier finds the writer's field that fills the reader's: the one with the
// same name, else the one with the first of the reader's aliases.
func supplier(reader *field, writer map[string]*field) *field {
	if f := writer[reader.name]; f != nil {
		return f
	}
	for _, alias := range reader.aliases {
		if f := writer[alias]; f != nil {
			return f
		}
	}
	return nil
}

func byName(fields []*field) map[string]*field {
	out := make(map[string]*field, len(fields))
	for _, f := range fields {
		out[f.name] = f
	}
	return out
}
