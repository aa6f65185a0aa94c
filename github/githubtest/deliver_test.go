package githubtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// receiver is an App's webhook that keeps the deliveries.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []*http.Request
	bodies [][]byte
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusAccepted}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got, r.bodies = append(r.got, req), append(r.bodies, body)
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// events lists the deliveries that arrived, as event.action.
func (r *receiver) events() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for i, req := range r.got {
		var payload struct{ Action string }
		_ = json.Unmarshal(r.bodies[i], &payload)
		name := req.Header.Get("X-GitHub-Event")
		if payload.Action != "" {
			name += "." + payload.Action
		}
		out = append(out, name)
	}
	return out
}

func TestEveryEventIsSignedAndInOrder(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.SetTeam(Team{Org: "acme", Slug: "orders", Members: []string{"bob"}})
	s.Subscribe(in.URL)
	s.Install("acme")
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix", Draft: true})
	r.Ready(n)
	r.Push("fix", "more", "ann", map[string]string{"b": "c"})
	r.Retarget(n, "fix")
	r.Edit(n, "Fix it", "")
	review := r.Review(n, "bob", "APPROVED", "")
	r.Dismiss(n, review, "ann")
	r.Comment(n, "bob", "/assent approve")
	ask(t, s, bearer(s, r), "POST", "/repos/acme/shop/check-runs",
		`{"name":"assent","head_sha":"`+r.Branch("fix")+`","conclusion":"success"}`)
	run, _ := r.Check(r.Branch("fix"), "assent")
	r.Rerequest(run.ID, "ann")
	r.RequestAction(run.ID, "approve", "bob")
	r.RerequestSuite(r.Branch("fix"), "ann")
	r.ClosePull(n)
	r.Reopen(n)
	r.Retarget(n, "main")
	r.MergeGroup(n)
	r.MergePull(n, "bob")
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ping", "installation.created", "pull_request.opened", "pull_request.ready_for_review", "push",
		"pull_request.synchronize", "pull_request.edited", "pull_request.edited",
		"pull_request_review.submitted",
		"pull_request_review.dismissed", "issue_comment.created", "check_run.created", "check_run.completed",
		"check_run.rerequested", "check_run.requested_action", "check_suite.rerequested",
		"pull_request.closed",
		"pull_request.reopened", "pull_request.edited", "push", "merge_group.checks_requested",
		"pull_request.closed", "push",
	}
	if diff := cmp.Diff(want, in.events()); diff != "" {
		t.Error(diff)
	}
	guids := map[string]bool{}
	for i, req := range in.got {
		mac := hmac.New(sha256.New, []byte(s.Secret))
		mac.Write(in.bodies[i])
		if req.Header.Get("X-Hub-Signature-256") != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("%s: bad signature", want[i])
		}
		guids[req.Header.Get("X-GitHub-Delivery")] = true
		var common struct {
			Sender       struct{ Login string }
			Installation struct{ ID int64 }
			Repository   struct{ ID int64 }
		}
		if err := json.Unmarshal(in.bodies[i], &common); err != nil {
			t.Fatal(err)
		}
		if want[i] != "ping" && (common.Installation.ID != r.Installation || common.Sender.Login == "") {
			t.Errorf("%s lacks installation or sender: %+v", want[i], common)
		}
		if i > 1 && common.Repository.ID != r.ID {
			t.Errorf("%s lacks the repository", want[i])
		}
	}
	if len(guids) != len(want) {
		t.Errorf("%d GUIDs for %d deliveries", len(guids), len(want))
	}
}

func TestRetargetSaysWhatChanged(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.Subscribe(in.URL)
	base, tip := r.Branch("main"), r.Commit("next", "x", "ann", map[string]string{"n": "x"})
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	r.Retarget(n, "next")
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	type ref struct {
		Ref, SHA string
	}
	var got struct {
		Number      int
		PullRequest struct{ Head, Base ref } `json:"pull_request"`
		Changes     struct {
			Base struct{ Ref, SHA struct{ From string } }
		}
	}
	if err := json.Unmarshal(in.bodies[len(in.bodies)-1], &got); err != nil {
		t.Fatal(err)
	}
	if got.Number != n || got.PullRequest.Base != (ref{"next", tip}) ||
		got.PullRequest.Head != (ref{"fix", r.Branch("fix")}) ||
		got.Changes.Base.Ref.From != "main" || got.Changes.Base.SHA.From != base {
		t.Errorf("got %+v", got)
	}
}

