package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/store"
)

// leased runs f as the handler of a lane.
func (f *fixture) leased(key store.Key, do func(l *store.Lease)) {
	f.t.Helper()
	c := newCalls()
	stop := f.work(1, c.handle)
	f.dirty(key)
	do(next(f.t, c.began))
	c.answer <- nil
	stop()
}

func TestDecisions(t *testing.T) {
	f := open(t)
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	decide := func(key store.Key, head string, open bool, body string) store.Decision {
		t.Helper()
		d := store.Decision{RepoID: 2, Key: key, Head: head, Open: open, Body: []byte(body), Updated: at}
		f.leased(key, func(l *store.Lease) {
			if err := f.SaveDecision(f.ctx, l, d); err != nil {
				t.Fatal(err)
			}
		})
		return d
	}
	check := func(what string, got any, err error, want any) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", what, diff)
		}
	}
	one := decide("pull/1", "aaa", true, `{"n":1}`)
	two := decide("pull/2", "aaa", true, `{"n":2}`)
	decide("pull/3", "aaa", false, `{"n":3}`)

	got, err := f.Decision(f.ctx, 2, "pull/1")
	check("the present decision", got, err, one)
	all, err := f.DecisionsFor(f.ctx, 2, "aaa")
	check("the open ones at a head", all, err, []store.Decision{one, two})

	moved := decide("pull/1", "bbb", true, `{"n":4}`)
	got, err = f.Decision(f.ctx, 2, "pull/1")
	check("after a push", got, err, moved)
	got, err = f.DecisionAt(f.ctx, 2, "pull/1", "aaa")
	check("at the earlier head", got, err, one)
	all, err = f.DecisionsFor(f.ctx, 2, "aaa")
	check("without the one that moved", all, err, []store.Decision{two})

	back := decide("pull/1", "aaa", true, `{"n":5}`)
	got, err = f.Decision(f.ctx, 2, "pull/1")
	check("pushed back", got, err, back)
	all, err = f.DecisionsFor(f.ctx, 2, "aaa")
	check("with the one that came back", all, err, []store.Decision{back, two})

	if _, err := f.DecisionAt(f.ctx, 2, "pull/1", "ccc"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown head: %v, want ErrNotFound", err)
	}
	if all, err := f.DecisionsFor(f.ctx, 9, "aaa"); err != nil || all != nil {
		t.Errorf("another repository: %v, %v", all, err)
	}
}

func TestDecisionDirtiesThePublishingLane(t *testing.T) {
	f := open(t)
	c := newCalls()
	f.work(1, c.handle)
	f.dirty("pull/7")
	d := store.Decision{RepoID: 2, Key: "pull/7", Head: "abc", Body: []byte(`{}`)}
	if err := f.SaveDecision(f.ctx, next(t, c.began), d, lane("head/abc")); err != nil {
		t.Fatal(err)
	}
	c.answer <- nil
	if l := next(t, c.began); l.Lane != lane("head/abc") {
		t.Errorf("next is %+v, want the publishing lane", l.Lane)
	}
	c.answer <- nil
}

func TestPublished(t *testing.T) {
	f := open(t)
	if _, err := f.Published(f.ctx, 2, "abc"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: %v, want ErrNotFound", err)
	}
	p := store.Published{
		RepoID:      2,
		Head:        "abc",
		RunID:       5,
		ExternalID:  "x",
		Content:     "c",
		Annotations: "y",
		Posted:      50,
	}
	for _, p.Posted = range []int{50, 73} {
		f.leased("head/abc", func(l *store.Lease) {
			if err := f.SavePublished(f.ctx, l, p); err != nil {
				t.Fatal(err)
			}
		})
		if got, err := f.Published(f.ctx, 2, "abc"); err != nil || got != p {
			t.Errorf("got %+v, %v; want %+v", got, err, p)
		}
	}
}

func TestIntents(t *testing.T) {
	f := open(t)
	in := store.Intent{RepoID: 2, Pull: 7, Kind: "comment", Team: "acme/billing", Delta: "d1"}
	first, fresh, err := f.Intend(f.ctx, in)
	if err != nil || !fresh || first.ID == 0 {
		t.Fatalf("first: %+v, fresh %v, %v", first, fresh, err)
	}
	if again, fresh, err := f.Intend(f.ctx, in); err != nil || fresh || again != first {
		t.Errorf("after a crash: %+v, fresh %v, %v; want %+v", again, fresh, err, first)
	}
	if err := f.Fulfil(f.ctx, first.ID, "comment 99"); err != nil {
		t.Fatal(err)
	}
	if done, fresh, err := f.Intend(f.ctx, in); err != nil || fresh || done.Result != "comment 99" {
		t.Errorf("fulfilled: %+v, fresh %v, %v", done, fresh, err)
	}
	listed, err := f.Intents(f.ctx, 2, 7, "comment")
	if err != nil || len(listed) != 1 || listed[0].Pull != 7 || listed[0].ID != first.ID {
		t.Errorf("listed: %+v, %v", listed, err)
	}
	in.Delta = "d2"
	if other, fresh, err := f.Intend(f.ctx, in); err != nil || !fresh || other.ID == first.ID {
		t.Errorf("another delta: %+v, fresh %v, %v", other, fresh, err)
	}
	if err := f.Fulfil(f.ctx, 404, "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown intent: %v, want ErrNotFound", err)
	}
}

