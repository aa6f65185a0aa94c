package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff/pattern"
	"github.com/assent-dev/assent/diff/tree"
)

// formats returns the keywords that name a format, each name once.
func (e *effective) formats() []*tree.Node { return missingFrom(slices.Collect(e.each("format")), nil) }

// matcher returns a function that reports whether a value matches all patterns,
// or is not a string.
func (r *Reader) matcher(patterns []string) func(v *tree.Node) bool {
	return func(v *tree.Node) bool {
		return !v.Is(tree.String) || !slices.ContainsFunc(patterns, func(p string) bool {
			re := r.regexp(p)
			return re == nil || !re.MatchString(v.Text)
		})
	}
}

// language returns the strings that the schema's patterns and lengths allow.
func (e *effective) language() pattern.Language {
	return pattern.AllOf(e.patterns()...).And(e.lengths())
}

// mostCounted is the longest length that automata count to.
const mostCounted = 1_000

// lengths returns the strings of the lengths that the schema allows.
func (e *effective) lengths() pattern.Language {
	least, most := min(count(e.first("minLength"), 0), mostCounted), count(e.first("maxLength"), -1)
	if most > mostCounted {
		most = -1
	}
	return pattern.OfLength(int(least), int(most))
}

// patterns returns the patterns of the schema, each once.
func (e *effective) patterns() []string {
	var all []string
	for p := range e.each("pattern") {
		if !slices.Contains(all, p.Str()) {
			all = append(all, p.Str())
		}
	}
	return all
}
