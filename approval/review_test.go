package approval_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
)

// members lists the members of each team. The author is in none, because
// callers leave out the author's reviews.
var members = map[string][]string{billing: {"alice", "adam", "zoe"}, web: {"bob", "zoe"}, orders: {"olga"}}

// review is a review by somebody who saw what the input asks.
func review(by string, approves bool, seen approval.Input) approval.Review {
	return approval.Review{By: by,
		Approves: approves,
		Found:    approval.Asked(seen),
		SpeaksFor: func(p approval.Party) bool {
			return slices.ContainsFunc(p.Teams, func(team string) bool {
				return slices.Contains(members[team], by)
			})
		}}
}

// TestReviews: billing reads sku by id, web reads sku and id of the list.
func TestReviews(t *testing.T) {
	const one, list = "GET /orders/{}", "GET /orders"
	consumers := []approval.Consumer{
		consumer(t, billing, "GET /orders/{id} reads sku", "GET /orders reads sku"),
		consumer(t, web, "GET /orders reads sku, id"),
	}
	input := func(changes ...diff.Change) approval.Input {
		return approval.Input{Reports: reports(changes...), Consumers: consumers, Terms: terms()}
	}
	sku := change(typeChanged, "sku", one)
	both := change(typeChanged, "sku", one, list)
	id := change(removed, "id", list)
	milder := change(typeChanged, "sku", one)
	milder.Level, milder.Reaches[0].Costs.Receives = diff.Risky, diff.Risky
	gone := change(removed, "sku", one)
	gone.After = diff.Hash{}
	ignored := gone // by its readers, the base branch says
	ignored.Level = diff.Risky
	elsewhere := change(typeChanged, "sku", one) // breaks somebody else
	elsewhere.Reaches[0].Costs.Receives = diff.Risky
	alone := input(both)
	alone.Consumers = consumers[:1]
	other := change(typeChanged, "sku", one)
	other.After = diff.HashOf("another type")
	pass := func(by string, seen approval.Input) approval.Review { return review(by, true, seen) }
	tests := []struct {
		name    string
		now     approval.Input
		perTeam int
		reviews []approval.Review
		want    approval.State
		asks    []string
	}{
		{name: "nobody yet", now: input(sku), want: approval.Waiting, asks: []string{billing}},
		{
			name:    "a member",
			now:     input(sku),
			reviews: []approval.Review{pass("alice", input(sku))},
			want:    approval.Approved,
		},
		{
			name:    "a member of another team",
			now:     input(sku),
			reviews: []approval.Review{pass("bob", input(sku))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "somebody who speaks for nobody",
			now:     input(sku),
			reviews: []approval.Review{pass("mallory", input(sku))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "one of two teams",
			now:     input(both),
			reviews: []approval.Review{pass("alice", input(both))},
			want:    approval.Waiting,
			asks:    []string{web},
		},
		{
			name:    "both teams",
			now:     input(both),
			reviews: []approval.Review{pass("alice", input(both)), pass("bob", input(both))},
			want:    approval.Approved,
		},
		{
			name:    "an earlier commit that held the same",
			now:     input(sku, id),
			reviews: []approval.Review{pass("alice", input(sku)), pass("bob", input(id))},
			want:    approval.Approved,
		},
		{
			name:    "an earlier commit that held nothing",
			now:     input(sku),
			reviews: []approval.Review{pass("alice", input())},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "an unrelated change since",
			now:     input(sku, id),
			reviews: []approval.Review{pass("alice", input(sku))},
			want:    approval.Waiting,
			asks:    []string{web},
		},
		{
			name:    "another type since",
			now:     input(other),
			reviews: []approval.Review{pass("alice", input(sku))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "a worse level since",
			now:     input(sku),
			reviews: []approval.Review{pass("alice", input(milder))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "a worse level of what was broken already",
			now:     input(gone),
			reviews: []approval.Review{pass("alice", input(ignored))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "a worse hit at the same level",
			now:     input(sku),
			reviews: []approval.Review{pass("alice", input(elsewhere))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "a team that registered since",
			now:     input(both),
			reviews: []approval.Review{pass("zoe", alone)},
			want:    approval.Waiting,
			asks:    []string{web},
		},
		{
			name:    "a milder level since",
			now:     input(milder),
			reviews: []approval.Review{pass("alice", input(sku))},
			want:    approval.Approved,
		},
		{
			name:    "a further reach since",
			now:     input(both),
			reviews: []approval.Review{pass("alice", input(sku)), pass("bob", input(both))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "a reach less since",
			now:     input(sku),
			reviews: []approval.Review{pass("alice", input(both))},
			want:    approval.Approved,
		},
		{
			name:    "rejected",
			now:     input(both),
			reviews: []approval.Review{pass("alice", input(both)), review("bob", false, input(both))},
			want:    approval.Rejected,
			asks:    []string{web},
		},
		{
			name:    "rejected by somebody who is not hit",
			now:     input(sku),
			reviews: []approval.Review{review("bob", false, input(sku)), pass("alice", input(sku))},
			want:    approval.Approved,
		},
		{
			name:    "rejected, then withdrawn",
			now:     input(sku),
			reviews: []approval.Review{review("alice", false, input(sku)), pass("alice", input(sku))},
			want:    approval.Approved,
		},
		{
			name:    "rejected, then withdrawn by the team",
			now:     input(sku),
			reviews: []approval.Review{review("alice", false, input(sku)), pass("adam", input(sku))},
			want:    approval.Approved,
		},
		{
			name:    "rejected, and another team agrees",
			now:     input(both),
			reviews: []approval.Review{review("alice", false, input(both)), pass("bob", input(both))},
			want:    approval.Rejected,
			asks:    []string{billing},
		},
		{
			name:    "approved, then rejected",
			now:     input(sku),
			reviews: []approval.Review{pass("alice", input(sku)), review("alice", false, input(sku))},
			want:    approval.Rejected,
			asks:    []string{billing},
		},
		{
			name:    "one of two members",
			now:     input(sku),
			perTeam: 2,
			reviews: []approval.Review{pass("alice", input(sku))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "one member twice",
			now:     input(sku),
			perTeam: 2,
			reviews: []approval.Review{pass("alice", input(sku)), pass("alice", input(sku))},
			want:    approval.Waiting,
			asks:    []string{billing},
		},
		{
			name:    "two members",
			now:     input(sku),
			perTeam: 2,
			reviews: []approval.Review{pass("alice", input(sku)), pass("adam", input(sku))},
			want:    approval.Approved,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.now.Reviews, tt.now.Terms.PerTeam = tt.reviews, tt.perTeam
			got := approval.Decide(tt.now)
			if got.State != tt.want {
				t.Errorf("%s, want %s", got.State, tt.want)
			}
			if d := cmp.Diff(tt.asks, asks(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestWhoAgreedAndWhoSaidNo: the decision names who approved and who rejected.
func TestWhoAgreedAndWhoSaidNo(t *testing.T) {
	in := approval.Input{
		Reports:   reports(change(typeChanged, "sku", "GET /orders/{}")),
		Consumers: []approval.Consumer{consumer(t, billing), consumer(t, web)},
		Terms:     terms(),
	}
	in.Reviews = []approval.Review{review("alice", true, in), review("bob", false, in)}
	d := approval.Decide(in)
	if diff := cmp.Diff([]string{"bob"}, d.RejectedBy); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"alice"}, d.Demands[0].Items[0].ApprovedBy); diff != "" ||
		d.Demands[0].Open() {
		t.Errorf("open %t %s", d.Demands[0].Open(), diff)
	}
	if !d.Pending(d.Findings[0].Fingerprint) {
		t.Error("web has not agreed, and nothing is pending")
	}
}
