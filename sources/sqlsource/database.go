package sqlsource

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"onelondon/sources"
)

// Database is a [Connection] over database/sql, for drivers that have nothing faster of their own.
type Database struct {
	db *sql.DB
	// stable says that the driver hands out text as strings that outlive the row; otherwise a row is copied, in one piece.
	stable   bool
	classify func(error) error

	mu       sync.Mutex
	prepared map[uint64]*sql.Stmt
	rows     sync.Pool // of *scratch
}

var _ Connection = (*Database)(nil)

// NewDatabase wraps db. Classify turns an error of the driver into one that wraps an error of package sources and holds no value.
func NewDatabase(db *sql.DB, stable bool, classify func(error) error) *Database {
	return &Database{db: db, stable: stable, classify: classify, prepared: map[uint64]*sql.Stmt{},
		rows: sync.Pool{New: func() any { return new(scratch) }}}
}

// Query runs a statement, prepared before where it is worth it.
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
	if s.Once || s.Forgotten() {
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

// fault is what the caller sees: the context's own end first, else what kind of fault it is, never the database's words.
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

// scratch is space for one row.
type scratch struct {
	values []any
	raw    []sql.RawBytes
	into   []any
	row    []string
	all    []byte
}

func (k *scratch) fit(width int) {
	if len(k.row) == width {
		return
	}
	k.values, k.raw = make([]any, width), make([]sql.RawBytes, width)
	k.into, k.row = make([]any, width), make([]string, width)
}

func (k *scratch) scan(rows *sql.Rows, stable bool) ([]string, error) {
	if stable {
		return k.scanStable(rows)
	}
	for i := range k.into {
		k.into[i] = &k.raw[i]
	}
	if err := rows.Scan(k.into...); err != nil {
		return nil, err
	}
	k.all = k.all[:0]
	for _, value := range k.raw {
		k.all = append(k.all, value...)
	}
	rest := string(k.all)
	for i, value := range k.raw {
		k.row[i], rest = rest[:len(value)], rest[len(value):]
	}
	return k.row, nil
}

func (k *scratch) scanStable(rows *sql.Rows) ([]string, error) {
	for i := range k.into {
		k.into[i] = &k.values[i]
	}
	if err := rows.Scan(k.into...); err != nil {
		return nil, err
	}
	for i, value := range k.values {
		switch value := value.(type) {
		case nil:
			k.row[i] = ""
		case string:
			k.row[i] = value
		case []byte:
			k.row[i] = string(value)
		default:
			k.row[i] = fmt.Sprint(value)
		}
	}
	return k.row, nil
}
