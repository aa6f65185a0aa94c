package approval_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/usage"
)

const (
	billing = "acme/billing"
	web     = "acme/web"
	orders  = "acme/orders"
)

var (
	typeChanged = &diff.Rule{ID: "schema/type-changed", Sends: diff.Breaking, Receives: diff.Breaking}
	removed     = &diff.Rule{ID: "schema/property-removed", Receives: diff.Breaking}
	maybe       = &diff.Rule{ID: "schema/enum-value-added", Receives: diff.Risky}
	harmless    = &diff.Rule{ID: "schema/description-changed"}
)

// change is what diff.Compare reports of a response's field.
func change(rule *diff.Rule, field string, operations ...string) diff.Change {
	c := diff.Change{
		Contract: "orders",
		Rule:     rule,
		Level:    rule.Receives,
		Subject:  difftest.Path("schema Order › " + field),
		Before:   diff.HashOf(field),
		After:    diff.HashOf(rule.ID),
	}
	for _, op := range operations {
		c.Reaches = append(c.Reaches, diff.Reach{
			Use:   difftest.Path(op + " › 200 › application/json › " + field),
			Side:  diff.Receives,
			Level: rule.Receives,
			Costs: diff.Costs{Receives: rule.Receives},
		})
	}
	return c
}

func reports(changes ...diff.Change) []*diff.Report {
	return []*diff.Report{{Contract: "orders", Changes: changes}}
}

func consumer(t *testing.T, team string, uses ...string) approval.Consumer {
	t.Helper()
	c := approval.Consumer{Team: team, Contract: "orders"}
	for _, text := range uses {
		u, err := usage.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		c.Uses = append(c.Uses, u)
	}
	return c
}

// terms are the defaults, with owners for the contract.
func terms() approval.Terms {
	terms := approval.DefaultTerms()
	terms.Owners = map[string]approval.Party{"orders": {Teams: []string{orders}}}
	return terms
}

// asks lists the teams that still have to agree, sorted.
func asks(d approval.Decision) []string {
	teams := d.Asks()
	slices.Sort(teams)
	return teams
}

