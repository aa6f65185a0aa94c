package app_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/assent-dev/assent/github/githubtest"
)

// The shop's files.
const (
	ordersFile = "api/orders.yaml"
	tradesFile = "events/trade.avsc"
	configFile = ".github/assent.yml"
)

// orders is an API with two operations. Of an order, mobile reads status and
// total, billing reads total, and nobody reads note.
const orders = `openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
paths:
  /orders/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: one order
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Order'}
  /invoices/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: one invoice
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Invoice'}
components:
  schemas:
    Order:
      type: object
      required:
        - id
        - status
        - total
        - note
      properties:
        id: {type: string}
        status: {type: string}
        total: {type: number}
        note: {type: string}
    Invoice:
      type: object
      required:
        - amount
        - due
      properties:
        amount: {type: number}
        due: {type: string}
`

const trades = `{
  "type": "record",
  "name": "acme.Trade",
  "fields": [
    {"name": "symbol", "type": "string"},
    {"name": "price", "type": "double"}
  ]
}
`

const settings = `version: 1
contracts:
  - name: orders
    path: api/orders.yaml
    owners: [acme/orders]
  - name: trades
    path: events/trade.avsc
    compatibility: forward
    owners: [acme/orders]
consumers:
  - team: acme/mobile
    contract: orders
    uses: ["GET /orders/{id} reads status, total"]
  - team: acme/billing
    contract: orders
    uses: ["GET /orders/{id} reads total", "GET /invoices/{id} reads amount"]
  - team: acme/billing
    contract: trades
    uses: ["acme.Trade reads price"]
`

// The lines of orders that are removed or changed.
const (
	status = "        status: {type: string}\n"
	total  = "        total: {type: number}\n"
	note   = "        note: {type: string}\n"
	amount = "        amount: {type: number}\n"
)

// shop is the repository with its configuration.
func shop() map[string]string {
	return map[string]string{
		ordersFile:  orders,
		tradesFile:  trades,
		configFile:  settings,
		"README.md": "# Shop\n",
	}
}

// bare is the repository without a configuration.
func bare() map[string]string {
	files := shop()
	delete(files, configFile)
	return files
}

// with returns the files with some of them replaced.
func with(files map[string]string, more map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, files)
	maps.Copy(all, more)
	return all
}

// edit replaces passages of a text, each of which must be there.
func edit(t testing.TB, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("there is no %q to replace", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// without returns orders less some properties, as a change to it.
func without(t testing.TB, properties ...string) map[string]string {
	t.Helper()
	return map[string]string{ordersFile: less(t, orders, properties...)}
}

// less removes properties, by their lines and from what is required.
func less(t testing.TB, text string, properties ...string) string {
	t.Helper()
	for _, line := range properties {
		name, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		text = edit(t, text, line, "", "        - "+name+"\n", "")
	}
	return text
}

// line is the number of the first line of text that contains the words.
func line(t testing.TB, text, words string) int {
	t.Helper()
	before, _, ok := strings.Cut(text, words)
	if !ok {
		t.Fatalf("no line has %q", words)
	}
	return strings.Count(before, "\n") + 1
}

// marks lists annotations as path:line: level: rule.
func marks(run githubtest.CheckRun) []string {
	all := []string{}
	for _, a := range run.Annotations {
		all = append(all, fmt.Sprintf("%s:%d: %s: %s", a.Path, a.StartLine, a.Level, a.Title))
	}
	return all
}

// places lists where annotations are, as path:line.
func places(run githubtest.CheckRun) []string {
	all := []string{}
	for _, a := range run.Annotations {
		all = append(all, fmt.Sprintf("%s:%d", a.Path, a.StartLine))
	}
	return all
}

// pullOf is a pull request of olivia from a branch.
func pullOf(branch string) githubtest.Pull {
	return githubtest.Pull{Title: "A change", Author: "olivia", HeadRef: branch}
}
