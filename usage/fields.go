package usage

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// fieldPath reads a declared field: items[].sku is the elements' sku.
func fieldPath(text string) diff.Path {
	var p diff.Path
	for _, part := range strings.Split(text, ".") {
		name := part
		if i := strings.IndexAny(part, "[{"); i >= 0 && containers(part[i:]) != nil {
			name = part[:i]
		}
		p = p.Then(diff.Step{Kind: diff.Field, Name: name})
		for _, step := range containers(part[len(name):]) {
			p = p.Then(step)
		}
	}
	return p
}

// containers reads what follows the name of a list or a map: [], [0] or {}, as
// often as they are nested. Nil is for any other text.
func containers(text string) []diff.Step {
	var steps []diff.Step
	for text != "" {
		end := strings.IndexAny(text, "]}") + 1
		step := diff.Step{Kind: diff.Element, Name: text[:end]}
		if step.Name == "{}" {
			step.Kind = diff.Value
		}
		if !step.Attached() {
			return nil
		}
		steps, text = append(steps, step), text[end:]
	}
	return steps
}

// fieldsOf returns the fields that a place below an operation or a record leads
// through, and whether it is in a body at all. A parameter is a field of its
// name.
func fieldsOf(rest diff.Path) ([]diff.Step, bool) {
	steps := slices.Collect(rest.Steps())
	if len(steps) == 0 {
		return nil, false
	}
	switch first := steps[0]; first.Kind {
	case diff.Request, diff.Response:
		return bodyOf(steps[1:])
	case diff.Parameter:
		name := diff.Step{Kind: diff.Field, Name: first.Name}
		return append([]diff.Step{name}, withoutBranches(steps[1:])...), true
	case diff.Callback, diff.Aspect, diff.Header:
		return nil, false
	}
	return withoutBranches(steps), true
}

// bodyOf returns the fields below a request or a response. In what is written
// in several forms, the form comes first; data that has one form begins with the
// field.
func bodyOf(steps []diff.Step) ([]diff.Step, bool) {
	if len(steps) == 0 || steps[0].Kind == diff.Header || steps[0].Kind == diff.Aspect {
		return nil, false
	}
	if steps[0].Kind == diff.Media {
		steps = steps[1:]
	}
	return withoutBranches(steps), true
}

// withoutBranches drops the alternatives that lie between fields: consumers
// name the field.
func withoutBranches(steps []diff.Step) []diff.Step {
	return slices.DeleteFunc(steps, func(s diff.Step) bool { return s.Kind == diff.Branch })
}

// touchesAny reports whether a change at the fields concerns a declared one:
// who reads a field is hit by a change of what contains it, and of what it
// contains.
func touchesAny(declared []diff.Path, fields []diff.Step) bool {
	return slices.ContainsFunc(declared, func(d diff.Path) bool {
		return touches(slices.Collect(d.Steps()), fields)
	})
}

func touches(a, b []diff.Step) bool {
	n := min(len(a), len(b))
	return slices.EqualFunc(a[:n], b[:n], sameField)
}

// sendsAlready reports whether exactly these fields are declared.
func sendsAlready(declared []diff.Path, fields []diff.Step) bool {
	return slices.ContainsFunc(declared, func(d diff.Path) bool {
		return slices.EqualFunc(slices.Collect(d.Steps()), fields, sameField)
	})
}

// sameField takes the element at a position for one of the list.
func sameField(a, b diff.Step) bool {
	return a == b || a.Kind == diff.Element && b.Kind == diff.Element
}
