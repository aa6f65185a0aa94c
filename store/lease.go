package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// Lease is a worker's claim on a lane, for one call of the handler.
type Lease struct {
	Lane
	Generation, Epoch int64
	Rerun             bool // somebody asked for a re-run that no generation has completed
	Attempt           int  // of this generation, from 1
	Last              bool // if this attempt fails, the generation is given up
	// Died reports that the process died in every attempt so far. The handler does
	// nothing but say so: what it did before would kill the process again.
	Died bool

	id      int64
	snoozed time.Time // when this generation was first put off; zero if it was not
	store   *Store
}

// Verify returns ErrStale if a newer event or another worker took over the
// lane. Handlers call it before every write to GitHub.
func (l *Lease) Verify(ctx context.Context) error { return l.verify(ctx, l.store.read) }

// GivesUp reports whether the generation is given up if the handler returns
// err, so that the handler can tell GitHub first. Unlike Last it takes into
// account that an error with RetryAfter does not count as an attempt for some
// time.
func (l *Lease) GivesUp(err error) bool { return l.store.judge(l, err).dead }

// PutOff is for how long this generation has been put off so far by errors with
// RetryAfter.
func (l *Lease) PutOff() time.Duration {
	if l.snoozed.IsZero() {
		return 0
	}
	return l.store.o.now().Sub(l.snoozed)
}

// queryer is a *sql.DB or *sql.Tx.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (l *Lease) verify(ctx context.Context, q queryer) error {
	generation, epoch, err := l.current(ctx, q)
	if err != nil {
		return fmt.Errorf("check lane: %w", err)
	}
	if generation != l.Generation || epoch != l.Epoch {
		return ErrStale
	}
	return nil
}

func (l *Lease) current(ctx context.Context, q queryer) (generation, epoch int64, err error) {
	const query = `SELECT generation, epoch FROM lane WHERE id = $1`
	err = q.QueryRowContext(ctx, query, l.id).Scan(&generation, &epoch)
	return generation, epoch, err
}

// withLease runs f in a write transaction if the lease is valid, and returns
// ErrStale if it is not.
func (l *Lease) withLease(ctx context.Context, f func(*sql.Tx) error) error {
	return l.store.tx(ctx, func(tx *sql.Tx) error {
		if err := l.verify(ctx, tx); err != nil {
			return err
		}
		return f(tx)
	})
}

// begin raises the epoch and counts the attempt before the handler runs, so
// that a handler that kills the process runs out of attempts too. If the lane
// is not dirty, begin completes the job and returns nil.
func (s *Store) begin(ctx context.Context, job *river.Job[wakeUp]) (l *Lease, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if l, err = s.lease(ctx, tx, job.Args.Lane); err != nil {
			return err
		}
		if l == nil {
			return complete(ctx, tx, job)
		}
		if l.Died = l.Attempt > maxAttempts; l.Attempt > maxAttempts+1 {
			l = nil
			const bury = `UPDATE lane SET dead = generation, error = 'the process died in every attempt' WHERE id = $1`
			if _, err := tx.ExecContext(ctx, bury, job.Args.Lane); err != nil {
				return err
			}
			return complete(ctx, tx, job)
		}
		const start = `UPDATE lane SET epoch = $2, attempts = $3 WHERE id = $1`
		_, err := tx.ExecContext(ctx, start, l.id, l.Epoch, l.Attempt)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("begin lane: %w", err)
	}
	return l, nil
}

// lease returns the lease for the next attempt on the lane, nil if the lane is
// not dirty.
func (s *Store) lease(ctx context.Context, tx *sql.Tx, id int64) (*Lease, error) {
	const query = `
		SELECT installation, repo_id, owner, name, key, head, branch, generation, epoch + 1, rerun > done, attempts + 1,
			snoozed
		FROM lane WHERE id = $1 AND generation > done AND generation > dead`
	l := &Lease{id: id, store: s}
	var snoozed int64
	err := tx.QueryRowContext(ctx, query, id).Scan(
		&l.Installation, &l.RepoID, &l.Owner, &l.Name, &l.Key, &l.Head, &l.Branch,
		&l.Generation, &l.Epoch, &l.Rerun, &l.Attempt, &snoozed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.Last = l.Attempt >= maxAttempts
	l.snoozed = fromMillis(snoozed)
	return l, nil
}

// millis returns a time as it is stored. The zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