func TestURLs(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, u := range []string{
		"sqlite://" + dir + "/a.db", "sqlite:b.db", "c.db",
		"sqlite:///" + url.PathEscape(dir[1:]) + "/d%20%3F.db", "new/folder/e.db",
	} {
		s, err := store.Open(t.Context(), u)
		if err != nil {
			t.Errorf("%s: %v", u, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, file := range []string{"a.db", "b.db", "c.db", "d ?.db", "new/folder/e.db"} {
		info, err := os.Stat(filepath.Join(dir, file))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", file, info.Mode())
		}
	}
	for _, u := range []string{"", "sqlite:", ":memory:", "mysql://user:hunter2@host/db"} {
		_, err := store.Open(t.Context(), u)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, want an error without the password", u, err)
		}
	}
}

func TestTeams(t *testing.T) {
	f := open(t)
	if _, err := f.Team(f.ctx, 2, "main", "acme/mobile"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown name: %v, want ErrNotFound", err)
	}
	want := store.Team{
		RepoID: 2, Branch: "main", Name: "acme/mobile", Org: 7, ID: 8, Slug: "mobile", Policy: "p",
		Seen: time.Date(2026, 11, 22, 10, 0, 0, int(time.Millisecond), time.UTC),
	}
	var left *store.Lease
	f.leased("pull/1", func(l *store.Lease) {
		for range 2 {
			want.Slug += "-apps"
			if err := f.SaveTeam(f.ctx, l, want); err != nil {
				t.Fatal(err)
			}
		}
		left = l
	})
	got, err := f.Team(f.ctx, 2, "main", "acme/mobile")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := f.Team(f.ctx, 2, "next", "acme/mobile"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of another branch: %v, want ErrNotFound", err)
	}
	f.leased("pull/1", func(*store.Lease) {
		if err := f.SaveTeam(f.ctx, left, want); !errors.Is(err, store.ErrStale) {
			t.Errorf("by a worker that was overtaken: %v, want ErrStale", err)
		}
	})
}

func TestOutlines(t *testing.T) {
	f := open(t)
	outlines := f.Outlines(2, 1)
	var contents []store.Content
	for i := range 1200 { // more than one query takes
		contents = append(contents, store.Content{Blob: fmt.Sprint(i), Name: "a.yaml", Size: 7})
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	known, err := outlines.Known(f.ctx, contents)
	must(err)
	if len(known) > 0 {
		t.Errorf("%d outlines are known of nothing", len(known))
	}
	must(outlines.Want(f.ctx, contents))
	must(outlines.Want(f.ctx, contents[:3])) // which changes nothing
	made := map[store.Content]json.RawMessage{}
	for _, c := range contents[:1000] {
		made[c] = json.RawMessage(`{"format":"openapi"}`)
	}
	must(outlines.Save(f.ctx, made))
	known, err = outlines.Known(f.ctx, contents)
	must(err)
	if diff := cmp.Diff(made, known); diff != "" {
		t.Error(diff)
	}
	wanted, err := outlines.Wanted(f.ctx, 150)
	must(err)
	if len(wanted) != 150 || wanted[0].Size != 7 {
		t.Errorf("%d are wanted, such as %v", len(wanted), wanted[0])
	}
	for _, other := range []store.Outlines{f.Outlines(2, 2), f.Outlines(3, 1)} {
		if known, err := other.Known(f.ctx, contents); err != nil || len(known) > 0 {
			t.Errorf("of another version or repository: %d, %v", len(known), err)
		}
	}
	renamed := []store.Content{{Blob: "1", Name: "b.yaml", Size: 7}}
	if known, err := outlines.Known(f.ctx, renamed); err != nil || len(known) > 0 {
		t.Errorf("of another name: %v, %v", known, err)
	}
}

// BenchmarkDeliver measures how long GitHub waits for an answer while eight
// handlers work and write records.
func BenchmarkDeliver(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "assent.db"), store.WithLogger(silent()))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- s.Work(ctx, 8, func(run context.Context, l *store.Lease) error {
			for ctx.Err() == nil && l.Verify(run) == nil {
				d := store.Decision{RepoID: l.RepoID, Key: l.Key, Head: "abc", Body: make([]byte, 1<<16)}
				if err := s.SaveDecision(run, l, d); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}()
	var worst time.Duration
	body := make([]byte, 30<<10)
	for i := 0; b.Loop(); i++ {
		d := store.Delivery{GUID: fmt.Sprint(i), Event: "pull_request", Body: body, Received: time.Now()}
		began := time.Now()
		if _, err := s.Deliver(ctx, d, store.Lane{RepoID: 1, Key: store.PullKey(1 + i%8)}); err != nil {
			b.Fatal(err)
		}
		worst = max(worst, time.Since(began))
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}
