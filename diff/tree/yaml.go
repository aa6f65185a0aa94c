package tree

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yamlParser copies the nodes of the YAML library into an arena, and expands
// aliases and merge keys. The copies of an alias have the lines of its anchor,
// which is what has to be edited.
type yamlParser struct {
	builder
	columns   columns
	limits    Limits
	expanding map[*yaml.Node]bool // aliases being expanded
}

func parseYAML(data []byte, limits Limits) (*Node, int, *Error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, 0, &Error{Location{Line: 1, Column: 1, EndLine: 1}, "the file is empty"}
	case err != nil:
		return nil, 0, yamlError(err)
	}
	p := &yamlParser{limits: limits, expanding: map[*yaml.Node]bool{}, columns: newColumns(data)}
	root, err := p.value("", nil, doc.Content[0], 0)
	if err != nil {
		return nil, 0, err
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, 0, &Error{p.at(&second), "more than one YAML document in the file"}
	case !errors.Is(err, io.EOF):
		return nil, 0, yamlError(err)
	}
	return root, p.count, nil
}

// at returns the place of one of the library's nodes, with the column in bytes.
func (p *yamlParser) at(n *yaml.Node) Location {
	return Location{Line: n.Line, Column: p.columns.inBytes(n.Line, n.Column), EndLine: n.Line}
}

// value converts a node. Its key node is nil outside of mappings.
func (p *yamlParser) value(key string, keyNode, n *yaml.Node, depth int) (*Node, *Error) {
	place := n
	if keyNode != nil {
		place = keyNode
	}
	switch {
	case depth > p.limits.Depth:
		return nil, &Error{p.at(n), "values are nested more than " + strconv.Itoa(p.limits.Depth) + " deep"}
	case p.count >= p.limits.Nodes:
		return nil, &Error{p.at(place), "the document has too many values: do its aliases multiply?"}
	}
	if n.Kind == yaml.AliasNode {
		if p.expanding[n.Alias] {
			return nil, &Error{p.at(n), "the alias *" + n.Value + " contains itself"}
		}
		p.expanding[n.Alias] = true
		defer delete(p.expanding, n.Alias)
		return p.value(key, keyNode, n.Alias, depth+1)
	}
	at := p.at(place)
	out := p.node(Null, key, at.Line, at.Column)
	var children []*Node
	var err *Error
	switch n.Kind {
	case yaml.MappingNode:
		out.Kind = Object
		children, err = p.members(n, depth)
	case yaml.SequenceNode:
		out.Kind = Array
		for _, c := range n.Content {
			child, cerr := p.value("", nil, c, depth+1)
			if cerr != nil {
				return nil, cerr
			}
			children = append(children, child)
		}
	default:
		out.Kind, out.Text = scalar(n)
		out.end = int32(n.Line + strings.Count(n.Value, "\n"))
	}
	if err != nil {
		return nil, err
	}
	p.adopt(out, children)
	return out, nil
}

// members converts a mapping. Its own members replace those of merge keys.
func (p *yamlParser) members(n *yaml.Node, depth int) ([]*Node, *Error) {
	var own, merged []*Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		for k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		if k.Kind != yaml.ScalarNode {
			return nil, &Error{p.at(k), "a key must be a scalar"}
		}
		if k.ShortTag() == "!!merge" {
			more, err := p.merge(v, depth)
			if err != nil {
				return nil, err
			}
			merged = append(merged, more...)
			continue
		}
		child, err := p.value(k.Value, k, v, depth+1)
		if err != nil {
			return nil, err
		}
		own = append(own, child)
	}
	if again := duplicate(own); again != nil {
		again.document = new(Document)
		return nil, again.Errorf("duplicate key %q", again.Key)
	}
	if len(merged) == 0 {
		return own, nil
	}
	seen := make(map[string]bool, len(own))
	for _, c := range own {
		seen[c.Key] = true
	}
	for _, c := range merged {
		if !seen[c.Key] {
			seen[c.Key] = true
			own = append(own, c)
		}
	}
	return own, nil
}

// merge returns the members that "<<: v" adds, those of earlier sources first.
func (p *yamlParser) merge(v *yaml.Node, depth int) ([]*Node, *Error) {
	source := v
	for source.Kind == yaml.AliasNode {
		source = source.Alias
	}
	if depth > p.limits.Depth || p.expanding[source] {
		return nil, &Error{p.at(v), "the merge key contains itself"}
	}
	p.expanding[source] = true
	defer delete(p.expanding, source)
	switch source.Kind {
	case yaml.MappingNode:
		return p.members(source, depth+1)
	case yaml.SequenceNode:
		var out []*Node
		for _, s := range source.Content {
			more, err := p.merge(s, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		return out, nil
	}
	return nil, &Error{p.at(v), "a merge key needs a mapping"}
}

func scalar(n *yaml.Node) (Kind, string) {
	switch n.ShortTag() {
	case "!!null":
		return Null, ""
	case "!!bool":
		return Bool, strings.ToLower(n.Value)
	case "!!int":
		if i, ok := new(big.Int).SetString(strings.ReplaceAll(n.Value, "_", ""), 0); ok {
			return Number, i.String()
		}
		return Number, n.Value
	case "!!float":
		return Number, canonicalNumber(n.Value)
	}
	return String, n.Value
}

var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s+)?(?:line (\d+): )?(.*)$`)

// yamlError finds the line in the library's message, which is the only place
// that states it.
func yamlError(err error) *Error {
	line, message := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
		message = m[2]
	}
	return &Error{Location{Line: line, Column: 1, EndLine: line}, "invalid YAML: " + message}
}
