package sqlsource

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"onelondon/sources"
)

// Database is a [Connection] over database/sql, for drivers without a faster interface.
type Database struct {
	db *sql.DB
	// stable says that the driver returns text as strings that outlive the row; otherwise each row is copied.
	stable   bool
	classify func(error) error
	study    Study
	plain    bool // nothing is prepared

	mu       sync.Mutex
	prepared map[uint64]*sql.Stmt
	rows     sync.Pool // of *scratch
}

var _ Connection = (*Database)(nil)

// NewDatabase wraps db. Classify turns a driver's error into one that wraps an error of package sources and holds no
// value.
func NewDatabase(db *sql.DB, stable bool, classify func(error) error) *Database {
	return &Database{db: db, stable: stable, classify: classify, prepared: map[uint64]*sql.Stmt{},
		rows: sync.Pool{New: func() any { return new(scratch) }}}
}

// Study prepares a session for a counting statement, with the caller's identity and the server's time limit. The
// function it returns restores the session. Both may be nil.
type Study func(ctx context.Context, session *sql.Conn, caller string, limit time.Duration) (undo func(context.Context) error, err error)

// Studying sets how sessions are prepared for counting, and the time limit of a statement whose question has no
// deadline.
func (d *Database) Studying(study Study) *Database {
	d.study = study
	return d
}

// Unprepared is for drivers whose server recognises a statement by its text.
func (d *Database) Unprepared() *Database {
	d.plain = true
	return d
}

// Query runs a statement, preparing it first if that is worthwhile.
func (d *Database) Query(ctx context.Context, s *Statement, args []any, each func(row []string) error) (int, error) {
	rows, trips, err := d.open(ctx, s, args)
	if err != nil {
		return trips, d.fault(ctx, err)
	}
	defer rows.Close()
	kept := d.rows.Get().(*scratch)
	defer d.rows.Put(kept)
	width := s.Width
	if width == 0 {
		columns, err := rows.Columns()
		if err != nil {
			return trips, d.fault(ctx, err)
		}
		width = len(columns)
	}
	kept.fit(width)
	for rows.Next() {
		row, err := kept.scan(rows, d.stable)
		if err != nil {
			return trips, d.fault(ctx, err)
		}
		if err := each(row); err != nil {
			return trips, err
		}
	}
	if err := rows.Err(); err != nil {
		return trips, d.fault(ctx, err)
	}
	return trips, nil
}

func (d *Database) open(ctx context.Context, s *Statement, args []any) (*sql.Rows, int, error) {
	if d.plain || s.Once || s.Forgotten() {
		rows, err := d.db.QueryContext(ctx, s.SQL, args...)
		return rows, 1, err
	}
	trips := 1
	prepared, err := d.statement(ctx, s, &trips)
	if err != nil {
		return nil, trips, err
	}
	rows, err := prepared.QueryContext(ctx, args...)
	return rows, trips, err
}

func (d *Database) statement(ctx context.Context, s *Statement, trips *int) (*sql.Stmt, error) {
	d.mu.Lock()
	prepared := d.prepared[s.serial]
	d.mu.Unlock()
	if prepared != nil {
		return prepared, nil
	}
	*trips++
	prepared, err := d.db.PrepareContext(ctx, s.SQL)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if other := d.prepared[s.serial]; other != nil {
		prepared.Close()
		return other, nil
	}
	d.prepared[s.serial] = prepared
	return prepared, nil
}

// fault is the error that the caller sees: the context's error, else the kind of fault, and never the database's
// message.
func (d *Database) fault(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return d.classify(err)
}

// Forget closes what was prepared for the statement.
func (d *Database) Forget(s *Statement) {
	d.mu.Lock()
	prepared := d.prepared[s.serial]
	delete(d.prepared, s.serial)
	d.mu.Unlock()
	if prepared != nil {
		prepared.Close()
	}
}

// Ping reports whether the database answers.
func (d *Database) Ping(ctx context.Context) error {
	if err := d.db.PingContext(ctx); err != nil {
		return d.fault(ctx, err)
	}
	return nil
}

// Close releases statements and connections.
func (d *Database) Close() error {
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("close database: %w", sources.ErrUnavailable)
	}
	return nil
}
