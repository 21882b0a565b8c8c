package bench_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// database is asked by a plain program: as the driver's manual says, prepared, rows scanned into pointers to text.
type database interface {
	query(ctx context.Context, text string, args []any, width int, each func([]*string)) error
}

func targets(width int) (cells []*string, into []any) {
	cells, into = make([]*string, width), make([]any, width)
	for i := range cells {
		into[i] = &cells[i]
	}
	return cells, into
}

// pgxDatabase is pgx by itself. Its pool prepares statements and keeps them.
type pgxDatabase struct{ pool *pgxpool.Pool }

// plainPostgreSQL has the settings that spare the server work, as the product does: what is compared is the client.
func plainPostgreSQL(t testing.TB, reader string) database {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), reader+"&plan_cache_mode=force_generic_plan&jit=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pgxDatabase{pool}
}

func (d pgxDatabase) query(ctx context.Context, text string, args []any, width int, each func([]*string)) error {
	rows, err := d.pool.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	cells, into := targets(width)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		each(cells)
	}
	return rows.Err()
}

// sqlDatabase is database/sql with a statement prepared once.
type sqlDatabase struct {
	db        *sql.DB
	once      *sync.Once
	statement *sql.Stmt
	err       error
}

func plainSQLite(t testing.TB, reader string) database {
	return &sqlDatabase{db: connect(t, "sqlite", "file:"+reader+"?mode=ro"), once: &sync.Once{}}
}

func plainMariaDB(t testing.TB, reader string) database {
	modes := "&sql_mode=%27ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT%27"
	return &sqlDatabase{db: connect(t, "mysql", reader+modes), once: &sync.Once{}}
}

func (d *sqlDatabase) query(ctx context.Context, text string, args []any, width int, each func([]*string)) error {
	d.once.Do(func() { d.statement, d.err = d.db.PrepareContext(context.Background(), text) })
	if d.err != nil {
		return d.err
	}
	rows, err := d.statement.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	cells, into := targets(width)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		each(cells)
	}
	return rows.Err()
}
