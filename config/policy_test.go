package config_test

import (
	"context"
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/diff/formats"
)

// TestPolicyRules: every rule on policies reports what its example says, and a
// policy that is written in other words differs in nothing.
func TestPolicyRules(t *testing.T) {
	difftest.Run(t, config.Format(formats.All, config.Surroundings{}, config.Surroundings{}))
}

// TestPolicyRulesAreListed: no rule is defined and forgotten.
func TestPolicyRulesAreListed(t *testing.T) { difftest.Listed(t, config.PolicyRules()) }

// lost are two policies for each key, of which the second protects less. Files
// that they name are in lostFiles.
var lost = map[string][2]string{
	"contracts[].path": {
		listing("{path: api.yaml}, {path: other.yaml}"),
		listing("{path: other.yaml}"),
	},
	"contracts[].format": {
		listing("{path: t.avsc}"),
		listing("{path: t.avsc, format: jsonschema}"),
	},
	"contracts[].compatibility": {
		listing("{path: api.yaml}"),
		listing("{path: api.yaml, compatibility: none}"),
	},
	"contracts[].profile": {
		listing("{path: t.avsc}"),
		listing("{path: t.avsc, profile: confluent}"),
	},
	"contracts[].owners": {
		listing("{path: api.yaml, owners: [a/b]}"),
		listing("{path: api.yaml, owners: [a/c]}"),
	},
	"contracts[].in-progress": {
		listing("{path: api.yaml}"),
		listing("{path: api.yaml, in-progress: [GET /x]}"),
	},
	"contracts[].registry.name": {
		registered("name: main, subject: s"),
		registered("name: other, subject: s"),
	},
	"contracts[].registry.subject": {
		registered("name: main, subject: s"),
		registered("name: main, subject: t"),
	},
	"contracts[].registry.strategy": {
		registered("name: main, strategy: record"),
		registered("name: main, subject: s"),
	},
	"contracts[].registry.topic": {
		registered("name: main, strategy: topic, topic: s"),
		registered("name: main, strategy: topic, topic: t"),
	},
	"contracts[].registry.schema": {registered("name: main, schema: s"), registered("name: main, schema: t")},
	"contracts[].versions": {
		listing("{path: api.yaml, versions: v*}"),
		listing("{path: api.yaml, versions: w*}"),
	},
	"consumers[].team": {
		consumer("team: a/b, contract: api"),
		consumer("team: a/c, contract: api"),
	},
	"consumers[].contract": {consumer("team: a/b, contract: api"), consumer("team: a/b, contract: t")},
	"consumers[].uses": {
		consumer("team: a/b, contract: api"),
		consumer("team: a/b, contract: api, uses: [GET /x]"),
	},
	"consumers[].reader": {
		consumer("team: a/b, contract: t, reader: r1.avsc"),
		consumer("team: a/b, contract: t, reader: r2.avsc"),
	},
	"approvals.required-from": {"", "approvals: {required-from: []}"},
	"approvals.unclaimed":     {"", "approvals: {unclaimed: pass}"},
	"approvals.self-approval": {"", "approvals: {self-approval: true}"},
	"approvals.per-team":      {"approvals: {per-team: 2}", ""},
	"rules":                   {"", "rules: {schema/type-changed: risky}"},
	"ignore[].rule": {
		ignored("rule: schema/type-changed"),
		ignored("rule: schema/property-removed"),
	},
	"ignore[].subject":        {ignored("subject: GET /x"), ignored("subject: GET /y")},
	"ignore[].until":          {ignored("subject: GET /x, until: '2099-01-01'"), ignored("subject: GET /x")},
	"lifecycle.notice":        {"lifecycle: {notice: {stable: 2}}", "lifecycle: {notice: {stable: 1}}"},
	"versioning.major-allows": {"", "versioning: {major-allows: true}"},
	"versioning.path-allows":  {"", "versioning: {path-allows: true}"},
	"versioning.every-change": {"versioning: {every-change: true}", ""},
	"oasdiff.config":          {"", "oasdiff: {config: oasdiff.yaml}"},
	"oasdiff.severity-levels": {"", "oasdiff: {severity-levels: levels.txt}"},
	"oasdiff.err-ignore":      {"", "oasdiff: {err-ignore: accepted.txt}"},
	"oasdiff.warn-ignore":     {"", "oasdiff: {warn-ignore: accepted.txt}"},
}

