package difftest

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// Path reads a path as it is printed: "GET /orders › 200 › application/json ›
// items[] › sku", "schema Order › id". It is for tests of what works on paths.
// Formats know what their steps are; here it is told from how they look.
func Path(text string) diff.Path {
	var p diff.Path
	for i, part := range strings.Split(text, diff.Separator) {
		name, brackets, _ := strings.Cut(part, "[")
		p = p.Then(stepOf(name, i == 0))
		if brackets != "" {
			p = p.Then(diff.Step{Kind: diff.Element, Name: "[" + brackets})
		}
	}
	return p
}

func stepOf(text string, first bool) diff.Step {
	noun, name, spaced := strings.Cut(text, " ")
	switch {
	case text == "contract":
		return diff.Step{Kind: diff.Whole, Name: text}
	case spaced && noun == strings.ToUpper(noun):
		return diff.Step{Kind: diff.Operation, Noun: noun, Name: name}
	case slices.Contains([]string{"query", "header", "path", "cookie"}, noun) && spaced:
		return diff.Step{Kind: diff.Parameter, Noun: noun, Name: name}
	case spaced:
		return diff.Step{Kind: diff.Definition, Noun: noun, Name: name}
	case text == "request":
		return diff.Step{Kind: diff.Request, Name: text}
	case len(text) == 3 && strings.Trim(text, "0123456789") == "":
		return diff.Step{Kind: diff.Response, Name: text}
	case strings.HasPrefix(text, "("):
		return diff.Step{Kind: diff.Branch, Name: text}
	case first:
		return diff.Step{Kind: diff.Definition, Name: text}
	case strings.Contains(text, "/"):
		return diff.Step{Kind: diff.Media, Name: text}
	}
	return diff.Step{Kind: diff.Field, Name: text}
}
