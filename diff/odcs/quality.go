package odcs

import (
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var qualityRemoved = &diff.Rule{
	ID: "odcs/quality-removed", Title: "quality check of severity error removed", Receives: diff.Breaking,
	Doc: `
Data that the check held back is delivered from now on, and readers rely on the check.
Keep it, or tell readers what they have to check themselves.`,
	Aliases: []string{"datacontract-cli:quality-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: no gaps, metric: nullValues, mustBe: 0, severity: error}
      - {name: rows, metric: rowCount, mustBeGreaterThan: 1000}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeGreaterThan: 1000}
-- want --
new.yaml:7:9: breaking: schema orders › quality no gaps: the check was removed [odcs/quality-removed] (was old.yaml:7)
    both: schema orders
`,
}

var qualityWarningRemoved = &diff.Rule{
	ID: "odcs/quality-warning-removed", Title: "quality check removed", Receives: diff.Risky,
	Doc: `
A failure of the check held no data back, but it was reported. Readers that rely on the
report have to check the data themselves.`,
	Aliases: []string{"datacontract-cli:quality-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: no gaps, metric: nullValues, mustBe: 0, severity: warning}
      - {name: rows, metric: rowCount, mustBeGreaterThan: 1000}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeGreaterThan: 1000}
-- want --
new.yaml:7:9: risky: schema orders › quality no gaps: the check was removed [odcs/quality-warning-removed] (was old.yaml:7)
    both: schema orders
`,
}

var qualityAdded = &diff.Rule{
	ID: "odcs/quality-added", Title: "quality check added", Sends: diff.Breaking,
	Doc: `
Old data may fail the check. Run it as information first, and raise its severity when the
data passes.`,
	Aliases: []string{"datacontract-cli:quality-constraint-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeGreaterThan: 1000}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeGreaterThan: 1000}
      - {name: no gaps, metric: nullValues, mustBe: 0, severity: error}
-- want --
new.yaml:8:9: breaking: schema orders › quality no gaps: the check is new [odcs/quality-added]
    both: schema orders
`,
}

// quality compares quality checks. They are paired by id, by name, by their
// whole content, or by their metric.
func (w *walk) quality(e element) {
	if same(e.old, e.new, "quality") {
		return
	}
	m := pair(e.old, e.new, "quality", stableID, byMembers("name"), digestText, signature)
	for _, c := range m.both {
		if c.old.Hash() != c.new.Hash() {
			w.qualityCheck(e.aspectPlace(checkName(c.new)), checkOf(c.old), checkOf(c.new))
		}
	}
	for _, l := range m.gone {
		rule := qualityWarningRemoved
		if checkOf(l.old).gates() {
			rule = qualityRemoved
		}
		w.add(e.aspectPlace(checkName(l.old)), rule, found{
			old:     l.old.At(),
			new:     l.near,
			before:  l.old.Digest(),
			after:   diff.HashOf("removed"),
			message: "the check was removed",
		})
	}
	for _, n := range m.fresh {
		w.add(e.aspectPlace(checkName(n)), qualityAdded, found{
			new:     n.At(),
			after:   n.Digest(),
			message: "the check is new",
		})
	}
}

// checkName names a check by its name, else by its metric.
func checkName(n *tree.Node) string {
	c := checkOf(n)
	name := get(n, "name").Str()
	if name == "" {
		name = c.metric
	}
	if name == "" {
		name = c.kind
	}
	return "quality " + shortened(name)
}

var qualityRelaxed = &diff.Rule{
	ID: "odcs/quality-relaxed", Title: "quality check of severity error relaxed", Receives: diff.Breaking,
	Doc: `
Data that the check held back is delivered from now on, for example with more gaps or fewer
rows. Readers rely on the old threshold, often without knowing it. The same applies to
a check with a lower severity.`,
	Aliases: []string{"datacontract-cli:quality-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: no gaps, metric: nullValues, mustBe: 0, severity: error}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: no gaps, metric: nullValues, mustBeLessThan: 5, severity: error}
-- want --
new.yaml:7:45: breaking: schema orders › quality no gaps: more results pass the check now: mustBeLessThan 5 instead of mustBe 0 [odcs/quality-relaxed] (was old.yaml:7)
    both: schema orders
`,
}

var qualityWarningRelaxed = &diff.Rule{
	ID: "odcs/quality-warning-relaxed", Title: "quality check relaxed", Receives: diff.Risky,
	Doc: `
The check warns later than before. Readers that rely on the old threshold have to check
the data themselves.`,
	Aliases: []string{"datacontract-cli:quality-constraint-changed@receives"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeGreaterThan: 1000, severity: warning}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeGreaterThan: 100, severity: warning}
-- want --
new.yaml:7:40: risky: schema orders › quality rows: more results pass the check now: mustBeGreaterThan 100 instead of mustBeGreaterThan 1000 [odcs/quality-warning-relaxed] (was old.yaml:7)
    both: schema orders
`,
}

var qualityTightened = &diff.Rule{
	ID: "odcs/quality-tightened", Title: "quality check tightened", Sends: diff.Breaking,
	Doc: `
Data that passed may fail now. Make the data meet the new threshold first. Readers lose
nothing.`,
	Aliases: []string{"datacontract-cli:quality-constraint-changed@sends"},
	Example: `
--compatibility full
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeBetween: [100, 5000], severity: error}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: rows, metric: rowCount, mustBeBetween: [1000, 5000], severity: error}
-- want --
new.yaml:7:40: breaking: schema orders › quality rows: fewer results pass the check now: mustBeBetween [1000,5000] instead of mustBeBetween [100,5000] [odcs/quality-tightened] (was old.yaml:7)
    both: schema orders
