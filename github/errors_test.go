package github_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/github/githubtest"
)

func isMissing(err error) bool       { return errors.Is(err, fs.ErrNotExist) }
func isUnprocessable(err error) bool { return errors.Is(err, github.ErrUnprocessable) }

// retryAfter is the wait that an error asks for, 0 if it asks for none.
func retryAfter(err error) time.Duration {
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		return later.RetryAfter()
	}
	return 0
}

func (w *world) shopTime() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) }

// once fails the first request whose path contains a part.
func once(part string, f githubtest.Fault) func(*http.Request) *githubtest.Fault {
	var done atomic.Bool
	return func(r *http.Request) *githubtest.Fault {
		if strings.Contains(r.URL.Path, part) && done.CompareAndSwap(false, true) {
			return &f
		}
		return nil
	}
}

func always(part string, f githubtest.Fault) func(*http.Request) *githubtest.Fault {
	return func(r *http.Request) *githubtest.Fault {
		if strings.Contains(r.URL.Path, part) {
			return &f
		}
		return nil
	}
}

func TestEveryKindOfNotNow(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	reset := strconv.FormatInt(now.Add(17*time.Minute).Unix(), 10)
	header := func(kv ...string) http.Header {
		h := http.Header{"Date": {now.Format(http.TimeFormat)}}
		for i := 0; i < len(kv); i += 2 {
			h.Set(kv[i], kv[i+1])
		}
		return h
	}
	for _, test := range []struct {
		name  string
		fault githubtest.Fault
		want  time.Duration
	}{
		{
			"primary limit",
			githubtest.Fault{
				Status: 403,
				Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset),
			},
			17 * time.Minute,
		},
		{
			"primary limit as 429",
			githubtest.Fault{
				Status: 429,
				Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset),
			},
			17 * time.Minute,
		},
		{
			"reset has just passed",
			githubtest.Fault{
				Status: 403,
				Header: header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1"),
			},
			time.Second,
		},
		{"retry-after", githubtest.Fault{Status: 403, Header: header("Retry-After", "30")}, 30 * time.Second},
		{
			"retry-after before reset",
			githubtest.Fault{
				Status: 429,
				Header: header("Retry-After", "30", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset),
			},
			30 * time.Second,
		},
		{"429 without headers", githubtest.Fault{Status: 429}, time.Minute},
		{
			"secondary limit by its words",
			githubtest.Fault{Status: 403, Body: `{"message":"You have exceeded a secondary rate limit."}`},
			time.Minute,
		},
		{"secondary limit by its page", githubtest.Fault{Status: 403, Body: `{"message":"no","documentation_url":"https://docs.github.com/rest#secondary-rate-limits"}`}, time.Minute},
		{
			"reset far away while requests remain",
			githubtest.Fault{
				Status: 429,
				Header: header("X-RateLimit-Remaining", "9", "X-RateLimit-Reset", reset),
			},
			time.Minute,
		},
		{"content limit as 422", githubtest.Fault{Status: 422, Body: `{"message":"Validation Failed","errors":[{"resource":"IssueComment","code":"abuse"}]}`}, time.Minute},
		{"bad gateway", githubtest.Fault{Status: 502, Body: "<html>"}, 5 * time.Second},
		{"maintenance", githubtest.Fault{Status: 503, Header: header("Retry-After", "120")}, 2 * time.Minute},
		{"hang-up", githubtest.Fault{}, 5 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, path := range []string{"/access_tokens", "/git/ref/"} {
				w.hub.Fail(always(path, test.fault))
				client := w.app.Installation(w.shop.Installation)
				if path == "/access_tokens" {
					client = w.freshClient()
				}
				_, err := client.Branch(w.ctx, w.repo, "main")
				if got := retryAfter(err); got != test.want {
					t.Errorf("%s: RetryAfter %v, want %v: %v", path, got, test.want, err)
				}
				if isMissing(err) || isUnprocessable(err) || errors.Is(err, fs.ErrPermission) {
					t.Errorf("%s: %v has two kinds", path, err)
				}
				w.hub.Fail(nil)
				if _, err := client.Branch(w.ctx, w.repo, "main"); err != nil {
					t.Errorf("%s: the limit is remembered: %v", path, err)
				}
			}
		})
	}
}

