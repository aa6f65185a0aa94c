package app_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const tradesContract = "events/trade.odcs.yaml"

// promise is a data contract beside the schema of trades, by billing.
const promise = `apiVersion: v3.1.0
kind: DataContract
id: trades
team: {name: acme/billing}
schema:
  - name: trade
    properties:
      - {name: symbol, logicalType: string, required: true}
      - {name: price, logicalType: number, required: true}
`

// The team of a data contract answers for it and for the schema that it
// describes, as the base branch has it.
func TestTeamOfADataContractAnswers(t *testing.T) {
	described := with(bare(), map[string]string{tradesContract: promise})
	breaks := map[string]string{tradesFile: edit(t, trades, `"name": "price"`, `"name": "cost"`)}
	for _, test := range []struct {
		name         string
		base, change map[string]string
		asked        []string
	}{
		{"for the schema", described, breaks, []string{"billing"}},
		{
			"for the contract", described,
			map[string]string{tradesContract: edit(t, promise, "string, required: true", "string")},
			[]string{"billing"},
		},
		{
			"before the code owners",
			with(described, map[string]string{"CODEOWNERS": "* @acme/analytics\n"}),
			breaks, []string{"billing"},
		},
		{"after the configured owners", with(shop(), map[string]string{
			tradesContract: promise,
			configFile:     "version: 1\ncontracts:\n  - {path: events/trade.avsc, owners: [acme/orders]}\n",
		}), breaks, []string{"orders"}},
		{"listed under any name", with(shop(), map[string]string{
			"promises.yaml": promise +
				"customProperties: [{property: schemaFile, value: events/trade.avsc}]\n",
			configFile: "version: 1\ncontracts:\n  - path: events/trade.avsc\n  - {path: promises.yaml, " +
				"format: odcs}\n",
		}), breaks, []string{"billing"}},
		{
			"as the base has it", described,
			with(breaks, map[string]string{tradesContract: edit(t, promise, "acme/billing", "acme/mobile")}),
			[]string{"billing"},
		},
		{
			"not while it is broken",
			with(described, map[string]string{
				tradesContract: edit(t, promise, "kind: DataContract", "kind: Other"),
				"CODEOWNERS":   "* @acme/analytics\n",
			}),
			breaks, []string{"analytics"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, test.base)
			pull := s.open(test.change)
			s.wants(pull, "action_required", "")
			s.idle()
			if diff := cmp.Diff(test.asked, s.asked(pull)); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// A schema that leaves its data contract behind is told of, although only one
// of the two files changed.
func TestDriftFromADataContract(t *testing.T) {
	grown := map[string]string{tradesFile: edit(t, trades, "\"double\"}\n",
		"\"double\"},\n    {\"name\": \"venue\", \"type\": \"string\", \"default\": \"\"}\n")}
	listed := "version: 1\ncontracts:\n  - path: events/trade.odcs.yaml\n"
	for name, base := range map[string]map[string]string{
		"configured":   with(shop(), map[string]string{configFile: listed}),
		"unconfigured": bare(),
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, with(base, map[string]string{tradesContract: promise}))
			pull := s.open(grown)
			run := s.wants(pull, "success", "")
			if !strings.Contains(run.Summary, "the contract does not mention it") {
				t.Errorf("nobody is told: %s", run.Summary)
			}
			s.wants(s.open(map[string]string{ordersFile: orders + "# x\n"}), "success", "")
		})
	}
}

// A data contract names the topic, and so the subject whose versions count;
// without one, the entry is a mistake.
func TestDataContractNamesTheSubject(t *testing.T) {
	entry := strings.Replace(firm, "subject: trades-value", "strategy: data-contract", 1)
	topic := edit(t, promised, "- name: trade_event", "- physicalName: trades\n    name: trade_event") +
		"servers: [{server: live, type: kafka, host: broker}]\n"
	for name, test := range map[string]struct {
		promise, conclusion, says string
		asked                     bool
	}{
		"named":     {topic, "action_required", "field removed", true},
		"not named": {promised, "failure", "which would name the subject", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := broker(t)
			var asked atomic.Bool
			r.Intercept(func(_ http.ResponseWriter, req *http.Request) bool {
				if strings.HasPrefix(req.URL.Path, "/subjects/trades-value/versions") {
					asked.Store(true)
				}
				return false
			})
			s := begin(t, firmFiles(map[string]string{configFile: entry, promiseFile: test.promise}),
				withRegistry("main", r.URL()))
			run := s.wants(s.open(map[string]string{tradeFile: fields(idField)}), test.conclusion, "")
			if !strings.Contains(run.Summary, test.says) || asked.Load() != test.asked {
				t.Errorf("asked for the topic's versions: %t, want %t; want %q in the summary:\n%s",
					asked.Load(), test.asked, test.says, run.Summary)
			}
		})
	}
}
