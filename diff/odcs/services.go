package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// level is a property of a service that the standard knows: what it is measured
// in, and in which direction it gets better.
type level struct {
	names  []string
	better int // 1: more is better
	in     []dimension
}

var levels = []level{
	{[]string{"availability", "av"}, 1, []dimension{percentage, pureNumber}},
	{[]string{"throughput", "th"}, 1, []dimension{pureNumber, unknownUnit}},
	{[]string{"retention", "re"}, 1, []dimension{duration, pureNumber}},
	{[]string{"latency", "ly"}, -1, []dimension{duration, pureNumber}},
	{[]string{"freshness"}, -1, []dimension{duration, pureNumber}},
	{[]string{"frequency", "fy"}, -1, []dimension{duration}}, // how long until the next update
	{[]string{"errorRate", "er"}, -1, []dimension{percentage, pureNumber}},
	{[]string{"timeToDetect", "td"}, -1, []dimension{duration, pureNumber}},
	{[]string{"timeToNotify", "tn"}, -1, []dimension{duration, pureNumber}},
	{[]string{"timeToRepair", "tr"}, -1, []dimension{duration, pureNumber}},
	{[]string{"endOfSupport", "es"}, 1, []dimension{instant}},
	{[]string{"endOfLife", "el"}, 1, []dimension{instant}},
	{[]string{"generalAvailability", "ga"}, -1, []dimension{instant}},
	{[]string{"timeOfAvailability"}, -1, []dimension{instant}},
}

// levelOf finds what the standard knows of a property, nil if nothing.
func levelOf(property string) *level {
	for i := range levels {
		if slices.ContainsFunc(levels[i].names, func(name string) bool { return strings.EqualFold(name, property) }) {
			return &levels[i]
		}
	}
	return nil
}

// property is the name of a service level, an abbreviation spelt out.
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
More is promised than before. To readers it is a gain.`,
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
What was promised is promised no more. Readers that rely on it have nothing to
point to. Keep the level, or lower it with their agreement.`,
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
	ID: "odcs/sla-other-removed", Title: "service level of one's own removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The property is not one that the standard knows, so what it promised only its
readers can say.`,
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

// services compares the service levels. There may be several of one property,
// for other elements or other drivers.
func (w *walk) services(whole place) {
	m := pair(w.old, w.new, "slaProperties", serviceBy("id"), serviceBy("element", "driver"), serviceBy("element"), serviceBy())
	for _, c := range m.both {
		w.service(w.servicePlace(whole, c.new, w.new), c.old, c.new)
	}
	for _, l := range m.gone {
		rule := slaOtherRemoved
		if levelOf(property(l.old)) != nil {
			rule = slaRemoved
		}
		w.add(w.servicePlace(whole, l.old, w.old), rule, found{
			old: l.old.At(), new: l.near, before: promised(l.old), after: diff.HashOf("removed"), message: "the service level was removed: " + stated(l.old),
		})
	}
	for _, n := range m.fresh {
		w.add(w.servicePlace(whole, n, w.new), slaAdded, found{new: n.At(), after: promised(n), message: "the service level is new: " + stated(n)})
	}
}

// serviceBy is the identity of a service level by its property and members; a
// level without an id is known by none.
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

// servicePlace is the place of a service level. It reaches those who use the objects
// that it is about, or everybody.
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

// elements is what the service level is about. Until 3.0 there was a default.
func elements(n, root *tree.Node) string {
	if e := get(n, "element"); e != nil {
		return e.Text
	}
	return get(root, "slaDefaultElement").Str()
}

var slaIncomparable = &diff.Rule{
	ID: "odcs/sla-incomparable", Title: "service level changed beyond comparison", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The values are in units that assent does not know, or not of the kind that the
property has; or the level holds for other elements or at other times. Units of time
are ms, s, min, h, d, w, month and y, by their names and abbreviations, also as
ISO 8601 (PT4H); shares are in percent; dates and times of one form and time zone
compare.`,
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
new.yaml:5:28: risky: sla throughput: 900 requests/s, it was 40 MB/s [odcs/sla-incomparable] (was old.yaml:5)
    both: contract
`,
}

// service compares two revisions of a service level.
func (w *walk) service(p place, o, n *tree.Node) {
	w.serviceValue(p, o, n)
	if a, b := elements(o, w.old), elements(n, w.new); a != b {
		f := found{old: origin(o, []string{"element"}), new: spot(o, n, []string{"element"}), before: diff.HashOf("element", a), after: diff.HashOf("element", b)}
		f.message = "it holds for other elements: " + shortened(b) + ", it was " + shortened(a)
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
Readers built on the old promise: schedules on the latency, reports on the
retention, contracts of their own on the availability. Ask them before you promise
less. Availability, throughput and retention get worse when they fall, latency,
frequency, error rate and times to react when they rise; the end of support when it
comes earlier, and availability in general or in the day when it comes later.`,
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
new.yaml:5:30: breaking: sla availability: 99.5 %, it was 99.9 % [odcs/sla-weakened] (was old.yaml:5)
    both: contract
new.yaml:6:25: breaking: sla latency: 1 d, it was 4h [odcs/sla-weakened] (was old.yaml:6)
    both: contract
`,
}

var slaStrengthened = &diff.Rule{
	ID: "odcs/sla-strengthened", Title: "service level strengthened",
	Doc: `
More is promised than before. To readers it is a gain.`,
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
new.yaml:5:27: safe: sla retention: 3 y, it was 1 y [odcs/sla-strengthened] (was old.yaml:5)
    both: contract
`,
}

func (w *walk) serviceValue(p place, o, n *tree.Node) {
	f := found{old: origin(o, []string{"value"}), new: spot(o, n, []string{"value"}), before: promised(o), after: promised(n)}
	f.message = stated(n) + ", it was " + stated(o)
	if f.before == f.after {
		return
	}
	a, b := quantityOf(get(o, "value"), get(o, "unit").Str()), quantityOf(get(n, "value"), get(n, "unit").Str())
	order, comparable := a.compare(b)
	l := levelOf(property(n))
	switch {
	case comparable && order == 0 && a.dimension != unknownUnit:
		return // the same in another unit
	case l == nil || !comparable || !slices.Contains(l.in, a.dimension):
		w.add(p, slaIncomparable, f)
	case order*l.better > 0:
		w.add(p, slaWeakened, f)
	default:
		w.add(p, slaStrengthened, f)
	}
}

// stated is the value as a message says it.
func stated(n *tree.Node) string {
	if unit := get(n, "unit"); unit != nil {
		return text(get(n, "value")) + " " + text(unit)
	}
	return text(get(n, "value"))
}

// promised identifies the property and its value.
func promised(n *tree.Node) diff.Hash {
	return diff.HashOf(property(n), raw(get(n, "value")), raw(get(n, "unit")))
}
