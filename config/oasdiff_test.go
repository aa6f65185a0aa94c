package config_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/diff/formats"
)

func TestSeverities(t *testing.T) {
	tests := []struct {
		name, text string
		want       map[string]string // rule to sends/receives, "" where the rule's own level stays
		notes      []string
	}{
		{
			"lowered on its side alone", "response-property-enum-value-added warn\n",
			map[string]string{"schema/enum-value-added": "/risky"}, nil,
		},
		{
			"none is safe", "request-parameter-removed none\n",
			map[string]string{"openapi/parameter-removed": "safe/safe"},
			nil,
		},
		{
			"raised", "# ours\n\napi-operation-id-removed err\n",
			map[string]string{"openapi/operation-id-changed": "breaking/breaking"},
			nil,
		},
		{"as it is", "response-property-became-optional error\n", map[string]string{}, nil},
		{
			"a part of a rule", "response-property-max-increased none\n", map[string]string{},
			[]string{"f.txt:1:1: schema/range-widened also stands for response-property-min-unset"},
		},
		{
			"both rules of a check", "request-property-removed err\n",
			map[string]string{
				"schema/property-removed":          "breaking/",
				"schema/optional-property-removed": "breaking/",
			},
			nil,
		},
		{
			"a body goes with its properties",
			"request-property-type-changed none\nrequest-parameter-type-changed none\n" +
				"request-parameter-property-type-changed none\n",
			map[string]string{"schema/type-changed": "safe/"}, nil,
		},
		{
			"no rule here", "request-property-all-of-added none\n", map[string]string{},
			[]string{"f.txt:1:1: request-property-all-of-added is not a rule of assent"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m config.Imported
			if wrong := m.Severities("f.txt", []byte(tt.text), formats.All.Rules()); len(wrong) > 0 {
				t.Fatal(wrong)
			}
			got := map[string]string{}
			for id, l := range m.Levels {
				got[id] = level(l.Sends) + "/" + level(l.Receives)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			wantNotes(t, m.Notes, tt.notes)
		})
	}
	for text, want := range map[string]string{
		"response-added loud": "f.txt:1:1: ",
		"\nresponse-added\n":  "f.txt:2:1: ",
	} {
		var m config.Imported
		if wrong := m.Severities("f.txt", []byte(text), formats.All.Rules()); len(wrong) != 1 ||
			!strings.HasPrefix(wrong[0].Error(), want) {
			t.Errorf("%q: %v, want %s", text, wrong, want)
		}
	}
}

func level(l *diff.Level) string {
	if l == nil {
		return ""
	}
	return l.String()
}

func wantNotes(t *testing.T, got []*diff.Error, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("notes %v, want %v", got, want)
	}
	for i := range want {
		if !strings.HasPrefix(got[i].Error(), want[i]) {
			t.Errorf("note %q, want %q", got[i], want[i])
		}
	}
}

// TestExceptions: what a line is about, in words that somebody may have used.
func TestExceptions(t *testing.T) {
	tests := []struct {
		text  string
		rules []string
		hits  string // that some exception selects
		spare string // that none does
	}{
		{
			"GET /orders/{id} [response-optional-property-removed] anything",
			[]string{"schema/optional-property-removed"},
			"GET /orders/{} › 200 › application/json › sku",
			"GET /orders › 200 › application/json › sku",
		},
		{
			"error, in API GET /orders deleted the `query` request parameter `page`",
			[]string{"openapi/parameter-removed"}, "GET /orders › query page",
			"GET /orders › query size",
		},
		{
			"- POST /orders the request property `lines/sku` became required",
			[]string{"schema/property-became-required"},
			"POST /orders › request › application/json › lines[] › sku",
			"POST /orders › request › application/json › id",
		},
		{"get /orders nothing", nil, "", ""},
		{"GET /orders we discussed this", nil, "", ""},
		{
			"GET /orders removed the success response with the status '201'",
			[]string{"openapi/response-removed"}, "GET /orders › 201", "GET /orders › 200",
		},
		{
			"POST /orders the `sku` request property's maxLength was decreased to `8` (media type: " +
				"application/json)",
			[]string{"schema/size-narrowed"}, "POST /orders › request › application/json › sku",
			"POST /orders › request › application/json › id",
		},
		{
			"POST /orders removed `Card` from the `pay` request property `oneOf` list",
			[]string{"schema/alternative-removed"},
			"POST /orders › request › application/json › pay",
			"POST /orders › request › application/json › sku",
		},
		{
			"POST /orders the `pattern` request property's pattern `^[a-z]$` was removed",
			[]string{"schema/pattern-removed"},
			"POST /orders › request › application/json › pattern",
			"POST /orders › request › application/json › sku",
		},
		{"POST /orders removed the schema from the media type `application/json`", nil, "", ""},
		{
			"DELETE /orders request body became required",
			[]string{"openapi/request-body-became-required"}, "DELETE /orders › request",
			"POST /orders › request",
		},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			var m config.Imported
			m.Exceptions("f.txt", []byte("# accepted\n"+tt.text+"\n"), formats.All.Rules())
			var rules []string
			hits, spares := false, true
			for _, e := range m.Ignore {
				if !slices.Contains(rules, e.Rule) {
					rules = append(rules, e.Rule)
				}
				hits = hits || diff.Pattern(e.Subject).Match(difftest.Path(tt.hits))
				spares = spares && !diff.Pattern(e.Subject).Match(difftest.Path(tt.spare))
				if e.Reason != "f.txt:2" {
					t.Errorf("the reason is %q", e.Reason)
				}
			}
			if d := cmp.Diff(tt.rules, rules); d != "" {
				t.Error(d)
			}
			if tt.rules == nil {
				wantNotes(t, m.Notes, []string{"f.txt:2:1: "})
			} else if !hits || !spares {
				t.Errorf("hits %t, spares the rest %t: %+v", hits, spares, m.Ignore)
			}
		})
	}
}