// weightless are the keys that protect nobody, and why.
var weightless = map[string]string{
	"version":          "there is one",
	"contracts[].name": "a contract is its file",
	"ignore[].reason":  "it is for people",
}

var lostFiles = map[string]string{
	"api.yaml": "openapi: 3.1.0\n", "other.yaml": "openapi: 3.1.0\n",
	"t.avsc":       `{"type": "record", "name": "T", "fields": []}`,
	"r1.avsc":      `{"type": "record", "name": "T", "fields": []}`,
	"r2.avsc":      `{"type": "record", "name": "U", "fields": []}`,
	"oasdiff.yaml": "severity-levels: levels.txt\n",
	"levels.txt":   "response-property-became-optional info\n",
	"accepted.txt": "GET /x removed the required property `a` from the response\n",
}

func listing(entries string) string { return "contracts: [" + entries + "]" }

func registered(text string) string { return listing("{path: t.avsc, registry: {" + text + "}}") }

func consumer(text string) string {
	return listing("{path: api.yaml}, {path: t.avsc}") + "\nconsumers: [{" + text + "}]"
}

func ignored(text string) string { return "ignore: [{" + text + ", reason: why}]" }

// TestEveryKeyIsWeighed: there is no key of the configuration by which a pull
// request could take protection away unseen.
func TestEveryKeyIsWeighed(t *testing.T) {
	for _, key := range keys(reflect.TypeFor[config.Repository](), "") {
		policies, known := lost[key]
		if weightless[key] != "" {
			continue
		}
		if !known {
			t.Errorf("%s: no rule on policies weighs the key, or no test knows: see lost", key)
			continue
		}
		if found := losses(t, policies[0], policies[1]); len(found) == 0 {
			t.Errorf("%s: from\n%s\nto\n%s\nnothing is lost", key, policies[0], policies[1])
		}
	}
}

// keys lists the keys of a section of the configuration, with those above.
func keys(section reflect.Type, above string) (all []string) {
	for i := range section.NumField() {
		field := section.Field(i)
		key, tagged := field.Tag.Lookup("yaml")
		if !tagged || key == "-" {
			continue
		}
		inner, key := field.Type, above+key
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct {
			inner, key = inner.Elem(), key+"[]"
		}
		if inner.Kind() == reflect.Struct {
			all = append(all, keys(inner, key+".")...)
			continue
		}
		all = append(all, key)
	}
	return all
}

// losses compares two policies in a repository with lostFiles, and returns the
// rules that gate.
func losses(t *testing.T, old, new string) (ids []string) {
	t.Helper()
	source := func(text string) diff.Source {
		files := fstest.MapFS{config.Path: {Data: []byte("version: 1\n" + text + "\n")}}
		for name, text := range lostFiles {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		return diff.Source{FS: files, Paths: []string{config.Path}}
	}
	format := config.Format(formats.All, config.Surroundings{}, config.Surroundings{})
	protected, err := format.Compatibility("")
	if err != nil {
		t.Fatal(err)
	}
	how := diff.Contract{Name: "policy", Format: format, Compatibility: protected}
	report, err := diff.Compare(context.Background(), how, []diff.Source{source(old)}, source(new))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range report.Errors {
		t.Error(e)
	}
	for _, change := range report.Changes {
		if change.Level == diff.Breaking {
			ids = append(ids, change.Rule.ID)
		}
	}
	return ids
}
