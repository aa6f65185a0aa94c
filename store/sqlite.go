package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// maxReaders bounds the connections for reading. Pages and workers keep one
// only for the time of a query.
const maxReaders = 4

// sqlitePath returns the absolute path of the file that a database URL names.
// Errors do not repeat the URL, because the URL of another database may contain
// a password.
func sqlitePath(raw string) (string, error) {
	path, isURL := strings.CutPrefix(raw, "sqlite:")
	switch {
	case isURL:
		var err error
		if path, err = url.PathUnescape(strings.TrimPrefix(path, "//")); err != nil {
			return "", errors.New("store: the database URL has a bad percent escape")
		}
	case strings.Contains(raw, "://"):
		scheme, _, _ := strings.Cut(raw, "://")
		return "", fmt.Errorf("store: unsupported database URL scheme %q, want sqlite:///path/file.db "+
			"or a path", scheme)
	}
	if path == "" || path == ":memory:" {
		return "", errors.New("store: the database must be a file: sqlite:///path/file.db or a path")
	}
	return filepath.Abs(path)
}

// lock makes this process the only one that can open the database, until unlock
// or until the process ends in any way. The lock is an exclusive transaction on
// an empty database beside ours: SQLite locks files on every system, and the
// database itself must stay open to readers.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	if err := createPrivate(path); err != nil {
		return nil, fmt.Errorf("create database: %w", err)
	}
	if err := createPrivate(path + ".lock"); err != nil {
		return nil, fmt.Errorf("create lock: %w", err)
	}
	db, err := sql.Open("sqlite", dsn(path+".lock", url.Values{"_txlock": {"exclusive"}}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		err = errors.Join(err, db.Close())
		var busy *sqlite.Error
		if errors.As(err, &busy) && busy.Code()&0xff == sqlite3.SQLITE_BUSY {
			return nil, fmt.Errorf("%w: %s", ErrInUse, path)
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return sync.OnceValue(func() error { return errors.Join(tx.Rollback(), db.Close()) }), nil
}

// createPrivate creates an empty file that only its owner can read, because it
// will hold content of private repositories. SQLite gives its other files the
// same mode.
func createPrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func openSQLite(path string) (write, read *sql.DB, err error) {
	pragmas := []string{
		"busy_timeout(10000)", // a backup or a shell may hold the file for a moment
		"journal_mode(WAL)",   // readers and the writer do not wait for each other
		"synchronous(FULL)",   // a commit survives a power cut, as a 202 to GitHub promises
		"foreign_keys(ON)",    // River's tables declare some
	}
	write, err = sql.Open("sqlite", dsn(path, url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}))
	if err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	read, err = sql.Open("sqlite", dsn(path, url.Values{"_pragma": append(pragmas, "query_only(ON)")}))
	if err != nil {
		return write, nil, err
	}
	read.SetMaxOpenConns(maxReaders)
	return write, read, nil
}

func dsn(path string, query url.Values) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + query.Encode()
}
