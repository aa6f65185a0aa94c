package openapi_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/diff/openapi"
)

func TestFormat(t *testing.T) { difftest.Run(t, openapi.Format) }

func TestRulesAreListed(t *testing.T) {
	difftest.Listed(t, slices.Concat(openapi.Format.Rules, openapi.Format.Validation))
}

func source(files fstest.MapFS, name string) diff.Source {
	return diff.Source{FS: files, Paths: []string{name}}
}

func compare(t testing.TB, old, new string, policy diff.Policy) *diff.Report {
	t.Helper()
	files := fstest.MapFS{"old.yaml": {Data: []byte(old)}, "new.yaml": {Data: []byte(new)}}
	compatibility, err := openapi.Format.Compatibility("")
	if err != nil {
		t.Fatal(err)
	}
	report, err := diff.Compare(context.Background(), diff.Contract{
		Name:          "test",
		Format:        openapi.Format,
		Compatibility: compatibility,
		Policy:        policy,
	},
		[]diff.Source{source(files, "old.yaml")}, source(files, "new.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A tag says that an operation is not promised yet. It counts as the base has
// it: a pull request cannot excuse itself by adding the tag.
func TestInProgressByTag(t *testing.T) {
	const (
		settled = `
openapi: 3.1.0
paths:
  /drafts:
    get: {tags: [WIP], responses: {"200": {description: all, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}}
  /orders:
    get: {tags: [Orders], responses: {"200": {description: all, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}}
components: {schemas: {Thing: {required: [id], properties: {id: {type: string}}}}}
`
		broken = `
openapi: 3.1.0
paths:
  /drafts:
    get: {responses: {"200": {description: all, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}}
  /orders:
    get: {tags: [WIP], responses: {"200": {description: all, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}}
components: {schemas: {Thing: {required: [id], properties: {id: {type: integer}}}}}
`
	)
	report := compare(t, settled, broken, diff.Policy{InProgress: []string{"tag:WIP"}})
	got := map[string]diff.Level{}
	for _, c := range report.Changes {
		for _, r := range c.Reaches {
			if strings.HasSuffix(r.Use.String(), " › id") {
				got[r.Use.String()] = r.Level
			}
		}
	}
	want := map[string]diff.Level{
		"GET /drafts › 200 › application/json › id": diff.Risky,
		"GET /orders › 200 › application/json › id": diff.Breaking,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("openapi: 3.1.0\npaths:\n  /a/{b}: {get: {parameters: [{name: b, in: path}], responses: {2XX: "+
		"{$ref: '#/x'}}}}\nx: {content: {a/b: {schema: {}}}}\n",
		"openapi: 3.0.0\npaths: {/a/{c}: {$ref: '#/paths/~1a~1{c}'}}\nwebhooks: {x: {post: {callbacks: "+
			"{y: {$ref: '#/webhooks'}}}}}\n")
	f.Add(string(generated(3)), `{"openapi": "3.1.0", "paths": {"/": {"additionalOperations": {"COPY": {"responses": []}}}}, "security": [{}], "components": null}`)
	fixture, err := os.ReadFile("testdata/openapi-3.2.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range txtar.Parse(fixture).Files[:2] {
		f.Add(string(file.Data), "openapi: 3.2.0\nwebhooks: {a: {post: {deprecated: true, x-sunset: 1, "+
			"servers: [{url: a, variables: {b: {enum: []}}}], callbacks: {c: {d: {}}}}}}\n")
	}
	f.Fuzz(func(t *testing.T, old, new string) {
		if len(old)+len(new) > 64<<10 {
			t.Skip("long texts are slow to mutate and say no more")
		}
		compare(t, old, new, diff.Policy{})
		if self := compare(t, new, new, diff.Policy{}); len(self.Changes) > 0 {
			t.Errorf("differs from itself: %+v", self.Changes)
		}
	})
}
