package usage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/usage"
)

func step(kind diff.Kind, name string) diff.Step { return diff.Step{Kind: kind, Name: name} }

func field(name string) diff.Path { return diff.PathOf(step(diff.Field, name)) }

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want usage.Use
	}{
		{"GET /v2/orders/{id}", usage.Use{Of: "GET /v2/orders/{id}"}},
		{
			"GET /v2/orders/{id} reads status, items[].sku",
			usage.Use{
				Of: "GET /v2/orders/{id}",
				Reads: []diff.Path{
					field("status"),
					diff.PathOf(step(diff.Field, "items"), step(diff.Element, "[]"), step(diff.Field, "sku")),
				},
			},
		},
		{
			"POST /orders sends sku,quantity reads id",
			usage.Use{
				Of:    "POST /orders",
				Sends: []diff.Path{field("sku"), field("quantity")},
				Reads: []diff.Path{field("id")},
			},
		},
		{
			"trade.TradeEvent reads legs[].price",
			usage.Use{
				Of: "trade.TradeEvent",
				Reads: []diff.Path{diff.PathOf(step(diff.Field, "legs"), step(diff.Element, "[]"),
					step(diff.Field, "price"))},
			},
		},
	}
	for _, tt := range tests {
		got, err := usage.Parse(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.text, d)
		}
	}
	for _, bad := range []string{"", "reads a", "GET /x reads"} {
		if _, err := usage.Parse(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestOf(t *testing.T) {
	breaksReaders := &diff.Rule{ID: "x/a", Receives: diff.Breaking}
	riskyForReaders := &diff.Rule{ID: "x/b", Receives: diff.Risky}
	breaksSenders := &diff.Rule{ID: "x/c", Sends: diff.Breaking}
	requires := &diff.Rule{ID: "x/d", Sends: diff.Breaking, Absence: true}
	safe := &diff.Rule{ID: "x/e"}
	some := diff.HashOf("some")
	changed := func(rule *diff.Rule, side diff.Side, uses ...string) *diff.Change {
		c := &diff.Change{Rule: rule, Before: some, After: diff.HashOf("other")}
		for _, use := range uses {
			r := diff.Reach{Use: difftest.Path(use), Side: side}
			if side&diff.Sends != 0 {
				r.Costs.Sends = rule.Sends
			}
			if side&diff.Receives != 0 {
				r.Costs.Receives = rule.Receives
			}
			c.Reaches = append(c.Reaches, r)
		}
		return c
	}
	gone := func(rule *diff.Rule, side diff.Side, uses ...string) *diff.Change {
		c := changed(rule, side, uses...)
		c.After = diff.Hash{}
		return c
	}
	sku := "GET /orders/{} › 200 › application/json › items[] › sku"
	body := "POST /orders › request › application/json › sku"
	tests := []struct {
		name   string
		change *diff.Change
		uses   []string
		want   usage.Impact
	}{
		{"whole contract", changed(breaksReaders, diff.Receives, sku), nil, usage.Broken},
		{
			"whole operation", changed(breaksReaders, diff.Receives, sku),
			[]string{"GET /orders/{id}"}, usage.Broken,
		},
		{
			"another operation", changed(breaksReaders, diff.Receives, sku), []string{"GET /orders"},
			usage.Unaffected,
		},
		{"an element of a tuple", changed(breaksReaders, diff.Receives,
			"GET /orders/{} › 200 › application/json › items[0] › sku"),
			[]string{"GET /orders/{id} reads items[].sku"}, usage.Broken},
		{
			"the field", changed(breaksReaders, diff.Receives, sku),
			[]string{"GET /orders/{id} reads items[].sku"}, usage.Broken,
		},
		{
			"what contains it", changed(breaksReaders, diff.Receives, sku),
			[]string{"GET /orders/{id} reads items"}, usage.Broken,
		},
		{
			"another field", changed(breaksReaders, diff.Receives, sku),
			[]string{"GET /orders/{id} reads items[].price, status"}, usage.Unaffected,
		},
		{
			"a field whose name begins alike", changed(breaksReaders, diff.Receives, sku),
			[]string{"GET /orders/{id} reads items[].skus"}, usage.Unaffected,
		},
		{
			"a risky change", changed(riskyForReaders, diff.Receives, sku),
			[]string{"GET /orders/{id} reads items[].sku"}, usage.Potential,
		},
		{
			"a risky removal of what is read", gone(riskyForReaders, diff.Receives, sku),
			[]string{"GET /orders/{id} reads items[].sku"}, usage.Broken,
		},
		{
			"a safe removal of what is read", gone(safe, diff.Receives, "trade.Trade › price"),
			[]string{"trade.Trade reads price"}, usage.Broken,
		},
		{
			"a safe removal of what is not", gone(safe, diff.Receives, "trade.Trade › price"),
			[]string{"trade.Trade reads qty"}, usage.Unaffected,
		},
		{"a safe change", changed(safe, diff.Both, sku), nil, usage.Unaffected},
		{
			"what is sent", changed(breaksSenders, diff.Sends, body),
			[]string{"POST /orders sends sku"}, usage.Broken,
		},
		{
			"what is not sent", changed(breaksSenders, diff.Sends, body),
			[]string{"POST /orders sends quantity"}, usage.Unaffected,
		},
		{
			"nobody said what is sent", changed(breaksSenders, diff.Sends, body),
			[]string{"POST /orders reads id"}, usage.Unknown,
		},
		{
			"a record that is only read", changed(breaksSenders, diff.Both, "trade.Trade › venue"),
			[]string{"trade.Trade reads venue"}, usage.Unaffected,
		},
		{
			"required and not sent", changed(requires, diff.Sends, body),
			[]string{"POST /orders sends quantity"}, usage.Broken,
		},
		{
			"required and sent", changed(requires, diff.Sends, body),
			[]string{"POST /orders sends sku"}, usage.Unaffected,
		},
		{
			"required of a record and only read",
			changed(requires, diff.Both, "schema orders › currency"),
			[]string{"schema orders reads price"}, usage.Unaffected,
		},
		{
			"required of a record and written",
			changed(requires, diff.Both, "schema orders › currency"),
			[]string{"schema orders sends price"}, usage.Broken,
		},
		{
			"a table that is only read", changed(breaksSenders, diff.Both, "schema orders"),
			[]string{"schema orders reads price"}, usage.Unaffected,
		},
		{
			"a table that is written", changed(breaksSenders, diff.Both, "schema orders"),
			[]string{"schema orders sends price"}, usage.Broken,
		},
		{
			"what holds for all of the contract", changed(breaksReaders, diff.Both, "contract"),
			[]string{"schema orders reads price"}, usage.Broken,
		},
		{
			"what holds for all who write", changed(breaksSenders, diff.Both, "contract"),
			[]string{"schema orders reads price"}, usage.Unaffected,
		},
		{
			"the status",
			changed(breaksReaders, diff.Receives, "GET /orders/{} › 200"),
			[]string{"GET /orders/{id} reads status"}, usage.Broken,
		},
		{
			"a parameter",
			changed(breaksSenders, diff.Sends, "GET /orders › query status"),
			[]string{"GET /orders sends status reads id"}, usage.Broken,
		},
		{"through a branch", changed(breaksReaders, diff.Receives,
			"GET /orders/{} › 200 › application/json › payment › (Card) › number"),
			[]string{"GET /orders/{id} reads payment.number"}, usage.Broken},
		{
			"the element that is declared", changed(breaksReaders, diff.Receives, sku),
			[]string{"GET /orders/{id} reads items[0].sku"}, usage.Broken,
		},
		{
			"a list as body",
			changed(breaksReaders, diff.Receives, "GET /orders › 200 › application/json[] › sku"),
			[]string{"GET /orders reads [].sku"}, usage.Broken,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var uses []usage.Use
			for _, text := range tt.uses {
				u, err := usage.Parse(text)
				if err != nil {
					t.Fatal(err)
				}
				uses = append(uses, u)
			}
			if got := usage.Of(tt.change, uses).Impact; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
