package githubtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// eventSchemas reads the schemas of some events, by names such as
// "team-created", from GitHub's description.
func eventSchemas(t *testing.T, names []string) map[string]*openapi3.Schema {
	t.Helper()
	data, err := os.ReadFile(Description(t))
	if err != nil {
		t.Fatal(err)
	}
	var whole struct {
		description
		Webhooks map[string]map[string]jsontext.Value `json:"x-webhooks"`
	}
	if err := jsonv2.Unmarshal(data, &whole); err != nil {
		t.Fatal(err)
	}
	part := whole.description
	part.Paths = map[string]jsontext.Value{}
	for _, name := range names {
		post := whole.Webhooks[name]["post"]
		if post == nil {
			t.Fatalf("GitHub describes no event %s", name)
		}
		part.Paths["/"+name] = jsontext.Value(`{"post":` + string(post) + `}`)
	}
	if part.Components, err = part.reachable(part.Paths); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*openapi3.Schema{}
	for path, item := range doc.Paths.Map() {
		body := item.Post.RequestBody.Value.Content.Get("application/json")
		out[strings.TrimPrefix(path, "/")] = body.Schema.Value
	}
	return out
}

// eventName is the name of an event in GitHub's description.
func eventName(d Delivery) string {
	name := d.Event
	if d.Action != "" {
		name += "-" + d.Action
	}
	return strings.ReplaceAll(name, "_", "-")
}

// TestEventsAreAsDescribed makes everything happen that sends an event.
func TestEventsAreAsDescribed(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.Subscribe(in.URL)
	s.Install("acme")
	everyPullEvent(t, s, r)
	everyOrgEvent(s, r)
	got := map[string][]Delivery{}
	for _, d := range s.Deliveries() {
		if d.Event != "ping" { // its hook has fields that nobody reads
			got[eventName(d)] = append(got[eventName(d)], d)
		}
	}
	schemas := eventSchemas(t, slices.Sorted(maps.Keys(got)))
	for name, deliveries := range got {
		for _, d := range deliveries {
			var payload any
			if err := json.Unmarshal(d.Payload, &payload); err != nil {
				t.Fatal(err)
			}
			if err := schemas[name].VisitJSON(payload, openapi3.MultiErrors()); err != nil {
				t.Errorf("%s: %s", name, shortReason(err))
				break
			}
		}
	}
}

func everyPullEvent(t *testing.T, s *Server, r *Repo) {
	t.Helper()
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix", Draft: true})
	r.Ready(n)
	r.Push("fix", "more", "ann", map[string]string{"b": "c"})
	r.Edit(n, "Fix it", "")
	r.Dismiss(n, r.Review(n, "bob", "APPROVED", ""), "ann")
	r.Comment(n, "bob", "hello")
	ask(t, s, bearer(s, r), "POST", "/repos/acme/shop/check-runs",
		`{"name":"assent","head_sha":"`+r.Branch("fix")+`","conclusion":"success"}`)
	ask(t, s, bearer(s, r), "POST", "/repos/acme/shop/pulls/1/reviews", `{"event":"COMMENT","body":"hm",
		"commit_id":"`+r.Branch("fix")+`","comments":[{"path":"b","line":1,"body":"x"}]}`)
	run, _ := r.Check(r.Branch("fix"), "assent")
	r.Rerequest(run.ID, "ann")
	r.RequestAction(run.ID, "approve", "bob")
	r.RerequestSuite(r.Branch("fix"), "ann")
	r.Lock(n)
	r.Unlock(n)
	r.ClosePull(n)
	r.Reopen(n)
	r.MergeGroup(n)
	r.MergePull(n, "bob")
	r.DeleteBranch("fix", "bob")
}

func everyOrgEvent(s *Server, r *Repo) {
	s.SetTeam(Team{Org: "acme", Slug: "orders", Members: []string{"bob"}, Repos: []string{"shop"}})
	s.SetTeam(Team{Org: "acme", Slug: "orders", Members: []string{"ann"}, Repos: []string{}})
	s.SetTeam(Team{Org: "acme", Slug: "orders", Members: []string{"ann"}, Repos: []string{"shop"}})
	s.RenameTeam("acme", "orders", "purchases")
	s.RemoveMember("acme", "ann")
	s.RemoveTeam("acme", "purchases")
	s.AddRepo("acme", "second")
	r.Uninstall()
	r.Install()
}

func TestTeamsAndInstallationsAreTold(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.SetTeam(Team{Org: "acme", Slug: "silent", Members: []string{"bob"}}) // before anybody listens
	s.Subscribe(in.URL)
	everyOrgEvent(s, r)
	r.Uninstall()
	r.Push("main", "unseen", "ann", map[string]string{"x": "y"})
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ping", "team.created", "membership.added", "membership.removed", "membership.added",
		"team.removed_from_repository", "team.added_to_repository", "team.edited",
		"organization.member_removed", "team.deleted", "installation_repositories.added",
		"installation_repositories.removed", "installation_repositories.added",
		"installation_repositories.removed",
	}
	if diff := cmp.Diff(want, in.events()); diff != "" {
		t.Error(diff)
	}
	var renamed struct {
		Changes struct{ Name struct{ From string } }
		Team    struct{ Slug string }
	}
	if err := json.Unmarshal(in.bodies[7], &renamed); err != nil || renamed.Changes.Name.From != "orders" ||
		renamed.Team.Slug != "purchases" {
		t.Errorf("%v: %+v", err, renamed)
	}
	if role := r.role("ann"); role != "none" {
		t.Errorf("who was removed is still of the organisation: %s", role)
	}
}

func TestWithoutMembersNoTeamEvents(t *testing.T) {
	granted := Permissions()
	delete(granted, "members")
	s, _ := start(t, Options{Permissions: granted})
	in := receive(t)
	s.Subscribe(in.URL)
	s.SetTeam(Team{Org: "acme", Slug: "orders", Members: []string{"bob"}})
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	if got := in.events(); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

// TestEveryMoveIsAPush: whichever way a branch moves, the App hears of it.
func TestEveryMoveIsAPush(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.Subscribe(in.URL)
	main := r.Branch("main")
	r.Commit("stack", "on top", "ann", map[string]string{"s": "s"})
	lower := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix", BaseRef: "stack"})
	upper := r.OpenPull(Pull{Title: "Stack", Author: "ann", HeadRef: "stack"})
	r.Push("new", "first", "ann", map[string]string{"n": "n"})
	r.Reset("new", main, "ann")
	merged := r.MergePull(lower, "bob")
	r.DeleteBranch("new", "ann")
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range s.Deliveries() {
		var p struct {
			Ref                      string
			Created, Deleted, Forced bool
		}
		if err := json.Unmarshal(d.Payload, &p); err != nil {
			t.Fatal(err)
		}
		if d.Event == "push" {
			got = append(got, fmt.Sprintf("%s %t %t %t", p.Ref, p.Created, p.Deleted, p.Forced))
		}
	}
	want := []string{
		"refs/heads/new true false false", "refs/heads/new false false true",
		"refs/heads/stack false false false", "refs/heads/new false true false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.Pull(upper).Head != merged {
		t.Error("the pull request from the branch that moved kept its head")
	}
}
