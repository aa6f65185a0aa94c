package openapi

import (
	"errors"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/jsonschema"
	"github.com/assent-dev/assent/diff/tree"
)

// description is one revision of an OpenAPI description.
type description struct {
	root    *tree.Node
	schemas *jsonschema.Reader
}

// loadBoth reads the two revisions at the same time: parsing is most of the
// work of a comparison. It raises a panic of the second goroutine in its
// caller.
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
	d.schemas = jsonschema.NewReader(files, doc.Root, jsonschema.Host{
		Dialect:    dialect,
		Name:       d.path,
		Containers: containers,
		Sections:   []string{"components", "paths"},
	})
	return d, nil
}

// containers are the fields whose members have names of their author's choice.
var containers = []string{
	"schemas", "responses", "parameters", "requestBodies", "headers", "callbacks", "links", "examples",
	"pathItems", "mediaTypes", "content", "paths", "webhooks",
}

// dialect reads the version and refuses one that assent does not support: a
// contract that was not compared must never look unchanged.
func dialect(root *tree.Node) (jsonschema.Dialect, error) {
	switch version := root.Get("openapi"); {
	case root.Get("swagger") != nil:
		return 0, root.Get("swagger").Errorf("Swagger %s is not supported: convert the description to "+
			"OpenAPI 3", root.Get("swagger").Text)
	case version == nil:
		return 0, root.Errorf("not an OpenAPI description: the field openapi is missing")
	case strings.HasPrefix(version.Text, "3.0"):
		return jsonschema.OpenAPI30, nil
	case strings.HasPrefix(version.Text, "3.1"), strings.HasPrefix(version.Text, "3.2"):
		return jsonschema.Draft202012, nil
	default:
		return 0, version.Errorf("OpenAPI version %q is not supported: want 3.0, 3.1 or 3.2", version.Text)
	}
}

// resolve follows a reference object. It returns nil if the reference leads
// nowhere.
func (d *description) resolve(n *tree.Node) *tree.Node { return d.schemas.Resolve(n) }
