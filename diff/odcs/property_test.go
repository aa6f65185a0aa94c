package odcs

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/assent-dev/assent/diff"
)

func source(name, text string) diff.Source {
	return diff.Source{FS: fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}, Paths: []string{name}}
}

func report(t testing.TB, old, new diff.Source) *diff.Report {
	t.Helper()
	full, err := Format.Compatibility("full")
	if err != nil {
		t.Fatal(err)
	}
	r, err := diff.Compare(context.Background(),
		diff.Contract{Name: "c", Format: Format, Compatibility: full}, []diff.Source{old}, new)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func asJSON(t *testing.T, c object) diff.Source {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return source("c.json", string(text))
}

const contracts = 800

// generated calls f with contracts and edits of them.
func generated(t *testing.T, f func(g *generator, old, new object)) {
	t.Helper()
	for seed := range uint64(contracts) {
		g := newGenerator(seed)
		old := g.contract()
		f(g, old, g.edited(t, old, 1+g.IntN(3)))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestSame: a contract is the same in YAML, in another order and with
// descriptions, which are told and cost nothing.
func TestSame(t *testing.T) {
	generated(t, func(g *generator, c, _ object) {
		text, err := yaml.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if r := report(t, asJSON(t, c), source("c.yaml", string(text))); len(r.Errors)+len(r.Changes) > 0 {
			t.Errorf("differs as YAML: %v %v", r.Errors, said(r))
		}
		shuffled := g.edited(t, c, 0)
		g.shuffle(shuffled)
		if r := report(t, asJSON(t, c), asJSON(t, shuffled)); len(r.Changes) > 0 {
			t.Errorf("differs in another order: %v", said(r))
		}
		r := report(t, asJSON(t, c), asJSON(t, withDescriptions(shuffled).(object)))
		for i := range r.Changes {
			if r.Changes[i].Level != diff.Safe {
				t.Errorf("a description costs something: %v", said(r))
			}
		}
	})
}

// shuffle changes the order of all lists that have none.
func (g *generator) shuffle(v any) {
	switch v := v.(type) {
	case object:
		for key, member := range v {
			if key != "mustBeBetween" {
				g.shuffle(member)
			}
		}
	case []any:
		for _, e := range v {
			g.shuffle(e)
		}
		if _, numbers := v[0].(float64); !numbers {
			g.Shuffle(len(v), func(i, j int) { v[i], v[j] = v[j], v[i] })
		}
	}
}

func said(r *diff.Report) []string {
	var all []string
	for _, c := range r.Changes {
		all = append(all, c.Subject.String()+": "+c.Message+" ["+c.Rule.ID+"]")
	}
	return all
}

// turns says for every rule what the opposite change is called: rules of one
// name with opposite signs are each other's, those without a sign their own.
var turns = map[string][]string{
	"status": {
		"odcs/status-retired", "odcs/status-deprecated", "odcs/status-withdrawn",
		"odcs/status-changed",
	},
	"remark": {
		"odcs/metadata-changed", "odcs/granularity-changed", "odcs/semantics-changed",
		"odcs/deprecated-set", "odcs/critical-data-element-dropped", "odcs/definition-changed",
		"odcs/support-last-channel-removed", "odcs/owner-removed",
	},
	"object":       {"-odcs/object-removed", "+odcs/object-added"},
	"property":     {"-odcs/property-removed", "+odcs/property-added", "+odcs/required-property-added"},
	"physicalName": {"-odcs/physical-name-removed", "+odcs/physical-name-added"},
	"type":         {"odcs/logical-type-changed", "odcs/logical-type-narrowed"},
	"typed":        {"-odcs/logical-type-removed", "+odcs/logical-type-added"},
	"column":       {"-odcs/physical-type-narrowed", "+odcs/physical-type-widened"},
	"columnType":   {"-odcs/physical-type-removed", "+odcs/physical-type-added"},
	"required":     {"-odcs/required-relaxed", "+odcs/required-added"},
	"unique":       {"-odcs/unique-relaxed", "+odcs/unique-added"},
	"key":          {"odcs/primary-key-changed", "odcs/primary-key-added"},
	"constraint": {"+odcs/constraint-tightened", "-odcs/constraint-relaxed", "-odcs/max-length-relaxed",
		"-odcs/min-items-dropped",
		"-odcs/unique-items-relaxed", "-odcs/required-member-relaxed"},
	"number":         {"-odcs/number-format-narrowed", "+odcs/number-format-widened"},
	"value":          {"-odcs/enum-value-removed", "+odcs/enum-value-added"},
	"enum":           {"-odcs/enum-removed", "+odcs/enum-added"},
	"classification": {"-odcs/classification-lowered", "+odcs/classification-raised"},
	"relationship":   {"-odcs/relationship-removed", "+odcs/relationship-added"},
	"check":          {"-odcs/quality-removed", "-odcs/quality-warning-removed", "+odcs/quality-added"},
	"threshold":      {"-odcs/quality-relaxed", "-odcs/quality-warning-relaxed", "+odcs/quality-tightened"},
	"service":        {"-odcs/sla-removed", "-odcs/sla-other-removed", "+odcs/sla-added"},
	"level":          {"-odcs/sla-weakened", "+odcs/sla-strengthened"},
	"server":         {"-odcs/server-removed", "+odcs/server-added"},
	"role":           {"-odcs/role-removed", "+odcs/role-added"},
	"price":          {"+odcs/price-increased", "-odcs/price-lowered"},
}

// symmetric are the rules that turn into themselves.
var symmetric = []string{
	"odcs/api-version-changed", "odcs/constraint-incomparable", "odcs/multiple-changed",
	"odcs/pattern-changed", "odcs/text-format-changed",
	"odcs/number-format-changed", "odcs/date-format-changed", "odcs/timezone-changed",
	"odcs/map-type-changed", "odcs/vector-shape-changed",
	"odcs/vector-model-changed", "odcs/vector-measure-changed", "odcs/classification-changed",
	"odcs/encrypted-name-changed",
	"odcs/object-renamed", "odcs/object-physical-name-changed", "odcs/object-physical-type-changed",
	"odcs/table-view-changed",
	"odcs/property-renamed", "odcs/property-physical-name-changed", "odcs/physical-type-changed",
	"odcs/partitioning-changed",
	"odcs/relationship-changed", "odcs/quality-changed", "odcs/quality-schedule-changed",
	"odcs/sla-incomparable", "odcs/server-renamed",
	"odcs/server-type-changed", "odcs/server-location-changed", "odcs/role-access-changed",
	"odcs/price-basis-changed", "odcs/id-changed",
	"odcs/terms-changed", "odcs/version-decreased", "odcs/version-not-bumped",
	"odcs/field-undocumented", "odcs/field-missing", "odcs/field-type-drift", "odcs/field-nullability-drift",
}

// turn is what each rule is called here, and on the way back.
func turn(t *testing.T) (there, back map[string]string) {
	t.Helper()
	there, back = map[string]string{}, map[string]string{}
	for _, id := range symmetric {
		there[id], back[id] = id, id
	}
	opposite := map[byte]string{'+': "-", '-': "+"}
	for name, ids := range turns {
		for _, id := range ids {
			bare := strings.TrimLeft(id, "+-")
			there[bare], back[bare] = name+strings.TrimSuffix(id, bare), name+opposite[id[0]]
		}
	}
	for _, rule := range rules {
		if there[rule.ID] == "" {
			t.Errorf("%s: say what the opposite change is called", rule.ID)
		}
	}
	return there, back
}

// TestMirror: what is tightened one way is relaxed on the way back, and what is
// added is removed; nothing is seen in one direction alone.
func TestMirror(t *testing.T) {
	there, back := turn(t)
	seen := map[string]bool{}
	count := func(r *diff.Report, names map[string]string) map[string]int {
		counts := map[string]int{}
		for _, c := range r.Changes {
			seen[c.Rule.ID] = true
			if names[c.Rule.ID] != "key" { // a part that is gone as a property is not told again
				counts[names[c.Rule.ID]]++
			}
		}
		return counts
	}
	generated(t, func(_ *generator, old, new object) {
		o, n := asJSON(t, old), asJSON(t, new)
		forth := report(t, o, n)
		if len(forth.Errors) > 0 {
			t.Fatal(forth.Errors)
		}
		reverse := report(t, n, o)
		if d := cmp.Diff(count(forth, there), count(reverse, back)); d != "" {
			t.Errorf("%s\nthere %s\nback %s", d, strings.Join(said(forth), "\n"),
				strings.Join(said(reverse), "\n"))
		}
	})
	if len(seen) < len(rules)/2 {
		t.Errorf("only %d of %d rules were met: %v", len(seen), len(rules), slices.Sorted(maps.Keys(seen)))
	}
}

// withDescriptions adds one to every object that has a name.
func withDescriptions(v any) any {
	switch v := v.(type) {
	case object:
		for _, member := range v {
			withDescriptions(member)
		}
		if _, named := v["name"]; named {
			v["description"] = "What it is."
		}
	case []any:
		for _, e := range v {
			withDescriptions(e)
		}
	}
	return v
}
