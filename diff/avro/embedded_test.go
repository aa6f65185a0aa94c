package avro

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// payload is a schema in another document, at its line there.
func payload(t *testing.T, file, schema string) *tree.Node {
	t.Helper()
	doc, err := tree.Parse(file, []byte("channel: trades\nmessage:\n  payload: "+schema+"\n"), tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root.Path("message", "payload")
}

// TestCompare: a schema in another document is compared like one in its own
// file, by the side of its consumers.
func TestCompare(t *testing.T) {
	trade := `{type: record, name: Trade, fields: [{name: legs, type: {type: array, items: {type: record, name: Leg, fields: [{name: price, type: %s}]}}}]}`
	message := diff.PathOf(diff.Step{Kind: diff.Operation, Noun: "receive", Name: "trades"})
	for _, tt := range []struct {
		name     string
		side     diff.Side
		old, new string
		want     []string
	}{
		{"what is received", diff.Receives, fmt.Sprintf(trade, "int"), fmt.Sprintf(trade, "long"),
			[]string{"breaking avro/type-widened record Leg › price: new.yaml:3, receives receive trades " +
				"› legs[] › price"}},
		{"what is sent", diff.Sends, fmt.Sprintf(trade, "int"), fmt.Sprintf(trade, "long"),
			[]string{"safe avro/type-widened record Leg › price: new.yaml:3, sends receive trades › " +
				"legs[] › price"}},
		{"no name at the root", diff.Receives, "{type: array, items: int}", "{type: array, items: string}",
			[]string{"breaking avro/type-changed receive trades[]: new.yaml:3, receives receive trades[]"}},
		{"nothing differs", diff.Both, "{type: string, doc: a}", "{type: string, doc: b}", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &diff.Report{}
			at := diff.Place{Use: message, Side: tt.side}
			if err := Compare(context.Background(), r, at, payload(t, "old.yaml", tt.old),
				payload(t, "new.yaml", tt.new)); err != nil || len(r.Errors) > 0 {
				t.Fatal(err, r.Errors)
			}
			var got []string
			for _, c := range r.Changes {
				reach := c.Reaches[0]
				got = append(got, fmt.Sprintf("%s %s %s: %s:%d, %s %s",
					c.Rule.Level(reach.Side), c.Rule.ID, c.Subject, c.New.File, c.New.Line, reach.Side,
					reach.Use))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCompareMistakes(t *testing.T) {
	r := &diff.Report{}
	broken := payload(t, "new.yaml", "{type: record, name: Trade, fields: [{name: leg, type: Leg}]}")
	if err := Compare(context.Background(), r, diff.Place{}, payload(t, "old.yaml", "string"),
		broken); err != nil {
		t.Fatal(err)
	}
	if len(r.Errors) != 1 || r.Errors[0].Line != 3 ||
		!strings.Contains(r.Errors[0].Message, `unknown type "Leg"`) {
		t.Errorf("the mistakes are %v", r.Errors)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	at := diff.Place{Use: diff.PathOf(rootStep), Side: diff.Both}
	if err := Compare(ctx, r, at, payload(t, "old.yaml", "string"),
		payload(t, "new.yaml", "int")); !errors.Is(err, context.Canceled) {
		t.Errorf("without time left: %v", err)
	}
}
