package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// errStopping is the error of a run that was interrupted because the process
// stops. It does not count as a failure of the handler.
var errStopping = errors.New("store: stopping")

// outcome is the result of one run for its generation, if no newer one came in
// the meantime.
type outcome struct {
	done, dead bool
	attempts   int       // the number that count so far
	snoozed    time.Time // when it was first put off
	wait       time.Duration
	err        string
}

// judge returns the outcome for a generation whose handler returned err.
func (s *Store) judge(l *Lease, err error) outcome {
	if err == nil {
		return outcome{done: true}
	}
	out := outcome{attempts: l.Attempt, snoozed: l.snoozed, wait: s.o.backoff(l.Attempt), err: err.Error()}
	var later interface{ RetryAfter() time.Duration }
	switch {
	case errors.Is(err, errStopping):
		out.attempts, out.wait = l.Attempt-1, 0
		return out
	case errors.As(err, &later):
		// A wait of a year, sent by mistake, must not stop the lane for a year.
		out.wait = min(max(later.RetryAfter(), s.o.pace.Backoff), s.o.pace.Snooze)
		now := s.o.now()
		if out.snoozed.IsZero() {
			out.snoozed = now
		}
		if now.Sub(out.snoozed) < s.o.pace.Snooze {
			out.attempts = l.Attempt - 1
			return out
		}
	}
	out.dead = l.Last
	return out
}

// finish records the outcome of a run. If a newer generation came in the
// meantime, it reports that the same worker has to run again. If not, it
// completes the job in the same transaction. A worker that is stopping leaves
// the newer generation to the next job.
func (w *worker) finish(ctx context.Context, job *river.Job[wakeUp], l *Lease,
	out outcome) (again bool, err error) {
	err = w.store.tx(ctx, func(tx *sql.Tx) error {
		generation, epoch, err := l.current(ctx, tx)
		if err != nil {
			return err
		}
		if epoch != l.Epoch {
			return complete(ctx, tx, job) // another worker took over the lane: the result does not count
		}
		moved := generation != l.Generation
		if !moved || out.done { // a failure is forgotten: the newer generation has all its attempts
			if err := out.record(ctx, tx, l); err != nil {
				return err
			}
		}
		if again = moved && !w.stopping(); again {
			return nil
		}
		if err := complete(ctx, tx, job); err != nil {
			return err
		}
		switch {
		case moved:
			return w.store.wake(ctx, tx, l.id, 0, l.Key.priority())
		case !out.done && !out.dead:
			return w.store.wake(ctx, tx, l.id, out.wait, l.Key.priority())
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("finish %s: %w", l.Key, err)
	}
	return again, nil
}

// record writes the outcome to the lane's row.
func (o outcome) record(ctx context.Context, tx *sql.Tx, l *Lease) error {
	var err error
	switch {
	case o.done:
		// What a newer event said of the head is left to its generation.
		const q = `UPDATE lane SET done = $2, attempts = 0, snoozed = 0, error = '',
			head = CASE WHEN generation = $2 THEN '' ELSE head END WHERE id = $1`
		_, err = tx.ExecContext(ctx, q, l.id, l.Generation)
	case o.dead:
		const q = `UPDATE lane SET dead = $2, attempts = $3, error = $4 WHERE id = $1`
		_, err = tx.ExecContext(ctx, q, l.id, l.Generation, o.attempts, o.err)
	default:
		const q = `UPDATE lane SET attempts = $2, snoozed = $3, error = $4 WHERE id = $1`
		_, err = tx.ExecContext(ctx, q, l.id, o.attempts, millis(o.snoozed), o.err)
	}
	return err
}
