package odcs

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// utc is the time zone of a timestamp that states none.
const utc = "Etc/UTC"

var dateFormatChanged = &diff.Rule{
	ID: "odcs/date-format-changed", Title: "dates are written otherwise", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Programs that parse the old form fail on the new one, or take the month for the
day. Old data is not of the new form. Add a property of the new form beside the
old one.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: sold, logicalType: date, logicalTypeOptions: {format: yyyy-MM-dd}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: sold, logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy}}
-- want --
new.yaml:7:62: breaking: schema orders › sold: format changed from yyyy-MM-dd to dd.MM.yyyy [odcs/date-format-changed] (was old.yaml:7)
`,
}

var timezoneChanged = &diff.Rule{
	ID: "odcs/timezone-changed", Title: "times are of another time zone", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The same text stands for another moment: everything is off by hours, and nothing
fails. Add a property in the new time zone beside the old one, or state the zone in
every value.`,
	Aliases: []string{"datacontract-cli:validation-constraint-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: sold, logicalType: timestamp}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: sold, logicalType: timestamp, logicalTypeOptions: {defaultTimezone: Europe/Berlin}}
-- want --
new.yaml:7:67: breaking: schema orders › sold: default time zone changed from Etc/UTC to Europe/Berlin [odcs/timezone-changed] (was old.yaml:7)
`,
}

// dates compares how dates and times are written, and in which time zone they
// are meant.
func (w *walk) dates(e element) {
	if !isDate(e.old) || !isDate(e.new) {
		return
	}
	if !same(e.old, e.new, options, "format") {
		w.constraint(e, dateFormatChanged, changed("format", get(e.old, options, "format"), get(e.new, options, "format")), "format")
	}
	o, n := get(e.old, options, "timezone"), get(e.new, options, "timezone")
	if o.True() != n.True() {
		message := "values state no time zone any more"
		if n.True() {
			message = "values state a time zone now"
		}
		w.constraint(e, timezoneChanged, message, "timezone")
	}
	if o, n := zone(e.old), zone(e.new); o != n {
		w.constraint(e, timezoneChanged, "default time zone changed from "+shortened(o)+" to "+shortened(n), "defaultTimezone")
	}
}

func isDate(e *tree.Node) bool {
	return slices.Contains([]string{"date", "time", "timestamp"}, get(e, "logicalType").Str())
}

func zone(e *tree.Node) string {
	switch z := get(e, options, "defaultTimezone").Str(); z {
	case "", "UTC", "Z", "Etc/UTC":
		return utc
	default:
		return z
	}
}
