package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// remarks are the members of a server that say neither where the data is nor
// how it is read. They document it, or control what a query costs its owner.
var remarks = []string{
	"id", "server", "type", "description", "environment", "roles", "customProperties", "warehouse",
	"workgroup", "stagingDir",
}

var serverRemoved = &diff.Rule{
	ID: "odcs/server-removed", Title: "server removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Consumers that read the data there find nothing. Announce the removal in the description,
wait until nobody reads there, and then remove the server.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: postgres, host: db.example.org, port: 5432, database: sales, schema: public}
  - {server: lake, type: s3, location: "s3://sales/orders/*.parquet", format: parquet}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: postgres, host: db.example.org, port: 5432, database: sales, schema: public}
-- want --
new.yaml:5:5: breaking: server lake: the server was removed [odcs/server-removed] (was old.yaml:6)
    both: contract
`,
}

var serverAdded = &diff.Rule{
	ID: "odcs/server-added", Title: "server added",
	Doc: `
The data is available at another place.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: kafka, host: "kafka.example.org:9092"}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: kafka, host: "kafka.example.org:9092"}
  - {server: lake, type: s3, location: "s3://sales/orders/*.parquet", format: parquet}
-- want --
new.yaml:6:5: safe: server lake: the server is new [odcs/server-added]
    both: contract
`,
}

// servers compares the servers of the contract.
func (w *walk) servers(whole place) {
	m := pair(w.old, w.new, "servers", stableID, byMembers("server"))
	for _, c := range m.both {
		if c.old.Hash() != c.new.Hash() {
			w.server(serverPlace(whole, c.new), c.old, c.new)
		}
	}
	for _, l := range m.gone {
		w.add(serverPlace(whole, l.old), serverRemoved, found{
			old:     l.old.At(),
			new:     l.near,
			before:  l.old.Digest(described...),
			after:   diff.HashOf("removed"),
			message: "the server was removed",
		})
	}
	for _, n := range m.fresh {
		w.add(serverPlace(whole, n), serverAdded, found{
			new:     n.At(),
			after:   n.Digest(described...),
			message: "the server is new",
		})
	}
}

func serverPlace(whole place, n *tree.Node) place {
	whole.definition = diff.PathOf(aspect("server", get(n, "server").Text))
	return whole
}

var serverRenamed = &diff.Rule{
	ID: "odcs/server-renamed", Title: "server renamed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The stable id says that it is the same server. Readers whose tools use the name of the
server have to change it. Readers that have its address do not notice.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {id: s1, server: prod, type: kafka, host: "kafka.example.org:9092"}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {id: s1, server: production, type: kafka, host: "kafka.example.org:9092"}
-- want --
new.yaml:5:14: risky: server production: renamed from prod [odcs/server-renamed] (was old.yaml:5)
    both: contract
`,
}

var serverTypeChanged = &diff.Rule{
	ID:       "odcs/server-type-changed",
	Title:    "type of a server changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Readers need another driver and other queries. Offer the new server beside the old
one until they have moved.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: postgres, host: db.example.org, port: 5432, database: sales, schema: public}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: snowflake, account: acme, database: sales, schema: public}
-- want --
new.yaml:5:20: breaking: server prod: type changed from postgres to snowflake [odcs/server-type-changed] (was old.yaml:5)
    both: contract
`,
}

var serverLocationChanged = &diff.Rule{
	ID:       "odcs/server-location-changed",
	Title:    "location or format of data changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Readers that connect to the old address, or read files of the old format, find nothing.
Offer the data at both places until they have moved.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: postgres, host: db.example.org, port: 5432, database: sales, schema: public}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
servers:
  - {server: prod, type: postgres, host: db2.example.org, port: 5432, database: sales, schema: core}
-- want --
new.yaml:5:36: breaking: server prod: host changed from db.example.org to db2.example.org; schema changed from public to core [odcs/server-location-changed] (was old.yaml:5)
    both: contract
`,
}

func (w *walk) server(p place, o, n *tree.Node) {
	if a, b := get(o, "server"), get(n, "server"); a.Text != b.Text {
		w.member(p, serverRenamed, "renamed from "+text(a), o, n, "server")
	}
	if a, b := get(o, "type"), get(n, "type"); serverType(a) != serverType(b) {
		w.member(p, serverTypeChanged, changed("type", a, b), o, n, "type")
		return // the other members of another type have other names
	}
	var what, before, after []string
	f := found{}
	for _, key := range members(o, n) {
		a, b := get(o, key), get(n, key)
		if slices.Contains(remarks, key) || raw(a) == raw(b) {
			continue
		}
		if what == nil {
			f.old, f.new = origin(o, []string{key}), spot(o, n, []string{key})
		}
		what, before, after = append(what, changed(key, a, b)), append(before, key, raw(a)),
			append(after, key, raw(b))
	}
	if what != nil {
		f.message, f.before, f.after = strings.Join(what, "; "), diff.HashOf(before...), diff.HashOf(after...)
		w.add(p, serverLocationChanged, f)
	}
	w.metadata(p, o, n, slices.DeleteFunc(members(o, n), func(key string) bool {
		return slices.Contains(remarks, key) && key != "server" && key != "type"
	})...)
}

// serverType is the type of a server. The names postgresql and postgres are
// equal.
func serverType(n *tree.Node) string {
	if t := strings.ToLower(raw(n)); t != "postgresql" {
		return t
	}
	return "postgres"
}
