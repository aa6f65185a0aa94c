package odcs

import "github.com/assent-dev/assent/diff"

// boundRules are the rules on the limits of values.
var boundRules = []*diff.Rule{
	{
		ID: "odcs/constraint-tightened", Title: "constraint tightened", Sends: diff.Breaking,
		Doc: `
Data that was right before no longer satisfies the contract. Clean the data first.
Whoever reads gets less than it was ready for, which hurts nobody.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed@sends"},
		Example: `
assent compare --compatibility full old.yaml new.yaml
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {minLength: 5}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {minLength: 10}}
-- want --
new.yaml:7:63: breaking: schema orders › ref: minLength changed from 5 to 10 [odcs/constraint-tightened] (was old.yaml:7)
`,
	},
	{
		ID: "odcs/constraint-relaxed", Title: "constraint relaxed", Receives: diff.Risky,
		Doc: `
Readers may get values that could not be there before: a negative number, a later
date, a shorter text. Programs that rely on the old limit, for a type that just
fits or a check of their own, fail on them. Announce it, then relax it.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
		Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {minimum: 1}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {minimum: 0}}
-- want --
new.yaml:7:69: risky: schema orders › quantity: minimum changed from 1 to 0 [odcs/constraint-relaxed] (was old.yaml:7)
`,
	},
	{
		ID: "odcs/constraint-incomparable", Title: "constraint changed beyond comparison", Sends: diff.Risky, Receives: diff.Risky,
		Doc: `
The limits are no numbers, and no dates of one form and time zone, so that neither
can be said to allow more. Write dates as ISO 8601, 2027-03-31, and times with the
same zone before and after.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed"},
		Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: day, logicalType: date, logicalTypeOptions: {minimum: opening day}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: day, logicalType: date, logicalTypeOptions: {minimum: "2024-01-01"}}
-- want --
new.yaml:7:61: risky: schema orders › day: minimum changed from opening day to 2024-01-01 [odcs/constraint-incomparable] (was old.yaml:7)
`,
	},
	{
		ID: "odcs/multiple-changed", Title: "multipleOf changed to another step", Sends: diff.Breaking, Receives: diff.Risky,
		Doc: `
Neither step is a multiple of the other: values that were right are not any more,
and readers get values between the steps that they knew.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed"},
		Example: `
assent compare --compatibility full old.yaml new.yaml
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {multipleOf: 4}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {multipleOf: 6}}
-- want --
new.yaml:7:69: breaking: schema orders › quantity: multipleOf changed from 4 to 6 [odcs/multiple-changed] (was old.yaml:7)
`,
	},
	{
		ID: "odcs/max-length-relaxed", Title: "texts may be longer now", Receives: diff.Breaking,
		Doc: `
A longer text does not fit the column or the field that a reader made for it: the
load fails, or the text is cut off. Let readers widen theirs first.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
		Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, logicalType: string, logicalTypeOptions: {maxLength: 80}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, logicalType: string, logicalTypeOptions: {maxLength: 200}}
-- want --
new.yaml:7:64: breaking: schema orders › note: maxLength changed from 80 to 200 [odcs/max-length-relaxed] (was old.yaml:7)
`,
	},
	{
		ID: "odcs/min-items-dropped", Title: "list may be empty now", Receives: diff.Breaking,
		Doc: `
Readers that take the first element fail when there is none. Keep at least one
element, or let readers learn to do without first.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
		Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: lines, logicalType: array, logicalTypeOptions: {minItems: 1}, items: {logicalType: string}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: lines, logicalType: array, items: {logicalType: string}}
-- want --
new.yaml:7:23: breaking: schema orders › lines: minItems changed from 1 to none [odcs/min-items-dropped] (was old.yaml:7)
`,
	},
	{
		ID: "odcs/unique-items-relaxed", Title: "items may repeat now", Receives: diff.Breaking,
		Doc: `
Readers that keep the items as a set or under a key lose some, or fail on the
second one. Keep the items unique.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
		Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: tags, logicalType: array, logicalTypeOptions: {uniqueItems: true}, items: {logicalType: string}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: tags, logicalType: array, items: {logicalType: string}}
-- want --
new.yaml:7:22: breaking: schema orders › tags: items may repeat now [odcs/unique-items-relaxed] (was old.yaml:7)
`,
	},
	{
		ID: "odcs/required-member-relaxed", Title: "member of an object may be absent now", Receives: diff.Breaking,
		Doc: `
Readers that rely on the member fail when it is not there. Keep it required.`,
		Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
		Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: address, logicalType: object, logicalTypeOptions: {required: [street, city]}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: address, logicalType: object, logicalTypeOptions: {required: [city]}}
-- want --
new.yaml:7:67: breaking: schema orders › address: members that may be absent now: street [odcs/required-member-relaxed] (was old.yaml:7)
`,
	},
}
