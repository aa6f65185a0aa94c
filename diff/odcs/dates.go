package odcs

import (
	"slices"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// utc is the time zone of a timestamp that states none.
const utc = "Etc/UTC"

var dateFormatChanged = &diff.Rule{
	ID:       "odcs/date-format-changed",
	Title:    "format of dates changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Programs that parse the old format fail on the new one, or take the month for the day.
Old data does not have the new format. Add a property with the new format beside the
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
	ID:       "odcs/timezone-changed",
	Title:    "time zone of times changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
The same text means a different moment: all times are off by hours, and nothing fails.
Add a property in the new time zone beside the old one, or state the zone in every
value.`,
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

// dates compares the format and the time zone of dates and times.
func (w *walk) dates(e element) {
	if !isDate(e.old) || !isDate(e.new) {
		return
	}
	if !same(e.old, e.new, options, "format") {
		w.constraint(e, dateFormatChanged,
			changed("format", get(e.old, options, "format"), get(e.new, options, "format")), "format")
	}
	o, n := get(e.old, options, "timezone"), get(e.new, options, "timezone")
	if o.True() != n.True() {
		message := "values no longer state a time zone"
		if n.True() {
			message = "values state a time zone now"
		}
		w.constraint(e, timezoneChanged, message, "timezone")
	}
	if o, n := zone(e.old), zone(e.new); o != n {
		w.constraint(e, timezoneChanged, "default time zone changed from "+shortened(o)+" to "+shortened(n),
			"defaultTimezone")
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
