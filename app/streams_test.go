package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"

	"github.com/google/go-cmp/cmp"
)

// The trading firm publishes trades on a stream. Three teams registered for it:
// each reads the price.
const (
	tradeFile = "schemas/trade_event.avsc"
	trade     = `{
  "type": "record",
  "name": "trade.TradeEvent",
  "fields": [
    {"name": "id", "type": "string"},
    {"name": "price", "type": "double"}
  ]
}
`
	firm = `version: 1
contracts:
  - name: trades
    path: schemas/trade_event.avsc
    owners: [acme/orders]
    registry: {name: main, subject: trades-value}
consumers:
  - {team: acme/mobile, contract: trades, uses: ["trade.TradeEvent reads price"]}
  - {team: acme/billing, contract: trades, uses: ["trade.TradeEvent reads price"]}
  - {team: acme/analytics, contract: trades, uses: ["trade.TradeEvent reads id, price"]}
`
)

// firmFiles is the firm's repository, with some of the files replaced.
func firmFiles(more map[string]string) map[string]string {
	return with(map[string]string{tradeFile: trade, configFile: firm}, more)
}

// broker is a schema registry that holds the trades at FULL compatibility.
func broker(t *testing.T) *srfake.Registry {
	t.Helper()
	r := srfake.New(srfake.WithGlobalCompat(sr.CompatFull))
	t.Cleanup(r.Close)
	r.SeedSchema("trades-value", 1, 1, sr.Schema{Schema: trade, Type: sr.TypeAvro})
	return r
}

// fields is the trade with other fields.
func fields(list ...string) string {
	return strings.Replace(trade, `    {"name": "id", "type": "string"},
    {"name": "price", "type": "double"}
`, "    "+strings.Join(list, ",\n    ")+"\n", 1)
}

const (
	idField    = `{"name": "id", "type": "string"}`
	priceField = `{"name": "price", "type": "double"}`
	beside     = `{"name": "trade_price", "type": "double", "default": 0}`
)

// A data contract stands beside the schema and promises the same to those who
// read the data.
const (
	promiseFile = "schemas/trade_event.odcs.yaml"
	promised    = `apiVersion: v3.1.0
kind: DataContract
id: trades
version: 1.0.0
schema:
  - name: trade_event
    properties:
      - {name: id, logicalType: string, required: true}
      - {name: price, logicalType: number, required: true}
`
	promisedToo = `      - {name: trade_price, logicalType: number, required: true}
`
)