// TestDecide tests who is asked.
func TestDecide(t *testing.T) {
	sku := change(typeChanged, "sku", "GET /orders/{}")
	reads := func(team, field string) approval.Consumer {
		return consumer(t, team, "GET /orders/{id} reads "+field)
	}
	tests := []struct {
		name      string
		reports   []*diff.Report
		consumers []approval.Consumer
		terms     func(*approval.Terms)
		want      approval.State
		asks      []string
	}{
		{name: "no contract", want: approval.Untouched},
		{name: "no change", reports: reports(), want: approval.Clear},
		{
			name:      "nobody hit by what is harmless",
			reports:   reports(change(harmless, "sku", "GET /orders/{}")),
			consumers: []approval.Consumer{reads(billing, "sku")},
			want:      approval.Clear,
		},
		{
			name:      "a consumer hit",
			reports:   reports(sku),
			consumers: []approval.Consumer{reads(billing, "sku"), reads(web, "id")},
			want:      approval.Waiting,
			asks:      []string{billing},
		},
		{
			name:      "two consumers hit",
			reports:   reports(sku),
			consumers: []approval.Consumer{reads(billing, "sku"), reads(web, "sku")},
			want:      approval.Waiting,
			asks:      []string{billing, web},
		},
		{
			name:      "a consumer that is registered twice",
			reports:   reports(sku),
			consumers: []approval.Consumer{reads(billing, "sku"), reads(billing, "sku")},
			want:      approval.Waiting,
			asks:      []string{billing},
		},
		{
			name:      "a consumer of another contract",
			reports:   reports(sku),
			consumers: []approval.Consumer{{Team: web, Contract: "payments"}},
			want:      approval.Waiting,
			asks:      []string{orders},
		},
		{
			name:      "a potential hit",
			reports:   reports(change(maybe, "status", "GET /orders/{}")),
			consumers: []approval.Consumer{reads(billing, "status")},
			want:      approval.Waiting,
			asks:      []string{billing},
		},
		{
			name:      "a risky change that hits nobody",
			reports:   reports(change(maybe, "status", "GET /orders/{}")),
			consumers: []approval.Consumer{reads(billing, "sku")},
			want:      approval.Clear,
		},
		{
			name:      "the owners for what is unclaimed",
			reports:   reports(sku),
			consumers: []approval.Consumer{reads(billing, "id")},
			want:      approval.Waiting,
			asks:      []string{orders},
		},
		{
			name: "unclaimed without owners named", reports: reports(sku), want: approval.Waiting,
			terms: func(terms *approval.Terms) { terms.Owners["orders"] = approval.Party{Writers: true} },
		},
		{name: "unclaimed fails", reports: reports(sku), terms: func(terms *approval.Terms) {
			terms.Owners, terms.FailUnclaimed = nil, true
		}, want: approval.Rejected},
		{name: "unclaimed passes", reports: reports(sku), terms: func(terms *approval.Terms) {
			terms.Owners = nil
		}, want: approval.Clear},
		{
			name:      "required from the broken only",
			reports:   reports(change(maybe, "status", "GET /orders/{}")),
			consumers: []approval.Consumer{reads(billing, "status")},
			terms:     func(terms *approval.Terms) { terms.RequiredFrom = []usage.Impact{usage.Broken} },
			want:      approval.Clear,
		},
		{
			name:      "required from nobody leaves it to the owners",
			reports:   reports(sku),
			consumers: []approval.Consumer{reads(billing, "sku")},
			terms:     func(terms *approval.Terms) { terms.RequiredFrom = []usage.Impact{} },
			want:      approval.Waiting,
			asks:      []string{orders},
		},
		{
			name: "a file that cannot be read", want: approval.Invalid,
			reports: []*diff.Report{{
				Contract: "orders",
				Errors:   []*diff.Error{{Location: diff.Location{File: "a.yaml", Line: 3}, Message: "no"}},
			}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := approval.Input{Reports: tt.reports, Consumers: tt.consumers, Terms: terms()}
			if tt.terms != nil {
				tt.terms(&in.Terms)
			}
			got := approval.Decide(in)
			if got.State != tt.want {
				t.Errorf("%s, want %s", got.State, tt.want)
			}
			if d := cmp.Diff(tt.asks, asks(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestMistakesOfTheConfigurationCount(t *testing.T) {
	mistake := approval.Mistake{File: ".github/assent.yml", Line: 2, Message: "no such key"}
	d := approval.Decide(approval.Input{
		Reports:  reports(),
		Terms:    terms(),
		Mistakes: []approval.Mistake{mistake},
	})
	if d.State != approval.Invalid || len(d.Mistakes) != 1 || d.Mistakes[0] != mistake {
		t.Errorf("%s %v", d.State, d.Mistakes)
	}
}

// TestFindingsGate: only findings that somebody has to agree to are marked.
func TestFindingsGate(t *testing.T) {
	in := approval.Input{
		Reports: reports(change(typeChanged, "sku", "GET /orders/{}"),
			change(maybe, "status", "GET /orders/{}"), change(maybe, "note", "GET /orders/{}")),
		Terms: terms(), Consumers: []approval.Consumer{consumer(t, billing, "GET /orders/{id} reads status")},
	}
	got := map[string]bool{}
	for _, f := range approval.Decide(in).Findings {
		got[f.Subject] = f.Gates
	}
	want := map[string]bool{
		"schema Order › sku":    true,
		"schema Order › status": true,
		"schema Order › note":   false,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestFindingIsAllowed: the reason why a change may break is not part of its
// message.
func TestFindingIsAllowed(t *testing.T) {
	c := change(removed, "sku", "GET /orders")
	c.Message = "the property was removed"
	c.Reaches[0].Allowed = "the version goes from 1.0.0 to 2.0.0"
	d := approval.Decide(approval.Input{Reports: reports(c), Terms: terms()})
	if f := d.Findings[0]; f.Message != c.Message || f.Allowed != c.Reaches[0].Allowed {
		t.Errorf("message %q, allowed %q", f.Message, f.Allowed)
	}
}
