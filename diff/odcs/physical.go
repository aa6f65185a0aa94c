package odcs

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
)

var physicalTypeChanged = &diff.Rule{
	ID:       "odcs/physical-type-changed",
	Title:    "physical type changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Drivers return the values as another type, and queries compare and sort them differently.
Add a column of the new type beside the old one. A change also counts as this if assent
does not know a type, or if a type allows more in one respect and less in another.`,
	Aliases: []string{"datacontract-cli:type-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: sold, physicalType: timestamp}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: sold, physicalType: timestamptz}
-- want --
new.yaml:7:22: breaking: schema orders › sold: physical type changed from timestamp to timestamptz [odcs/physical-type-changed] (was old.yaml:7)
`,
}

var physicalTypeWidened = &diff.Rule{
	ID: "odcs/physical-type-widened", Title: "physical type widened", Receives: diff.Risky,
	Doc: `
All old values are valid, so the data still satisfies the contract. Readers whose column
or variable has the old size may get values that are too large for it, as when an int
became a bigint. Let them widen theirs first.`,
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, physicalType: "decimal(10,2)"}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: price, physicalType: "DECIMAL(12, 2)"}
-- want --
new.yaml:7:23: risky: schema orders › price: physical type changed from decimal(10,2) to DECIMAL(12, 2) [odcs/physical-type-widened] (was old.yaml:7)
`,
}

var physicalTypeNarrowed = &diff.Rule{
	ID: "odcs/physical-type-narrowed", Title: "physical type narrowed", Sends: diff.Breaking,
	Doc: `
Values that were valid may be too large now: data is refused or truncated. Keep the size,
or change it once no value needs it. Readers can read all remaining values.`,
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, physicalType: varchar(200)}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, physicalType: varchar(100)}
-- want --
new.yaml:7:22: breaking: schema orders › note: physical type changed from varchar(200) to varchar(100) [odcs/physical-type-narrowed] (was old.yaml:7)
`,
}

var physicalTypeRemoved = &diff.Rule{
	ID: "odcs/physical-type-removed", Title: "physical type removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The type in the data source may change without a change of the contract. Keep it for
consumers that query the data there.`,
	Aliases: []string{"datacontract-cli:type-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, physicalType: varchar(200)}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note}
-- want --
new.yaml:7:10: risky: schema orders › note: physical type removed: it was varchar(200) [odcs/physical-type-removed] (was old.yaml:7)
`,
}

var physicalTypeAdded = &diff.Rule{
	ID: "odcs/physical-type-added", Title: "physical type added",
	Doc: `
The contract states the type in the data source now. Before, readers had to find it out
themselves.`,
	Aliases: []string{"datacontract-cli:type-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: note, physicalType: varchar(200)}
-- want --
new.yaml:7:22: safe: schema orders › note: physical type added: varchar(200) [odcs/physical-type-added] (was old.yaml:7)
`,
}

// physicalType compares the types in the data source.
func (w *walk) physicalType(e element) {
	o, n := get(e.old, "physicalType"), get(e.new, "physicalType")
	rule := physicalTypeChanged
	switch {
	case o == nil && n == nil:
		return
	case o == nil:
		rule = physicalTypeAdded
	case n == nil:
		rule = physicalTypeRemoved
	default:
		a, b := columnTypeOf(o.Text), columnTypeOf(n.Text)
		switch more, less := b.holds(a), a.holds(b); {
		case more && less:
			return
		case more:
			rule = physicalTypeWidened
		case less:
			rule = physicalTypeNarrowed
		}
	}
	w.member(e.place, rule, changed("physical type", o, n), e.old, e.new, "physicalType")
}

// columnType is a type of a database: a family of types whose values are read
// the same way, and a size.
type columnType struct {
	family string
	size   int // bytes, characters or digits before the point
	scale  int // digits after the point
}

// unlimited is the size of texts without a maximum length.
const unlimited = 1 << 62

// families are types by the names that databases give them. If the size is
// zero, the type's arguments state it.
var families = map[string]columnType{
	"tinyint":           {"integer", 1, 0},
	"smallint":          {"integer", 2, 0},
	"int2":              {"integer", 2, 0},
	"mediumint":         {"integer", 3, 0},
	"int":               {"integer", 4, 0},
	"integer":           {"integer", 4, 0},
	"int4":              {"integer", 4, 0},
	"bigint":            {"integer", 8, 0},
	"long":              {"integer", 8, 0},
	"real":              {"float", 4, 0},
	"float4":            {"float", 4, 0},
	"float":             {"float", 4, 0},
	"double":            {"float", 8, 0},
	"double precision":  {"float", 8, 0},
	"float8":            {"float", 8, 0},
	"varchar":           {"text", 0, 0},
	"character varying": {"text", 0, 0},
	"char":              {"text", 0, 0},
	"character":         {"text", 0, 0},
	"varchar2":          {"text", 0, 0},
	"text":              {"text", unlimited, 0},
	"string":            {"text", unlimited, 0},
	"clob":              {"text", unlimited, 0},
	"nvarchar":          {"national text", 0, 0},
	"nvarchar2":         {"national text", 0, 0},
	"nchar":             {"national text", 0, 0},
	"ntext":             {"national text", unlimited, 0},
	"binary":            {"bytes", 0, 0},
	"varbinary":         {"bytes", 0, 0},
	"bytes":             {"bytes", unlimited, 0},
	"bytea":             {"bytes", unlimited, 0},
	"blob":              {"bytes", unlimited, 0},
	"decimal":           {"decimal", 0, 0},
	"numeric":           {"decimal", 0, 0},
	"dec":               {"decimal", 0, 0},
	"number":            {"decimal", 0, 0},
	"bool":              {"boolean", 1, 0}, "boolean": {"boolean", 1, 0}, "date": {"date", 1, 0},
}

var (
	spaced         = regexp.MustCompile(` ?([<>(),:]) ?`)
	columnTypeName = regexp.MustCompile(`^([a-z][a-z0-9_ ]*?)(?:\((\d{1,9}|max)(?:,(\d{1,9}))?\))?$`)
)

// columnTypeOf reads a type such as DECIMAL(10, 2). An unknown type is a family
// of its own.
func columnTypeOf(text string) columnType {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	text = spaced.ReplaceAllString(text, "$1")
	m := columnTypeName.FindStringSubmatch(text)
	if m == nil {
		return columnType{family: text}
	}
	t, known := families[m[1]]
	size, _ := strconv.Atoi(m[2]) // at most nine digits, or none
	scale, _ := strconv.Atoi(m[3])
	switch {
	case !known:
		return columnType{family: text}
	case t.size != 0: // the 11 of int(11) is only the width for display
		return t
	case t.family == "decimal" && m[2] == "":
		return columnType{family: "decimal of the database's precision"}
	case t.family == "decimal":
		return columnType{"decimal", size - scale, scale}
	case m[2] == "" && strings.HasPrefix(m[1], "var"), m[2] == "max":
		size = unlimited
	case m[2] == "":
		size = 1
	}
	return columnType{t.family, size, 0}
}

// holds reports whether t allows every value of u.
func (t columnType) holds(u columnType) bool {
	return t.family == u.family && t.size >= u.size && t.scale >= u.scale
}
