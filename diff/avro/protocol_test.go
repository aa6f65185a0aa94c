package avro

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
)

const orders = `{"protocol": "Orders", "namespace": "acme", "types": [
  {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}, {"name": "sku", "type": "string"}]},
  {"type": "error", "name": "Refused", "fields": [{"name": "why", "type": "string"}]},
  {"type": "enum", "name": "Audit", "symbols": ["NEW"]}
], "messages": {
  "place": {"request": [{"name": "sku", "type": "string"}], "response": "Order"},
  "find": {"request": [{"name": "id", "type": "long"}], "response": "Order", "errors": ["Refused"]}
}}`

// TestMessages: clients send requests and receive responses and errors, and
// both directions are protected by default.
func TestMessages(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"parameter without a default", `[{"name": "sku", "type": "string"}]`,
			`[{"name": "sku", "type": "string"}, {"name": "count", "type": "int"}]`,
			`breaking avro/field-added-without-default [message place › request › count sends] {"sku":""}`},
		{"parameter removed", `[{"name": "id", "type": "long"}], "r`, `[], "r`,
			`safe avro/field-removed-without-default [message find › request › id sends]`},
		{"response", `{"name": "sku", "type": "string"}]}`, `{"name": "sku", "type": ["null", "string"]}]}`,
			`breaking avro/made-nullable [message find › response › sku receives message place › response › sku receives] {"id":0,"sku":null}`},
		{"error added", `"response": "Order"}`, `"response": "Order", "errors": ["Refused"]}`,
			`breaking avro/union-branch-added [message place › errors receives] {"acme.Refused":{"why":""}}`},
		{"type that no message uses", `["NEW"]`, `["OLD"]`,
			"breaking avro/enum-symbol-removed [acme.Audit both] \"NEW\"\nbreaking " +
				"avro/enum-symbol-added [acme.Audit both] \"OLD\""},
		{"order of messages", `"messages"`, `"doc": "x", "messages"`, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			protocol := func(text string) diff.Source {
				return diff.Source{
					FS:    fstest.MapFS{"orders.avpr": {Data: []byte(text)}},
					Paths: []string{"orders.avpr"},
				}
			}
			backward, err := Protocol.Compatibility("")
			if err != nil {
				t.Fatal(err)
			}
			r, err := diff.Compare(context.Background(),
				diff.Contract{Name: "orders", Format: Protocol, Compatibility: backward},
				[]diff.Source{protocol(orders)}, protocol(strings.Replace(orders, c.from, c.to, 1)))
			if err != nil || len(r.Errors) > 0 {
				t.Fatal(err, r.Errors)
			}
			var got []string
			for _, change := range r.Changes {
				var reaches []string
				for _, reach := range change.Reaches {
					reaches = append(reaches, fmt.Sprint(reach.Use, " ", reach.Side))
				}
				line := fmt.Sprint(change.Level, " ", change.Rule.ID, " ", reaches)
				if change.Witness != nil {
					line += " " + string(change.Witness.Value)
				}
				got = append(got, line)
			}
			if d := cmp.Diff(c.want, strings.Join(got, "\n")); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestProtocolMistakes: every mistake has its line.
func TestProtocolMistakes(t *testing.T) {
	text := `{"protocol": "no name", "types": {},
"messages": {
  "a": {"response": "null"},
  "b": {"request": [{"name": "x", "type": "Gone"}]},
  "c": {"request": [], "response": "null", "errors": "x"}
}}`
	r := &diff.Report{}
	s := source(text)
	if err := Protocol.Compare(context.Background(), r, s, s, diff.Options{}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range r.Errors {
		got = append(got, fmt.Sprint(e.Line, ": ", e.Message))
	}
	want := []string{
		`1: "no name" is not a valid name: use letters, digits and _, with dots between the parts`,
		`1: types must be a list of definitions`,
		`3: message a needs a list of "request"`,
		`4: message b needs the member "response"`,
		`5: errors must be a list of types`,
		`4: unknown type "Gone": define it in this file, or in Gone.avsc beside it`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestProtocolForSchema: comparing a protocol with a schema is refused.
func TestProtocolForSchema(t *testing.T) {
	r := &diff.Report{}
	if err := Format.Compare(context.Background(), r, source(orders), source(`"int"`),
		diff.Options{}); err != nil || len(r.Errors) != 1 {
		t.Error(err, r.Errors)
	}
}
