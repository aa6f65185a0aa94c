package githubtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// spec is GitHub's OpenAPI description, cut to the operations served here and made strict. A nil one allows all.
type spec struct{ router routers.Router }

// description is the part of an OpenAPI document that is cut, unparsed below its first levels: thirteen megabytes
// take kin-openapi seconds.
type description struct {
	OpenAPI    string                               `json:"openapi"`
	Info       jsontext.Value                       `json:"info"`
	Paths      map[string]jsontext.Value            `json:"paths"`
	Components map[string]map[string]jsontext.Value `json:"components"`
}

func loadSpec(name string, table []route) (*spec, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var whole description
	if err := jsonv2.Unmarshal(data, &whole); err != nil { // five times as quick as encoding/json
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	part, err := whole.cut(table)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(part)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &spec{router}, nil
}

// cut keeps the operations of the table and the components that they reach. There are no servers left, so that any
// address will do.
func (d description) cut(table []route) ([]byte, error) {
	out := description{OpenAPI: d.OpenAPI, Info: d.Info, Paths: map[string]jsontext.Value{}}
	operations := map[string]object{}
	for _, r := range table {
		var item map[string]jsontext.Value
		if err := json.Unmarshal(d.Paths[r.path], &item); err != nil || item[strings.ToLower(r.method)] == nil {
			return nil, fmt.Errorf("%s %s is not described", r.method, r.path)
		}
		var operation object
		if err := json.Unmarshal(item[strings.ToLower(r.method)], &operation); err != nil {
			return nil, err
		}
		strict(operation)
		withoutExamples(operation)
		p := d.multiSegment(r.path, operation)
		if operations[p] == nil {
			operations[p] = object{}
		}
		operations[p][strings.ToLower(r.method)] = operation
	}
	for p, item := range operations {
		raw, err := json.Marshal(item)
		if err != nil {
			return nil, err
		}
		out.Paths[p] = raw
	}
	out.Components = d.reachable(out.Paths)
	return json.Marshal(out)
}

// reachable collects the components that the paths refer to, and those that these refer to.
func (d description) reachable(paths map[string]jsontext.Value) map[string]map[string]jsontext.Value {
	reference := regexp.MustCompile(`"\$ref":\s*"#/components/(\w+)/([^"]+)"`)
	out := map[string]map[string]jsontext.Value{}
	var visit func(raw []byte)
	visit = func(raw []byte) {
		for _, m := range reference.FindAllSubmatch(raw, -1) {
			kind, name := string(m[1]), string(m[2])
			if out[kind] == nil {
				out[kind] = map[string]jsontext.Value{}
			}
			if out[kind][name] == nil {
				out[kind][name] = d.Components[kind][name]
				visit(out[kind][name])
			}
		}
	}
	for _, raw := range paths {
		visit(raw)
	}
	return out
}

// multiSegment lets a parameter match slashes where GitHub says that it may hold them.
func (d description) multiSegment(path string, operation object) string {
	parameters, _ := operation["parameters"].([]any)
	for _, p := range parameters {
		o, _ := p.(object)
		if ref, _ := o["$ref"].(string); ref != "" {
			_ = json.Unmarshal(d.Components["parameters"][strings.TrimPrefix(ref, "#/components/parameters/")], &o)
		}
		if o["x-multi-segment"] == true {
			name, _ := o["name"].(string)
			path = strings.ReplaceAll(path, "{"+name+"}", "{"+name+":.+}")
		}
	}
	return path
}

// strict refuses properties of a request that GitHub does not know: it ignores them, and so hides a misspelt one.
func strict(operation object) {
	body, _ := operation["requestBody"].(object)
	content, _ := body["content"].(object)
	media, _ := content["application/json"].(object)
	closeObjects(media["schema"])
}

// withoutExamples drops what is half of the description and checks nothing.
func withoutExamples(operation object) {
	bodies := []any{operation["requestBody"]}
	responses, _ := operation["responses"].(object)
	for _, r := range responses {
		bodies = append(bodies, r)
	}
	for _, b := range bodies {
		body, _ := b.(object)
		content, _ := body["content"].(object)
		for _, m := range content {
			if media, ok := m.(object); ok {
				delete(media, "examples")
			}
		}
	}
}

func closeObjects(schema any) {
	s, _ := schema.(object)
	properties, _ := s["properties"].(object)
	if _, open := s["additionalProperties"]; properties != nil && !open {
		s["additionalProperties"] = false
	}
	for _, p := range properties {
		closeObjects(p)
	}
	if s["items"] != nil {
		closeObjects(s["items"])
	}
}

func (s *spec) input(req *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, params, err := s.router.FindRoute(req)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, err)
	}
	return &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			MultiError: true, IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		},
	}, nil
}

// request checks a request, and that a conclusion and the status completed come together, which the description
// leaves to its prose.
func (s *spec) request(req *http.Request, body []byte) error {
	if s == nil {
		return nil
	}
	req = req.Clone(context.Background())
	req.Body = io.NopCloser(bytes.NewReader(body))
	in, err := s.input(req)
	if err != nil {
		return err
	}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		return fmt.Errorf("request %s %s: %s", req.Method, req.URL.Path, short(err))
	}
	if strings.Contains(req.URL.Path, "/check-runs") && len(body) > 0 {
		var run struct{ Status, Conclusion string }
		if json.Unmarshal(body, &run) == nil && (run.Status == "completed") != (run.Conclusion != "") {
			return fmt.Errorf("request %s %s: status %q with conclusion %q", req.Method, req.URL.Path, run.Status, run.Conclusion)
		}
	}
	return nil
}

// response checks an answer of ours, where it is JSON that the description knows.
func (s *spec) response(req *http.Request, a answer) error {
	if s == nil || a.raw != nil || a.status >= 300 {
		return nil
	}
	in, err := s.input(req)
	if err != nil {
		return err
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: a.status, Header: http.Header{"Content-Type": {"application/json"}}, Options: in.Options,
	}
	if a.body != nil {
		body, err := json.Marshal(a.body)
		if err != nil {
			return err
		}
		out.SetBodyBytes(body)
	}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		return fmt.Errorf("answer to %s %s: %s", req.Method, req.URL.Path, short(err))
	}
	return nil
}

// short leaves out the schema and the value, which kin-openapi prints whole.
func short(err error) string {
	var lines []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(trimmed, "Schema:") {
			lines = append(lines, trimmed)
		}
		if len(lines) == 4 {
			break
		}
	}
	return strings.Join(lines, "; ")
}

// Violations lists what contradicted GitHub's description, requests and answers alike. Tests want it empty.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

func (s *Server) violate(format string, args ...any) {
	defer s.scene()()
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}
