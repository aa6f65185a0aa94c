package githubtest

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// spec is GitHub's OpenAPI description, reduced to the operations of this
// server and made strict. A nil spec allows everything.
type spec struct{ router routers.Router }

// description is an OpenAPI document that is parsed only at its first levels,
// because kin-openapi takes seconds for thirteen megabytes.
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

// cut keeps the operations of the table and the components that they need. It
// drops the servers, so that any address is valid.
func (d description) cut(table []route) ([]byte, error) {
	out := description{OpenAPI: d.OpenAPI, Info: d.Info, Paths: map[string]jsontext.Value{}}
	operations := map[string]object{}
	for _, r := range table {
		var item map[string]jsontext.Value
		if err := json.Unmarshal(d.Paths[r.path], &item); err != nil ||
			item[strings.ToLower(r.method)] == nil {
			return nil, fmt.Errorf("%s %s is not described", r.method, r.path)
		}
		var operation object
		if err := json.Unmarshal(item[strings.ToLower(r.method)], &operation); err != nil {
			return nil, err
		}
		refuseUnknown(operation)
		dropProse(operation)
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
	var err error
	if out.Components, err = d.reachable(out.Paths); err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// reachable collects the components that the paths refer to, directly or not.
func (d description) reachable(
	paths map[string]jsontext.Value,
) (map[string]map[string]jsontext.Value, error) {
	reference := regexp.MustCompile(`"\$ref":\s*"#/components/(\w+)/([^"]+)"`)
	out := map[string]map[string]jsontext.Value{}
	var visit func(raw []byte) error
	visit = func(raw []byte) error {
		for _, m := range reference.FindAllSubmatch(raw, -1) {
			kind, name := string(m[1]), string(m[2])
			if out[kind] == nil {
				out[kind] = map[string]jsontext.Value{}
			}
			if out[kind][name] != nil {
				continue
			}
			var component any
			if err := json.Unmarshal(d.Components[kind][name], &component); err != nil {
				return fmt.Errorf("component %s: %w", name, err)
			}
			dropProse(component)
			raw, err := json.Marshal(component)
			if err != nil {
				return err
			}
			out[kind][name] = raw
			if err := visit(raw); err != nil {
				return err
			}
		}
		return nil
	}
	for _, raw := range paths {
		if err := visit(raw); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// dropProse drops descriptions and examples, which are most of the document and
// do not matter for validation. A property of such a name has a schema and not
// a string.
func dropProse(v any) {
	switch v := v.(type) {
	case object:
		delete(v, "examples")
		for name, value := range v {
			_, isText := value.(string)
			if name == "example" || name == "description" && isText {
				delete(v, name)
				continue
			}
			dropProse(value)
		}
	case []any:
		for _, e := range v {
			dropProse(e)
		}
	}
}

// multiSegment lets a parameter match slashes if GitHub says that it may
// contain them.
func (d description) multiSegment(path string, operation object) string {
	parameters, _ := operation["parameters"].([]any)
	for _, p := range parameters {
		o, _ := p.(object)
		if ref, _ := o["$ref"].(string); ref != "" {
			_ = json.Unmarshal(d.Components["parameters"][strings.TrimPrefix(ref,
				"#/components/parameters/")], &o)
		}
		if o["x-multi-segment"] == true {
			name, _ := o["name"].(string)
			path = strings.ReplaceAll(path, "{"+name+"}", "{"+name+":.+}")
		}
	}
	return path
}

// refuseUnknown refuses properties of a request that GitHub does not know.
// GitHub ignores them, which would hide a misspelt one.
func refuseUnknown(operation object) {
	body, _ := operation["requestBody"].(object)
	content, _ := body["content"].(object)
	media, _ := content["application/json"].(object)
	closeObjects(media["schema"])
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
