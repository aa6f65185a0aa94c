package githubtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// thing is an object of the graph, with those of its fields that are served.
// The value of a field is a scalar, a thing, a list of things, or a field that
// depends on arguments.
type thing struct {
	kind       string
	interfaces []string // such as Actor: fragments on them match, too
	fields     map[string]any
}

type field func(x *execution, args object) any

// refused is the value of a field that GitHub does not give: null, and an error
// beside the data.
type refused struct{ kind, message string }

func missing(format string, args ...any) any {
	return refused{"NOT_FOUND", fmt.Sprintf(format, args...)}
}

// loadSchema reads GitHub's GraphQL schema. Some fields are published twice, which
// the validator refuses.
func loadSchema(name string) (*ast.Schema, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	doc, err := parser.ParseSchemas(validator.Prelude, &ast.Source{Name: name, Input: string(data)})
	if err != nil {
		return nil, err
	}
	for _, d := range doc.Definitions {
		seen := map[string]bool{}
		d.Fields = slices.DeleteFunc(d.Fields, func(f *ast.FieldDefinition) bool {
			twice := seen[f.Name]
			seen[f.Name] = true
			return twice
		})
	}
	return validator.ValidateSchemaDocument(doc)
}

// serveQuery answers a GraphQL query, always with status 200.
func (s *Server) serveQuery(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body) // reading from memory does not fail
	c := &call{Request: req, route: route{method: "POST", path: "/graphql", permission: "metadata:read"}}
	s.mu.Lock()
	a, ok := s.authenticate(c)
	if ok {
		a = s.query(c, body)
	}
	s.mu.Unlock()
	s.write(w, a)
}

func (s *Server) query(c *call, body []byte) answer {
	var in struct {
		Query     string
		Variables object
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	op, variables, err := s.parse(in.Query, in.Variables)
	if err != nil {
		s.violations = append(s.violations, fmt.Sprintf("query: %v", err))
		return found(object{"errors": []object{{"message": err.Error()}}})
	}
	x := &execution{s: s, installation: c.installation, variables: variables}
	s.charge("POST", "/graphql", max(1, x.requests(op.SelectionSet, 1)/100))
	out := object{"data": x.selection(op.SelectionSet, s.root(), nil)}
	if len(x.errors) > 0 {
		out["errors"] = x.errors
	}
	return found(out)
}

// parse checks a query by GitHub's schema, if there is one.
func (s *Server) parse(text string, variables object) (*ast.OperationDefinition, object, error) {
	var doc *ast.QueryDocument
	var err error
	if s.schema == nil {
		if doc, err = parser.ParseQuery(&ast.Source{Input: text}); err == nil {
			err = linkAll(doc)
		}
	} else {
		doc, err = checkQuery(s.schema, text)
	}
	switch {
	case err != nil:
		return nil, nil, err
	case len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query:
		return nil, nil, fmt.Errorf("want one query")
	}
	op := doc.Operations[0]
	if s.schema != nil {
		variables, err = validator.VariableValues(s.schema, op, variables)
	}
	return op, variables, err
}

// linkAll leads each use of a fragment to its definition, as checking does.
func linkAll(doc *ast.QueryDocument) error {
	for _, op := range doc.Operations {
		if err := link(doc, op.SelectionSet); err != nil {
			return err
		}
	}
	for _, f := range doc.Fragments {
		if err := link(doc, f.SelectionSet); err != nil {
			return err
		}
	}
	return nil
}

func link(doc *ast.QueryDocument, set ast.SelectionSet) error {
	for _, selected := range set {
		var err error
		switch selected := selected.(type) {
		case *ast.Field:
			err = link(doc, selected.SelectionSet)
		case *ast.InlineFragment:
			err = link(doc, selected.SelectionSet)
		case *ast.FragmentSpread:
			if selected.Definition = doc.Fragments.ForName(selected.Name); selected.Definition == nil {
				err = fmt.Errorf("there is no fragment %s", selected.Name)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkQuery(schema *ast.Schema, text string) (*ast.QueryDocument, error) {
	doc, problems := gqlparser.LoadQueryWithRules(schema, text, rules.NewDefaultRules())
	if len(problems) > 0 { // a nil list is not a nil error
		return nil, problems
	}
	return doc, nil
}

// execution is the run of one query.
type execution struct {
	s            *Server
	installation int64
	variables    object
	errors       []object
}

// selection reads the selected fields of a thing.
func (x *execution) selection(set ast.SelectionSet, of thing, path []any) object {
	out := object{}
	for _, selected := range set {
		switch selected := selected.(type) {
		case *ast.Field:
			at := append(slices.Clone(path), selected.Alias)
			out[selected.Alias] = x.value(selected, of, at)
		case *ast.InlineFragment:
			x.fragment(selected.TypeCondition, selected.SelectionSet, of, path, out)
		case *ast.FragmentSpread:
			x.fragment(selected.Definition.TypeCondition, selected.Definition.SelectionSet, of, path, out)
		}
	}
	return out
}

func (x *execution) fragment(on string, set ast.SelectionSet, of thing, path []any, out object) {
	if on != "" && on != of.kind && !slices.Contains(of.interfaces, on) {
		return
	}
	for name, value := range x.selection(set, of, path) {
		out[name] = value
	}
}

func (x *execution) value(f *ast.Field, of thing, path []any) any {
	if f.Name == "__typename" {
		return of.kind
	}
	value, served := of.fields[f.Name]
	if !served {
		problem := fmt.Sprintf("query: %s.%s is not served here", of.kind, f.Name)
		x.s.violations = append(x.s.violations, problem)
		return nil
	}
	if with, ok := value.(field); ok {
		args := object{}
		for _, a := range f.Arguments {
			args[a.Name], _ = a.Value.Value(x.variables) // the query was checked
		}
		value = with(x, args)
	}
	switch value := value.(type) {
	case refused:
		x.errors = append(x.errors, object{"type": value.kind, "message": value.message, "path": path})
		return nil
	case thing:
		return x.selection(f.SelectionSet, value, path)
	case []thing:
		list := []any{}
		for i, one := range value {
			list = append(list, x.selection(f.SelectionSet, one, append(slices.Clone(path), i)))
		}
		return list
	}
	return value
}

// requests counts what GitHub charges for: each list within another one costs a
// request for each of the elements that the outer one may have.
func (x *execution) requests(set ast.SelectionSet, times int) int {
	sum := 0
	for _, selected := range set {
		switch selected := selected.(type) {
		case *ast.Field:
			inner := times
			if first := selected.Arguments.ForName("first"); first != nil {
				sum += times
				if n, err := first.Value.Value(x.variables); err == nil {
					inner *= max(1, int(integer(n)))
				}
			}
			sum += x.requests(selected.SelectionSet, inner)
		case *ast.InlineFragment:
			sum += x.requests(selected.SelectionSet, times)
		case *ast.FragmentSpread:
			sum += x.requests(selected.Definition.SelectionSet, times)
		}
	}
	return sum
}

func integer(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case json.Number:
		n, _ := v.Int64()
		return n
	case int:
		return int64(v)
	}
	return 0
}