// freshClient has no token yet.
func (w *world) freshClient() *github.Client {
	app := must(github.NewApp(github.Config{
		AppID:   w.hub.AppID,
		Key:     w.hub.Key,
		BaseURL: w.hub.URL() + "/",
	}))(w)
	return app.Installation(w.shop.Installation)
}

func TestRefusalsThatStand(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	for _, test := range []struct {
		status int
		body   string
		kind   error
	}{
		{404, `{"message":"Not Found"}`, fs.ErrNotExist},
		{403, `{"message":"Resource not accessible by integration"}`, fs.ErrPermission},
		{422, `{"message":"Validation Failed","errors":["a string"]}`, github.ErrUnprocessable},
		{422, `{"message":"Validation Failed","errors":[{"code":"custom","message":"too long"}]}`, github.ErrUnprocessable},
		{409, `{"message":"Git Repository is empty."}`, nil},
	} {
		t.Run(fmt.Sprint(test.status), func(t *testing.T) {
			w.hub.Fail(once("/git/ref/", githubtest.Fault{Status: test.status, Body: test.body}))
			_, err := w.client.Branch(w.ctx, w.repo, "main")
			if err == nil || retryAfter(err) != 0 {
				t.Fatalf("got %v, want an error that lasts", err)
			}
			for _, kind := range []error{fs.ErrNotExist, fs.ErrPermission, github.ErrUnprocessable} {
				if errors.Is(err, kind) != (kind == test.kind) {
					t.Errorf("%v is %v: %v", err, kind, errors.Is(err, kind))
				}
			}
		})
	}
}

func TestLostResponse(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	w.hub.Fail(once("/comments", githubtest.Fault{After: true}))
	if _, err := w.client.CreateComment(w.ctx, w.repo, n, "once"); retryAfter(err) == 0 {
		t.Errorf("got %v, want an error that time may heal", err)
	}
	// It was not tried again: the caller has to find out whether it arrived.
	if got := must(w.client.Comments(w.ctx, w.repo, n))(w); len(got) != 1 || got[0].Body != "once" {
		t.Errorf("comments %+v", got)
	}
}

func TestLastRequestOfTheHourIsNotTheEnd(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	reset := strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)
	w.hub.Fail(once("/git/ref/", githubtest.Fault{
		Status: 200, Body: `{"object":{"sha":"last"}}`,
		Header: http.Header{
			"X-Ratelimit-Remaining": {"0"},
			"X-Ratelimit-Limit":     {"5000"},
			"X-Ratelimit-Reset":     {reset},
		},
	}))
	if got := must(w.client.Branch(w.ctx, w.repo, "main"))(w); got != "last" {
		t.Errorf("got %q", got)
	}
	// GitHub decides when requests are allowed again, and not the local clock.
	if got := must(w.client.Branch(w.ctx, w.repo, "main"))(w); got != w.shop.Branch("main") {
		t.Errorf("got %q", got)
	}
}

func TestCallerGivesUp(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	for _, reason := range []error{context.Canceled, context.DeadlineExceeded} {
		ctx, cancel := context.WithCancel(w.ctx)
		if reason == context.DeadlineExceeded {
			ctx, cancel = context.WithTimeout(w.ctx, 100*time.Millisecond)
		}
		w.hub.Fail(func(*http.Request) *githubtest.Fault {
			if reason == context.Canceled {
				cancel()
			}
			return &githubtest.Fault{Stall: true}
		})
		if _, err := w.client.Branch(ctx, w.repo, "main"); !errors.Is(err, reason) || retryAfter(err) != 0 {
			t.Errorf("got %v, want the caller's own reason, %v", err, reason)
		}
		cancel()
	}
}

