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

// methods are the fields of a path item that are operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// templateName is a variable of a path template. Its name is no part of the
// contract; its position is.
var templateName = regexp.MustCompile(`\{[^{}]*\}`)

func normalise(path string) string { return templateName.ReplaceAllString(path, "{}") }

// singular names the definitions under components.
var singular = map[string]string{
	"schemas": "schema", "responses": "response", "parameters": "parameter", "requestBodies": "request body", "headers": "header",
	"pathItems": "path item", "callbacks": "callback", "examples": "example", "links": "link", "securitySchemes": "security scheme", "mediaTypes": "media type",
}

// subject names a node by the definition it belongs to: a component, an
// operation, or the file for what lies in a file of its own.
func (d *description) subject(n *tree.Node) diff.Subject {
	doc := n.Document()
	way := route(n)
	if doc.Root != d.root {
		return elsewhere(doc, way)
	}
	if len(way) >= 3 && way[0].Key == "components" && singular[way[1].Key] != "" {
		return below(diff.Subject(singular[way[1].Key]+" "+way[2].Key), way[2:])
	}
	if len(way) >= 2 && (way[0].Key == "paths" || way[0].Key == "webhooks") {
		return inItem(diff.Subject(normalise(way[1].Key)), way[1:])
	}
	return below("document", slices.Insert(way, 0, doc.Root))
}

// inItem names what lies in a path item, way[0]: by its method and path.
func inItem(name diff.Subject, way []*tree.Node) diff.Subject {
	switch {
	case len(way) >= 2 && slices.Contains(methods, way[1].Key):
		return below(diff.Subject(strings.ToUpper(way[1].Key)+" ")+name, way[1:])
	case len(way) >= 3 && way[1].Key == "additionalOperations":
		return below(diff.Subject(way[2].Key+" ")+name, way[2:])
	}
	return below(name, way)
}

// elsewhere names what lies in another file than the root: by the file, and by
// what its root is.
func elsewhere(doc *tree.Document, way []*tree.Node) diff.Subject {
	name := strings.SplitN(path.Base(doc.Path), ".", 2)[0]
	if len(way) >= 3 && way[0].Key == "components" && singular[way[1].Key] != "" {
		return below(diff.SubjectOf(singular[way[1].Key]+" "+name, way[2].Key), way[2:])
	}
	way = slices.Insert(way, 0, doc.Root)
	is := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return doc.Root.Get(f) != nil })
	}
	switch {
	case is(methods...), is("additionalOperations"):
		return inItem(diff.Subject("path item "+name), way)
	case is("responses"):
		return below(diff.Subject("operation "+name), way)
	case is("in") && is("name"):
		return below(diff.Subject("parameter "+name), way)
	case is("content") && is("required"):
		return below(diff.Subject("request body "+name), way)
	case is("content") || is("headers"):
		return below(diff.Subject("response "+name), way)
	}
	return below(diff.Subject("schema "+name), way)
}

// route lists the nodes from below the root down to n.
func route(n *tree.Node) []*tree.Node {
	var way []*tree.Node
	for at := n; at.Parent() != nil; at = at.Parent() {
		way = append(way, at)
	}
	slices.Reverse(way)
	return way
}

// below extends the subject of way[0] by the OpenAPI objects on the way, and
// leaves the rest to jsonschema as soon as a schema begins.
func below(s diff.Subject, way []*tree.Node) diff.Subject {
	if strings.HasPrefix(string(s), "schema ") {
		return jsonschema.Down(s, way[0], way[len(way)-1])
	}
	for i := 1; i < len(way); i++ {
		at := way[i]
		if noun, named := nouns[at.Key]; named && i+1 < len(way) {
			i++
			s = s.Join(noun + " " + way[i].Key)
			if noun == "callback" && i+2 < len(way) { // an expression for the URL, a method
				return s.Join(string(inItem(diff.Subject(normalise(way[i+1].Key)), way[i+1:])))
			}
			if noun == "callback" {
				return s
			}
			continue
		}
		switch at.Key {
		case "schema", "itemSchema":
			return jsonschema.Down(s, at, way[len(way)-1])
		case "parameters":
			if i+1 < len(way) {
				i++
				s = s.Join(parameterName(way[i]))
			}
		case "requestBody":
			s = s.Join("request")
		case "responses", "content", "":
		default:
			s = s.Join(normalise(at.Key))
		}
	}
	return s
}

// nouns say what the members of a field are.
var nouns = map[string]string{"headers": "header", "callbacks": "callback", "links": "link", "encoding": "part", "variables": "variable"}

func parameterName(p *tree.Node) string {
	if ref := p.Get("$ref").Str(); ref != "" {
		return "parameter " + path.Base(ref)
	}
	return p.Get("in").Str() + " " + p.Get("name").Str()
}
