package config_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
)

func codeOwners(t *testing.T, text string) *config.CodeOwners {
	t.Helper()
	o, err := config.ReadCodeOwners(fstest.MapFS{"CODEOWNERS": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestCodeOwners: the last line that selects a file says who owns it, whatever other
// lines are broken.
func TestCodeOwners(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		owners     string // of api/a.yaml
		mistakes   []string
	}{
		{"nothing", "", "", nil},
		{"a team", "* @acme/a\n", "acme/a", nil},
		{"a person and a team", "* @olivia @acme/a\n", "acme/a olivia", nil},
		{"the last line", "* @acme/a\n/api/ @acme/b\n", "acme/b", nil},
		{"another file", "/docs/ @acme/b\n", "", nil},
		{"nobody, explicitly", "* @acme/a\n/api/\n", "", nil},
		{"a long comment", "#" + strings.Repeat("#", 1<<17) + "\n* @acme/a\n", "acme/a", nil},
		{"comments", "# all\n* @acme/a # of us\n  # @acme/b\n\n", "acme/a", nil},
		{"CRLF", "* @acme/a\r\n\r\n/api/ @acme/b\r\n", "acme/b", nil},
		{"a mark at the beginning", "\ufeff* @acme/a\n", "acme/a", nil},
		{
			"a range", "* @acme/a\n/api/[ab].yaml @acme/b\n", "acme/a",
			[]string{"CODEOWNERS:2:1: unexpected character '[' at position 6"},
		},
		{
			"a negation", "* @acme/a\n\n!api @acme/b\n", "acme/a",
			[]string{"CODEOWNERS:3:1: unexpected character '!' at position 1"},
		},
		{
			"an owner without @", "* @acme/a\n/api/ acme/b\n/docs/ @acme/c\n", "acme/a",
			[]string{"CODEOWNERS:2:1: invalid owner format 'acme/b' at position 7"},
		},
		{
			"one of the owners without @", "* @acme/a\r\n/api/ @acme/b c @acme/d\r\n", "acme/a",
			[]string{"CODEOWNERS:2:1: invalid owner format 'c' at position 15"},
		},
		{
			"a section", "[API][2] @acme/a\n/api/ @acme/b\n^[Docs]\n", "acme/b",
			[]string{
				"CODEOWNERS:1:1: unexpected character '[' at position 1",
				"CODEOWNERS:3:1: unexpected character '[' at position 5",
			},
		},
		{
			"stars", "api/***/a.yaml @acme/a\n*.yaml @acme/b\n", "acme/b",
			[]string{"CODEOWNERS:1:1: pattern cannot contain three consecutive asterisks"},
		},
		{"an address beside a team", "* dev@acme.com @acme/a\n", "acme/a", nil},
		{"addresses", "* @acme/a\n/api/ dev@acme.com ops@acme.com\n", "dev@acme.com ops@acme.com", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := codeOwners(t, tt.text)
			party := o.Of("api/a.yaml")
			if got := strings.Join(append(party.Teams, party.Users...), " "); got != tt.owners {
				t.Errorf("the owners are %q, want %q", got, tt.owners)
			}
			if party.Writers {
				t.Error("anyone with write access owns it")
			}
			var mistakes []string
			for _, m := range o.Mistakes {
				mistakes = append(mistakes, m.Error())
			}
			if d := cmp.Diff(tt.mistakes, mistakes); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestCodeOwnersOfNames: whatever a file may be called, a pattern can mean it.
func TestCodeOwnersOfNames(t *testing.T) {
	for pattern, files := range map[string]struct{ yes, no string }{
		`/with\ space.yaml`:  {"with space.yaml", "with"},
		`/a\ b/`:             {"a b/c.yaml", "a/c.yaml"},
		"/api/{id}.yaml":     {"api/{id}.yaml", "api/id.yaml"},
		"/api/*{id}*":        {"api/v1-{id}.yaml", "api/v1-id.yaml"},
		"/café/*.yaml":       {"café/a.yaml", "cafe/a.yaml"},
		"/a,b=c~d!.yaml":     {"a,b=c~d!.yaml", "a.yaml"},
		"/(a)+(b).yaml":      {"(a)+(b).yaml", "(61).yaml"},
		"/(7b)id.yaml":       {"(7b)id.yaml", "{id.yaml"},
		"*.yaml":             {"x/ü [1] & (2).yaml", "ü.json"},
		"/docs/*":            {"docs/a", "docs/a/b"},
		"docs/":              {"x/docs/a/b", "docs"},
		"/api/**/{v1}/*.yml": {"api/{v1}/a.yml", "api/v1/a.yml"},
	} {
		o := codeOwners(t, pattern+" @acme/a\n")
		if o.Of(files.yes).IsZero() || !o.Of(files.no).IsZero() || len(o.Mistakes) > 0 {
			t.Errorf("%s: owner of %s: %v, of %s: %v, mistakes %v", pattern, files.yes, o.Of(files.yes),
				files.no, o.Of(files.no), o.Mistakes)
		}
	}
}

func TestPlaceOfCodeOwners(t *testing.T) {
	tree := fstest.MapFS{
		"docs/CODEOWNERS": {Data: []byte("* @acme/c\n")}, "CODEOWNERS": {Data: []byte("* @acme/b\n")},
		".github/CODEOWNERS": {Data: []byte("* @acme/a\n")},
	}
	for _, want := range []string{"acme/a", "acme/b", "acme/c", ""} {
		o, err := config.ReadCodeOwners(tree)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(o.Of("a").Teams, " "); got != want {
			t.Errorf("the owner is %q, want %q", got, want)
		}
		for _, name := range config.CodeOwnerFiles {
			if tree[name] != nil {
				delete(tree, name)
				break
			}
		}
	}
}

// TestLongCodeOwners: GitHub does not load a file of more than 3 MB. One that GitHub
// loads and assent does not has owners, whom nobody can agree for.
func TestLongCodeOwners(t *testing.T) {
	unread := approval.Party{Users: []string{"the owners in CODEOWNERS"}}
	for _, tt := range []struct {
		name, text string
		want       approval.Party
		note       string
	}{
		{
			"many bytes", "* @acme/a\n" + strings.Repeat("#\n", 3<<19), approval.Party{},
			"CODEOWNERS has more than 3 MB, so that GitHub ignores it, and nobody owns anything.",
		},
		{
			"many rules", strings.Repeat("*.yaml @acme/a\n", 10_001) + "* @acme/b\n", unread,
			"CODEOWNERS has more than 10000 rules, or one of 65536 characters, so that it is not",
		},
		{
			"many broken lines", strings.Repeat("[\n", 20_000), unread,
			"CODEOWNERS has more than 10000 rules",
		},
		{
			"a long line", "* @acme/a\n/a @acme/b" + strings.Repeat(" @acme/b", 10_000) + "\n", unread,
			"CODEOWNERS has more than 10000 rules",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := codeOwners(t, tt.text)
			if d := cmp.Diff(tt.want, o.Of("api/a.yaml")); d != "" {
				t.Error(d)
			}
			if notes := o.Notes(); len(notes) != 1 || !strings.HasPrefix(notes[0], tt.note) {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
		})
	}
}

func TestNotesOnCodeOwners(t *testing.T) {
	broken := "* @acme/a\nacme/a\n/api/ dev@acme.com\n/docs/ docs@acme.com\n[API]\n"
	o := codeOwners(t, broken)
	if notes := o.Notes(); notes != nil {
		t.Errorf("before anybody asks for owners there are notes: %q", notes)
	}
	o.Of("api/a.yaml")
	o.Of("api/b.yaml")
	want := []string{
		"CODEOWNERS line 5 is skipped, as GitHub skips it: unexpected character '[' at position 1.",
		"CODEOWNERS line 3 names only e-mail addresses (dev@acme.com): assent cannot tell whose they are, " +
			"and nobody can agree for them. Name an account or a team.",
	}
	if d := cmp.Diff(want, o.Notes()); d != "" {
		t.Error(d)
	}
	o = codeOwners(t, strings.Repeat("[\n", 8))
	o.Of("a")
	notes := o.Notes()
	if last := notes[len(notes)-1]; len(notes) != 6 || last != "3 more lines of CODEOWNERS are skipped." {
		t.Errorf("%d notes, of which the last is %q", len(notes), fmt.Sprint(last))
	}
	if notes := codeOwners(t, "* @acme/a\n").Notes(); notes != nil {
		t.Errorf("notes on a file without mistakes: %q", notes)
	}
}
