package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var uniqueItemsRelaxed = &diff.Rule{
	ID: "odcs/unique-items-relaxed", Title: "items may repeat now", Receives: diff.Breaking,
	Doc: `
Readers that keep the items in a set or by a key lose some, or fail on the second one.
Keep the items unique.`,
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
}

func (w *walk) uniqueItems(e element) {
	switch o, n := get(e.old, options, "uniqueItems").True(), get(e.new, options, "uniqueItems").True(); {
	case o && !n:
		w.constraint(e, uniqueItemsRelaxed, "items may repeat now", "uniqueItems")
	case n && !o:
		w.constraint(e, constraintTightened, "items may no longer repeat", "uniqueItems")
	}
}

var requiredMemberRelaxed = &diff.Rule{
	ID:       "odcs/required-member-relaxed",
	Title:    "member of an object may be absent now",
	Receives: diff.Breaking,
	Doc: `
Readers that rely on the member fail if it is absent. Keep it required.`,
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
}

// requiredMembers compares which members an object always has.
func (w *walk) requiredMembers(e element) {
	o, n := textsOf(get(e.old, options, "required")), textsOf(get(e.new, options, "required"))
	if gone := difference(o, n); len(gone) > 0 {
		w.constraint(e, requiredMemberRelaxed,
			"members that may be absent now: "+shortened(strings.Join(gone, ", ")), "required")
	}
	if more := difference(n, o); len(more) > 0 {
		w.constraint(e, constraintTightened,
			"members that may no longer be absent: "+shortened(strings.Join(more, ", ")), "required")
	}
}

// difference returns the texts of a that b does not have.
func difference(a, b []string) []string {
	in := map[string]bool{}
	for _, s := range b {
		in[s] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return in[s] })
}

func textsOf(list *tree.Node) []string {
	var all []string
	for e := range list.Children() {
		all = append(all, e.Text)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
