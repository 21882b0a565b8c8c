package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
)

// file is a log in one SQLite file.
type file struct {
	path    string
	reader  *sql.DB
	writer  *sql.DB  // nil when read only
	session *session // the writer's connection; nil when read only
	lock    *os.File // nil when read only
}

var (
	_ Store  = (*file)(nil)
	_ Tidier = (*file)(nil)
)

// openFile opens the file at a path. One that is to be written is made if it is not there, and locked.
func openFile(ctx context.Context, path string, readOnly bool, log *slog.Logger) (*file, error) {
	f := &file{path: path}
	if err := f.open(ctx, readOnly, log); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func (f *file) open(ctx context.Context, readOnly bool, log *slog.Logger) (err error) {
	if !readOnly {
		if f.lock, err = lock(f.path + "-lock"); err != nil {
			return err
		}
		created, err := prepareFile(f.path)
		if err != nil {
			return err
		}
		if f.writer, err = connect(f.path, true); err != nil {
			return err
		}
		if err := checkDurable(ctx, f.writer); err != nil {
			return err
		}
		if created {
			log.WarnContext(ctx, "made a new, empty log", "path", f.path)
		}
	}
	f.reader, err = connect(f.path, false)
	return err
}

// Origin brings the file to the present form first, when it is open for writing.
func (f *file) Origin(ctx context.Context, birth func() (Origin, StoredHead, error)) (Origin, error) {
	if f.writer != nil {
		if err := migrate(ctx, f.writer, func(tx *sql.Tx) error { return beBorn(ctx, tx, birth) }); err != nil {
			return Origin{}, err
		}
		session, err := openSession(ctx, f.writer)
		if err != nil {
			return Origin{}, err
		}
		f.session = session
		// Within a transaction, so that nobody outside adds to the file meanwhile.
		if err := session.within(ctx, func() error { return layOut(f.path) }); err != nil {
			return Origin{}, err
		}
	}
	var origin Origin
	err := f.reader.QueryRowContext(ctx, "SELECT purpose, chain, proof FROM origin").Scan(&origin.Purpose, &origin.Chain, &origin.Proof)
	if err != nil {
		return Origin{}, fmt.Errorf("read the origin: %w", err)
	}
	return origin, nil
}

// beBorn gives a new file its identity and an empty chain.
func beBorn(ctx context.Context, tx *sql.Tx, birth func() (Origin, StoredHead, error)) error {
	origin, head, err := birth()
	if err != nil {
		return err
	}
	_, originErr := tx.ExecContext(ctx, "INSERT INTO origin VALUES (1, ?, ?, ?)", origin.Purpose, origin.Chain, origin.Proof)
	_, headErr := tx.ExecContext(ctx, "INSERT INTO head VALUES (1, ?, ?, ?)", head.Sequence, head.Hash, head.Proof)
	if err := errors.Join(originErr, headErr); err != nil {
		return fmt.Errorf("write the origin: %w", err)
	}
	return nil
}

// Page reads in a transaction of its own, so that a long walk never holds back the writer's checkpoints.
func (f *file) Page(ctx context.Context, after uint64, limit int) ([]StoredRow, StoredHead, error) {
	tx, err := f.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, StoredHead{}, fmt.Errorf("begin reading: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	var head StoredHead
	err = tx.QueryRowContext(ctx, "SELECT sequence, hash, proof FROM head").Scan(&head.Sequence, &head.Hash, &head.Proof)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, StoredHead{}, fmt.Errorf("read the head: %w", err)
	}
	rows, err := queryRows(ctx, tx,
		"SELECT sequence, person, body, hash FROM entry WHERE sequence > ? ORDER BY sequence LIMIT ?", bounded(after), limit)
	return rows, head, err
}

// bounded is a sequence as SQLite counts.
func bounded(sequence uint64) int64 { return int64(min(sequence, math.MaxInt64)) }

// Select reads what the query asks for.
func (f *file) Select(ctx context.Context, query Query) ([]StoredRow, error) {
	text := "SELECT sequence, person, body, hash FROM entry WHERE sequence "
	after, order := bounded(query.After), " ORDER BY sequence"
	if query.NewestFirst {
		if after == 0 {
			after = math.MaxInt64
		}
		text, order = text+"< ?", " ORDER BY sequence DESC"
	} else {
		text += "> ?"
	}
	arguments := []any{after}
	if query.Person != (Person{}) {
		text, arguments = text+" AND person = ?", append(arguments, query.Person[:])
	}
	return queryRows(ctx, f.reader, text+order+" LIMIT ?", append(arguments, query.Limit)...)
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, arguments ...any) (*sql.Rows, error)
}

func queryRows(ctx context.Context, from querier, text string, arguments ...any) (stored []StoredRow, err error) {
	rows, err := from.QueryContext(ctx, text, arguments...)
	if err != nil {
		return nil, fmt.Errorf("ask for entries: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var row StoredRow
		if err := rows.Scan(&row.Sequence, &row.Person, &row.Body, &row.Hash); err != nil {
			return nil, fmt.Errorf("read an entry: %w", err)
		}
		stored = append(stored, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	return stored, nil
}

// Write runs work on the one connection that writes.
func (f *file) Write(ctx context.Context, work func(Writing) error) error {
	return f.session.within(ctx, func() error { return work(f.session) })
}

// Close lets go of the file; the lock goes last.
func (f *file) Close() error {
	var faults []error
	if f.session != nil {
		faults = append(faults, f.session.close())
	}
	for _, db := range []*sql.DB{f.reader, f.writer} {
		if db != nil {
			faults = append(faults, db.Close())
		}
	}
	if f.lock != nil {
		faults = append(faults, f.lock.Close())
	}
	return errors.Join(faults...)
}
