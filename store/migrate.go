package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date: first River's tables, then ours in the
// order of the file names. Each migration is recorded in its own transaction.
// Two processes cannot migrate at once, because Open holds the lock.
func (s *Store) migrate(ctx context.Context) error {
	m, err := rivermigrate.New(s.driver, &rivermigrate.Config{Logger: s.o.log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("river: %w", err)
	}
	const ledger = `CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied BIGINT NOT NULL)`
	if _, err := s.write.ExecContext(ctx, ledger); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.tx(ctx, func(tx *sql.Tx) error { return s.apply(ctx, tx, name) }); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, name string) error {
	const record = `INSERT INTO migration (name, applied) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`
	res, err := tx.ExecContext(ctx, record, name, s.o.now().UnixMilli())
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	statements, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, string(statements))
	return err
}
