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

// This file alone touches River's tables. River runs a job once and never
// schedules it again: every run ends by completing its job, and the next one,
// due now or later, is inserted in the same transaction as the lane's row
// changes. Left to River, a retry would be written after that transaction,
// where an event in between would find the job still running and wait for the
// whole back-off; and v0.31.0 on SQLite writes those times in a format that
// does not compare with its own.

// wakeUp is the job: it says which lane to look at, and nothing else.
type wakeUp struct {
	Lane int64 `json:"lane" river:"unique"`
}

func (wakeUp) Kind() string { return "lane" }

// InsertOpts allows one unfinished job per lane. The running state must be
// among them, or an event during a run would start a second one beside it.
func (wakeUp) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateScheduled, rivertype.JobStateRetryable,
	}}}
}

// wake inserts the lane's job, due after wait. A job that waits already is made
// due now; a running one is left: its worker sees the generation before it
// completes.
func (s *Store) wake(ctx context.Context, tx *sql.Tx, lane int64, wait time.Duration) error {
	var opts river.InsertOpts
	if wait > 0 {
		opts.ScheduledAt = time.Now().Add(wait) // compared with River's clock, the real one
	}
	res, err := s.jobs.InsertTx(ctx, tx, wakeUp{Lane: lane}, &opts)
	if err != nil {
		return fmt.Errorf("insert job: %w", err)
	}
	switch {
	case !res.UniqueSkippedAsDuplicate && wait > 0:
		// An available job with a later time is what River makes of short waits
		// itself. Its scheduler, which looks after longer ones, comes by every
		// 5 seconds and only after an election.
		_, err = tx.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE id = $1`, res.Job.ID)
	case res.UniqueSkippedAsDuplicate && res.Job.State != rivertype.JobStateRunning:
		_, err = s.jobs.JobRetryTx(ctx, tx, res.Job.ID)
	}
	if err != nil {
		return fmt.Errorf("schedule job: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE lane SET job = $2 WHERE id = $1`, lane, res.Job.ID)
	return err
}

// complete ends the job in the transaction that decides what becomes of its
// lane. A row that somebody deleted during the run is put back as a finished
// one: on a missing row v0.31.0 panics, here and in a goroutine of its own.
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

// freeJobs returns the jobs that a dead process was running to the queue, and
// its leadership with them. It may do so because Open holds the lock: whoever
// was running them is gone. River itself would wait for an hour.
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

// lanesWithoutJob are the dirty lanes that no unfinished job will wake.
func lanesWithoutJob(ctx context.Context, tx *sql.Tx) ([]int64, error) {
	const query = `
		SELECT id FROM lane
		WHERE generation > done AND generation > dead AND NOT EXISTS (
			SELECT 1 FROM river_job
			WHERE river_job.id = lane.job
				AND river_job.state IN ('available', 'pending', 'running', 'scheduled', 'retryable'))`
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
