package openapi

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// methods are the fields of a path item that hold operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// templateName matches a variable of a path template. Callers depend on the
// position of a variable and not on its name.
var templateName = regexp.MustCompile(`\{[^{}]*\}`)

func normalise(path string) string { return templateName.ReplaceAllString(path, "{}") }

// componentNouns say what the definitions under each field of components are
// called.
var componentNouns = map[string]string{
	"schemas":         "schema",
	"responses":       "response",
	"parameters":      "parameter",
	"requestBodies":   "request body",
	"headers":         "header",
	"pathItems":       "path item",
	"callbacks":       "callback",
	"examples":        "example",
	"links":           "link",
	"securitySchemes": "security scheme",
	"mediaTypes":      "media type",
}

// document stands for the description as a whole.
var document = diff.Step{Kind: diff.Aspect, Name: "document"}

// component is the step to a definition under components.
func component(field, name string) diff.Step {
	return diff.Step{Kind: diff.Definition, Noun: componentNouns[field], Name: name}
}

// operationStep is the step to an operation of a path, webhook or callback.
func operationStep(method, item string) diff.Step {
	return diff.Step{Kind: diff.Operation, Noun: method, Name: item}
}

// itemStep is the step to a path, webhook or callback.
func itemStep(key string) diff.Step { return diff.Step{Kind: diff.Group, Name: normalise(key)} }

// path names a node by the definition that contains it: a component, an
// operation, or a file other than the root.
func (d *description) path(n *tree.Node) diff.Path {
	doc := n.Document()
	way := nodesTo(n)
	if doc.Root != d.root {
		return pathInFile(doc, way)
	}
	if inComponents(way) {
		return extendPath(diff.PathOf(component(way[1].Key, way[2].Key)), way[2:])
	}
	if len(way) >= 2 && (way[0].Key == "paths" || way[0].Key == "webhooks") {
		return pathInItem(diff.Path{}, itemStep(way[1].Key), way[1:])
	}
	return extendPath(diff.PathOf(document), slices.Insert(way, 0, doc.Root))
}

func inComponents(way []*tree.Node) bool {
	return len(way) >= 3 && way[0].Key == "components" && componentNouns[way[1].Key] != ""
}

// pathInItem names a node in the path item way[0]: by its method and path.
func pathInItem(above diff.Path, item diff.Step, way []*tree.Node) diff.Path {
	switch {
	case len(way) >= 2 && slices.Contains(methods, way[1].Key):
		return extendPath(above.Then(operationStep(strings.ToUpper(way[1].Key), item.String())), way[1:])
	case len(way) >= 3 && way[1].Key == "additionalOperations":
		return extendPath(above.Then(operationStep(way[2].Key, item.String())), way[2:])
	}
	return extendPath(above.Then(item), way)
}

// pathInFile names a node in a file other than the root: by the file's name,
// and by what the file holds.
func pathInFile(doc *tree.Document, way []*tree.Node) diff.Path {
	name := strings.SplitN(path.Base(doc.Path), ".", 2)[0]
	definition := func(noun string) diff.Step {
		return diff.Step{Kind: diff.Definition, Noun: noun, Name: name}
	}
	if inComponents(way) {
		inFile := diff.Step{Kind: diff.Definition, Name: way[2].Key}
		return extendPath(diff.PathOf(definition(componentNouns[way[1].Key]), inFile), way[2:])
	}
	way = slices.Insert(way, 0, doc.Root)
	has := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return doc.Root.Get(f) != nil })
	}
	noun := "schema"
	switch {
	case has(methods...), has("additionalOperations"):
		return pathInItem(diff.Path{}, definition("path item"), way)
	case has("responses"):
		noun = "operation"
	case has("in") && has("name"):
		noun = "parameter"
	case has("content") && has("required"):
		noun = "request body"
	case has("content") || has("headers"):
		noun = "response"
	}
	return extendPath(diff.PathOf(definition(noun)), way)
}

// nodesTo lists the nodes on the way from the root to n, without the root.
func nodesTo(n *tree.Node) []*tree.Node {
	var way []*tree.Node
	for at := n; at.Parent() != nil; at = at.Parent() {
		way = append(way, at)
	}
	slices.Reverse(way)
	return way
}

// extendPath extends the path of way[0] by the OpenAPI objects on the way.
// Where a schema begins, jsonschema extends it further.
func extendPath(p diff.Path, way []*tree.Node) diff.Path {
	if p.First().Noun == componentNouns["schemas"] {
		return jsonschema.Down(p, way[0], way[len(way)-1])
	}
	for i := 1; i < len(way); i++ {
		at := way[i]
		if member, named := memberSteps[at.Key]; named && i+1 < len(way) {
			i++
			member.Name = way[i].Key
			p = p.Then(member)
			if member.Kind == diff.Callback && i+2 < len(way) { // a URL expression and a method follow
				return pathInItem(p, itemStep(way[i+1].Key), way[i+1:])
			}
			if member.Kind == diff.Callback {
				return p
			}
			continue
		}
		switch at.Key {
		case "schema", "itemSchema":
			return jsonschema.Down(p, at, way[len(way)-1])
		case "parameters":
			if i+1 < len(way) {
				i++
				p = p.Then(parameterStep(way[i]))
			}
		case "requestBody":
			p = p.Then(request)
		case "responses", "content", "":
		default:
			p = p.Then(diff.Step{Kind: fieldKind(at), Name: normalise(at.Key)})
		}
	}
	return p
}

// request is the step to an operation's request body.
var request = diff.Step{Kind: diff.Request, Name: "request"}

// memberSteps are the steps to the members of a field, without their names.
var memberSteps = map[string]diff.Step{
	"headers":   {Kind: diff.Header, Noun: "header"},
	"callbacks": {Kind: diff.Callback, Noun: "callback"},
	"links":     {Kind: diff.Aspect, Noun: "link"},
	"encoding":  {Kind: diff.Part, Noun: "part"},
	"variables": {Kind: diff.Aspect, Noun: "variable"},
}

// fieldKind is the kind of a member that only its parent tells.
func fieldKind(n *tree.Node) diff.Kind {
	switch n.Parent().Key {
	case "responses":
		return diff.Response
	case "content":
		return diff.Media
	}
	return diff.Aspect
}

// parameterStep is the step to a parameter in a definition: by its place and
// name, or by the name of the component that it refers to.
func parameterStep(p *tree.Node) diff.Step {
	if ref := p.Get("$ref").Str(); ref != "" {
		return diff.Step{Kind: diff.Parameter, Noun: "parameter", Name: path.Base(ref)}
	}
	return parameterUseStep(p)
}
