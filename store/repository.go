package store

import (
	"context"
	"fmt"
)

// Repositories returns a lane without a key for each repository of an
// installation about which anything is known.
func (s *Store) Repositories(ctx context.Context, installation int64) ([]Lane, error) {
	const query = `SELECT repo_id, max(owner), max(name) FROM lane
		WHERE installation = $1 AND repo_id <> 0 GROUP BY repo_id ORDER BY repo_id`
	return s.repositories(ctx, query, installation)
}

func (s *Store) repositories(
	ctx context.Context, query string, installation int64, args ...any,
) ([]Lane, error) {
	rows, err := s.read.QueryContext(ctx, query, append([]any{installation}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("repositories of installation %d: %w", installation, err)
	}
	defer rows.Close()
	var all []Lane
	for rows.Next() {
		l := Lane{Installation: installation}
		if err := rows.Scan(&l.RepoID, &l.Owner, &l.Name); err != nil {
			return nil, fmt.Errorf("repositories of installation %d: %w", installation, err)
		}
		all = append(all, l)
	}
	return all, rows.Err()
}

// Unswept returns the repositories of an installation that were not swept for the
// longest time, up to a number, each as a lane without a key.
func (s *Store) Unswept(ctx context.Context, installation int64, most int) ([]Lane, error) {
	const query = `SELECT lane.repo_id, max(owner), max(name) FROM lane LEFT JOIN swept USING (repo_id)
		WHERE installation = $1 AND lane.repo_id <> 0 GROUP BY lane.repo_id
		ORDER BY coalesce(max(at), 0), lane.repo_id LIMIT $2`
	return s.repositories(ctx, query, installation, most)
}

// Sweep records when a repository was swept.
func (s *Store) Sweep(ctx context.Context, repo int64) error {
	const upsert = `INSERT INTO swept (repo_id, at) VALUES ($1, $2)
		ON CONFLICT (repo_id) DO UPDATE SET at = excluded.at`
	if _, err := s.write.ExecContext(ctx, upsert, repo, s.o.now().UnixMilli()); err != nil {
		return fmt.Errorf("record the sweep: %w", err)
	}
	return nil
}

// Installations lists the installations about which anything is known.
func (s *Store) Installations(ctx context.Context) ([]int64, error) {
	const query = `SELECT DISTINCT installation FROM lane WHERE installation <> 0 ORDER BY 1`
	rows, err := s.read.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("installations: %w", err)
	}
	defer rows.Close()
	var all []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("installations: %w", err)
		}
		all = append(all, id)
	}
	return all, rows.Err()
}
