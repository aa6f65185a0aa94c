package openapi

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// description is one revision.
type description struct {
	root    *tree.Node
	schemas *jsonschema.Reader
}

// loadBoth reads the revisions side by side: parsing is most of the work of a
// comparison. A panic is the caller's, as if there were no second goroutine.
func loadBoth(old, new diff.Source) (o, n *description, err error) {
	var oldErr error
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		o, oldErr = load(old)
	}()
	n, err = load(new)
	if panicked := <-done; panicked != nil {
		panic(panicked)
	}
	return o, n, errors.Join(oldErr, err)
}

func load(s diff.Source) (*description, error) {
	files := tree.NewFiles(s.FS, s.Cache)
	doc, err := files.Open(s.Root())
	if err != nil {
		return nil, err
	}
	dialect, err := dialect(doc.Root)
	if err != nil {
		return nil, err
	}
	d := &description{root: doc.Root}
	d.schemas = jsonschema.NewReader(files, doc.Root, dialect, d.subject)
	return d, nil
}

// dialect reads the version and refuses those that are not understood: a
// contract that was not compared must never look unchanged.
func dialect(root *tree.Node) (jsonschema.Dialect, error) {
	switch version := root.Get("openapi"); {
	case root.Get("swagger") != nil:
		return 0, root.Get("swagger").Errorf("Swagger %s is not supported: convert the description to OpenAPI 3", root.Get("swagger").Text)
	case version == nil:
		return 0, root.Errorf("no OpenAPI description: the field openapi is missing")
	case strings.HasPrefix(version.Text, "3.0"):
		return jsonschema.OpenAPI30, nil
	case strings.HasPrefix(version.Text, "3.1"), strings.HasPrefix(version.Text, "3.2"):
		return jsonschema.Draft202012, nil
	default:
		return 0, version.Errorf("OpenAPI version %q is not supported: want 3.0, 3.1 or 3.2", version.Text)
	}
}

// resolve follows a reference object; nil where it leads nowhere.
func (d *description) resolve(n *tree.Node) *tree.Node { return d.schemas.Resolve(n) }

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
		name := strings.SplitN(path.Base(doc.Path), ".", 2)[0]
		return jsonschema.Down(diff.Subject("schema "+name), doc.Root, n)
	}
	if len(way) >= 3 && way[0].Key == "components" && singular[way[1].Key] != "" {
		return below(diff.Subject(singular[way[1].Key]+" "+way[2].Key), way[2:])
	}
	if len(way) >= 2 && (way[0].Key == "paths" || way[0].Key == "webhooks") {
		name := normalise(way[1].Key)
		if len(way) >= 3 && slices.Contains(methods, way[2].Key) {
			return below(diff.Subject(strings.ToUpper(way[2].Key)+" "+name), way[2:])
		}
		return below(diff.Subject(name), way[1:])
	}
	return jsonschema.Down("document", doc.Root, n)
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
		switch at := way[i]; at.Key {
		case "schema", "itemSchema":
			return jsonschema.Down(s, at, way[len(way)-1])
		case "parameters":
			if i+1 < len(way) {
				i++
				s = s.Join(parameterName(way[i]))
			}
		case "headers":
			if i+1 < len(way) {
				i++
				s = s.Join("header " + way[i].Key)
			}
		case "requestBody":
			s = s.Join("request")
		case "callbacks":
			next := way[i+1:]
			if len(next) > 2 { // its name, an expression for the URL, a method
				s = s.Join("callback " + next[0].Key).Join(strings.ToUpper(next[2].Key) + " " + normalise(next[1].Key))
				i += 3
			}
		case "responses", "content", "":
		default:
			s = s.Join(normalise(at.Key))
		}
	}
	return s
}

func parameterName(p *tree.Node) string {
	if ref := p.Get("$ref").Str(); ref != "" {
		return "parameter " + path.Base(ref)
	}
	return p.Get("in").Str() + " " + p.Get("name").Str()
}
