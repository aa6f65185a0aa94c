package difftest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/assent-dev/assent/diff"
)

// Listed checks that every rule which the package in the current folder
// defines is among the rules: one that is missing there could be reported and
// would be in no documentation, no configuration and no test.
func Listed(t *testing.T, rules []*diff.Rule) {
	t.Helper()
	defined, err := definedRules(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(defined) == 0 {
		t.Error("the folder defines no rule: call Listed from the test of the package that does")
	}
	for id, at := range defined {
		if !slices.ContainsFunc(rules, func(r *diff.Rule) bool { return r.ID == id }) {
			t.Errorf("%s: the rule %s is not listed: add its variable to the rules of the format", at, id)
		}
	}
}

// definedRules finds the literals of rules in the sources of a folder: their
// ids, and where they are.
func definedRules(folder string) (map[string]token.Position, error) {
	sources, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	defined := map[string]token.Position{}
	files := token.NewFileSet()
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id := ruleLiteral(n); id != "" {
				defined[id] = files.Position(n.Pos())
			}
			return true
		})
	}
	return defined, nil
}

// ruleLiteral returns the id of a literal of diff.Rule, "" for any other node.
func ruleLiteral(n ast.Node) string {
	literal, ok := n.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	switch typ := literal.Type.(type) {
	case *ast.SelectorExpr:
		ok = typ.Sel.Name == "Rule"
	case *ast.Ident:
		ok = typ.Name == "Rule"
	default:
		ok = false
	}
	for _, element := range literal.Elts {
		field, isField := element.(*ast.KeyValueExpr)
		if !ok || !isField {
			continue
		}
		name, isName := field.Key.(*ast.Ident)
		value, isText := field.Value.(*ast.BasicLit)
		if isName && isText && name.Name == "ID" {
			if id, err := strconv.Unquote(value.Value); err == nil {
				return id
			}
		}
	}
	return ""
}
