package config_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/usage"
)

var rules = []*diff.Rule{
	{ID: "schema/enum-value-added", Receives: diff.Breaking}, {ID: "schema/property-removed"},
}

const whole = `version: 1
contracts:
  - name: orders-api
    path: openapi/order-service.yaml
    format: openapi
    compatibility: backward
    owners: [acme/orders]
    in-progress: ["tag:WIP", "POST /v2/drafts"]
  - path: schemas/*.avsc
    compatibility: full
consumers:
  - team: acme/notifications
    contract: orders-api
    uses: ["GET /v2/orders/{id} reads status, items[].sku"]
  - {team: acme/billing, contract: schemas/trade}
approvals: {required-from: [broken], unclaimed: fail, self-approval: true, per-team: 2}
rules: {schema/enum-value-added: {receives: risky}, schema/property-removed: safe}
ignore:
  - rule: schema/property-removed
    subject: "GET /v2/debug/**"
    reason: internal only
    until: 2027-03-31
`

func TestRead(t *testing.T) {
	r, errs := config.Read(config.Path, []byte(whole), rules)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if got := r.Contracts[1].Name; got != "schemas/*" {
		t.Errorf("default name %q", got)
	}
	if d := cmp.Diff([]usage.Impact{usage.Broken}, r.Approvals.RequiredFrom); d != "" {
		t.Error(d)
	}
	if u := r.Consumers[0].Parsed[0]; u.Of != "GET /v2/orders/{id}" || len(u.Reads) != 2 {
		t.Errorf("use %+v", u)
	}
	teams := r.Teams()
	if len(teams) != 3 || teams["acme/billing"].Line != 15 || teams["acme/notifications"].Line != 12 {
		t.Errorf("teams %v", teams)
	}
	before := r.Policy(r.Contracts[0], time.Date(2027, 3, 31, 23, 0, 0, 0, time.UTC))
	after := r.Policy(r.Contracts[0], time.Date(2027, 4, 1, 1, 0, 0, 0, time.UTC))
	if len(before.Ignore) != 1 || len(after.Ignore) != 0 {
		t.Errorf("an exception holds to the end of its last day: %v, %v", before.Ignore, after.Ignore)
	}
	levels := before.Levels["schema/enum-value-added"]
	if levels.Sends != nil || *levels.Receives != diff.Risky {
		t.Errorf("levels %v", levels)
	}
	if both := before.Levels["schema/property-removed"]; *both.Sends != diff.Safe ||
		*both.Receives != diff.Safe {
		t.Errorf("levels %v", both)
	}
}

// contract is a configuration with one contract and a further key of it on line 4.
func contract(more string) string {
	return "version: 1\ncontracts:\n  - path: a.yaml\n    " + more + "\n"
}

