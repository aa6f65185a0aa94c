package formats_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/avro"
	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/openapi"
)

func TestContractRules(t *testing.T) {
	rules := diff.ContractRules()
	last := len(rules) - 1 // only schemas are in registries
	difftest.Rules(t, openapi.Format, rules[:last])
	difftest.Rules(t, avro.Format, rules[last:])
}

// harmless are the rules that cost nobody anything: they are there to be read.
// A rule that becomes one by mistake fails the test.
var harmless = []string{
	"avro/alias-added", "avro/default-added", "avro/enum-default-added", "avro/enum-symbols-reordered",
	"avro/field-added",
	"avro/field-removed", "avro/field-renamed-both-ways", "avro/fields-reordered", "avro/message-added",
	"avro/sort-order-changed",
	"avro/type-renamed-both-ways", "avro/union-branch-merged", "avro/union-branch-split",
	"avro/union-branches-reordered",
	"avro/union-wrapping-changed", "contract/added", "odcs/api-version-changed", "odcs/logical-type-added",
	"odcs/metadata-changed", "odcs/object-added", "odcs/physical-type-added", "odcs/price-lowered",
	"odcs/property-added",
	"odcs/relationship-added", "odcs/role-added", "odcs/server-added", "odcs/sla-added",
	"odcs/sla-strengthened",
	"odcs/status-changed", "openapi/callback-added", "openapi/component-added", "openapi/deprecated",
	"openapi/error-response-added",
	"openapi/error-response-removed", "openapi/examples-outdated", "openapi/examples-unchecked",
	"openapi/link-added", "openapi/media-type-added",
	"openapi/oauth-flow-added", "openapi/operation-added", "openapi/operation-deprecated",
	"openapi/operation-id-added",
	"openapi/operation-restored", "openapi/operation-tags-changed", "openapi/parameter-added",
	"openapi/path-added",
	"openapi/request-body-added", "openapi/response-header-added", "openapi/response-range-narrowed",
	"openapi/restored",
	"openapi/retired", "openapi/security-alternative-added", "openapi/server-added",
	"openapi/stability-increased",
	"openapi/sunset-postponed", "openapi/unvalidated", "openapi/version-not-raised", "openapi/webhook-added",
	"schema/deprecated",
	"schema/discriminator-added", "schema/known-value-added", "schema/property-added", "schema/restored",
	"schema/retired",
	"schema/stability-increased", "schema/sunset-postponed",
}

func TestRulesCostSomebody(t *testing.T) {
	var got []string
	for _, r := range formats.All.Rules() {
		if r.Level(diff.Both) == diff.Safe {
			got = append(got, r.ID)
		}
		if r.Absence && r.Sends == diff.Safe {
			t.Errorf("%s hurts those who leave something out, yet costs no sender", r.ID)
		}
	}
	slices.Sort(got)
	if d := cmp.Diff(harmless, got); d != "" {
		t.Error(d)
	}
}

func TestAliases(t *testing.T) {
	for _, r := range formats.All.Rules() {
		for _, alias := range r.Names() {
			tool, name, ok := strings.Cut(alias, ":")
			_, side, _ := strings.Cut(name, "@")
			if !ok || tool == "" || name == "" || strings.ContainsAny(name, "{,}") ||
				side != "" && side != "sends" && side != "receives" {
				t.Errorf("%s: the alias %q is not tool:name or tool:name@side", r.ID, alias)
			}
		}
	}
}

func TestRecognise(t *testing.T) {
	tests := []struct{ path, head, want string }{
		{"api.yaml", "openapi: 3.1.0\ninfo: {title: x}\n", "openapi"},
		{"api.yaml", "# ours\n---\ninfo:\n  title: x\nopenapi: '3.0.3'\n", "openapi"},
		{"api.yaml", "\xef\xbb\xbfopenapi: 3.0.0\n", "openapi"},
		{"api.json", `{"openapi":"3.1.0","info":{}}`, "openapi"},
		{"api.json", `{"info":{}, "openapi" : "3.2.0"}`, "openapi"},
		{"api.json", `{"$schema": "https://json-schema.org/draft/2020-12/schema", "openapi": "3.1.0"}`, "openapi"},
		{"swagger.json", `{"swagger": "2.0"}`, "openapi"}, // so that it is refused with a line
		{"swagger.yaml", "swagger: \"2.0\"\n", "openapi"},
		// sorted, and cut off before the version
		{"api/openapi.json", `{"components": {"schemas": {"A`, "openapi"},

		{
			"order.json",
			`{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}`,
			"jsonschema",
		},
		{"order.json", `{"$schema": "http://json-schema.org/draft-07/schema#"}`, "jsonschema"},
		{"order.yaml", "$schema: https://json-schema.org/draft/2020-12/schema\ntype: object\n", "jsonschema"},
		{"order.schema.json", `{"type": "object"}`, "jsonschema"},
		{"order.schema.yaml", "type: object\n", "jsonschema"},
		{"order.schema.yml", "type: object\n", "jsonschema"},

		{"order.avsc", `{"type": "record", "name": "Order", "fields": []}`, "avro"},
		{"order.json", `{"type": "record", "name": "Order", "fields": []}`, "avro"},
		{"order.avsc", `{"type": "enum", "name": "Status", "symbols": ["A"]}`, "avro"},

		{"orders.yaml", "apiVersion: v3.1.0\nkind: DataContract\nid: x\n", "odcs"},
		{"orders.json", `{"apiVersion": "v3.0.2", "kind": "DataContract", "schema": []}`, "odcs"},
		{"orders.odcs.yaml", "id: x\n", "odcs"}, // so that it is refused with a line
		{"Orders.ODCS.json", `{"schema": []}`, "odcs"},
		{"orders.yaml", "apiVersion: v1\nkind: Deployment\n", ""},

		{"package.json", `{"name": "x", "version": "3.1.0", "type": "module", "dependencies": {"openapi": "^3.0.0", "swagger": "2.0.0"}}`, ""},
		{"package.json", `{"name": "x", "type": "commonjs"}`, ""},
		{"tsconfig.json", `{"$schema": "https://json.schemastore.org/tsconfig", "compilerOptions": {}}`, ""},
		{"deploy.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n", ""},
		{
			"deploy.yaml",
			"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  versions:\n   " +
				" - schema:\n        openAPIV3Schema: {type: object}\n",
			"",
		},
		{"deploy.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  api.yaml: |\n    openapi: 3.0.0\n", ""},
		{".github/workflows/ci.yml", "name: ci\non: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n", ""},
		{"values.yaml", "swagger:\n  enabled: true\n", ""},
		{"data.json", `[1, 2]`, ""},
		{"data.json", `{"type": "object"}`, ""},
		{"empty.json", "", ""},
	}
	for _, tt := range tests {
		got := ""
		if f := formats.All.Recognise(tt.path, []byte(tt.head)); f != nil {
			got = f.Name
		}
		if got != tt.want {
			t.Errorf("%s %q: recognised as %q, want %q", tt.path, tt.head, got, tt.want)
		}
		if tt.want != "" && !formats.All.Candidate(tt.path) {
			t.Errorf("%s would not even be read", tt.path)
		}
	}
}

func TestNamed(t *testing.T) {
	for _, f := range formats.All {
		if got, err := formats.All.Named(f.Name); got != f || err != nil {
			t.Errorf("%s: got %v, %v", f.Name, got, err)
		}
		if _, err := f.Compatibility(""); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if _, err := formats.All.Named("wsdl"); err == nil || !strings.Contains(err.Error(), "openapi") {
		t.Errorf("got %v, want the names that exist", err)
	}
}
