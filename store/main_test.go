package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/assent-dev/assent/store"
)

// patience is how long a test waits for an event before it fails.
const patience = 3 * time.Minute

// quick makes all waits short, and the sweep so rare that no test depends on
// it.
var quick = store.Pace{
	Backoff:    time.Millisecond,
	BackoffMax: 4 * time.Millisecond,
	Poll:       5 * time.Millisecond,
	Sweep:      time.Hour,
}

// TestMain lets tests start the test binary as a process to kill: with a path
// in the environment it works on that database until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("STORE_TEST_VICTIM"); path != "" {
		fmt.Fprintln(os.Stderr, victim(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func lane(key store.Key) store.Lane {
	return store.Lane{Installation: 1, RepoID: 2, Owner: "acme", Name: "shop", Key: key}
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

type fixture struct {
	*store.Store
	t    *testing.T
	path string
	ctx  context.Context
}

func open(t *testing.T, opts ...store.Option) *fixture {
	t.Helper()
	return reopen(t, filepath.Join(t.TempDir(), "assent.db"), opts...)
}

func reopen(t *testing.T, path string, opts ...store.Option) *fixture {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	s, err := store.Open(ctx, path,
		append([]store.Option{store.WithPace(quick), store.WithLogger(silent())}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &fixture{Store: s, t: t, path: path, ctx: ctx}
}

// work runs the handler in the background. Stop ends it and waits for the
// running handlers; the end of the test does too.
func (f *fixture) work(workers int, handle store.Handler) (stop func()) {
	f.t.Helper()
	ctx, cancel := context.WithCancel(f.ctx)
	ended := make(chan error, 1)
	go func() { ended <- f.Work(ctx, workers, handle) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			f.t.Errorf("Work: %v", err)
		}
	})
	f.t.Cleanup(stop)
	return stop
}

func (f *fixture) dirty(keys ...store.Key) {
	f.t.Helper()
	var lanes []store.Lane
	for _, k := range keys {
		lanes = append(lanes, lane(k))
	}
	if err := f.Dirty(f.ctx, lanes...); err != nil {
		f.t.Fatal(err)
	}
}

// row is a lane's row in the database.
type row struct {
	Generation, Done, Dead, Attempts int64
	Error                            string
}

func (f *fixture) row(key store.Key) row {
	f.t.Helper()
	var r row
	f.sql(func(db *sql.DB) error {
		const query = `SELECT generation, done, dead, attempts, error FROM lane WHERE key = $1`
		return db.QueryRowContext(f.ctx, query, key).Scan(&r.Generation, &r.Done, &r.Dead, &r.Attempts,
			&r.Error)
	})
	return r
}

// count runs a query for one number.
func (f *fixture) count(query string) (n int) {
	f.t.Helper()
	f.sql(func(db *sql.DB) error { return db.QueryRowContext(f.ctx, query).Scan(&n) })
	return n
}

// exec changes the database directly, as an administrator can.
func (f *fixture) exec(query string) (changed int64) {
	f.t.Helper()
	f.sql(func(db *sql.DB) error {
		res, err := db.ExecContext(f.ctx, query)
		if err != nil {
			return err
		}
		changed, err = res.RowsAffected()
		return err
	})
	return changed
}

func (f *fixture) sql(do func(*sql.DB) error) {
	f.t.Helper()
	db, err := sql.Open("sqlite", "file:"+f.path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		f.t.Fatal(err)
	}
	defer db.Close()
	if err := do(db); err != nil {
		f.t.Fatal(err)
	}
}

// next waits for a value.
func next[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatal("nothing happened")
	}
	return v
}

// calls is a handler that gives every lease to the test and returns the test's
// answer.
type calls struct {
	began  chan *store.Lease
	answer chan error
}

func newCalls() *calls {
	return &calls{began: make(chan *store.Lease), answer: make(chan error)}
}

func (c *calls) handle(ctx context.Context, l *store.Lease) error {
	select {
	case c.began <- l:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-c.answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errBoom = errors.New("boom")

// later is an error with RetryAfter.
type later time.Duration

func (l later) Error() string             { return "rate limited" }
func (l later) RetryAfter() time.Duration { return time.Duration(l) }
