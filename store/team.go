package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Team is the team that a name stands for in the policy of a branch. Names pass
// from one team to another, the numbers do not.
type Team struct {
	RepoID  int64
	Branch  string
	Name    string // in lower case
	Org, ID int64
	// Slug is how the team was called when it was looked up, for the policy that
	// Policy identifies, at the time Seen.
	Slug, Policy string
	Seen         time.Time
}

// Team returns the team that a name stands for, or ErrNotFound.
func (s *Store) Team(ctx context.Context, repo int64, branch, name string) (Team, error) {
	const query = `SELECT repo_id, branch, name, org, id, slug, policy, seen FROM team
		WHERE repo_id = $1 AND branch = $2 AND name = $3`
	var t Team
	var seen int64
	err := s.read.QueryRowContext(ctx, query, repo, branch, name).
		Scan(&t.RepoID, &t.Branch, &t.Name, &t.Org, &t.ID, &t.Slug, &t.Policy, &seen)
	if err != nil {
		return Team{}, notFound("team "+name, err)
	}
	t.Seen = fromMillis(seen)
	return t, nil
}

// SaveTeam records what a name stands for. It returns ErrStale if the lease is no
// longer valid.
func (s *Store) SaveTeam(ctx context.Context, l *Lease, t Team) error {
	const upsert = `
		INSERT INTO team (repo_id, branch, name, org, id, slug, policy, seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (repo_id, branch, name) DO UPDATE SET org = excluded.org, id = excluded.id,
			slug = excluded.slug, policy = excluded.policy, seen = excluded.seen`
	err := l.withLease(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, upsert, t.RepoID, t.Branch, t.Name, t.Org, t.ID, t.Slug,
			t.Policy, millis(t.Seen))
		return err
	})
	if err != nil {
		return fmt.Errorf("save team %s: %w", t.Name, err)
	}
	return nil
}

// TeamsOf returns what a team of that number stands for in all policies.
func (s *Store) TeamsOf(ctx context.Context, id int64) ([]Team, error) {
	const query = `SELECT repo_id, branch, name FROM team WHERE id = $1 ORDER BY repo_id, branch, name`
	rows, err := s.read.QueryContext(ctx, query, id)
	if err != nil {
		return nil, fmt.Errorf("names of team %d: %w", id, err)
	}
	defer rows.Close()
	var all []Team
	for rows.Next() {
		t := Team{ID: id}
		if err := rows.Scan(&t.RepoID, &t.Branch, &t.Name); err != nil {
			return nil, fmt.Errorf("names of team %d: %w", id, err)
		}
		all = append(all, t)
	}
	return all, rows.Err()
}
