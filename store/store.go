// Package store is the durable engine: it remembers what GitHub delivered,
// which lanes of work are dirty, what was decided and what was published, in
// one SQL database (SQLite in one file), and it runs the work.
//
// The truth is the lane's row: a generation that every cause raises, the newest
// generation that was completed, and an epoch that every worker raises. A job
// of River is only the wake-up of a lane; losing one costs time, never work.
//
// It knows neither GitHub nor what a decision says: bodies are JSON to it. The
// webhook delivers into it, package app works on it and reads from it, package
// web reads from it.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

var (
	// ErrStale means that a lease no longer holds: a newer event or another
	// worker took over the lane, so what the caller was about to write is
	// outdated. Handlers return it as it is.
	ErrStale = errors.New("store: the lane moved on")
	// ErrNotFound is what look-ups return for a record that was never saved.
	ErrNotFound = errors.New("store: not found")
	// ErrInUse is what Open returns while another process has the database.
	ErrInUse = errors.New("store: the database is in use by another process")
)

// Store is one open database. Its methods may be called from any goroutine,
// also while Work runs.
type Store struct {
	write  *sql.DB // one connection, shared with River: SQLite has one writer, and River's driver asks for it
	read   *sql.DB // look-ups see the last commit and never wait for a writer
	unlock func() error
	driver *riversqlite.Driver
	jobs   *river.Client[*sql.Tx] // inserts jobs; Work starts a client of its own
	o      options
}

// Open opens or creates the database at url:
// "sqlite:///var/lib/assent/assent.db", "sqlite:assent.db" or a bare path. It
// migrates the schema and frees the jobs of a process that died. One process
// has a database at a time: the second gets ErrInUse.
func Open(ctx context.Context, url string, opts ...Option) (*Store, error) {
	path, err := sqlitePath(url)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &Store{unlock: unlock, o: newOptions(opts)}
	if err := s.open(ctx, path); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string) (err error) {
	if s.write, s.read, err = openSQLite(path); err != nil {
		return err
	}
	s.driver = riversqlite.New(s.write)
	if err := s.migrate(ctx); err != nil {
		return fmt.Errorf("migrate %s: %w", path, err)
	}
	if s.jobs, err = river.NewClient(s.driver, &river.Config{Logger: s.o.log}); err != nil {
		return err
	}
	freed, err := s.freeJobs(ctx)
	if err != nil {
		return fmt.Errorf("free jobs: %w", err)
	}
	if freed > 0 {
		s.o.log.Info("freed the jobs of a process that is gone", slog.Int64("jobs", freed))
	}
	return nil
}

// Close releases the database. Work must have returned. Closing twice is
// harmless.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, s.unlock())...)
}

// tx runs f in a write transaction: committed if f returns nil, else rolled
// back, also when f panics, because the one connection would otherwise be lost
// for good.
func (s *Store) tx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}
