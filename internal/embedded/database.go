package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver, pure Go
)

// patience is how long a statement waits for a lock that somebody outside holds, a backup tool for instance.
const patience = 500 * time.Millisecond

// taggedVersion is the first version of a file whose rows have tags.
const taggedVersion = 2

// migrations bring a file to the present form, each from the version of its index; PRAGMA user_version counts them. Rows are
// guarded against accidents by triggers; against malice by the chain.
func migrations() []string {
	return []string{`
		CREATE TABLE entry (
			sequence INTEGER PRIMARY KEY,
			person   BLOB,
			body     BLOB NOT NULL,
			hash     BLOB NOT NULL
		) STRICT;
		CREATE INDEX entry_person ON entry (person, sequence) WHERE person IS NOT NULL;
		CREATE TABLE head (
			one      INTEGER PRIMARY KEY CHECK (one = 1),
			sequence INTEGER NOT NULL,
			hash     BLOB NOT NULL,
			proof    BLOB NOT NULL
		) STRICT;
		CREATE TABLE origin (
			one     INTEGER PRIMARY KEY CHECK (one = 1),
			purpose TEXT NOT NULL,
			chain   BLOB NOT NULL,
			proof   BLOB NOT NULL
		) STRICT;
		CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
		CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;`, `
		CREATE TABLE tag (
			sequence INTEGER NOT NULL,
			tag      BLOB NOT NULL,
			PRIMARY KEY (sequence, tag)
		) STRICT, WITHOUT ROWID;
		CREATE INDEX tag_rows ON tag (tag, sequence);
		CREATE TABLE indexed (
			one      INTEGER PRIMARY KEY CHECK (one = 1),
			sequence INTEGER NOT NULL
		) STRICT;
		INSERT INTO indexed VALUES (1, 0);
		DROP INDEX entry_person;`,
	}
}

// prepareFile makes sure that the file is there, readable by this account alone, and that its folder remembers it after a
// power cut. SQLite gives the files it puts beside it the same permissions.
func prepareFile(path string) (created bool, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create the file: %w", err)
	}
	if err := file.Close(); err != nil {
		return false, fmt.Errorf("create the file: %w", err)
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return false, fmt.Errorf("open the folder: %w", err)
	}
	defer func() { _ = folder.Close() }()
	if err := folder.Sync(); err != nil {
		return false, fmt.Errorf("sync the folder: %w", err)
	}
	return true, nil
}

// connect opens a pool of connections that read, or the one connection that writes. Nothing is asked of the file yet.
func connect(path string, writes bool) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the file: %w", err)
	}
	settings := url.Values{"_pragma": {fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds()), "cache_size(-4096)"}}
	if writes {
		// FULL flushes the write-ahead log at every commit; NORMAL would lose the last commits with the power.
		settings["_pragma"] = append(settings["_pragma"], "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(1)",
			"wal_autocheckpoint(0)") // see Tidy
		settings.Set("_txlock", "immediate")
	} else {
		settings["_pragma"] = append(settings["_pragma"], "query_only(1)")
		settings.Set("mode", "ro")
	}
	location := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: settings.Encode()}
	db, err := sql.Open("sqlite", location.String())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	connections := 2
	if writes {
		connections = 1
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// checkDurable proves that the settings on which every promise stands have taken effect.
func checkDurable(ctx context.Context, db *sql.DB) error {
	var journal string
	var synchronous int
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return fmt.Errorf("read the journal mode: %w", err)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return fmt.Errorf("read the flush mode: %w", err)
	}
	if journal != "wal" || synchronous != 2 {
		return fmt.Errorf("this file system gives journal mode %q and synchronous %d: need wal and 2", journal, synchronous)
	}
	return nil
}

// migrate brings the file to the present form and makes its origin if it has none, all in one transaction.
func migrate(ctx context.Context, db *sql.DB, origin func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin the migration: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("read the version: %w", err)
	}
	steps := migrations()
	if version > len(steps) {
		return fmt.Errorf("%w: version %d, known up to %d", ErrNewer, version, len(steps))
	}
	for ; version < len(steps); version++ {
		if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
			return fmt.Errorf("migrate from version %d: %w", version, err)
		}
		if version == 0 {
			if err := origin(tx); err != nil {
				return err
			}
		}
		// A pragma takes no parameters; the number is ours.
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
			return fmt.Errorf("write the version: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit the migration: %w", err)
	}
	return nil
}