func TestRebaseMovesThePullRequest(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.Subscribe(in.URL)
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	rebased := r.Commit("elsewhere", "the same", "ann",
		map[string]string{"a.yaml": "one\n2 <script>\nthree\n"})
	before := r.Pull(n).Head
	r.Reset("fix", rebased, "ann")
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	var got struct{ Action, Before, After string }
	if err := json.Unmarshal(in.bodies[len(in.bodies)-1], &got); err != nil {
		t.Fatal(err)
	}
	if got.Action != "synchronize" || got.Before != before || got.After != rebased ||
		r.Pull(n).Head != rebased {
		t.Errorf("got %+v, head %s", got, r.Pull(n).Head)
	}
}

func TestDeliveriesAreDroppedDoubledAndLate(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.Subscribe(in.URL)
	fates := map[string]Fate{"opened": Late, "closed": Drop, "reopened": Twice}
	s.Disturb(func(d Delivery) Fate { return fates[d.Action] })
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	r.Retarget(n, "fix")
	r.ClosePull(n)
	r.Reopen(n)
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ping", "pull_request.edited", "pull_request.opened", "pull_request.reopened",
		"pull_request.reopened",
	}
	if diff := cmp.Diff(want, in.events()); diff != "" {
		t.Error(diff)
	}
	if in.got[3].Header.Get("X-GitHub-Delivery") != in.got[4].Header.Get("X-GitHub-Delivery") {
		t.Error("a duplicate has another GUID")
	}
	if failed := s.RedeliverFailed(); failed != 1 {
		t.Errorf("%d to redeliver, want the dropped one", failed)
	}
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	if got := in.events(); got[len(got)-1] != "pull_request.closed" {
		t.Errorf("after redelivery: %v", got)
	}
}

func TestRefusedDeliveriesAreKept(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	in.answer(http.StatusServiceUnavailable)
	s.Subscribe(in.URL)
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	all := s.Deliveries()
	if len(all) != 2 || all[1].Status != 503 || all[1].Attempts != 1 || all[1].Event != "pull_request" ||
		all[1].Action != "opened" {
		t.Fatalf("deliveries %+v", all)
	}
	in.answer(http.StatusAccepted)
	s.Redeliver(all[1].GUID)
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	if d := s.Deliveries()[1]; d.Status != 202 || d.Attempts != 2 || d.GUID != all[1].GUID {
		t.Errorf("redelivered: %+v", d)
	}
	in.Close() // the server is down
	r.ClosePull(n)
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	again := receive(t)
	s.Subscribe(again.URL)
	if failed := s.RedeliverFailed(); failed < 2 {
		t.Errorf("%d to redeliver, want the ping and the closing", failed)
	}
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	if got := again.events(); !slices.Contains(got, "pull_request.closed") {
		t.Errorf("after the restart: %v", got)
	}
}

// TestOwnReviewComesBack: the App hears of its own review, with itself as sender.
func TestOwnReviewComesBack(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.Subscribe(in.URL)
	r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	ask(t, s, bearer(s, r), "POST", "/repos/acme/shop/pulls/1/reviews", `{"event":"COMMENT","body":"hm",
		"commit_id":"`+r.Branch("fix")+`","comments":[{"path":"a.yaml","line":2,"body":"x"}]}`)
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ping", "pull_request.opened", "pull_request_review.submitted", "pull_request_review_comment.created",
	}
	if diff := cmp.Diff(want, in.events()); diff != "" {
		t.Fatal(diff)
	}
	for _, body := range in.bodies[2:] {
		var p struct{ Sender struct{ Login, Type string } }
		if err := json.Unmarshal(body, &p); err != nil || p.Sender.Login != "assent[bot]" ||
			p.Sender.Type != "Bot" {
			t.Errorf("%v: sender %+v", err, p.Sender)
		}
	}
}
