package store

import (
	"context"
	"database/sql"
	"log/slog"
	"time"
)

// sweepUntil sweeps at every tick until ctx ends. A sweep that fails is tried
// again at the next tick.
func (s *Store) sweepUntil(ctx context.Context) {
	tick := time.NewTicker(s.o.pace.Sweep)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.o.log.Error("sweep", slog.Any("error", err))
		}
	}
}

// sweep gives every dirty lane without a job a new one, and deletes deliveries
// that GitHub can no longer redeliver.
func (s *Store) sweep(ctx context.Context) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		lanes, err := lanesWithoutJob(ctx, tx)
		if err != nil {
			return err
		}
		for _, l := range lanes {
			if err := s.wake(ctx, tx, l.id, 0, l.key.priority()); err != nil {
				return err
			}
		}
		if len(lanes) > 0 {
			s.o.log.Warn("dirty lanes had no job", slog.Int("lanes", len(lanes)))
		}
		old := s.o.now().Add(-s.o.pace.Retention)
		_, err = tx.ExecContext(ctx, `DELETE FROM delivery WHERE received < $1`, old.UnixMilli())
		return err
	})
}
