package app_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assent-dev/assent/app"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/github/githubtest"
	"github.com/assent-dev/assent/store"
)

// patience is how long a scene may take to get where it must.
const patience = 90 * time.Second

// quick makes the engine wait for nobody.
var quick = store.Pace{
	Backoff: 2 * time.Millisecond, BackoffMax: 20 * time.Millisecond, Snooze: 100 * time.Millisecond,
	Poll: 10 * time.Millisecond, Sweep: 100 * time.Millisecond,
}

// scene is a real server of assent in front of a GitHub in memory, where acme
// has a shop with contracts.
type scene struct {
	testing.TB
	hub  *githubtest.Server
	repo *githubtest.Repo
	hook string // where webhooks go
	db   string
	log  *journal
	end  func() // stops assent; it can be started again

	branches int // made so far

	registries map[string]config.Registry
}

// withRegistry lets the shop's contracts name a schema registry.
func withRegistry(name, url string, owners ...string) func(*scene) {
	if owners == nil {
		owners = []string{"acme"}
	}
	return func(s *scene) {
		s.registries = map[string]config.Registry{name: {Kind: "confluent", URL: url, Owners: owners}}
	}
}

// begin sets the scene: main holds the files, by oscar, and webhooks arrive.
func begin(t testing.TB, files map[string]string, set ...func(*scene)) *scene {
	t.Helper()
	if t, ok := t.(*testing.T); ok {
		t.Parallel()
	}
	description := githubtest.Description(t)
	first, err := described(githubtest.Options{Description: description, Schema: githubtest.Schema(t)})
	if err != nil {
		t.Fatal(err)
	}
	return start(t, files, githubtest.Options{Like: first}, quick, set...)
}

// described is a GitHub that has read its descriptions, for the others to share:
// that takes longer than most tests.
func described(by githubtest.Options) (*githubtest.Server, error) {
	reading.Do(func() {
		reading.server, reading.err = githubtest.New(by)
		if reading.err == nil {
			reading.err = reading.server.Close()
		}
	})
	return reading.server, reading.err
}

var reading struct {
	sync.Once
	server *githubtest.Server
	err    error
}

// start is begin with a GitHub and a pace of one's own.
func start(t testing.TB, files map[string]string, opts githubtest.Options, pace store.Pace,
	set ...func(*scene)) *scene {
	t.Helper()
	hub, err := githubtest.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{TB: t, hub: hub, db: filepath.Join(t.TempDir(), "assent.db"), log: &journal{}}
	for _, f := range set {
		f(s)
	}
	for slug, members := range map[string][]string{
		"orders": {"olivia", "oscar"}, "mobile": {"mia", "max"}, "billing": {"bert"}, "analytics": {"anna"},
	} {
		hub.SetTeam(githubtest.Team{Org: "acme", Slug: slug, Members: members})
	}
	hub.AddUser("walter", "rita")
	s.repo = hub.AddRepo("acme", "shop")
	for _, who := range []string{"olivia", "oscar", "walter"} {
		s.repo.Grant(who, "write")
	}
	for _, who := range []string{"mia", "max", "bert", "anna", "rita"} {
		s.repo.Grant(who, "read")
	}
	s.repo.Commit("main", "start", "oscar", files)
	s.serve(pace)
	t.Cleanup(func() {
		s.end()
		for _, v := range hub.Violations() {
			t.Errorf("against GitHub's description: %s", v)
		}
		if err := hub.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	return s
}

// serve starts assent on the scene's database.
func (s *scene) serve(pace store.Pace) {
	s.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.Fatal(err)
	}
	settings := &config.Server{
		Database: s.db, GitHub: s.hub.URL(), AppID: s.hub.AppID, PrivateKey: s.hub.Key,
		WebhookSecrets: []string{s.hub.Secret}, Workers: 8, Registries: s.registries,
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- app.Serve(ctx, settings, listener,
			slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelWarn})),
			store.WithPace(pace))
	}()
	s.hook = "http://" + listener.Addr().String() + "/webhook"
	s.end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.Errorf("serve: %v", err)
		}
	})
	s.hub.Subscribe(s.hook)
}

// open opens a pull request of olivia with one commit of hers on a branch of
// its own.
func (s *scene) open(files map[string]string, deletes ...string) (pull int) {
	return s.openOn("main", files, deletes...)
}

// openOn opens it into any branch, from where it starts.
func (s *scene) openOn(base string, files map[string]string, deletes ...string) (pull int) {
	s.branches++
	branch := fmt.Sprintf("change-%d", s.branches)
	if base != "main" {
		s.repo.Commit(branch, "a branch", "oscar", nil)
		s.repo.Reset(branch, s.repo.Branch(base), "oscar")
	}
	s.repo.Commit(branch, "a change", "olivia", files, deletes...)
	return s.repo.OpenPull(githubtest.Pull{
		Title:   "A change",
		Author:  "olivia",
		HeadRef: branch,
		BaseRef: base,
	})
}