// TestTradingFirm: a rename breaks readers on both ends of the stream and is
// asked of the three teams that read the field; the same in steps that
// compatibility allows is green.
func TestTradingFirm(t *testing.T) {
	entry := "  - {name: trades-data, path: " + promiseFile + ", owners: [acme/orders]}\nconsumers:\n"
	s := begin(t, firmFiles(map[string]string{
		promiseFile: promised,
		configFile:  strings.Replace(firm, "consumers:\n", entry, 1),
	}), withRegistry("main", broker(t).URL()))
	rename := s.open(map[string]string{
		tradeFile:   fields(idField, `{"name": "trade_price", "type": "double"}`),
		promiseFile: strings.Replace(promised, "name: price", "name: trade_price", 1),
	})
	run := s.wants(rename, "action_required", "")
	var lines []string
	for _, a := range run.Annotations {
		lines = append(lines, fmt.Sprintf("%s:%d %s", a.Path, a.StartLine, a.Title))
		if a.Path == tradeFile && !strings.Contains(a.Raw, "against: version 1") {
			t.Errorf("the annotation does not say that the registered version breaks too: %s", a.Raw)
		}
	}
	slices.Sort(lines)
	want := []string{
		"schemas/trade_event.avsc:5 field removed that old readers need [avro/field-removed-without-default]",
		"schemas/trade_event.avsc:6 field added without a default [avro/field-added-without-default]",
		"schemas/trade_event.odcs.yaml:4 breaking change without a new major version " +
			"[odcs/version-not-bumped]",
		"schemas/trade_event.odcs.yaml:8 property removed [odcs/property-removed]",
		"schemas/trade_event.odcs.yaml:9 required property added [odcs/required-property-added]",
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	s.idle()
	// The owners answer for the new field, which nobody registered for.
	if d := cmp.Diff([]string{"analytics", "billing", "mobile", "orders"}, s.asked(rename)); d != "" {
		t.Errorf("who is asked: %s", d)
	}
	expand := s.open(map[string]string{
		tradeFile:   fields(idField, priceField, beside),
		promiseFile: promised + promisedToo,
	})
	s.wants(expand, "success", "")
	s.idle()
	if asked := s.asked(expand); len(asked) > 0 {
		t.Errorf("asked for a safe change: %v", asked)
	}
}

// TestRegisteredVersions: what producers have registered counts beside what the
// base branch says, as far as the level there asks for it; what the base branch
// has against it already is nobody's to approve here.
func TestRegisteredVersions(t *testing.T) {
	r := broker(t)
	// An earlier version had a venue of another type.
	r.SeedSchema("trades-value", 2, 2, sr.Schema{
		Schema: fields(idField, priceField, `{"name": "venue", "type": "int"}`),
		Type:   sr.TypeAvro,
	})
	r.SeedSchema("trades-value", 3, 3, sr.Schema{Schema: trade, Type: sr.TypeAvro})
	s := begin(t, firmFiles(nil), withRegistry("main", r.URL()))
	// fits version 3
	venue := map[string]string{tradeFile: fields(idField, priceField,
		`{"name": "venue", "type": "string", "default": ""}`)}
	s.wants(s.open(venue), "success", "")
	if err := r.SetCompat("trades-value", sr.CompatFullTransitive); err != nil {
		t.Fatal(err)
	}
	pull := s.open(venue)
	run := s.wants(pull, "action_required", "")
	if len(run.Annotations) != 1 || !strings.Contains(run.Annotations[0].Raw, "against: version 2") ||
		!strings.Contains(run.Annotations[0].Title, "avro/type-changed") {
		t.Errorf("want one annotation, against version 2: %+v", run.Annotations)
	}
	s.repo.Commit("main", "the venue is there", "oscar", venue)
	known := s.open(with(venue,
		map[string]string{tradeFile: strings.Replace(venue[tradeFile], idField,
			`{"name": "id", "doc": "its id", "type": "string"}`, 1)}))
	run = s.wants(known, "success", "")
	if !strings.Contains(run.Summary,
		"against registered versions that the base branch has already, and that nobody is asked about "+
			"here: 1.") {
		t.Errorf("the summary does not tell what was there before:\n%s", run.Summary)
	}
}

// TestRegistryRefuses: the registry's own no is a finding at its place, with
// the registry's words.
func TestRegistryRefuses(t *testing.T) {
	r := broker(t)
	r.Intercept(func(w http.ResponseWriter, req *http.Request) bool {
		if !strings.HasPrefix(req.URL.Path, "/compatibility/") {
			return false
		}
		var asked sr.Schema
		body, err := io.ReadAll(req.Body)
		if err != nil || json.Unmarshal(body, &asked) != nil {
			t.Errorf("the dry run is no JSON: %s", body)
		}
		answer := map[string]any{"is_compatible": true}
		if strings.Contains(asked.Schema, "trade_price") {
			answer = map[string]any{"is_compatible": false, "messages": []string{
				"{errorType:'FIELD_RESERVED', description:'The field at path '/fields/2' is reserved', " +
					"additionalInfo:'trade_price'}", "{oldSchemaVersion: 1}",
			}}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
		return true
	})
	s := begin(t, firmFiles(nil), withRegistry("main", r.URL()))
	run := s.wants(s.open(map[string]string{tradeFile: fields(idField, priceField, beside)}),
		"action_required", "")
	if len(run.Annotations) != 1 || run.Annotations[0].StartLine != 7 ||
		!strings.Contains(run.Annotations[0].Message, "The field at path '/fields/2' is reserved") {
		t.Errorf("want the registry's words at line 7: %+v", run.Annotations)
	}
}

// TestRegistryTrouble: a registry that cannot be read makes its contract red,
// at the entry that names it, and keeps nothing else from being decided.
func TestRegistryTrouble(t *testing.T) {
	for _, tt := range []struct {
		name, subject string
		answer        func(w http.ResponseWriter)
		want          string
	}{
		{"down", "trades-value", func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusInternalServerError)
		}, "it answers 500"},
		{"garbage", "trades-value", func(w http.ResponseWriter) {
			fmt.Fprint(w, "<html>log in</html>")
		}, "unable to decode"},
		{
			"no subject", "gone-value", nil,
			"has no subject gone-value: register a first version, or correct the name",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := broker(t)
			if tt.answer != nil {
				r.Intercept(func(w http.ResponseWriter, _ *http.Request) bool { tt.answer(w); return true })
			}
			files := firmFiles(map[string]string{
				ordersFile: orders,
				configFile: strings.Replace(strings.Replace(firm, "trades-value", tt.subject, 1),
					"contracts:\n",
					"contracts:\n  - {name: orders, path: api/orders.yaml, owners: [acme/orders]}\n", 1),
			})
			s := begin(t, files, withRegistry("main", r.URL()))
			pull := s.open(map[string]string{
				tradeFile:  fields(idField, priceField, beside),
				ordersFile: strings.Replace(orders, status, "", 1),
			})
			run := s.wants(pull, "failure", "")
			var mistakes, breaks int
			for _, a := range run.Annotations {
				if a.Path == configFile && a.StartLine == 4 && strings.Contains(a.Message, tt.want) {
					mistakes++
				}
				if a.Path == ordersFile {
					breaks++
				}
			}
			if mistakes != 1 || breaks == 0 {
				t.Errorf("want the registry's trouble at line 4 of the configuration, and the finding in "+
					"the orders: %+v", run.Annotations)
			}
		})
	}
}