func TestImportOasdiff(t *testing.T) {
	tree := fstest.MapFS{
		".oasdiff.yaml": {Data: []byte("severity-levels: levels.txt\nfail-on: ERR\n" +
			"err-ignore: accepted.txt\n")},
		"levels.txt": {Data: []byte("response-property-enum-value-added info\n" +
			"request-parameter-removed warn\n")},
		"accepted.txt": {Data: []byte("GET /a removed the success response with the status '200'\n")},
	}
	read := func(text string) (*config.Repository, []*diff.Error) {
		r, errs := config.Read(config.Path, []byte("version: 1\n"+text), formats.All.Rules())
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		mistakes, err := r.ImportOasdiff(tree, formats.All.Rules())
		if err != nil {
			t.Fatal(err)
		}
		return r, mistakes
	}
	r, mistakes := read("rules: {openapi/parameter-removed: breaking}\noasdiff: {config: .oasdiff.yaml}\n")
	if len(r.Notes)+len(mistakes) > 0 || len(r.Ignore) != 4 ||
		level(r.Rules["schema/enum-value-added"].Receives) != "safe" {
		t.Errorf("notes %v, mistakes %v, ignored %v, rules %v", r.Notes, mistakes, r.Ignore, r.Rules)
	}
	if got := level(r.Rules["openapi/parameter-removed"].Sends); got != "breaking" {
		t.Errorf("what the file itself says became %s", got)
	}
	want := config.Path + ":2:1: oasdiff: there is no file ../gone.txt"
	if _, mistakes := read("oasdiff: {err-ignore: ../gone.txt}\n"); len(mistakes) != 1 ||
		mistakes[0].Error() != want {
		t.Errorf("mistakes %v, want %s", mistakes, want)
	}
	tree["far.yaml"] = &fstest.MapFile{Data: []byte("err-ignore: ../gone.txt\n")}
	if _, mistakes := read("oasdiff: {config: far.yaml}\n"); len(mistakes) != 1 ||
		mistakes[0].Error() != want {
		t.Errorf("mistakes %v, want %s", mistakes, want)
	}
	for name, text := range map[string]string{
		"lines.txt": strings.Repeat("#\n", 10_001), "bytes.txt": strings.Repeat("#", 1<<20+1),
	} {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
		want := config.Path + ":2:1: oasdiff: " + name + " is too long: at most 1048576 bytes and 10000 lines"
		if _, mistakes := read("oasdiff: {err-ignore: " + name + "}\n"); len(mistakes) != 1 ||
			!strings.HasPrefix(mistakes[0].Error(), want) {
			t.Errorf("mistakes %v, want %s", mistakes, want)
		}
	}
	if r, _ := read("oasdiff: {severity-levels: accepted.txt}\n"); len(r.Rules) > 0 {
		t.Errorf("a file with mistakes gives %v", r.Rules)
	}
	tree["accepted.txt"] = &fstest.MapFile{Data: []byte("what everybody knows\n")}
	r, _ = read("oasdiff: {warn-ignore: accepted.txt}\n")
	wantNotes(t, r.Notes, []string{"accepted.txt:1:1: no method and path"})
}
