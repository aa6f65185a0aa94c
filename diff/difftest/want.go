package difftest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// updating reports whether expectations are rewritten: "make update" asks for
// it.
func updating() bool { return os.Getenv("UPDATE") != "" }

// wanted returns what the archive says that "assent compare" prints.
func wanted(archive *txtar.Archive) (text string, found bool) {
	i := slices.IndexFunc(archive.Files, isWant)
	if i < 0 {
		return "", false
	}
	return string(archive.Files[i].Data), true
}

func isWant(f txtar.File) bool { return f.Name == "want" }

// settle compares what was printed with what the archive says. While
// expectations are rewritten, it returns the archive that says what was printed,
// or nil if it does so already.
func settle(archive *txtar.Archive, printed string) (updated *txtar.Archive, err error) {
	want, found := wanted(archive)
	switch {
	case found && want == printed:
		return nil, nil
	case updating():
		files := slices.DeleteFunc(slices.Clone(archive.Files), isWant)
		files = append(files, txtar.File{Name: "want", Data: []byte(printed)})
		return &txtar.Archive{Comment: archive.Comment, Files: files}, nil
	case !found:
		return nil, errors.New("the archive has no file want (make update writes it)")
	}
	return nil, fmt.Errorf("prints other than it says (make update rewrites it; - says, + prints):\n%s",
		cmp.Diff(want, printed))
}

// settleFixture settles the archive of a file, and rewrites the file. It
// never rewrites a fixture that shows two ways to write the same, since an update
// in passing could make a false positive the expectation.
func settleFixture(file string, archive *txtar.Archive, printed string) error {
	want, found := wanted(archive)
	silent := strings.HasPrefix(filepath.Base(file), "same-") || found && want == ""
	if silent && printed != want {
		return fmt.Errorf("a rewrite that reports nothing must keep reporting nothing; "+
			"change the fixture by hand if that is meant (- says, + prints):\n%s", cmp.Diff(want, printed))
	}
	updated, err := settle(archive, printed)
	if updated != nil {
		err = os.WriteFile(file, txtar.Format(updated), 0o644)
	}
	return err
}

// rewriteExample replaces an example in the source file that holds it: in this
// folder or, for the rules that all formats share, in the one above.
func rewriteExample(t *testing.T, before, after string) {
	t.Helper()
	var sources []string
	for _, pattern := range []string{"*.go", "../*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, files...)
	}
	// Txtar ends every file with a line break, which a literal may lack.
	before = strings.Trim(before, "\n")
	after = strings.Trim(after, "\n")
	for _, name := range sources {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(before)) {
			data = bytes.Replace(data, []byte(before), []byte(after), 1)
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Error("the example lies in no file that is searched: update it by hand")
}
