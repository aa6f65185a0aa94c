package odcs

import "github.com/assent-dev/assent/diff"

var requiredRelaxed = &diff.Rule{
	ID: "odcs/required-relaxed", Title: "property may be null or absent now", Receives: diff.Breaking,
	Doc: `
Readers that rely on a value fail if there is none: programs fail on the null, and reports
lose rows in a join. Keep the property required. If there are rows without a value, ask
the readers first how they handle them.`,
	Aliases: []string{"datacontract-cli:required-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number, required: true}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
-- want --
new.yaml:7:23: breaking: schema orders › price: it may be null or absent now [odcs/required-relaxed] (was old.yaml:7)
`,
}

var requiredAdded = &diff.Rule{
	ID: "odcs/required-added", Title: "property became required", Sends: diff.Breaking, Absence: true,
	Doc: `
Rows without a value no longer satisfy the contract. Fill them in first. Readers lose
nothing.`,
	Aliases: []string{"datacontract-cli:required-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number, required: false}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number, required: true}
-- want --
new.yaml:7:44: breaking: schema orders › price: it may no longer be null or absent [odcs/required-added] (was old.yaml:7)
`,
}

var uniqueRelaxed = &diff.Rule{
	ID: "odcs/unique-relaxed", Title: "values may occur more than once now", Receives: diff.Breaking,
	Doc: `
Joins over the property multiply rows, and programs that use it as a key fail or overwrite
data. Keep it unique, or offer another unique property.`,
	Aliases: []string{"datacontract-cli:unique-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, unique: true}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, unique: false}
-- want --
new.yaml:7:42: breaking: schema orders › ref: its values may occur more than once now [odcs/unique-relaxed] (was old.yaml:7)
`,
}

var uniqueAdded = &diff.Rule{
	ID: "odcs/unique-added", Title: "values must be unique now", Sends: diff.Breaking,
	Doc: `
Data in which a value occurs twice no longer satisfies the contract. Remove the duplicates
first. Readers lose nothing.`,
	Aliases: []string{"datacontract-cli:unique-constraint-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, unique: true}
-- want --
new.yaml:7:42: breaking: schema orders › ref: its values may occur only once now [odcs/unique-added] (was old.yaml:7)
`,
}

// promises compares whether a value is required, and whether it is unique.
func (w *walk) promises(e element) {
	for _, promise := range []struct {
		member                       string
		relaxed, added               *diff.Rule
		relaxedMessage, addedMessage string
	}{
		{
			"required", requiredRelaxed, requiredAdded, "it may be null or absent now",
			"it may no longer be null or absent",
		},
		{
			"unique", uniqueRelaxed, uniqueAdded, "its values may occur more than once now",
			"its values may occur only once now",
		},
	} {
		o, n := get(e.old, promise.member).True(), get(e.new, promise.member).True()
		switch {
		case o && !n:
			w.member(e.place, promise.relaxed, promise.relaxedMessage, e.old, e.new, promise.member)
		case n && !o:
			w.member(e.place, promise.added, promise.addedMessage, e.old, e.new, promise.member)
		}
	}
}
