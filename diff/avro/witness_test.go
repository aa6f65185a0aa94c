package avro

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	twmb "github.com/twmb/avro"

	"github.com/assent-dev/assent/diff"
)

// narrowing makes a schema that allows one value out of a schema that allows
// it: unions get only the branch of the value, enums only its symbol. The peer
// matches types before it reads data, so this makes it judge the value and not
// the type.
type narrowing struct {
	defined map[string]object // by name
	used    map[string]bool
	again   bool // a type is used twice, and may not be narrowed twice
}

func narrow(s any) *narrowing {
	n := &narrowing{defined: map[string]object{}, used: map[string]bool{}}
	n.define(s)
	return n
}

func (n *narrowing) define(s any) {
	switch s := s.(type) {
	case []any:
		for _, b := range s {
			n.define(b)
		}
	case object:
		if name, ok := s["name"].(string); ok {
			n.defined[name] = s
		}
		for _, key := range []string{"type", "items", "values"} {
			n.define(s[key])
		}
		fields, _ := s["fields"].([]any)
		for _, f := range fields {
			n.define(f.(object)["type"])
		}
	}
}

func (n *narrowing) to(s, v any) any {
	switch s := s.(type) {
	case string:
		if d, ok := n.defined[s]; ok {
			return n.to(d, v)
		}
	case []any:
		return []any{n.branch(s, v)}
	case object:
		return n.object(s, v)
	}
	return s
}

func (n *narrowing) branch(branches []any, v any) any {
	for _, b := range branches {
		tagged, _ := v.(object)
		if inner, ok := tagged[kindOf(b)]; ok {
			return n.to(b, inner)
		}
	}
	return "null"
}

func (n *narrowing) object(s object, v any) any {
	if name, ok := s["name"].(string); ok {
		if n.used[name] {
			n.again = true
			return name
		}
		n.used[name] = true
	}
	out := object{}
	for key, value := range s {
		out[key] = value
	}
	switch s["type"] {
	case "record":
		fields := []any{}
		for _, f := range s["fields"].([]any) {
			f := f.(object)
			fields = append(fields, object{
				"name": f["name"],
				"type": n.to(f["type"], v.(object)[f["name"].(string)]),
			})
		}
		out["fields"] = fields
	case "enum":
		out["symbols"] = []any{v}
		delete(out, "default")
	case "array", "map":
		key := map[any]string{"array": "items", "map": "values"}[s["type"]]
		out[key] = []any{} // read by everybody
		list, _ := v.([]any)
		if members, _ := v.(object); len(members) > 0 {
			list = append(list, members["key"])
		}
		if len(list) > 0 {
			out[key] = n.to(s[key], list[0])
		}
	}
	return out
}

// judge asks the peer whether the writer's schema allows the value, and whether
// the reader's cannot read it.
func judge(t *testing.T, value json.RawMessage, definition func(s any) any,
	writer, reader string) (precise bool) {
	t.Helper()
	parse := func(s any) *twmb.Schema {
		text, _ := json.Marshal(s)
		parsed, err := twmb.Parse(string(text))
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		return parsed
	}
	var w, r, v any
	for text, into := range map[string]*any{writer: &w, reader: &r, string(value): &v} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	n := narrow(w)
	of := definition(w)
	narrowed := n.to(of, v)
	if n.again {
		narrowed = whole(of, w)
	}
	one := parse(narrowed)
	var decoded any
	if err := one.DecodeJSON(value, &decoded); err != nil {
		t.Errorf("the writer does not allow %s: %v", value, err)
	}
	if _, err := one.Encode(decoded); err != nil {
		t.Errorf("the writer does not encode %s: %v", value, err)
	}
	if err := twmb.CheckCompatibility(one, parse(whole(definition(r), r))); err == nil {
		t.Errorf("the reader reads %s", value)
	}
	return !n.again
}

// whole is a definition with all types that it refers to.
func whole(definition, root any) any {
	n := narrow(root)
	var expand func(s any) any
	expand = func(s any) any {
		switch s := s.(type) {
		case string:
			if d, ok := n.defined[s]; ok && !n.used[s] {
				return expand(d)
			}
		case []any:
			out := []any{}
			for _, b := range s {
				out = append(out, expand(b))
			}
			return out
		case object:
			if name, ok := s["name"].(string); ok {
				if n.used[name] {
					return name
				}
				n.used[name] = true
			}
			out := object{}
			for key, value := range s {
				out[key] = value
			}
			for _, key := range []string{"items", "values"} {
				if s[key] != nil {
					out[key] = expand(s[key])
				}
			}
			fields, _ := s["fields"].([]any)
			for i, f := range fields {
				f := f.(object)
				field := object{"name": f["name"], "type": expand(f["type"])}
				for _, key := range []string{"default", "aliases"} {
					if value, ok := f[key]; ok {
						field[key] = value
					}
				}
				if i == 0 {
					out["fields"] = []any{}
				}
				out["fields"] = append(out["fields"].([]any), field)
			}
			return out
		}
		return s
	}
	return expand(definition)
}

// TestWitness: the peer agrees that the witness of a breaking change can be
// written with one revision and not read with the other. Nearly all breaking
// changes must have a witness.
func TestWitness(t *testing.T) {
	shown, precise, silent := 0, 0, map[string]int{}
	generated(t, func(old, new string, _, _ *twmb.Schema) {
		r := compared(t, old, new)
		for i := range r.Changes {
			c := &r.Changes[i]
			switch {
			case c.Level != diff.Breaking:
			case c.Witness == nil:
				t.Errorf("%s: no witness: %s", c.Rule.ID, c.Message)
			case c.Witness.Why != "":
				silent[c.Rule.ID+": "+c.Witness.Why]++
			default:
				shown++
				writer, reader := old, new
				if c.Witness.AcceptedBy == "new" {
					writer, reader = new, old
				}
				if judge(t, c.Witness.Value, definitionOf(c), writer, reader) {
					precise++
				}
			}
			if t.Failed() {
				t.Fatalf("%s: %s: %s", c.Subject, c.Message, c.Witness)
			}
		}
	})
	t.Logf("%d witnesses, %d of them judged by the value alone; without: %v", shown, precise, silent)
	if precise < pairs/10 {
		t.Errorf("only %d witnesses could be judged", precise)
	}
	for why := range silent {
		if !strings.HasPrefix(why, "avro/decimal-changed") &&
			!strings.HasPrefix(why, "avro/logical-type-changed") && !strings.Contains(why, "contain itself") {
			t.Error(why)
		}
	}
}

// definitionOf finds the definition of a change: the type that its subject
// names, else the whole schema.
func definitionOf(c *diff.Change) func(s any) any {
	definition := c.Subject.First()
	name := definition.Name
	return func(s any) any {
		if definition.Noun == "" {
			return s
		}
		for defined, d := range narrow(s).defined {
			if root, _, _ := strings.Cut(defined, "_"); defined == name ||
				root == strings.SplitN(name, "_", 2)[0] {
				return d
			}
		}
		panic(fmt.Sprintf("no %s in %v", name, s))
	}
}
