package openapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/assent-dev/assent/diff"
)

// TestHostileDescriptionsEnd makes sure that no description of a megabyte or
// two takes more than seconds to compare, whatever its references are.
func TestHostileDescriptionsEnd(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, strings.ReplaceAll(format, "%", "%[1]d"), i)
		}
		return b.String()
	}
	operations := many(3000, "  /p%: {get: {responses: {'200': {description: d}}}}\n")
	tests := []struct{ name, old, new string }{
		{
			"servers of all operations",
			"servers: [" + many(2000, "{url: 'https://a%'},") + "]\npaths:\n" + operations,
			"servers: [" + many(2000, "{url: 'https://b%'},") + "]\npaths:\n" + operations,
		},
		{
			"security of all operations",
			"security: [" + many(2000, "{a%: []},") + "]\npaths:\n" + operations,
			"security: [" + many(2000, "{b%: []},") + "]\npaths:\n" + operations,
		},
		{
			"security schemes",
			"components: {securitySchemes: {" + many(2000, "a%: {type: http, scheme: s%},") + "}}\n",
			"components: {securitySchemes: {" + many(2000, "b%: {type: http, scheme: s%},") + "}}\n",
		},
		{
			"callbacks within themselves",
			"paths: {/a: {post: {callbacks: {c: {'{$url}': {$ref: '#/paths/~1a'}}}, responses: {'200': " +
				"{description: d}}}}}\n",
			"paths: {/a: {post: {deprecated: true, callbacks: {c: {'{$url}': {$ref: '#/paths/~1a'}}}, " +
				"responses: {'200': {description: d}}}}}\n",
		},
		{"examples", "paths: {/a: {get: {parameters: [{name: a, in: query, schema: {type: integer}, " +
			"examples: {" + many(5000, "e%: {value: 9},") + "}}], responses: {}}}}\n",
			"paths: {/a: {get: {parameters: [{name: a, in: query, schema: {type: integer, maximum: 8}, " +
				"examples: {" + many(5000, "e%: {value: 9},") + "}}], responses: {}}}}\n"},
		{
			"versions of a path",
			"paths:\n" + many(3000, "  /v%/a: {get: {responses: {}}}\n"),
			"paths:\n" + many(3000, "  /v%/a: {get: {deprecated: true, responses: {}}}\n"),
		},
		{
			"path items in a chain",
			"paths: {/a: {$ref: '#/x0'}}\n" + many(5000, "x%: {$ref: '#/y%'}\ny%: {get: {}}\n"),
			"paths: {/a: {$ref: '#/x1'}}\n" + many(5000, "x%: {$ref: '#/y%'}\ny%: {put: {}}\n"),
		},
		{
			"media types",
			"paths: {/a: {post: {requestBody: {content: {" + many(1500, "a/b%: {schema: {type: string}},") +
				"}}, responses: {}}}}\n",
			"paths: {/a: {post: {requestBody: {content: {" + many(1500, "a/c%: {schema: {type: string}},") +
				"}}, responses: {}}}}\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			begun := time.Now()
			report := compare(t, "openapi: 3.1.0\n"+tt.old, "openapi: 3.1.0\n"+tt.new, diff.Policy{})
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
			if len(report.Changes)+len(report.Errors) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}
