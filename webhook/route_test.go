package webhook

import (
	"encoding/json"
	"errors"
	"os"
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
		{"push", "", `"ref":"refs/heads/main"`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.event+" "+tt.action+" "+string(tt.lane), func(t *testing.T) {
			var want []store.Lane
			if tt.lane != "" {
				want = []store.Lane{{Installation: 9, RepoID: 2, Owner: "acme", Name: "shop", Key: tt.lane}}
				if tt.event == "installation" {
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

func TestEvents(t *testing.T) {
	want := []string{"check_run", "check_suite", "merge_group", "pull_request", "pull_request_review"}
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