// TestBrokenSchemas: a schema that is none is shown where it is, or,
// registered, at the entry that leads to it.
func TestBrokenSchemas(t *testing.T) {
	for _, tt := range []struct{ name, registered, head, want string }{
		{"at the head", trade, strings.Replace(trade, `"double"`, `"money"`, 1), `schemas/trade_event.avsc:6 unknown type "money": define it in this file, or in money.avsc beside it`},
		{"no JSON", trade, strings.Replace(trade, "]", "", 1), "schemas/trade_event.avsc:8 invalid JSON"},
		{"registered", `{"type": "record", "name": "trade.TradeEvent"}`, fields(idField, priceField, beside),
			`.github/assent.yml:3 the registered trades-value/version-2.avsc:1:1: record trade.TradeEvent needs a list of "fields"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := broker(t)
			r.SeedSchema("trades-value", 2, 2, sr.Schema{Schema: tt.registered, Type: sr.TypeAvro})
			s := begin(t, firmFiles(nil), withRegistry("main", r.URL()))
			run := s.wants(s.open(map[string]string{tradeFile: tt.head}), "failure", "")
			var got []string
			for _, a := range run.Annotations {
				if a.Level == "failure" {
					got = append(got, fmt.Sprintf("%s:%d %s", a.Path, a.StartLine, a.Message))
				}
			}
			if len(got) != 1 || !strings.HasPrefix(got[0], tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestRegistryOfOthers: a pull request cannot point assent at another registry,
// neither for a contract that is there nor for one that it adds.
func TestRegistryOfOthers(t *testing.T) {
	for name, before := range map[string]string{
		"there": strings.Replace(firm, "    registry: {name: main, subject: trades-value}\n", "", 1),
		"added": "version: 1\ncontracts:\n  - {name: orders, path: api/orders.yaml, owners: [acme/orders]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := broker(t)
			s := begin(t, firmFiles(map[string]string{configFile: before, ordersFile: orders}),
				withRegistry("main", r.URL()))
			var reads atomic.Int32
			r.Intercept(func(http.ResponseWriter, *http.Request) bool { reads.Add(1); return false })
			s.settled(s.open(map[string]string{
				configFile: firm,
				tradeFile:  fields(idField, priceField, beside),
			}))
			if n := reads.Load(); n > 0 {
				t.Errorf("the registry that the pull request names was asked %d times", n)
			}
		})
	}
}

// TestPermission: who may name a registry is said by the server's settings.
func TestPermission(t *testing.T) {
	for _, tt := range []struct{ name, entry, want string }{
		{"unknown", "name: other", "there is no schema registry other"},
		{"of others", "name: main", "repositories of acme may not use the schema registry main"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := begin(t, firmFiles(map[string]string{configFile: strings.Replace(firm, "name: main",
				tt.entry, 1)}), withRegistry("main", broker(t).URL(), "umbrella"))
			run := s.wants(s.open(map[string]string{tradeFile: fields(idField, priceField, beside)}),
				"failure", "")
			if len(run.Annotations) != 1 || run.Annotations[0].StartLine != 3 ||
				!strings.Contains(run.Annotations[0].Message, tt.want) {
				t.Errorf("got %+v", run.Annotations)
			}
		})
	}
}

// TestReaders: a consumer with a schema of its own is asked if that very schema
// cannot read the new data, and left alone if it can, whatever the contract's
// own schema says.
func TestReaders(t *testing.T) {
	schema := func(list ...string) string {
		return strings.Replace(fields(list...), "trade.TradeEvent", "risk.TradeEvent", 1)
	}
	s := begin(t, firmFiles(map[string]string{
		configFile: `version: 1
contracts:
  - {name: trades, path: schemas/trade_event.avsc, owners: [acme/orders], compatibility: full}
consumers:
  - {team: acme/mobile, contract: trades, reader: readers/mobile.avsc}
  - {team: acme/billing, contract: trades, reader: readers/billing.avsc}
  - {team: acme/analytics, contract: trades, reader: readers/analytics.avsc}
`,
		"readers/mobile.avsc":  schema(idField),
		"readers/billing.avsc": schema(priceField),
		"readers/analytics.avsc": schema(idField,
			`{"name": "price", "type": ["null", "double"], "default": null}`),
	}))
	pull := s.open(map[string]string{tradeFile: fields(idField), "readers/billing.avsc": schema(idField)})
	s.wants(pull, "action_required", "")
	s.idle()
	if d := cmp.Diff([]string{"billing"}, s.asked(pull)); d != "" {
		t.Errorf("who is asked: %s", d)
	}
}

// TestBrokenReader: who registered a schema that is not there, or is none,
// learns of it at the line.
func TestBrokenReader(t *testing.T) {
	s := begin(t, firmFiles(map[string]string{
		configFile: `version: 1
contracts:
  - {name: trades, path: schemas/trade_event.avsc, owners: [acme/orders]}
consumers:
  - {team: acme/mobile, contract: trades, reader: readers/gone.avsc}
  - {team: acme/billing, contract: trades, reader: readers/broken.avsc}
`,
		"readers/broken.avsc": `{"type": "record"}`,
	}))
	run := s.wants(s.open(map[string]string{tradeFile: fields(idField)}), "failure", "")
	var got []string
	for _, a := range run.Annotations {
		if a.Path == configFile {
			got = append(got, fmt.Sprintf("%d: %s", a.StartLine, a.Message))
		}
	}
	want := []string{
		"5: the reader of acme/mobile: there is no file readers/gone.avsc on the base branch",
		`6: the reader of acme/billing: readers/broken.avsc:1: record needs the member "name"`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestTypesInOtherFiles: a pull request that changes only the file of a type
// that a contract refers to by name touches the contract, and says so at that
// file's line.
func TestTypesInOtherFiles(t *testing.T) {
	leg := `{"type": "record", "name": "trade.Leg", "fields": [` + "\n" +
		`  {"name": "price", "type": "double"}` + "\n]}\n"
	s := begin(t, firmFiles(map[string]string{
		configFile: strings.Replace(firm, "registry: {name: main, subject: trades-value}",
			"compatibility: full", 1),
		tradeFile:             fields(idField, `{"name": "price", "type": "Leg"}`),
		"schemas/legs/l.avsc": leg,
		"schemas/Other.avsc":  `{"type": "fixed", "name": "trade.Other", "size": 1}`,
	}))
	other := s.open(map[string]string{"schemas/Other.avsc": `{"type": "fixed", "name": "trade.Other", "size": 2}`})
	s.wants(other, "success", "")
	pull := s.open(map[string]string{"schemas/legs/l.avsc": strings.Replace(leg, "double", "string", 1)})
	run := s.wants(pull, "action_required", "")
	if len(run.Annotations) != 1 || run.Annotations[0].Path != "schemas/legs/l.avsc" ||
		run.Annotations[0].StartLine != 2 {
		t.Errorf("want one annotation at the leg's price: %+v", run.Annotations)
	}
	s.idle()
	if d := cmp.Diff([]string{"analytics", "billing", "mobile"}, s.asked(pull)); d != "" {
		t.Errorf("who is asked: %s", d)
	}
}