// push adds a commit of olivia to the pull request.
func (s *scene) push(pull int, files map[string]string, deletes ...string) {
	s.repo.Push(s.repo.Pull(pull).HeadRef, "another change", "olivia", files, deletes...)
}

// approve is what people do who have seen all that assent had to say.
func (s *scene) approve(pull int, who ...string) {
	s.Helper()
	s.idle()
	for _, w := range who {
		s.repo.Review(pull, w, "APPROVED", "")
	}
}

// check is the newest run of assent on the pull request's head.
func (s *scene) check(pull int) githubtest.CheckRun {
	run, _ := s.repo.Check(s.repo.Pull(pull).Head, checks.Name)
	return run
}

// until waits for a condition on what GitHub shows.
func (s *scene) until(what string, condition func() bool) {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if s.hub.Wait(ctx, condition) != nil {
		s.Fatalf("never came about: %s", what)
	}
}

// wants waits until the check has the conclusion and a title with the words in it.
func (s *scene) wants(pull int, conclusion, words string) githubtest.CheckRun {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var run githubtest.CheckRun
	err := s.hub.Wait(ctx, func() bool {
		run = s.check(pull)
		return cmp.Or(run.Conclusion, run.Status) == conclusion && strings.Contains(run.Title, words)
	})
	if err != nil {
		s.Fatalf("#%d: the check is %s %s (%s), want %s (%s)\n%s", pull, run.Status, run.Conclusion,
			run.Title, conclusion, words, run.Summary)
	}
	return run
}

// settled waits until nothing is under way and returns what the check then is.
func (s *scene) settled(pull int) githubtest.CheckRun {
	s.Helper()
	s.idle()
	return s.check(pull)
}

// idle waits until every webhook has arrived and no lane is dirty: nothing
// further will happen by itself.
func (s *scene) idle() {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	db, err := sql.Open("sqlite", "file:"+s.db+"?mode=ro")
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for sent := -1; ; {
		if err := s.hub.Settle(ctx); err != nil {
			s.Fatalf("webhooks are not received: %v", err)
		}
		before, dirty := len(s.hub.Deliveries()), 0
		if err := db.QueryRowContext(ctx,
			`SELECT count(*) FROM lane WHERE generation > done AND generation > dead`).Scan(&dirty); err != nil {
			s.Fatal(err)
		}
		if dirty == 0 && sent == before {
			return
		}
		sent = before
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.Fatalf("%d lanes stay dirty", dirty)
		}
	}
}

// sql changes the database while assent does not run.
func (s *scene) sql(statement string) {
	s.Helper()
	db, err := sql.Open("sqlite", "file:"+s.db)
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		s.Fatal(err)
	}
}

// readBody reads the body of a request, as often as it is asked to.
func readBody(r *http.Request) string {
	body, _ := io.ReadAll(r.Body) // it is in memory already
	r.Body = io.NopCloser(bytes.NewReader(body))
	return string(body)
}

// sent waits until every webhook has been tried, received or not.
func (s *scene) sent() {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.hub.Settle(ctx); err != nil {
		s.Fatalf("webhooks are not tried: %v", err)
	}
}

// asked lists every team and person that was ever asked on the pull request,
// sorted, as often as they were.
func (s *scene) asked(pull int) []string {
	teams := []string{}
	for _, r := range s.repo.Timeline(pull) {
		teams = append(teams, cmp.Or(r.Team, "@"+r.User))
	}
	slices.Sort(teams)
	return teams
}

// comments are those that assent has written.
func (s *scene) comments(pull int) (ours []githubtest.Comment) {
	for _, c := range s.repo.Comments(pull) {
		if c.User == s.hub.Slug+"[bot]" {
			ours = append(ours, c)
		}
	}
	return ours
}

// comment is the one comment of assent; "" if there is none.
func (s *scene) comment(pull int) string {
	s.Helper()
	switch ours := s.comments(pull); len(ours) {
	case 0:
		return ""
	case 1:
		return ours[0].Body
	default:
		s.Fatalf("assent wrote %d comments on #%d", len(ours), pull)
		return ""
	}
}

// deliver sends a webhook of one's own making and returns the answer's status.
func (s *scene) deliver(guid, event, secret string, payload any) int {
	s.Helper()
	body, ok := payload.([]byte)
	if !ok {
		var err error
		if body, err = json.Marshal(payload); err != nil {
			s.Fatal(err)
		}
	}
	req, err := http.NewRequest(http.MethodPost, s.hook, bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	req.Header.Set("X-GitHub-Event", event)
	req.Header.Set("X-GitHub-Delivery", guid)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// wrote counts the writing requests that succeeded, by method and the end of
// their path.
func (s *scene) wrote(method, suffix string) (n int) {
	for _, w := range s.hub.Writes() {
		if w.Method == method && strings.HasSuffix(w.Path, suffix) && w.Status < 300 {
			n++
		}
	}
	return n
}

// journal is a log that many write to.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	text := j.buf.String()
	return text[max(0, len(text)-8<<10):]
}

type (
	githubFault      = githubtest.Fault
	githubAnnotation = githubtest.Annotation
)
