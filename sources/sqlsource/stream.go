package sqlsource

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"
)

// Stream runs a statement on a session of its own. Stopping early cancels it, since a driver might otherwise read the
// rest of the answer before it releases the connection.
func (d *Database) Stream(ctx context.Context, s *Statement, args []any, caller string, each func(row [][]byte) error) error {
	session, err := d.db.Conn(ctx)
	if err != nil {
		return d.fault(ctx, err)
	}
	defer session.Close()
	if d.study != nil {
		undo, err := d.study(ctx, session, caller, Remaining(ctx, s.Limit))
		if err != nil {
			return d.fault(ctx, err)
		}
		defer d.undo(ctx, session, undo)
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	rows, err := session.QueryContext(reading, s.SQL, args...)
	if err != nil {
		return d.fault(ctx, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return d.fault(ctx, err)
	}
	if stopped, err := lend(rows, len(names), each); err != nil {
		stop()
		if stopped {
			return err
		}
		return d.fault(ctx, err)
	}
	return nil
}

// lend passes rows on; stopped says that the error came from each.
func lend(rows *sql.Rows, width int, each func(row [][]byte) error) (stopped bool, err error) {
	raw, into, row := make([]sql.RawBytes, width), make([]any, width), make([][]byte, width)
	for i := range raw {
		into[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return false, err
		}
		for i := range raw {
			row[i] = raw[i]
		}
		if err := each(row); err != nil {
			return true, err
		}
	}
	return false, rows.Err()
}

// undo restores a session, or discards it.
func (d *Database) undo(ctx context.Context, session *sql.Conn, undo func(context.Context) error) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if undo(ending) != nil {
		_ = session.Raw(func(any) error { return driver.ErrBadConn })
	}
}

// Remaining is the time until the context's deadline plus a little, so that the context ends first; limit if there is
// no deadline.
func Remaining(ctx context.Context, limit time.Duration) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return limit
	}
	return max(time.Until(deadline), 0) + time.Second
}
