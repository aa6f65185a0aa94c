package webhook_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assent-dev/assent/store"
	"github.com/assent-dev/assent/webhook"
)

const secret = "correct horse"

const opened = `{"action":"opened","installation":{"id":9},"pull_request":{"number":7},
	"repository":{"id":2,"name":"shop","owner":{"login":"acme"}},"note":"do-not-log-me"}`

// endpoint is a Handler on a real server, with a real store behind it.
type endpoint struct {
	t    *testing.T
	url  string
	path string
	log  *bytes.Buffer
}

func serve(t *testing.T) *endpoint {
	t.Helper()
	path := filepath.Join(t.TempDir(), "assent.db")
	s, err := store.Open(t.Context(), path, store.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return serveWith(t, s, path)
}

func serveWith(t *testing.T, d webhook.Deliverer, path string) *endpoint {
	t.Helper()
	e := &endpoint{t: t, path: path, log: new(bytes.Buffer)}
	server := httptest.NewServer(&webhook.Handler{
		Secrets: []string{"", "the old one", secret},
		AppID:   5,
		Store:   d,
		Log:     slog.New(slog.NewTextHandler(e.log, nil)),
	})
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

func sign(body, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// post delivers a signed body; the headers replace or, if empty, remove those
// that GitHub sends.
func (e *endpoint) post(guid, event, body string, headers ...string) (status int, answer string) {
	e.t.Helper()
	return e.postFrom(strings.NewReader(body), guid, event, body, headers...)
}

// postFrom delivers a signed body that a reader sends.
func (e *endpoint) postFrom(r io.Reader, guid, event, body string, headers ...string) (int, string) {
	e.t.Helper()
	req, err := http.NewRequestWithContext(e.t.Context(), http.MethodPost, e.url, r)
	if err != nil {
		e.t.Fatal(err)
	}
	req.Header.Set("X-GitHub-Delivery", guid)
	req.Header.Set("X-GitHub-Event", event)
	req.Header.Set("X-Hub-Signature-256", sign(body, secret))
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		e.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func (e *endpoint) count(query string) (n int) {
	e.t.Helper()
	db, err := sql.Open("sqlite", "file:"+e.path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		e.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(e.t.Context(), query).Scan(&n); err != nil {
		e.t.Fatal(err)
	}
	return n
}

func (e *endpoint) deliveries() int { return e.count(`SELECT count(*) FROM delivery`) }

func TestUnsignedStoresNothing(t *testing.T) {
	for name, signature := range map[string]string{
		"missing":      "",
		"other secret": sign(opened, "guess"),
		"empty secret": sign(opened, ""),
		"other body":   sign(opened+" ", secret),
		"cut short":    sign(opened, secret)[:40],
		"no scheme":    strings.TrimPrefix(sign(opened, secret), "sha256="),
		"not hex":      "sha256=" + strings.Repeat("zz", 32),
	} {
		t.Run(name, func(t *testing.T) {
			e := serve(t)
			if status, _ := e.post("g1", "pull_request", opened, "X-Hub-Signature-256",
				signature); status != http.StatusUnauthorized {
				t.Errorf("status %d, want 401", status)
			}
			if n := e.deliveries() + e.count(`SELECT count(*) FROM lane`); n != 0 {
				t.Errorf("%d rows were stored", n)
			}
		})
	}
}

func TestAnySecretMaySign(t *testing.T) {
	e := serve(t)
	if status, _ := e.post("g1", "pull_request", opened, "X-Hub-Signature-256",
		sign(opened, "the old one")); status != http.StatusAccepted {
		t.Errorf("status %d, want 202", status)
	}
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name, event, body string
		headers           []string
		status            int
		answer            string
		stored            int
	}{
		{name: "handled", event: "pull_request", body: opened, status: 202, stored: 1},
		{name: "ping", event: "ping", body: `{"zen":"…"}`, status: 202, answer: "pong"},
		{name: "unknown event", event: "star", body: `{"action":"created"}`, status: 202},
		{name: "unknown action", event: "pull_request", body: `{"action":"labeled"}`, status: 202},
		{
			name:    "no GUID",
			event:   "pull_request",
			body:    opened,
			headers: []string{"X-GitHub-Delivery", ""},
			status:  400,
		},
		{name: "no event", event: "", body: opened, status: 400},
		{name: "malformed", event: "pull_request", body: `{"action":`, status: 400, answer: "payload"},
		{
			name:   "form",
			event:  "pull_request",
			body:   `payload=%7B%7D`,
			status: 400,
			answer: "application/json",
		},
		{name: "no installation", event: "pull_request", status: 400, answer: "installation",
			body: `{"action":"opened","pull_request":{"number":7},"repository":{"id":2}}`},
		{name: "no repository", event: "pull_request", status: 400, answer: "repository",
			body: `{"action":"opened","pull_request":{"number":7},"installation":{"id":2}}`},
		{name: "no number", event: "pull_request", status: 400, answer: "number",
			body: `{"action":"opened","repository":{"id":2},"installation":{"id":2}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := serve(t)
			status, answer := e.post("g1", tt.event, tt.body, tt.headers...)
			if status != tt.status || !strings.Contains(answer, tt.answer) {
				t.Errorf("%d %q, want %d and %q", status, answer, tt.status, tt.answer)
			}
			if n := e.deliveries(); n != tt.stored {
				t.Errorf("%d deliveries are stored, want %d", n, tt.stored)
			}
		})
	}
}

func TestOnlyPost(t *testing.T) {
	e := serve(t)
	res, err := http.Get(e.url)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %d, Allow %q", res.StatusCode, res.Header.Get("Allow"))
	}
}

func TestDuplicates(t *testing.T) {
	e := serve(t)
	var posts sync.WaitGroup
	for range 8 {
		posts.Go(func() {
			if status, _ := e.post("g1", "pull_request", opened); status != http.StatusAccepted {
				t.Errorf("status %d, want 202", status)
			}
		})
	}
	posts.Wait()
	if n := e.deliveries(); n != 1 {
		t.Errorf("%d deliveries are stored, want 1", n)
	}
	if n := e.count(`SELECT generation FROM lane WHERE repo_id = 2 AND key = 'pull/7'`); n != 8 {
		t.Errorf("generation %d, want 8: a redelivery asks for the work again", n)
	}
	if n := e.count(`SELECT count(*) FROM river_job`); n != 1 {
		t.Errorf("%d jobs, want 1", n)
	}
}

func TestRerunReachesTheLane(t *testing.T) {
	e := serve(t)
	body := `{"action":"rerequested","installation":{"id":9},"check_run":{"head_sha":"abc","app":{"id":5}},
		"repository":{"id":2,"name":"shop","owner":{"login":"acme"}}}`
	if status, _ := e.post("g1", "check_run", body); status != http.StatusAccepted {
		t.Fatalf("status %d, want 202", status)
	}
	if n := e.count(`SELECT count(*) FROM lane WHERE key = 'head/abc' AND rerun = generation`); n != 1 {
		t.Error("the lane does not know that a re-run was asked")
	}
}

func TestTheLogNamesTheDeliveryAndNotItsContent(t *testing.T) {
	e := serve(t)
	e.post("g1", "pull_request", opened)
	line := e.log.String()
	for _, want := range []string{
		"guid=g1", "event=pull_request", "action=opened", "repo=acme/shop", "pull/7",
	} {
		if !strings.Contains(line, want) {
			t.Errorf("the log lacks %s: %s", want, line)
		}
	}
	if strings.Contains(line, "do-not-log-me") || strings.Count(line, "\n") != 1 {
		t.Errorf("want one line without the payload: %s", line)
	}
}

// broken is a store that fails, as on a full disk.
type broken struct{}

func (broken) Deliver(context.Context, store.Delivery, ...store.Lane) (bool, error) {
	return false, errors.New("disk full at /secret/path")
}

func TestStoreFails(t *testing.T) {
	e := serveWith(t, broken{}, "")
	status, answer := e.post("g1", "pull_request", opened)
	if status != http.StatusInternalServerError || strings.Contains(answer, "/secret/path") {
		t.Errorf("%d %q, want 500 without the reason", status, answer)
	}
}

func TestReceivedIsStored(t *testing.T) {
	e := serve(t)
	before := time.Now().UnixMilli()
	e.post("g1", "pull_request", opened)
	if got := int64(e.count(`SELECT received FROM delivery`)); got < before || got > time.Now().UnixMilli() {
		t.Errorf("received at %d, want now", got)
	}
	if got := e.count(`SELECT length(body) FROM delivery WHERE event = 'pull_request'`); got != len(opened) {
		t.Errorf("the stored body has %d bytes, want %d", got, len(opened))
	}
}
