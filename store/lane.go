package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Lane is one unit of serialised work, identified by repository and key. The
// other fields say how to reach the repository, and follow renames; an empty
// one keeps its last value.
type Lane struct {
	Installation, RepoID int64 // RepoID is 0 for lanes that belong to no repository
	Owner, Name          string
	Key                  Key
	// Head is the newest commit of a pull request that an event named. GitHub may
	// not show it yet to those who ask.
	Head string
	// Branch is that of a merge group, such as "gh-readonly-queue/main/pr-7-abc".
	Branch string
}

// Delivery is one webhook as it arrived; a redelivery has the same GUID.
type Delivery struct {
	GUID, Event string
	Body        []byte
	Received    time.Time
	// Rerun says that somebody asks to have the same work done again. Leases
	// of the lanes say so until a generation with the request completes.
	Rerun bool
}

// cause is the reason why lanes are dirtied.
type cause int

const (
	changed    cause = iota // something that the handlers read may have changed
	rerunAsked              // somebody asks to have the same work done again
)

// Deliver stores a delivery and dirties its lanes in one transaction. A GUID
// that was seen before stores nothing and is not fresh, but it dirties the
// lanes all the same: GitHub redelivers because somebody wants the work done.
func (s *Store) Deliver(ctx context.Context, d Delivery, lanes ...Lane) (fresh bool, err error) {
	const insert = `INSERT INTO delivery (guid, event, body, received) VALUES ($1, $2, $3, $4)
		ON CONFLICT (guid) DO NOTHING`
	err = s.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, insert, d.GUID, d.Event, d.Body, d.Received.UnixMilli())
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		fresh = n == 1
		why := changed
		if d.Rerun {
			why = rerunAsked
		}
		return s.dirty(ctx, tx, why, urgent, lanes)
	})
	if err != nil {
		return false, fmt.Errorf("store delivery %s: %w", d.GUID, err)
	}
	return fresh, nil
}

// Dirty makes lanes run without a delivery: because something changed that they
// depend on.
func (s *Store) Dirty(ctx context.Context, lanes ...Lane) error {
	return s.dirtyAt(ctx, urgent, lanes)
}

// DirtyLater makes lanes run when nothing more urgent waits: for a back-fill or
// a sweep, about which nobody is waiting for an answer.
func (s *Store) DirtyLater(ctx context.Context, lanes ...Lane) error {
	return s.dirtyAt(ctx, background, lanes)
}

func (s *Store) dirtyAt(ctx context.Context, p priority, lanes []Lane) error {
	err := s.tx(ctx, func(tx *sql.Tx) error { return s.dirty(ctx, tx, changed, p, lanes) })
	if err != nil {
		return fmt.Errorf("dirty lanes: %w", err)
	}
	return nil
}

// dirty raises the generation of each lane and then wakes it, in this order:
// raising locks the row, so a worker that is about to complete the lane either
// sees the new generation or completes its job before the new one is inserted.
func (s *Store) dirty(ctx context.Context, tx *sql.Tx, why cause, p priority, lanes []Lane) error {
	for _, l := range lanes {
		id, err := raise(ctx, tx, l, why)
		if err != nil {
			return fmt.Errorf("raise %s: %w", l.Key, err)
		}
		if err := s.wake(ctx, tx, id, 0, max(p, l.Key.priority())); err != nil {
			return fmt.Errorf("wake %s: %w", l.Key, err)
		}
	}
	return nil
}

func raise(ctx context.Context, tx *sql.Tx, l Lane, why cause) (id int64, err error) {
	const upsert = `
		INSERT INTO lane (installation, repo_id, owner, name, key, generation, rerun, head, branch)
		VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)
		ON CONFLICT (repo_id, key) DO UPDATE SET
			installation = CASE WHEN excluded.installation <> 0 THEN excluded.installation
				ELSE lane.installation END,
			owner        = CASE WHEN excluded.owner <> '' THEN excluded.owner ELSE lane.owner END,
			name         = CASE WHEN excluded.name <> '' THEN excluded.name ELSE lane.name END,
			head         = CASE WHEN excluded.head <> '' THEN excluded.head ELSE lane.head END,
			branch       = CASE WHEN excluded.branch <> '' THEN excluded.branch ELSE lane.branch END,
			generation   = lane.generation + 1,
			rerun        = CASE WHEN excluded.rerun <> 0 THEN lane.generation + 1 ELSE lane.rerun END,
			attempts     = 0,
			snoozed      = 0,
			error        = ''
		RETURNING id`
	asked := 0
	if why == rerunAsked {
		asked = 1
	}
	err = tx.QueryRowContext(ctx, upsert,
		l.Installation, l.RepoID, l.Owner, l.Name, l.Key, asked, l.Head, l.Branch).Scan(&id)
	return id, err
}