func TestTokenIsKeptAndReplaced(t *testing.T) {
	var offset atomic.Int64
	w := newWorld(t, githubtest.Options{Now: func() time.Time {
		return time.Now().Add(time.Duration(offset.Load()))
	}})
	minted := w.count("/access_tokens")
	read := func() error { _, err := w.client.Branch(w.ctx, w.repo, "main"); return err }
	for range 3 {
		if err := read(); err != nil {
			t.Fatal(err)
		}
	}
	if n := minted.Load(); n != 1 {
		t.Fatalf("%d tokens for three calls", n)
	}
	// The hour is over by GitHub's clock, but not by the local one.
	offset.Store(int64(2 * time.Hour))
	if err := read(); err == nil {
		t.Fatal("an expired token was taken")
	}
	if err := read(); err != nil || minted.Load() != 2 {
		t.Errorf("after a 401: %v, %d tokens", err, minted.Load())
	}
	// A token that is about to expire is replaced before it is refused.
	offset.Store(int64(-59*time.Minute - 30*time.Second))
	w.hub.RevokeTokens()
	_ = read()
	for range 2 {
		if err := read(); err != nil {
			t.Error(err)
		}
	}
	if n := minted.Load(); n != 4 {
		t.Errorf("%d tokens, want 4", n)
	}
}

func TestUninstalledIsNotMissing(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	_, err := w.app.Installation(1).Repo(w.ctx, w.shop.ID)
	if err == nil || isMissing(err) || retryAfter(err) != 0 {
		t.Errorf("got %v: the repository may well exist", err)
	}
}

func TestRedirectElsewhereIsRefused(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	var asked atomic.Bool
	thief, err := githubtest.New(githubtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer thief.Close()
	thief.Fail(func(*http.Request) *githubtest.Fault { asked.Store(true); return nil })
	w.hub.Fail(once("/git/ref/", githubtest.Fault{
		Status: 302,
		Header: http.Header{"Location": {thief.URL() + "/repos/acme/shop"}},
	}))
	if _, err := w.client.Branch(w.ctx, w.repo, "main"); err == nil || retryAfter(err) != 0 {
		t.Errorf("got %v, want a lasting refusal", err)
	}
	if asked.Load() {
		t.Error("the token went to another host")
	}
}

func TestEndlessAnswerIsCut(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.hub.Fail(once("/git/ref/", githubtest.Fault{
		Status: 200,
		Body:   `{"ref":"` + strings.Repeat("x", 33<<20) + `"}`,
	}))
	if _, err := w.client.Branch(w.ctx, w.repo, "main"); err == nil || retryAfter(err) != 0 {
		t.Errorf("got %v, want a lasting refusal", err)
	}
}

type deadlines struct{ missing atomic.Int64 }

func (d *deadlines) RoundTrip(r *http.Request) (*http.Response, error) {
	if at, ok := r.Context().Deadline(); !ok || time.Until(at) > 30*time.Second {
		d.missing.Add(1)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestEveryRequestHasATimeout(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	var seen deadlines
	app := must(github.NewApp(github.Config{
		AppID:     w.hub.AppID,
		Key:       w.hub.Key,
		BaseURL:   w.hub.URL(),
		Transport: &seen,
	}))(w)
	n := w.open("fix", map[string]string{"a": "b"})
	// App, token and listing
	_ = must(app.Installation(w.shop.Installation).Comments(context.Background(), w.repo, n))(w)
	if n := seen.missing.Load(); n != 0 {
		t.Errorf("%d requests may hang", n)
	}
}

func TestConfigIsChecked(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	for _, cfg := range []github.Config{
		{AppID: 1, Key: []byte("no key")},
		{AppID: 1, Key: w.hub.Key, BaseURL: "api.github.com"},
		{AppID: 1, Key: w.hub.Key, BaseURL: "ftp://host/"},
		{AppID: 1, Key: w.hub.Key, BaseURL: "http://a b/"},
	} {
		if _, err := github.NewApp(cfg); err == nil {
			t.Errorf("%q was accepted", cfg.BaseURL)
		}
	}
	if a, b := w.app.Installation(5), w.app.Installation(5); a != b {
		t.Error("two clients for one installation")
	}
}
