package assent_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

const module = "github.com/assent-dev/assent/"

// imports is who may import whom of ours; "/..." stands for a folder and all
// below it. What is not listed may import nothing of ours.
var imports = map[string][]string{
	"diff":              {"diff/tree"},
	"diff/tree":         {},
	"diff/life":         {"diff", "diff/tree"},
	"diff/reach":        {"diff"},
	"diff/exact":        {},
	"diff/pattern":      {},
	"diff/jsonschema":   {"diff", "diff/tree", "diff/life", "diff/reach", "diff/exact", "diff/pattern"},
	"diff/openapi":      {"diff", "diff/tree", "diff/life", "diff/jsonschema"},
	"diff/avro":         {"diff", "diff/tree", "diff/reach"},
	"diff/odcs":         {"diff", "diff/tree", "diff/exact"},
	"diff/formats":      {"diff", "diff/tree", "diff/openapi", "diff/jsonschema", "diff/avro", "diff/odcs"},
	"diff/difftest":     {"diff"},
	"usage":             {"diff/..."},
	"approval":          {"usage", "diff/..."},
	"checks":            {"approval", "usage", "diff/..."},
	"config":            {"approval", "usage", "diff/..."},
	"contracts":         {"config", "usage", "registry", "diff/..."},
	"web":               {"approval", "usage", "diff/...", "store"},
	"store":             {},
	"github":            {},
	"github/githubtest": {},
	"registry":          {},
	"webhook":           {"store", "github"},
	"app":               {"..."},
	"cmd/assent":        {"..."},
	"cmd/assent/demo":   {"..."},
	"tools/testreport":  {},
}

// shared is what tests may import beside their package's row.
var shared = []string{"diff/difftest", "github/githubtest"}

// banned is what a folder may not import from elsewhere, and why.
var banned = []struct {
	folder, path, why string
}{
	{"diff/...", "net", "the comparing core fetches nothing: what a pull request names is hostile"},
	{"diff/...", "net/http", "the comparing core fetches nothing: what a pull request names is hostile"},
	{"diff/...", "os", "the comparing core reads through fs.FS and knows no environment"},
	{"diff/...", "log", "the comparing core returns what it has to say"},
	{"diff/...", "log/slog", "the comparing core returns what it has to say"},
	{"approval", "time", "time comes in as a value, so that a decision can be repeated"},
	{"usage", "net/http", "usages are computed from values; app fetches"},
	{"checks", "net/http", "checks returns values; app turns them into calls"},
}

// timeless are folders that may calculate with days, and may not ask which day
// it is.
var timeless = []struct{ folder, why string }{
	{"diff/...", "the same input gives the same report, whenever it is compared"},
}

// clock are the calls that ask.
var clock = []string{"Now", "Since", "Until"}

// How much a reader can take in at a glance.
const (
	mostLines     = 400
	mostMainLines = 50
	mostFunction  = 60
	mostColumns   = 110 // of a line without raw strings; a tab is as wide as four spaces
)

// exempt are packages that others' tests alone use: they may do what tests do.
var exempt = []string{"diff/difftest"}

func TestArchitecture(t *testing.T) {
	root := os.DirFS(".")
	documented := map[string]bool{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" ||
			name != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case path.Ext(name) != ".go":
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, test := path.Dir(name), strings.HasSuffix(name, "_test.go")
		checkImports(t, name, folder, test, file)
		checkClock(t, name, folder, test, files, file)
		checkWidth(t, name, string(source), files, file)
		if !test {
			documented[folder] = documented[folder] || file.Doc != nil
			checkSize(t, name, strings.Count(string(source), "\n"), files, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("%s: no file says what the package does, what it does not know and who calls it", folder)
		}
	}
}

func checkImports(t *testing.T, name, folder string, test bool, file *ast.File) {
	t.Helper()
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, ok := strings.CutPrefix(imported, module); ok {
			allowed := imports[folder]
			if test { // a test may import its own package, and what tests share
				allowed = slices.Concat(allowed, shared, []string{folder})
			}
			if !within(ours, allowed...) {
				t.Errorf("%s imports %s: the table in arch_test.go says that %s may not", name, ours, folder)
			}
		}
		for _, ban := range banned {
			if !test && imported == ban.path && within(folder, ban.folder) &&
				!slices.Contains(exempt, folder) {
				t.Errorf("%s imports %s: %s", name, imported, ban.why)
			}
		}
	}
}

func checkClock(t *testing.T, name, folder string, test bool, files *token.FileSet, file *ast.File) {
	t.Helper()
	for _, ban := range timeless {
		if test || !within(folder, ban.folder) || slices.Contains(exempt, folder) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "time" &&
				slices.Contains(clock, call.Sel.Name) {
				t.Errorf("%s: %s asks time.%s: %s", files.Position(call.Pos()), name, call.Sel.Name, ban.why)
			}
			return true
		})
	}
}

// within reports whether a folder is one of the patterns or below one.
func within(folder string, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		above, tree := strings.CutSuffix(p, "...")
		return p == folder || tree && strings.HasPrefix(folder+"/", above)
	})
}

func checkSize(t *testing.T, name string, lines int, files *token.FileSet, file *ast.File) {
	t.Helper()
	if lines > mostLines {
		t.Errorf("%s has %d lines, at most %d are read as a whole: split it by theme", name, lines, mostLines)
	}
	if path.Base(name) == "main.go" && lines > mostMainLines {
		t.Errorf("%s has %d lines, at most %d: main only starts", name, lines, mostMainLines)
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if f.Recv == nil && f.Name.Name == "init" {
			t.Errorf("%s: init runs unasked, in an order that nobody sees: call a function",
				files.Position(f.Pos()))
		}
		if n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1; n > mostFunction {
			t.Errorf("%s: %s has %d lines, at most %d fit a screen", files.Position(f.Pos()), f.Name.Name, n,
				mostFunction)
		}
	}
}

// checkWidth finds lines that are too wide for two windows side by side.
func checkWidth(t *testing.T, name, source string, files *token.FileSet, file *ast.File) {
	t.Helper()
	raw := map[int]bool{} // lines that a raw string touches: they are as wide as what they hold
	ast.Inspect(file, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && strings.HasPrefix(text.Value, "`") {
			for line := files.Position(text.Pos()).Line; line <= files.Position(text.End()).Line; line++ {
				raw[line] = true
			}
		}
		return true
	})
	number := 0
	for line := range strings.Lines(source) {
		number++
		width := utf8.RuneCountInString(strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    "))
		if width > mostColumns && !raw[number] {
			t.Errorf("%s:%d has %d columns, at most %d", name, number, width, mostColumns)
		}
	}
}

// TestWithin tests what the table rests on.
func TestWithin(t *testing.T) {
	for pattern, want := range map[string]bool{
		"diff/...":  true,
		"diff":      true,
		"...":       true,
		"dif/...":   false,
		"diff/tree": false,
	} {
		if got := within("diff", pattern); got != want {
			t.Errorf("diff within %s: %t, want %t", pattern, got, want)
		}
	}
	if within("different", "diff/...") {
		t.Error("a folder is taken for one below diff")
	}
}
