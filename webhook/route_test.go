package webhook

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github/githubtest"
	"github.com/assent-dev/assent/store"
)

// where is the part that all payloads of one repository have in common.
const where = `"installation":{"id":9},"repository":{"id":2,"name":"shop","owner":{"login":"acme"}}`

func TestRoute(t *testing.T) {
	const pull = `"pull_request":{"number":7}`
	const ours, theirs = `{"head_sha":"abc","app":{"id":5}}`, `{"head_sha":"abc","app":{"id":6}}`
	tests := []struct {
		event, action, rest string
		lane                store.Key
		rerun               bool
	}{
		{"pull_request", "opened", pull, "pull/7", false},
		{"pull_request", "reopened", pull, "pull/7", false},
		{"pull_request", "synchronize", pull, "pull/7", false},
		{"pull_request", "ready_for_review", pull, "pull/7", false},
		{"pull_request", "converted_to_draft", pull, "pull/7", false},
		{"pull_request", "closed", pull, "pull/7", false},
		{"pull_request", "edited", pull + `,"changes":{"base":{"ref":{"from":"main"}}}`, "pull/7", false},
		{"pull_request", "edited", pull + `,"changes":{"title":{"from":"x"}}`, "", false},
		{"pull_request", "labeled", pull, "", false},
		{"pull_request_review", "submitted", pull, "pull/7", false},
		{"pull_request_review", "edited", pull, "pull/7", false},
		{"pull_request_review", "dismissed", pull, "pull/7", false},
		{"check_run", "rerequested", `"check_run":` + ours, "head/abc", true},
		{"check_run", "rerequested", `"check_run":` + theirs, "", false},
		{"check_run", "created", `"check_run":` + ours, "", false},
		{"check_run", "completed", `"check_run":` + ours, "", false},
		{"check_suite", "rerequested", `"check_suite":` + ours, "head/abc", true},
		{"check_suite", "rerequested", `"check_suite":` + theirs, "", false},
		{"check_suite", "requested", `"check_suite":` + ours, "", false},
		{
			"merge_group", "checks_requested", `"merge_group":{"head_sha":"abc","base_sha":"def"}`,
			"group/abc/def", false,
		},
		{"merge_group", "destroyed", `"merge_group":{"head_sha":"abc"}`, "", false},
		{"installation", "created", `"x":0`, "installation/9", false},
		{"installation", "new_permissions_accepted", `"x":0`, "installation/9", false},
		{"installation", "unsuspend", `"x":0`, "installation/9", false},
		{"installation", "deleted", `"x":0`, "", false},
		{"push", "", `"ref":"refs/heads/release/1"`, "base/release/1", false},
		{"push", "", `"ref":"refs/tags/v1"`, "", false},
		{"push", "", `"ref":"refs/heads/main","deleted":true`, "", false},
		{"pull_request_review", "submitted", pull + `,"review":{"user":{"type":"Bot"}}`, "", false},
		{"pull_request_review", "dismissed", pull + `,"review":{"user":{"type":"Bot"}}`, "pull/7", false},
		{"membership", "added", `"team":{"id":4}`, "team/4", false},
		{"membership", "removed", `"team":{"id":4}`, "team/4", false},
		{"team", "created", `"team":{"id":4}`, "", false},
		{"team", "edited", `"team":{"id":4}`, "team/4", false},
		{"team", "deleted", `"team":{"id":4}`, "team/4", false},
		{"organization", "member_removed", `"x":0`, "members/9", false},
		{"organization", "member_added", `"x":0`, "", false},
		{"installation_repositories", "removed", `"x":0`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.event+" "+tt.action+" "+string(tt.lane), func(t *testing.T) {
			var want []store.Lane
			if tt.lane != "" {
				want = []store.Lane{{Installation: 9, RepoID: 2, Owner: "acme", Name: "shop", Key: tt.lane}}
				if slices.Contains([]string{"installation", "team", "membership", "organization"}, tt.event) {
					want[0] = store.Lane{Installation: 9, Key: tt.lane}
				}
			}
			got, err := route(tt.event, []byte(`{"action":"`+tt.action+`",`+where+`,`+tt.rest+`}`), 5)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.lanes); diff != "" || got.rerun != tt.rerun {
				t.Errorf("rerun %v, want %v; lanes:\n%s", got.rerun, tt.rerun, diff)
			}
		})
	}
}

func TestRouteTakesChecksOfAnyApp(t *testing.T) {
	body := `{"action":"rerequested",` + where + `,"check_run":{"head_sha":"abc","app":{"id":6}}}`
	if got, err := route("check_run", []byte(body), 0); err != nil || len(got.lanes) != 1 {
		t.Errorf("without an App id: %+v, %v", got, err)
	}
}

// What cannot be asked for later is kept with the lane.
func TestRouteKeepsWhatCannotBeAskedFor(t *testing.T) {
	for _, tt := range []struct{ event, body, head, branch string }{
		{
			"pull_request",
			`"action":"synchronize","pull_request":{"number":7,"head":{"sha":"abc"}}`, "abc", "",
		},
		{
			"merge_group", `"action":"checks_requested","merge_group":{"head_sha":"abc","base_sha":"def",` +
				`"head_ref":"refs/heads/gh-readonly-queue/main/pr-7-def"}`, "", "gh-readonly-queue/main/pr-7-def",
		},
	} {
		got, err := route(tt.event, []byte("{"+where+","+tt.body+"}"), 5)
		if err != nil || len(got.lanes) != 1 {
			t.Fatalf("%s: %+v, %v", tt.event, got.lanes, err)
		}
		if lane := got.lanes[0]; lane.Head != tt.head || lane.Branch != tt.branch {
			t.Errorf("%s: %+v, %v", tt.event, got.lanes, err)
		}
	}
}

// Each repository that joins an installation has its pull requests listed.
func TestRouteOfAddedRepositories(t *testing.T) {
	body := `{"action":"added","installation":{"id":9},"repositories_added":[` +
		`{"id":2,"name":"shop","full_name":"acme/shop"},{"id":3,"name":"bank","full_name":"acme/bank"}]}`
	got, err := route("installation_repositories", []byte(body), 5)
	want := []store.Lane{
		{Installation: 9, RepoID: 2, Owner: "acme", Name: "shop", Key: "list"},
		{Installation: 9, RepoID: 3, Owner: "acme", Name: "bank", Key: "list"},
	}
	if diff := cmp.Diff(want, got.lanes); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestEvents(t *testing.T) {
	want := []string{
		"check_run", "check_suite", "membership", "merge_group", "organization", "pull_request",
		"pull_request_review", "push", "team",
	}
	if diff := cmp.Diff(want, Events()); diff != "" {
		t.Error(diff)
	}
}

// TestRecordedPayloads reads every payload that GitHub publishes, including
// those of older versions of its server.
func TestRecordedPayloads(t *testing.T) {
	dirty := map[string]int{}
	for _, file := range githubtest.Payloads(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var events []struct {
			Name     string
			Examples []json.RawMessage
		}
		if err := json.Unmarshal(data, &events); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, e := range events {
			for i, payload := range e.Examples {
				got, err := route(e.Name, payload, 0)
				// some were recorded from a repository's webhook
				if err != nil && !errors.Is(err, errNoInstallation) {
					t.Errorf("%s: %s, example %d: %v", file, e.Name, i, err)
				}
				dirty[e.Name] += len(got.lanes)
			}
		}
	}
	for _, event := range []string{"pull_request", "check_run", "installation"} {
		if dirty[event] == 0 {
			t.Errorf("no recorded %s dirties a lane", event)
		}
	}
}
