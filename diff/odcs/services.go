package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// level is a kind of service level that the standard defines.
type level struct {
	names  []string
	better int // 1 if more is better, -1 if less is
	in     []dimension
}

var levels = []level{
	{[]string{"availability", "av"}, 1, []dimension{percentage, pureNumber}},
	{[]string{"throughput", "th"}, 1, []dimension{pureNumber, unknownUnit}},
	{[]string{"retention", "re"}, 1, []dimension{duration, pureNumber}},
	{[]string{"latency", "ly"}, -1, []dimension{duration, pureNumber}},
	{[]string{"freshness"}, -1, []dimension{duration, pureNumber}},
	{[]string{"frequency", "fy"}, -1, []dimension{duration}}, // the time until the next update
	{[]string{"errorRate", "er"}, -1, []dimension{percentage, pureNumber}},
	{[]string{"timeToDetect", "td"}, -1, []dimension{duration, pureNumber}},
	{[]string{"timeToNotify", "tn"}, -1, []dimension{duration, pureNumber}},
	{[]string{"timeToRepair", "tr"}, -1, []dimension{duration, pureNumber}},
	{[]string{"endOfSupport", "es"}, 1, []dimension{instant}},
	{[]string{"endOfLife", "el"}, 1, []dimension{instant}},
	{[]string{"generalAvailability", "ga"}, -1, []dimension{instant}},
	{[]string{"timeOfAvailability"}, -1, []dimension{instant}},
}

// levelOf finds the standard's definition of a property, nil if there is none.
func levelOf(property string) *level {
	for i := range levels {
		if slices.ContainsFunc(levels[i].names, func(name string) bool {
			return strings.EqualFold(name, property)
		}) {
			return &levels[i]
		}
	}
	return nil
}

// property is the name of a service level, without abbreviation.
func property(n *tree.Node) string {
	name := raw(get(n, "property"))
	if l := levelOf(name); l != nil {
		return l.names[0]
	}
	return name
}

var slaAdded = &diff.Rule{
	ID: "odcs/sla-added", Title: "service level added",
	Doc: `
The contract promises more than before. Readers lose nothing.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.9, unit: percent}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.9, unit: percent}
  - {property: timeToRepair, value: PT8H}
-- want --
new.yaml:6:5: safe: sla timeToRepair: the service level is new: PT8H [odcs/sla-added]
    both: contract
`,
}

var slaRemoved = &diff.Rule{
	ID: "odcs/sla-removed", Title: "service level removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The contract no longer promises this. Readers that rely on it lose the promise. Keep the
level, or lower it with their agreement.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.9, unit: percent}
  - {property: timeToRepair, value: PT8H}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.9, unit: percent}
-- want --
new.yaml:5:5: breaking: sla timeToRepair: the service level was removed: PT8H [odcs/sla-removed] (was old.yaml:6)
    both: contract
`,
}

var slaOtherRemoved = &diff.Rule{
	ID:       "odcs/sla-other-removed",
	Title:    "custom service level removed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
The standard does not define this property. Only its readers know what it promised.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.9, unit: percent}
  - {property: supportHours, value: 08:00-18:00}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.9, unit: percent}
-- want --
new.yaml:5:5: risky: sla supportHours: the service level was removed: 08:00-18:00 [odcs/sla-other-removed] (was old.yaml:6)
    both: contract
`,
}

// services compares the service levels. There may be several with the same
// property, for different elements or drivers.
func (w *walk) services(whole place) {
	m := pair(w.old, w.new, "slaProperties", serviceBy("id"), serviceBy("element", "driver"),
		serviceBy("element"), serviceBy())
	for _, c := range m.both {
		w.service(w.servicePlace(whole, c.new, w.new), c.old, c.new)
	}
	for _, l := range m.gone {
		rule := slaOtherRemoved
		if levelOf(property(l.old)) != nil {
			rule = slaRemoved
		}
		w.add(w.servicePlace(whole, l.old, w.old), rule, found{
			old:     l.old.At(),
			new:     l.near,
			before:  promised(l.old),
			after:   diff.HashOf("removed"),
			message: "the service level was removed: " + stated(l.old),
		})
	}
	for _, n := range m.fresh {
		w.add(w.servicePlace(whole, n, w.new), slaAdded, found{
			new:     n.At(),
			after:   promised(n),
			message: "the service level is new: " + stated(n),
		})
	}
}

// serviceBy identifies service levels by their property and by members. A level
// without an id has no identity by the member id.
func serviceBy(members ...string) identity {
	return func(n *tree.Node) string {
		key := property(n)
		for _, member := range members {
			m := get(n, member)
			if m == nil && member == "id" {
				return ""
			}
			key += "\x00" + raw(m)
		}
		return key
	}
}

