package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Content is what the outline of a file follows from: its content, and the last
// part of its path.
type Content struct {
	Blob, Name string
	Size       int64 // bytes
}

// Outlines are what the files of a repository say by themselves, in one version
// of what outlines say. Package diff knows the bodies.
type Outlines struct {
	store   *Store
	repo    int64
	version int
}

// Outlines returns those of a repository.
func (s *Store) Outlines(repo int64, version int) Outlines { return Outlines{s, repo, version} }

// queriedAtOnce bounds the values of one query.
const queriedAtOnce = 500

// Known returns the outlines that are known of some contents.
func (o Outlines) Known(ctx context.Context, contents []Content) (map[Content]json.RawMessage, error) {
	known := map[Content]json.RawMessage{}
	for some := range slices.Chunk(contents, queriedAtOnce) {
		if err := o.known(ctx, some, known); err != nil {
			return nil, fmt.Errorf("read outlines: %w", err)
		}
	}
	return known, nil
}

func (o Outlines) known(ctx context.Context, some []Content, known map[Content]json.RawMessage) error {
	asked := map[Content]Content{} // without the size, which rows of other sizes do not have
	args := []any{o.repo, o.version}
	for _, c := range some {
		asked[Content{Blob: c.Blob, Name: c.Name}] = c
		args = append(args, c.Blob)
	}
	query := `SELECT blob, name, body FROM outline WHERE repo_id = ? AND version = ? AND body IS NOT NULL
		AND blob IN (?` + strings.Repeat(", ?", len(some)-1) + `)`
	rows, err := o.store.read.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c Content
		var body string
		if err := rows.Scan(&c.Blob, &c.Name, &body); err != nil {
			return err
		}
		if whole, ok := asked[c]; ok {
			known[whole] = json.RawMessage(body)
		}
	}
	return rows.Err()
}

// Want records contents whose outlines are not known and have to be made.
func (o Outlines) Want(ctx context.Context, contents []Content) error {
	const insert = `INSERT INTO outline (repo_id, blob, name, version, size) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`
	err := o.store.tx(ctx, func(tx *sql.Tx) error {
		for _, c := range contents {
			if _, err := tx.ExecContext(ctx, insert, o.repo, c.Blob, c.Name, o.version, c.Size); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record the outlines to be made: %w", err)
	}
	return nil
}

// Wanted returns contents whose outlines have to be made, up to a number.
func (o Outlines) Wanted(ctx context.Context, most int) ([]Content, error) {
	const query = `SELECT blob, name, size FROM outline
		WHERE repo_id = $1 AND version = $2 AND body IS NULL ORDER BY blob, name LIMIT $3`
	rows, err := o.store.read.QueryContext(ctx, query, o.repo, o.version, most)
	if err != nil {
		return nil, fmt.Errorf("list the outlines to be made: %w", err)
	}
	defer rows.Close()
	var all []Content
	for rows.Next() {
		var c Content
		if err := rows.Scan(&c.Blob, &c.Name, &c.Size); err != nil {
			return nil, fmt.Errorf("list the outlines to be made: %w", err)
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Save records outlines, wanted or not.
func (o Outlines) Save(ctx context.Context, made map[Content]json.RawMessage) error {
	const upsert = `
		INSERT INTO outline (repo_id, blob, name, version, size, body) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (repo_id, blob, name, version) DO UPDATE SET body = excluded.body`
	err := o.store.tx(ctx, func(tx *sql.Tx) error {
		for c, body := range made {
			_, err := tx.ExecContext(ctx, upsert, o.repo, c.Blob, c.Name, o.version, c.Size, string(body))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save outlines: %w", err)
	}
	return nil
}
