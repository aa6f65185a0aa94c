package odcs

import (
	"strconv"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var numberFormatWidened = &diff.Rule{
	ID: "odcs/number-format-widened", Title: "number format widened", Receives: diff.Breaking,
	Doc: `
Numbers that are too large for the reader's type overflow there, or loading them fails:
for example a 64-bit number in a program with 32 bits for it. Let readers widen their
types first. An integer without a format has 32 bits.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {format: i64}}
-- want --
new.yaml:7:69: breaking: schema orders › quantity: format changed from i32 to i64 [odcs/number-format-widened] (was old.yaml:7)
`,
}

var numberFormatNarrowed = &diff.Rule{
	ID:       "odcs/number-format-narrowed",
	Title:    "number format narrowed",
	Sends:    diff.Breaking,
	Receives: diff.Risky,
	Doc: `
Numbers that were valid may be too large now. Readers can read all remaining numbers, but
code that is generated from the contract gets another type.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {format: i64}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {format: i32}}
-- want --
new.yaml:7:69: breaking: schema orders › quantity: format changed from i64 to i32 [odcs/number-format-narrowed] (was old.yaml:7)
`,
}

var numberFormatChanged = &diff.Rule{
	ID:       "odcs/number-format-changed",
	Title:    "number format changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Neither format can represent all numbers of the other: a signed format lacks the largest
numbers of an unsigned one, which lacks all negative ones. Use a format that includes
both, such as i64 for i32 and u32.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {format: i32}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: quantity, logicalType: integer, logicalTypeOptions: {format: u32}}
-- want --
new.yaml:7:69: breaking: schema orders › quantity: format changed from i32 to u32 [odcs/number-format-changed] (was old.yaml:7)
`,
}

// numbers compares the formats of numbers.
func (w *walk) numbers(e element) {
	t := get(e.new, "logicalType").Str()
	if t != "integer" && t != "number" || get(e.old, "logicalType").Str() != t {
		return
	}
	o, n := numberFormat(e.old), numberFormat(e.new)
	rule := numberFormatChanged
	switch more, less := n.holds(o), o.holds(n); {
	case more && less:
		return
	case more:
		rule = numberFormatWidened
	case less:
		rule = numberFormatNarrowed
	}
	w.constraint(e, rule, "format changed from "+shortened(o.name)+" to "+shortened(n.name), "format")
}

// format says how a number is stored: signed, unsigned or floating, and its
// bits.
type format struct {
	name string
	kind byte // i, u or f; 0 for all numbers, or for an unknown name
	bits int
}

// numberFormat reads a format such as i32, u8 or f64. By the standard, an
// integer without a format has 32 bits, and a number without one may be any
// number.
func numberFormat(e *tree.Node) format {
	name := get(e, options, "format").Str()
	switch {
	case name == "" && get(e, "logicalType").Str() == "integer":
		name = "i32"
	case name == "":
		return format{name: "none"}
	}
	bits, err := strconv.Atoi(name[1:])
	if err != nil {
		return format{name: name}
	}
	return format{name, name[0], bits}
}

// holds reports whether f can represent every number of g. A signed format
// needs one more bit than an unsigned one.
func (f format) holds(g format) bool {
	switch {
	case f.name == g.name, f.name == "none":
		return true
	case f.kind == 0 || g.kind == 0:
		return false
	case f.kind == 'i' && g.kind == 'u':
		return f.bits > g.bits
	}
	return f.kind == g.kind && f.bits >= g.bits
}
