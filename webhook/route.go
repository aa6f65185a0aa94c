package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/assent-dev/assent/store"
)

var errNoInstallation = errors.New("the payload names no installation: is this the webhook of a GitHub App?")

// payload has the fields that decide which lanes an event dirties. All other
// facts are read from GitHub when the lane runs, because deliveries come late,
// twice and out of order. go-github's types cannot parse some recorded
// payloads.
type payload struct {
	Action       string `json:"action"`
	Installation struct {
		ID int64 `json:"id"`
	} `json:"installation"`
	Repository struct {
		ID    int64  `json:"id"`
		Name  string `json:"name"`
		Owner struct {
			Login string `json:"login"`
		} `json:"owner"`
	} `json:"repository"`
	PullRequest struct {
		Number int `json:"number"`
	} `json:"pull_request"`
	Changes struct {
		Base *json.RawMessage `json:"base"` // present if an edit moved the pull request to another base
	} `json:"changes"`
	CheckRun   checkOf `json:"check_run"`
	CheckSuite checkOf `json:"check_suite"`
	MergeGroup struct {
		HeadSHA string `json:"head_sha"`
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
}

// checkOf has the fields of a check run or suite.
type checkOf struct {
	HeadSHA string `json:"head_sha"`
	App     struct {
		ID int64 `json:"id"`
	} `json:"app"`
}

// handledEvent is an event that dirties a lane. Other events are acknowledged
// and dropped, for example those about check runs that assent itself created or
// completed.
type handledEvent struct {
	event, action string
	sentToAll     bool                 // GitHub sends it to every App, subscribed or not
	rerun         bool                 // somebody asks to have the same work done again
	condition     func(p payload) bool // nil: always
	// the App that the check belongs to; nil if the event is not about a check
	app func(p payload) int64
	key func(p payload) store.Key // the lane's key; empty if the payload lacks the number or the commit
}

var handledEvents = []handledEvent{
	{event: "pull_request", action: "opened", key: pull},
	{event: "pull_request", action: "reopened", key: pull},
	{event: "pull_request", action: "synchronize", key: pull},
	{event: "pull_request", action: "ready_for_review", key: pull},
	{event: "pull_request", action: "converted_to_draft", key: pull},
	{event: "pull_request", action: "edited", key: pull, condition: retargeted},
	{event: "pull_request", action: "closed", key: pull},
	{event: "pull_request_review", action: "submitted", key: pull},
	{event: "pull_request_review", action: "edited", key: pull},
	{event: "pull_request_review", action: "dismissed", key: pull},
	{event: "check_run", action: "rerequested", key: runHead, rerun: true, app: runApp},
	{event: "check_suite", action: "rerequested", key: suiteHead, rerun: true, app: suiteApp},
	{event: "merge_group", action: "checks_requested", key: group},
	{event: "installation", action: "created", key: installation, sentToAll: true},
	{event: "installation", action: "new_permissions_accepted", key: installation, sentToAll: true},
	{event: "installation", action: "unsuspend", key: installation, sentToAll: true},
}

// routing says what a delivery leads to.
type routing struct {
	action, repo string // for the log
	rerun        bool
	lanes        []store.Lane
}

// route finds the lanes that an event dirties. There may be none: checks of
// Apps other than appID, for example, dirty no lanes.
func route(event string, body []byte, appID int64) (routing, error) {
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return routing{}, fmt.Errorf("the payload is not what %s sends (is the content type "+
			"application/json?): %w", event, err)
	}
	got := routing{action: p.Action}
	if p.Repository.Name != "" {
		got.repo = p.Repository.Owner.Login + "/" + p.Repository.Name
	}
	i := slices.IndexFunc(handledEvents, func(h handledEvent) bool {
		return h.event == event && h.action == p.Action
	})
	if i < 0 {
		return got, nil
	}
	h := handledEvents[i]
	if h.condition != nil && !h.condition(p) || h.app != nil && appID != 0 && h.app(p) != appID {
		return got, nil
	}
	if p.Installation.ID == 0 {
		return got, errNoInstallation
	}
	lane := store.Lane{Installation: p.Installation.ID, Key: h.key(p)}
	if event != "installation" {
		lane.RepoID, lane.Owner, lane.Name = p.Repository.ID, p.Repository.Owner.Login, p.Repository.Name
		if lane.RepoID == 0 {
			return got, errors.New("the payload names no repository")
		}
	}
	if lane.Key == "" {
		return got, fmt.Errorf("the payload of %s %s lacks its number or head", event, p.Action)
	}
	got.rerun, got.lanes = h.rerun, []store.Lane{lane}
	return got, nil
}

func (r routing) keys() []store.Key {
	keys := make([]store.Key, len(r.lanes))
	for i, l := range r.lanes {
		keys[i] = l.Key
	}
	return keys
}

// Events returns the events that the App must subscribe to, sorted. It leaves
// out those that GitHub sends to every App.
func Events() []string {
	var names []string
	for _, h := range handledEvents {
		if !h.sentToAll {
			names = append(names, h.event)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func retargeted(p payload) bool { return p.Changes.Base != nil }

func runApp(p payload) int64   { return p.CheckRun.App.ID }
func suiteApp(p payload) int64 { return p.CheckSuite.App.ID }

func runHead(p payload) store.Key   { return store.HeadKey(p.CheckRun.HeadSHA) }
func suiteHead(p payload) store.Key { return store.HeadKey(p.CheckSuite.HeadSHA) }

func group(p payload) store.Key { return store.GroupKey(p.MergeGroup.HeadSHA, p.MergeGroup.BaseSHA) }

func pull(p payload) store.Key { return store.PullKey(p.PullRequest.Number) }

func installation(p payload) store.Key { return store.InstallationKey(p.Installation.ID) }
