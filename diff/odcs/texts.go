package odcs

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var patternChanged = &diff.Rule{
	ID:       "odcs/pattern-changed",
	Title:    "pattern of a text changed",
	Sends:    diff.Breaking,
	Receives: diff.Risky,
	Doc: `
Valid texts may not match the new pattern, and readers may get texts that did not match
the old one. In general no program can tell. If the new pattern allows all texts that
the old one did, tell the people who are asked.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {pattern: '^[A-Z]{3}$'}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {pattern: '^[A-Z]{4}$'}}
-- want --
new.yaml:7:63: breaking: schema orders › ref: pattern changed from ^[A-Z]{3}$ to ^[A-Z]{4}$ [odcs/pattern-changed] (was old.yaml:7)
`,
}

var textFormatChanged = &diff.Rule{
	ID:       "odcs/text-format-changed",
	Title:    "format of a text changed",
	Sends:    diff.Breaking,
	Receives: diff.Risky,
	Doc: `
Old texts do not satisfy the contract, and readers that parse the texts may fail. Add a
property with the new format.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {format: uuid}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: ref, logicalType: string, logicalTypeOptions: {format: uri}}
-- want --
new.yaml:7:63: breaking: schema orders › ref: format changed from uuid to uri [odcs/text-format-changed] (was old.yaml:7)
`,
}

// texts compares the patterns and formats of texts. In general nobody can say
// which of two patterns, or two formats, allows more.
func (w *walk) texts(e element) {
	w.form(e, patternChanged, "pattern")
	if isText(e.old) && isText(e.new) {
		w.form(e, textFormatChanged, "format")
	}
}

func isText(e *tree.Node) bool {
	t := get(e, "logicalType").Str()
	return t == "string" || t == ""
}

func (w *walk) form(e element, rule *diff.Rule, member string) {
	o, n := get(e.old, options, member), get(e.new, options, member)
	switch {
	case o.Hash() == n.Hash(), member == "format" && strings.EqualFold(o.Str(), n.Str()):
		return
	case o == nil:
		rule = constraintTightened
	case n == nil:
		rule = constraintRelaxed
	}
	w.constraint(e, rule, changed(member, o, n), member)
}
