package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

// Only this file touches River's tables. River runs a job once and never
// retries it: every run completes its job, and inserts the next one, due now or
// later, in the transaction that changes the lane's row. River would write a
// retry after that transaction: an event in between would find the job still
// running, and wait for the whole back-off. Also, River v0.31.0 writes those
// times to SQLite in a format that its own queries do not compare correctly.

// wakeUp is a job. It only says which lane to run.
type wakeUp struct {
	Lane int64 `json:"lane" river:"unique"`
}

func (wakeUp) Kind() string { return "lane" }

// InsertOpts allows one unfinished job per lane. The running state must be
// listed, or an event during a run would start a second run at the same time.
func (wakeUp) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateScheduled, rivertype.JobStateRetryable,
	}}}
}

// priority is River's: jobs with a lower number run first.
type priority int

const (
	urgent     priority = 1 // somebody waits for the check
	soon       priority = 2 // finds what is urgent
	background priority = 3 // nobody waits
)

// wake inserts the lane's job, due after wait. It makes a waiting job due now,
// and leaves a running one: its worker sees the new generation before it
// completes.
func (s *Store) wake(ctx context.Context, tx *sql.Tx, lane int64, wait time.Duration, p priority) error {
	opts := river.InsertOpts{Priority: int(p)}
	if wait > 0 {
		opts.ScheduledAt = time.Now().Add(wait) // River compares this with the real clock
	}
	res, err := s.jobs.InsertTx(ctx, tx, wakeUp{Lane: lane}, &opts)
	if err != nil {
		return fmt.Errorf("insert job: %w", err)
	}
	switch {
	case !res.UniqueSkippedAsDuplicate && wait > 0:
		// River itself keeps jobs with short waits as available jobs with a
		// later time. Its scheduler, which handles longer waits, runs every 5
		// seconds and only after an election.
		_, err = tx.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE id = $1`, res.Job.ID)
	case res.UniqueSkippedAsDuplicate && res.Job.State != rivertype.JobStateRunning:
		_, err = s.jobs.JobRetryTx(ctx, tx, res.Job.ID)
	}
	if err != nil {
		return fmt.Errorf("schedule job: %w", err)
	}
	const hurry = `UPDATE river_job SET priority = $2 WHERE id = $1 AND priority > $2`
	if _, err := tx.ExecContext(ctx, hurry, res.Job.ID, int(p)); err != nil {
		return fmt.Errorf("hurry job: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE lane SET job = $2 WHERE id = $1`, lane, res.Job.ID)
	return err
}

// complete completes the job in the transaction that changes the lane's row. If
// the job's row was deleted during the run, it is inserted again as finished,
// because River v0.31.0 panics on a missing row.
func complete(ctx context.Context, tx *sql.Tx, job *river.Job[wakeUp]) error {
	const restore = `
		INSERT INTO river_job (id, kind, max_attempts, state, finalized_at)
		VALUES ($1, $2, 1, 'cancelled', CURRENT_TIMESTAMP) ON CONFLICT (id) DO NOTHING`
	if _, err := tx.ExecContext(ctx, restore, job.ID, job.Kind); err != nil {
		return fmt.Errorf("restore job: %w", err)
	}
	if _, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job); err != nil {
		return fmt.Errorf("complete job: %w", err)
	}
	return nil
}

// freeJobs makes the jobs available again that a dead process was running, and
// ends its leadership. Open holds the lock, so the process that ran them has
// ended. River itself would wait for an hour.
func (s *Store) freeJobs(ctx context.Context) (freed int64, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM river_leader`); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`)
		if err != nil {
			return err
		}
		freed, err = res.RowsAffected()
		return err
	})
	return freed, err
}

// jobless is a lane without an unfinished job.
type jobless struct {
	id  int64
	key Key
}

// lanesWithoutJob lists the dirty lanes that have no unfinished job.
func lanesWithoutJob(ctx context.Context, tx *sql.Tx) ([]jobless, error) {
	const query = `
		SELECT id, key FROM lane
		WHERE generation > done AND generation > dead AND NOT EXISTS (
			SELECT 1 FROM river_job
			WHERE river_job.id = lane.job
				AND river_job.state IN ('available', 'pending', 'running', 'scheduled', 'retryable'))`
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []jobless
	for rows.Next() {
		var l jobless
		if err := rows.Scan(&l.id, &l.key); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, rows.Err()
}