`,
}

var qualityChanged = &diff.Rule{
	ID: "odcs/quality-changed", Title: "quality check changed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The metric, query or unit changed, or the threshold accepts some numbers that it did not
and refuses others. In general nobody can say which of the two checks is stricter.`,
	Aliases: []string{"datacontract-cli:quality-constraint-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: open orders, type: sql, query: SELECT count(*) FROM orders WHERE closed IS NULL, mustBeLessThan: 10}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: open orders, type: sql, query: SELECT count(*) FROM orders WHERE closed IS NULL AND day > 7, mustBeLessThan: 10}
-- want --
new.yaml:7:9: risky: schema orders › quality open orders: the check measures something else, or accepts other numbers [odcs/quality-changed] (was old.yaml:7)
    both: schema orders
`,
}

var qualityScheduleChanged = &diff.Rule{
	ID: "odcs/quality-schedule-changed", Title: "schedule of a quality check changed", Receives: diff.Risky,
	Doc: `
A check that runs less often finds a fault later, when readers have already used the data.
assent does not know the syntax of every scheduler, so it cannot compare schedules.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: no gaps, metric: nullValues, mustBe: 0, scheduler: cron, schedule: 0 * * * *}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    quality:
      - {name: no gaps, metric: nullValues, mustBe: 0, scheduler: cron, schedule: 0 20 * * *}
-- want --
new.yaml:7:73: risky: schema orders › quality no gaps: schedule changed from 0 * * * * to 0 20 * * * [odcs/quality-schedule-changed] (was old.yaml:7)
    both: schema orders
`,
}

// qualityCheck compares two revisions of a check.
func (w *walk) qualityCheck(p place, o, n qualityCheck) {
	relaxed, tightened := qualityWarningRelaxed, qualityTightened
	if o.gates() {
		relaxed = qualityRelaxed
	}
	alike := o.counts(n)
	switch tighter, looser := n.accepts.Within(o.accepts), o.accepts.Within(n.accepts); {
	case !alike, !n.numeric && o.operator != n.operator, !tighter && !looser:
		w.add(p, qualityChanged, found{
			old: line(o.node), new: line(n.node), before: o.node.Digest(), after: n.node.Digest(),
			message: "the check measures something else, or accepts other numbers",
		})
	case !looser:
		w.threshold(p, tightened, "fewer results pass the check now", o, n)
	case !tighter:
		w.threshold(p, relaxed, "more results pass the check now", o, n)
	}
	if rule := severityRule(o, n, relaxed, tightened); rule != nil {
		w.member(p, rule, changed("severity", get(o.node, "severity"), get(n.node, "severity")), o.node,
			n.node, "severity")
	}
	if alike {
		w.values(p, couple{get(o.node, o.valid...), get(n.node, n.valid...)}, found{
			old: origin(o.node, o.valid),
			new: spot(o.node, n.node, n.valid),
		})
	}
	for _, member := range []string{"schedule", "scheduler"} {
		if !same(o.node, n.node, member) {
			w.member(p, qualityScheduleChanged, changed(member, get(o.node, member), get(n.node, member)),
				o.node, n.node, member)
		}
	}
	w.metadata(p, o.node, n.node, checkMembers(n)...)
}

func severityRule(o, n qualityCheck, relaxed, tightened *diff.Rule) *diff.Rule {
	switch x, y := o.severity(), n.severity(); {
	case x == y && (x >= 0 || strings.EqualFold(raw(get(o.node, "severity")), raw(get(n.node, "severity")))):
		return nil
	case x < 0 || y < 0:
		return qualityChanged
	case x > y:
		return relaxed
	}
	return tightened
}

// checkMembers are the members of a check that have their own rules.
func checkMembers(c qualityCheck) []string {
	members := append(c.defining(), "type", "metric", "rule", "unit", "arguments", "validValues", "severity",
		"schedule", "scheduler")
	for _, operator := range operators {
		members = append(members, operator.name)
	}
	return members
}

// threshold reports a check that became stricter or less strict, at its
// operator.
func (w *walk) threshold(p place, rule *diff.Rule, message string, o, n qualityCheck) {
	f := found{old: line(o.node), new: line(n.node), message: message}
	var before, after []string
	for _, operator := range operators {
		a, b := get(o.node, operator.name), get(n.node, operator.name)
		if a != nil {
			before = append(before, operator.name, raw(a))
			f.old = a.At()
		}
		if b != nil {
			after = append(after, operator.name, raw(b))
			f.new = b.At()
		}
	}
	f.before, f.after = diff.HashOf(before...), diff.HashOf(after...)
	f.message += ": " + demand(after) + " instead of " + demand(before)
	w.add(p, rule, f)
}

// demand describes the operators of a check in a message.
func demand(operators []string) string {
	if len(operators) == 0 {
		return "nothing"
	}
	return shortened(strings.Join(operators, " "))
}
