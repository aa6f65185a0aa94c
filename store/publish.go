package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

// Published is the check run that GitHub shows for a head. A new one is posted
// only if something differs.
type Published struct {
	RepoID      int64
	Head        string
	RunID       int64  // 0 from before the run is posted until its number is known
	ExternalID  string // a hash of everything that the conclusion depends on
	Content     string // a hash of the conclusion and the texts
	Annotations string // a hash of the annotations
	Posted      int    // how many annotations GitHub has confirmed
}

// Published returns what was last published for a head, or ErrNotFound.
func (s *Store) Published(ctx context.Context, repo int64, head string) (Published, error) {
	const query = `SELECT repo_id, head, run_id, external_id, content, annotations, posted FROM published
		WHERE repo_id = $1 AND head = $2`
	var p Published
	err := s.read.QueryRowContext(ctx, query, repo, head).
		Scan(&p.RepoID, &p.Head, &p.RunID, &p.ExternalID, &p.Content, &p.Annotations, &p.Posted)
	if err != nil {
		return Published{}, notFound("published run", err)
	}
	return p, nil
}

// SavePublished records what GitHub shows for a head. It returns ErrStale if
// the lease is no longer valid.
func (s *Store) SavePublished(ctx context.Context, l *Lease, p Published) error {
	const upsert = `
		INSERT INTO published (repo_id, head, run_id, external_id, content, annotations, posted) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (repo_id, head) DO UPDATE SET run_id = excluded.run_id, external_id = excluded.external_id,
			content = excluded.content, annotations = excluded.annotations, posted = excluded.posted`
	err := l.withLease(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, upsert, p.RepoID, p.Head, p.RunID, p.ExternalID, p.Content,
			p.Annotations, p.Posted)
		return err
	})
	if err != nil {
		return fmt.Errorf("save published run: %w", err)
	}
	return nil
}

// Intent is a notification that is about to be sent: a comment or a request for
// a review. GitHub would send it twice if it were asked twice, so an intent is
// committed before the call, and its result after it. An earlier intent without
// a result may have reached GitHub or not: look it up there before sending it.
type Intent struct {
	ID     int64
	RepoID int64
	Pull   int    // the pull request that it concerns
	Kind   string // "comment", "inline", "request"
	Team   string // whom it asks, if anybody: "acme/billing", or "@login"
	Delta  string // a hash of what the team is asked now
	Result string // such as a comment's id; empty while unknown
}

// Intend commits an intent. If an equal one was committed before, it is not
// fresh, and Intend returns it with its result.
func (s *Store) Intend(ctx context.Context, in Intent) (_ Intent, fresh bool, err error) {
	const insert = `INSERT INTO intent (repo_id, target, kind, team, delta) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING RETURNING id`
	const query = `SELECT id, coalesce(result, '') FROM intent
		WHERE repo_id = $1 AND target = $2 AND kind = $3 AND team = $4 AND delta = $5`
	in.Result = ""
	key := []any{in.RepoID, target(in.Pull), in.Kind, in.Team, in.Delta}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, insert, key...).Scan(&in.ID)
		if fresh = err == nil; fresh || !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		return tx.QueryRowContext(ctx, query, key...).Scan(&in.ID, &in.Result)
	})
	if err != nil {
		return Intent{}, false, fmt.Errorf("record intent: %w", err)
	}
	return in, fresh, nil
}

// Intended returns an intent that was committed before, with its result, or
// ErrNotFound.
func (s *Store) Intended(ctx context.Context, in Intent) (Intent, error) {
	const query = `SELECT id, coalesce(result, '') FROM intent
		WHERE repo_id = $1 AND target = $2 AND kind = $3 AND team = $4 AND delta = $5`
	err := s.read.QueryRowContext(ctx, query, in.RepoID, target(in.Pull), in.Kind, in.Team, in.Delta).
		Scan(&in.ID, &in.Result)
	if err != nil {
		return Intent{}, notFound("intent", err)
	}
	return in, nil
}

// Intents returns the intents of one kind for one pull request, oldest first.
func (s *Store) Intents(ctx context.Context, repo int64, pull int, kind string) ([]Intent, error) {
	const query = `SELECT id, repo_id, kind, team, delta, coalesce(result, '') FROM intent
		WHERE repo_id = $1 AND target = $2 AND kind = $3 ORDER BY id`
	rows, err := s.read.QueryContext(ctx, query, repo, target(pull), kind)
	if err != nil {
		return nil, fmt.Errorf("intents of #%d: %w", pull, err)
	}
	defer rows.Close()
	var all []Intent
	for rows.Next() {
		in := Intent{Pull: pull}
		if err := rows.Scan(&in.ID, &in.RepoID, &in.Kind, &in.Team, &in.Delta, &in.Result); err != nil {
			return nil, fmt.Errorf("intents of #%d: %w", pull, err)
		}
		all = append(all, in)
	}
	return all, rows.Err()
}

// target names a pull request in the table of intents. It looks like the key of
// a lane, but does not mean one.
func target(pull int) string { return "pull/" + strconv.Itoa(pull) }

// Fulfil records the result of an intent.
func (s *Store) Fulfil(ctx context.Context, id int64, result string) error {
	res, err := s.write.ExecContext(ctx, `UPDATE intent SET result = $2 WHERE id = $1`, id, result)
	if err != nil {
		return fmt.Errorf("fulfil intent: %w", err)
	}
	if n, err := res.RowsAffected(); err == nil && n == 0 {
		return fmt.Errorf("intent %d: %w", id, ErrNotFound)
	}
	return nil
}
