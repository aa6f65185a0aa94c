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
	rows, err := s.read.QueryContext(ctx, query, installation)
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

// Installations lists the installations about which anything is known.
func (s *Store) Installations(ctx context.Context) ([]int64, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT DISTINCT installation FROM lane WHERE installation <> 0 ORDER BY 1`)
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