func TestSubjects(t *testing.T) {
	for entry, want := range map[string]string{
		"{name: main, subject: trades-value}":                 "trades-value",
		"{name: main, strategy: topic, topic: trades}":        "trades-value",
		"{name: main, strategy: record}":                      "acme.Trade",
		"{name: main, strategy: topic-record, topic: trades}": "trades-acme.Trade",
		"{name: lake, schema: trades}":                        "trades",
	} {
		r, errs := config.Read("f.yml", []byte(contract("registry: "+entry)), rules)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if got := r.Contracts[0].Registry.SubjectOf("acme.Trade"); got != want {
			t.Errorf("%s: subject %s, want %s", entry, got, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"syntax", "version: 1\ncontracts: [\n", ":3:1: did not find"},
		{"unknown key", "version: 1\ncontract: []\n", ":2:1: field contract not found"},
		{"duplicate key", "version: 1\nversion: 1\n", `:2:1: mapping key "version" already defined`},
		{"version", "version: 2\n", ":1:1: version 2 is not known"},
		{"no version", "contracts: []\n", "version 0 is not known"},
		{"no path", "version: 1\ncontracts:\n  - name: a\n", ":3:5: a contract needs a path"},
		{
			"path", "version: 1\ncontracts:\n  - path: ../a.yaml\n",
			":3:5: \"../a.yaml\" is not a path in this repository",
		},
		{
			"twice",
			"version: 1\ncontracts:\n  - path: a.yaml\n  - path: a.json\n",
			":4:5: a second contract is named a",
		},
		{"tags", contract("versions: 'v['"), ":4:5: \"v[\" selects no tags"},
		{"tags in folders", contract("versions: 'v[/]'"), ":4:5: \"v[/]\" selects no tags"},
		{
			"registry and tags",
			contract("registry: {name: main, subject: a}\n    versions: v*"),
			":5:5: versions come from the registry or from tags",
		},
		{"registry without a name", contract("registry: {subject: a}"), ":4:5: a registry needs a name"},
		{
			"registry without a subject", contract("registry: {name: main}"),
			":4:5: name the subject in one way",
		},
		{
			"registry with two", contract("registry: {name: main, subject: a, schema: b}"),
			":4:5: name the subject in one way",
		},
		{
			"registry's strategy", contract("registry: {name: main, strategy: value}"),
			":4:28: strategy: \"value\": want topic, record, topic-record or data-contract",
		},
		{
			"registry without a topic", contract("registry: {name: main, strategy: topic-record}"),
			":4:28: the strategy topic-record needs a topic",
		},
		{
			"registry with a topic",
			contract("registry: {name: main, strategy: record, topic: a}"),
			":4:46: a topic belongs to the strategies",
		},
		{"registry's keys", contract("registry: {name: main, url: http://10.0.0.1}"), "field url not found"},
		{
			"registry of a glob",
			strings.Replace(contract("registry: {name: main, subject: a}"), "a.yaml", "s/*.avsc", 1),
			":4:5: a glob has a contract for each file",
		},
		{
			"owner",
			"version: 1\ncontracts:\n  - path: a.yaml\n    owners: [acme]\n",
			":4:14: \"acme\" is not a team",
		},
		{
			"consumer's contract",
			"version: 1\ncontracts:\n  - path: a.yaml\nconsumers:\n  - team: a/b\n    contract: c\n",
			":6:5: no contract is named \"c\"",
		},
		{
			"use",
			"version: 1\nconsumers:\n  - team: a/b\n    contract: c\n    uses:\n      - reads x\n",
			":6:9: \"reads x\" selects nothing",
		},
		{
			"reader's path",
			"version: 1\nconsumers:\n  - team: a/b\n    contract: c\n    reader: ../r.avsc\n",
			":5:5: \"../r.avsc\" is not a file in this repository",
		},
		{
			"reader and uses",
			"version: 1\nconsumers:\n  - team: a/b\n    contract: c\n    reader: r.avsc\n    uses: [x]\n",
			":5:5: a reader says what is used",
		},
		{"impact", "version: 1\napprovals:\n  required-from: [all]\n", ":3:19: unknown impact \"all\""},
		{
			"unclaimed", "version: 1\napprovals:\n  unclaimed: maybe\n",
			":3:3: unclaimed: \"maybe\": want owners, fail or pass",
		},
		{"rule", "version: 1\nrules:\n  schema/nothing: risky\n", ":3:3: no rule schema/nothing"},
		{
			"rule on policies", "version: 1\nrules:\n  config/rule-lowered: safe\n",
			":3:3: config/rule-lowered is a rule on this file",
		},
		{"level", "version: 1\nrules:\n  schema/property-removed: bad\n", ":3:28: unknown level bad"},
		{"side", "version: 1\nrules:\n  schema/property-removed: {takes: safe}\n", "unknown side takes"},
		{
			"no reason", "version: 1\nignore:\n  - rule: schema/property-removed\n",
			":3:5: an exception needs a reason",
		},
		{
			"no stability",
			"version: 1\nlifecycle:\n  notice: {stable: 180, ripe: 30}\n",
			":3:25: no stability level ripe: want draft, alpha, beta or stable",
		},
		{
			"negative notice", "version: 1\nlifecycle:\n  notice:\n    beta: -1\n",
			":4:5: beta: -1: want days, 0 or more",
		},
		{
			"no day",
			"version: 1\nignore:\n  - {subject: a, reason: b, until: soon}\n",
			":3:29: until: \"soon\" is not a day",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := config.Read("f.yml", []byte(tt.text), rules)
			if len(errs) == 0 || !strings.Contains(fmt.Sprint(errs), tt.want) {
				t.Errorf("got %v, want %s", errs, tt.want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	text := "version: 1\nlifecycle: {notice: {stable: 180}}\nversioning: {major-allows: true, " +
		"path-allows: true, every-change: true}\n"
	r, errs := config.Read("f.yml", []byte(text), rules)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := diff.Options{
		Today: "2027-01-01", Lifecycle: diff.Lifecycle{Notice: map[string]int{"stable": 180}},
		Versioning: diff.Versioning{Major: true, Path: true, EveryChange: true},
	}
	if d := cmp.Diff(want, r.Options(diff.Profile{}, "2027-01-01")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(diff.Options{}, config.Default().Options(diff.Profile{}, "")); d != "" {
		t.Errorf("by default: %s", d)
	}
}

func TestMistakesAreInOrder(t *testing.T) {
	var text strings.Builder
	text.WriteString("version: 1\nrules:\n")
	for i := range 20 {
		fmt.Fprintf(&text, "  x/no-such-rule-%d: safe\n", i)
	}
	_, errs := config.Read("f.yml", []byte(text.String()), rules)
	for i, err := range errs {
		if err.Line != i+3 {
			t.Fatalf("the mistake of line %d is told as number %d", err.Line, i+1)
		}
	}
	if len(errs) != 20 {
		t.Errorf("%d mistakes, want 20", len(errs))
	}
}

func TestConsumerOfAGlob(t *testing.T) {
	text := "version: 1\ncontracts:\n  - path: schemas/**/*.avsc\nconsumers:\n  - {team: acme/a, " +
		"contract: schemas/x/y/trade}\n  - {team: acme/a, contract: other/trade}\n"
	_, errs := config.Read("f.yml", []byte(text), rules)
	if len(errs) != 1 || errs[0].Line != 6 {
		t.Errorf("want one mistake on line 6, got %v", errs)
	}
}