// servicePlace is the place of a service level. It reaches consumers of the
// objects that it applies to, or all consumers.
func (w *walk) servicePlace(whole place, n, root *tree.Node) place {
	p := whole
	p.definition = diff.PathOf(aspect("sla", property(n)))
	var uses []diff.Path
	for _, element := range strings.Split(elements(n, root), ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(element), ".")
		object := w.objectsByName[name]
		if object == nil {
			return p
		}
		uses = append(uses, diff.PathOf(objectStep(object)))
	}
	slices.SortFunc(uses, func(a, b diff.Path) int { return strings.Compare(a.String(), b.String()) })
	p.uses = slices.CompactFunc(uses, diff.Path.Equal)
	return p
}

// elements returns the elements that a service level applies to. Version 3.0 of
// the standard has a default for them.
func elements(n, root *tree.Node) string {
	if e := get(n, "element"); e != nil {
		return e.Text
	}
	return get(root, "slaDefaultElement").Str()
}

var slaIncomparable = &diff.Rule{
	ID:       "odcs/sla-incomparable",
	Title:    "incomparable change of a service level",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
The values have units that assent does not know, or units that do not suit the property;
or the level applies to other elements or at other times. assent knows these units of
time: ms, s, min, h, d, w, month and y, their full names, and durations of ISO 8601
(PT4H). It compares percentages, and dates and times with the same form and time zone.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: throughput, value: 40, unit: MB/s}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: throughput, value: 900, unit: requests/s}
-- want --
new.yaml:5:28: risky: sla throughput: 900 requests/s instead of 40 MB/s [odcs/sla-incomparable] (was old.yaml:5)
    both: contract
`,
}

// service compares two revisions of a service level.
func (w *walk) service(p place, o, n *tree.Node) {
	w.serviceValue(p, o, n)
	if a, b := elements(o, w.old), elements(n, w.new); a != b {
		f := found{
			old:    origin(o, []string{"element"}),
			new:    spot(o, n, []string{"element"}),
			before: diff.HashOf("element", a),
			after:  diff.HashOf("element", b),
		}
		f.message = "it applies to other elements: " + shortened(b) + " instead of " + shortened(a)
		w.add(p, slaIncomparable, f)
	}
	for _, member := range []string{"valueExt", "schedule", "scheduler"} {
		if !same(o, n, member) {
			w.member(p, slaIncomparable, changed(member, get(o, member), get(n, member)), o, n, member)
		}
	}
	w.metadata(p, o, n, "property", "value", "unit", "element", "valueExt", "schedule", "scheduler")
}

var slaWeakened = &diff.Rule{
	ID: "odcs/sla-weakened", Title: "service level weakened", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Readers rely on the old promise: their schedules depend on the latency, their reports on
the retention, and their own contracts on the availability. Ask them before you promise
less. Availability, throughput and retention are worse if they are lower; latency,
frequency, error rate and times to react if they are higher. The end of support and the
end of life are worse if they are earlier; the start of availability if it is later.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.9 %}
  - {property: latency, value: 4h}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: availability, value: 99.5 %}
  - {property: latency, value: 1, unit: d}
-- want --
new.yaml:5:30: breaking: sla availability: 99.5 % instead of 99.9 % [odcs/sla-weakened] (was old.yaml:5)
    both: contract
new.yaml:6:25: breaking: sla latency: 1 d instead of 4h [odcs/sla-weakened] (was old.yaml:6)
    both: contract
`,
}

var slaStrengthened = &diff.Rule{
	ID: "odcs/sla-strengthened", Title: "service level strengthened",
	Doc: `
The contract promises more than before. Readers lose nothing.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: retention, value: 1, unit: y}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
slaProperties:
  - {property: retention, value: 3, unit: y}
-- want --
new.yaml:5:27: safe: sla retention: 3 y instead of 1 y [odcs/sla-strengthened] (was old.yaml:5)
    both: contract
`,
}

func (w *walk) serviceValue(p place, o, n *tree.Node) {
	f := found{
		old:    origin(o, []string{"value"}),
		new:    spot(o, n, []string{"value"}),
		before: promised(o),
		after:  promised(n),
	}
	f.message = stated(n) + " instead of " + stated(o)
	if f.before == f.after {
		return
	}
	a, b := quantityOf(get(o, "value"), get(o, "unit").Str()),
		quantityOf(get(n, "value"), get(n, "unit").Str())
	order, comparable := a.compare(b)
	l := levelOf(property(n))
	switch {
	case comparable && order == 0 && a.dimension != unknownUnit:
		return // the same value in another unit
	case l == nil || !comparable || !slices.Contains(l.in, a.dimension):
		w.add(p, slaIncomparable, f)
	case order*l.better > 0:
		w.add(p, slaWeakened, f)
	default:
		w.add(p, slaStrengthened, f)
	}
}

// stated is the value with its unit, for messages.
func stated(n *tree.Node) string {
	if unit := get(n, "unit"); unit != nil {
		return text(get(n, "value")) + " " + text(unit)
	}
	return text(get(n, "value"))
}

// promised identifies the property, its value and its unit.
func promised(n *tree.Node) diff.Hash {
	return diff.HashOf(property(n), raw(get(n, "value")), raw(get(n, "unit")))
}
