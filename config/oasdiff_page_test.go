package config_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff/formats"
)

// The page on oasdiff's checks is written by hand down to this line. In the table
// below, the checks and their levels are oasdiff's; what becomes of each is made
// from the aliases of the rules. "make update" rewrites it.
const (
	oasdiffPage  = "../docs/oasdiff.md"
	oasdiffTable = "<!-- made from the rules' aliases: make update -->\n"
)

// explained says what becomes of the checks that are aliases of no rule.
var explained = []struct {
	checks *regexp.Regexp
	why    string
}{
	{
		regexp.MustCompile(`-all-of-(added|removed)`),
		"what allOf adds up to is compared, however it is written",
	},
	{
		regexp.MustCompile(`-wrapped-in-one-of`),
		"the values are compared: one branch is no change, each further one is `schema/alternative-added`",
	},
	{regexp.MustCompile(`-type-compatible$`), "nothing: the same values travel"},
	{
		regexp.MustCompile(`-const-changed$`),
		"`schema/enum-value-removed` and `schema/enum-value-added`: const is a list of one",
	},
	{
		regexp.MustCompile(`-default-value-`),
		"nothing: a default allows and refuses no value; that of a parameter is " +
			"`openapi/parameter-default-changed`",
	},
	{
		regexp.MustCompile(`-media-type-(item-)?schema-(added|removed)`),
		"no schema allows everything: the rules on what is allowed",
	},
	{
		regexp.MustCompile(`-(read-only|write-only)|(read-only|write-only)-`),
		"what does not travel on a side is not there: the rules on properties",
	},
	{
		regexp.MustCompile(`^api-security-component-(added|removed)$`),
		"nothing until an operation requires the scheme, or no longer can",
	},
	{
		regexp.MustCompile(`^api-security-component-oauth-scope-changed$`),
		"nothing: the description of a scope is for people",
	},
	{
		regexp.MustCompile(`^response-media-type-parameter-added$`),
		"`openapi/media-type-removed` and `openapi/media-type-added`; JSON's one charset is no change",
	},
}

var oasdiffRow = regexp.MustCompile(`(?m)^\| ([a-z0-9-]+) \| (err|warn|info) \|`)

// TestOasdiffPage: the page says what becomes of each of oasdiff's checks, and
// no rule goes by a name that oasdiff does not have.
func TestOasdiffPage(t *testing.T) {
	page, err := os.ReadFile(oasdiffPage)
	if err != nil {
		t.Fatal(err)
	}
	prose, got, ok := strings.Cut(string(page), oasdiffTable)
	checks := oasdiffRow.FindAllStringSubmatch(got, -1)
	if !ok || len(checks) < 700 {
		t.Fatalf("%s lacks the line %s, or rows below it", oasdiffPage, oasdiffTable)
	}
	rules := map[string][]string{}
	for _, r := range formats.All.Rules() {
		for _, alias := range r.Names() {
			if name, ok := strings.CutPrefix(alias, "oasdiff:"); ok {
				name, side, _ := strings.Cut(name, "@")
				rules[name] = append(rules[name], strings.TrimSuffix("`"+r.ID+"` "+side, " "))
			}
		}
	}
	table := "| oasdiff | | assent |\n|---|---|---|\n"
	for _, row := range checks {
		check, level := row[1], row[2]
		why := strings.Join(rules[check], ", ")
		if i := slices.IndexFunc(explained, func(o struct {
			checks *regexp.Regexp
			why    string
		}) bool {
			return o.checks.MatchString(check)
		}); why == "" && i >= 0 {
			why = explained[i].why
		}
		if why == "" {
			t.Errorf("%s: no rule is called so, and nothing says why", check)
		}
		delete(rules, check)
		table += fmt.Sprintf("| %s | %s | %s |\n", check, level, why)
	}
	for name, of := range rules {
		t.Errorf("%v: oasdiff has no check %s", of, name)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(oasdiffPage, []byte(prose+oasdiffTable+"\n"+table), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff("\n"+table, got); d != "" {
		t.Errorf("make update rewrites the page (- the rules, + the page):\n%s", d)
	}
}
