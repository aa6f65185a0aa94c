// Package store keeps deliveries, lanes of work, decisions and what was
// published in one SQLite database, and runs the work.
//
// A lane is a row: a generation that every cause raises, the newest generation
// that was completed, and an epoch that every worker raises. A job of River
// only wakes a lane: losing a job costs time, but no work.
//
// It knows neither GitHub nor the content of decisions, which it keeps as JSON.
// Package webhook stores deliveries, package app does the work, and package web
// reads.
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
	// ErrStale means that a lease is no longer valid: a newer event or another
	// worker took over the lane, so the result of the caller is outdated.
	// Handlers return it unchanged.
	ErrStale = errors.New("store: the lane moved on")
	// ErrNotFound is returned for a record that was never saved.
	ErrNotFound = errors.New("store: not found")
	// ErrInUse is returned by Open while another process uses the database.
	ErrInUse = errors.New("store: the database is in use by another process")
)

// Store is an open database. It is safe for concurrent use, also while Work
// runs.
type Store struct {
	write  *sql.DB // one connection, shared with River: SQLite has one writer
	read   *sql.DB // sees the last commit and never waits for a writer
	unlock func() error
	driver *riversqlite.Driver
	jobs   *river.Client[*sql.Tx] // inserts jobs; Work starts a client of its own
	o      options
}

// Open opens or creates the database at url:
// "sqlite:///var/lib/assent/assent.db", "sqlite:assent.db" or a path. It
// migrates the schema and frees the jobs of a process that died. Only one
// process can use a database at a time: a second one gets ErrInUse.
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
		s.o.log.Info("freed the jobs of a process that ended", slog.Int64("jobs", freed))
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

// tx runs f in a write transaction. It commits if f returns nil, and rolls back
// if f fails or panics, so that the only connection is not lost.
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
