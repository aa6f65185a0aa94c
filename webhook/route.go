package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	Repository  repository `json:"repository"`
	PullRequest struct {
		Number int `json:"number"`
		Head   struct {
			SHA string `json:"sha"`
		} `json:"head"`
	} `json:"pull_request"`
	Review struct {
		User struct {
			Type string `json:"type"`
		} `json:"user"`
	} `json:"review"`
	Changes struct {
		Base *json.RawMessage `json:"base"` // present if an edit moved the pull request to another base
	} `json:"changes"`
	CheckRun   checkOf `json:"check_run"`
	CheckSuite checkOf `json:"check_suite"`
	MergeGroup struct {
		HeadSHA string `json:"head_sha"`
		HeadRef string `json:"head_ref"`
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
	Ref     string `json:"ref"` // of a push
	Deleted bool   `json:"deleted"`
	Team    struct {
		ID int64 `json:"id"`
	} `json:"team"`
	Added []repository `json:"repositories_added"`
}

type repository struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	FullName string `json:"full_name"`
	Owner    struct {
		Login string `json:"login"`
	} `json:"owner"`
}

// lane returns a lane of the repository. Short forms of a repository name its
// owner in the full name alone.
func (r repository) lane(installation int64, key store.Key) store.Lane {
	owner := r.Owner.Login
	if owner == "" {
		owner, _, _ = strings.Cut(r.FullName, "/")
	}
	return store.Lane{Installation: installation, RepoID: r.ID, Owner: owner, Name: r.Name, Key: key}
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
	// everywhere says that the lane belongs to no repository
	everywhere bool
}

var handledEvents = []handledEvent{
	{event: "pull_request", action: "opened", key: pull},
	{event: "pull_request", action: "reopened", key: pull},
	{event: "pull_request", action: "synchronize", key: pull},
	{event: "pull_request", action: "ready_for_review", key: pull},
	{event: "pull_request", action: "converted_to_draft", key: pull},
	{event: "pull_request", action: "edited", key: pull, condition: retargeted},
	{event: "pull_request", action: "closed", key: pull},
	{event: "pull_request_review", action: "submitted", key: pull, condition: byPerson},
	{event: "pull_request_review", action: "edited", key: pull, condition: byPerson},
	{event: "pull_request_review", action: "dismissed", key: pull},
	{event: "check_run", action: "rerequested", key: runHead, rerun: true, app: runApp},
	{event: "check_suite", action: "rerequested", key: suiteHead, rerun: true, app: suiteApp},
	{event: "merge_group", action: "checks_requested", key: group},
	{event: "push", key: pushedBranch, condition: isBranch},
	{event: "team", action: "edited", key: team, everywhere: true},
	{event: "team", action: "deleted", key: team, everywhere: true},
	{event: "team", action: "added_to_repository", key: team, everywhere: true},
	{event: "team", action: "removed_from_repository", key: team, everywhere: true},
	{event: "membership", action: "added", key: team, everywhere: true},
	{event: "membership", action: "removed", key: team, everywhere: true},
	{event: "organization", action: "member_removed", key: members, everywhere: true},
	{event: "installation_repositories", action: "added", key: list, sentToAll: true},
	{event: "installation", action: "created", key: installation, sentToAll: true, everywhere: true},
	{
		event: "installation", action: "new_permissions_accepted", key: installation, sentToAll: true,
		everywhere: true,
	},
	{event: "installation", action: "unsuspend", key: installation, sentToAll: true, everywhere: true},
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
	var err error
	got.rerun = h.rerun
	got.lanes, err = h.lanes(p)
	return got, err
}

// lanes returns the lanes that the event dirties.
func (h *handledEvent) lanes(p payload) ([]store.Lane, error) {
	key := h.key(p)
	if key == "" {
		return nil, fmt.Errorf("the payload of %s %s lacks its number or head", h.event, p.Action)
	}
	if h.everywhere {
		return []store.Lane{{Installation: p.Installation.ID, Key: key}}, nil
	}
	repositories := p.Added
	if len(repositories) == 0 {
		repositories = []repository{p.Repository}
	}
	var lanes []store.Lane
	for _, r := range repositories {
		if r.ID == 0 {
			return nil, errors.New("the payload names no repository")
		}
		lane := r.lane(p.Installation.ID, key)
		if h.event == "pull_request" {
			lane.Head = p.PullRequest.Head.SHA
		}
		lane.Branch = strings.TrimPrefix(p.MergeGroup.HeadRef, branchPrefix)
		lanes = append(lanes, lane)
	}
	return lanes, nil
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

// branchPrefix begins the full name of a branch.
const branchPrefix = "refs/heads/"

func retargeted(p payload) bool { return p.Changes.Base != nil }

func isBranch(p payload) bool { return strings.HasPrefix(p.Ref, branchPrefix) && !p.Deleted }

// byPerson reports whether a person reviewed. What Apps say does not count, and
// what assent itself says must not make it run again.
func byPerson(p payload) bool { return p.Review.User.Type != "Bot" }

func runApp(p payload) int64   { return p.CheckRun.App.ID }
func suiteApp(p payload) int64 { return p.CheckSuite.App.ID }

func runHead(p payload) store.Key   { return store.HeadKey(p.CheckRun.HeadSHA) }
func suiteHead(p payload) store.Key { return store.HeadKey(p.CheckSuite.HeadSHA) }

func group(p payload) store.Key { return store.GroupKey(p.MergeGroup.HeadSHA, p.MergeGroup.BaseSHA) }

func pull(p payload) store.Key { return store.PullKey(p.PullRequest.Number) }

func pushedBranch(p payload) store.Key { return store.BaseKey(strings.TrimPrefix(p.Ref, branchPrefix)) }

func team(p payload) store.Key { return store.TeamKey(p.Team.ID) }

func members(p payload) store.Key { return store.MembersKey(p.Installation.ID) }

func list(payload) store.Key { return store.ListKey }

func installation(p payload) store.Key { return store.InstallationKey(p.Installation.ID) }
