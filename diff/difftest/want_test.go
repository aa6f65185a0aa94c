package difftest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const (
	archiveStart = "Prose.\n-- old.json --\n{}\n-- new.json --\n{}\n"
	finding      = "new.json:1:1: breaking: document: something broke [schema/x]\n"
	other        = "new.json:2:1: breaking: document: something else broke [schema/x]\n"
	empty        = "-- want --\n"
	says         = empty + finding
	saysOther    = empty + other
)

// TestSettleFixture: a run rewrites a fixture if it is to, and never one that
// reports nothing.
func TestSettleFixture(t *testing.T) {
	const refusal = "must keep reporting nothing"
	for _, test := range []struct {
		name, file string
		before     string // the archive after archiveStart
		printed    string
		update     string
		after      string
		err        string // part of what the test is told
	}{
		{"as it says", "a.txtar", says, finding, "", says, ""},
		{"other than it says", "a.txtar", says, other, "", says, "make update rewrites it"},
		{"says nothing yet", "a.txtar", "", finding, "", "", "no file want"},
		{"must say that nothing is reported", "a.txtar", "", "", "", "", "no file want"},
		{"reported nothing", "a.txtar", empty, finding, "", empty, refusal},

		{"rewritten", "a.txtar", says, other, "1", saysOther, ""},
		{"rewritten to nothing", "a.txtar", says, "", "1", empty, ""},
		{"written", "a.txtar", "", finding, "1", says, ""},
		{"written empty", "a.txtar", "", "", "1", empty, ""},
		{"same, written empty", "same-a.txtar", "", "", "1", empty, ""},

		{"empty and not rewritten", "a.txtar", empty, finding, "1", empty, refusal},
		{"same and not rewritten", "same-a.txtar", says, other, "1", says, refusal},
		{"same and not written", "same-a.txtar", "", finding, "1", "", refusal},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("UPDATE", test.update)
			file := filepath.Join(t.TempDir(), test.file)
			if err := os.WriteFile(file, []byte(archiveStart+test.before), 0o644); err != nil {
				t.Fatal(err)
			}
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			err = settleFixture(file, archive, test.printed)
			if (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			after, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimPrefix(string(after), archiveStart); got != test.after {
				t.Errorf("the archive ends with\n%s\nwant\n%s", got, test.after)
			}
		})
	}
}

// TestRewriteExample: an example is replaced where it stands.
func TestRewriteExample(t *testing.T) {
	t.Chdir(t.TempDir())
	const before = "package x\n\nconst example = `\n-- old.json --\n{}\n`\n"
	const after = "package x\n\nconst example = `\n-- old.json --\n{}\n-- want --\nit broke\n`\n"
	if err := os.WriteFile("rules.go", []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	rewriteExample(t, "\n-- old.json --\n{}\n", "-- old.json --\n{}\n-- want --\nit broke\n")
	got, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != after {
		t.Errorf("the file is\n%s\nwant\n%s", got, after)
	}
}
