package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Decision is a decision on a pull request or merge group at one head. Package
// approval knows the body.
type Decision struct {
	RepoID  int64
	Key     Key // the lane that decided
	Head    string
	Open    bool // the pull request is open; only those count for the check of a head
	Body    json.RawMessage
	Updated time.Time
}

// SaveDecision makes d the present decision of its lane and keeps those of
// other heads. In the same transaction it dirties other lanes, such as the one
// that publishes for the head. It returns ErrStale if the lease is no longer
// valid.
func (s *Store) SaveDecision(ctx context.Context, l *Lease, d Decision, dirty ...Lane) error {
	const upsert = `
		INSERT INTO decision (repo_id, key, head, open, body, updated, revision)
		VALUES ($1, $2, $3, $4, $5, $6,
			(SELECT coalesce(max(revision), 0) + 1 FROM decision WHERE repo_id = $1 AND key = $2))
		ON CONFLICT (repo_id, key, head) DO UPDATE SET
			open = excluded.open, body = excluded.body, updated = excluded.updated, revision = excluded.revision`
	err := l.withLease(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, upsert, d.RepoID, d.Key, d.Head, d.Open, string(d.Body),
			millis(d.Updated))
		if err != nil {
			return err
		}
		return s.dirty(ctx, tx, changed, urgent, dirty)
	})
	if err != nil {
		return fmt.Errorf("save decision of %s: %w", d.Key, err)
	}
	return nil
}

const decisionColumns = `SELECT repo_id, key, head, open, body, updated FROM decision `

// Decision returns the present decision of a lane, or ErrNotFound.
func (s *Store) Decision(ctx context.Context, repo int64, key Key) (Decision, error) {
	const query = decisionColumns + `WHERE repo_id = $1 AND key = $2 ORDER BY revision DESC LIMIT 1`
	return scanDecision(s.read.QueryRowContext(ctx, query, repo, key))
}

// DecisionAt returns the newest decision of a lane at a head, which need not be
// the present one, or ErrNotFound. A reviewer who approved that commit saw this
// decision.
func (s *Store) DecisionAt(ctx context.Context, repo int64, key Key, head string) (Decision, error) {
	const query = decisionColumns + `WHERE repo_id = $1 AND key = $2 AND head = $3`
	return scanDecision(s.read.QueryRowContext(ctx, query, repo, key, head))
}

// DecisionsLeft returns the last decisions at a head, by key, including those
// of pull requests that left it: closed ones, and those with a newer head.
func (s *Store) DecisionsLeft(ctx context.Context, repo int64, head string) ([]Decision, error) {
	const query = decisionColumns + `WHERE repo_id = $1 AND head = $2 ORDER BY key`
	return s.decisions(ctx, query, repo, head)
}

// DecisionsFor returns the present decisions of all open pull requests that
// have this head now, sorted by key.
func (s *Store) DecisionsFor(ctx context.Context, repo int64, head string) ([]Decision, error) {
	const query = decisionColumns + `
		WHERE repo_id = $1 AND head = $2 AND open AND NOT EXISTS (
			SELECT 1 FROM decision newer
			WHERE newer.repo_id = decision.repo_id AND newer.key = decision.key AND newer.revision > decision.revision)
		ORDER BY key`
	return s.decisions(ctx, query, repo, head)
}

// OpenDecisions returns the present decisions of all open pull requests of a
// repository, by key.
func (s *Store) OpenDecisions(ctx context.Context, repo int64) ([]Decision, error) {
	const query = decisionColumns + `
		WHERE repo_id = $1 AND open AND key LIKE 'pull/%' AND NOT EXISTS (
			SELECT 1 FROM decision newer
			WHERE newer.repo_id = decision.repo_id AND newer.key = decision.key AND newer.revision > decision.revision)
		ORDER BY key`
	return s.decisions(ctx, query, repo)
}

func (s *Store) decisions(ctx context.Context, query string, args ...any) ([]Decision, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("decisions: %w", err)
	}
	defer rows.Close()
	var all []Decision
	for rows.Next() {
		d, err := scanDecision(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

func scanDecision(row scanner) (Decision, error) {
	var d Decision
	var body string
	var updated int64
	err := row.Scan(&d.RepoID, &d.Key, &d.Head, &d.Open, &body, &updated)
	if err != nil {
		return Decision{}, notFound("decision", err)
	}
	d.Body, d.Updated = json.RawMessage(body), fromMillis(updated)
	return d, nil
}

func notFound(what string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return fmt.Errorf("%s: %w", what, err)
}
