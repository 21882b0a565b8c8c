package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"onelondon/sources"
	"onelondon/sources/sqlsource"
)

// Dialect is the dialect of SQLite.
func Dialect() *sqlsource.Dialect {
	return &sqlsource.Dialect{
		Name:        "SQLite",
		TextType:    "TEXT",
		Collation:   "BINARY",
		FoldedNames: true,
		// SQLite examines a bare parameter after LIMIT while preparing, and prepares again whenever it is bound to
		// another value.
		Limit:       "CAST(% AS INTEGER)",
		MostLookups: 240, // with 300 in as many branches, or 500 in few, it fails with "subqueries nested too deep"
		Unpack:      `AS MATERIALIZED (SELECT value AS "code" FROM json_each(%))`,
		Lists:       sqlsource.ListsJSON,
		Double:      "REAL",
		Number:      "CAST(% AS REAL)",
		Explain:     "EXPLAIN QUERY PLAN ",
		Scans:       scans,
		Columns:     "SELECT '', m.name, c.name, c.type FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type IN ('table', 'view')",
		Keys: `SELECT '', m.name, c.name, '', '', '' FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND c.pk > 0
			UNION ALL SELECT '', m.name, f."from", '', f."table", COALESCE(f."to", '') FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'`,
	}
}

// scans reads a line of EXPLAIN QUERY PLAN: "SCAN p", or "SEARCH p USING INDEX ...".
func scans(row []string) (string, bool) {
	detail := row[len(row)-1]
	table, scan := strings.CutPrefix(detail, "SCAN ")
	if !scan || strings.Contains(detail, "VIRTUAL") || strings.Contains(detail, "CONSTANT") || strings.HasPrefix(table, "(") {
		return "", false
	}
	table, _, _ = strings.Cut(table, " ")
	return table, true
}

// Open opens the file read-only. It fails if the file does not exist or is not an SQLite database.
func Open(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error) {
	options = options.Filled()
	if _, err := os.Stat(options.DSN); err != nil {
		return nil, fmt.Errorf("open SQLite source %s: %w: no such file", options.ID, sources.ErrUnavailable)
	}
	db, err := sql.Open("sqlite", address(options.DSN))
	if err != nil {
		return nil, fmt.Errorf("open SQLite source %s: %w", options.ID, classify(err))
	}
	db.SetMaxOpenConns(options.Connections + 1) // one more for counting
	db.SetMaxIdleConns(options.Connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	connection := sqlsource.NewDatabase(db, true, classify)
	if err := probe(ctx, db); err != nil {
		db.Close()
		return nil, fmt.Errorf("open SQLite source %s: %w", options.ID, err)
	}
	return sqlsource.New(options, Dialect(), connection)
}

// address writes the path as a URI that opens it read-only. The cache is at most 2 MB, SQLite's default: with 256 kB
// the median of a chart was a tenth longer. There may be hundreds of files, but a cache holds only what was read, and
// unused connections are closed.
func address(path string) string {
	uri := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return uri.String() + "?mode=ro&_pragma=query_only(1)&_pragma=cache_size(-2000)&_pragma=busy_timeout(1000)"
}

// probe verifies that the file is a database and that the session may not write.
func probe(ctx context.Context, db *sql.DB) error {
	var tables, readOnly int
	row := db.QueryRowContext(ctx, "SELECT (SELECT COUNT(*) FROM sqlite_schema), (SELECT query_only FROM pragma_query_only)")
	if err := row.Scan(&tables, &readOnly); err != nil {
		return classify(err)
	}
	if readOnly != 1 {
		return fmt.Errorf("%w: the session is not read-only", sources.ErrUnavailable)
	}
	return nil
}

// classify reduces an error to its kind and, for missing tables and columns, their names.
func classify(err error) error {
	var fault *sqlite.Error
	if !errors.As(err, &fault) {
		return fmt.Errorf("%w: SQLite", sources.ErrUnavailable)
	}
	return sources.WithCode(kindOf(fault), fmt.Sprintf("SQLite %d", fault.Code()))
}

func kindOf(fault *sqlite.Error) error {
	for _, missing := range []string{"no such table: ", "no such column: "} {
		if _, what, found := strings.Cut(fault.Error(), missing); found {
			what, _, _ = strings.Cut(what, " (")
			return fmt.Errorf("%w: %s%s", sources.ErrSchema, missing, what)
		}
	}
	switch fault.Code() & 0xff {
	case lib.SQLITE_CANTOPEN, lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT, lib.SQLITE_IOERR:
		return fmt.Errorf("%w: SQLite result code %d", sources.ErrUnavailable, fault.Code())
	case lib.SQLITE_READONLY:
		return fmt.Errorf("%w: SQLite result code %d", sqlsource.ErrReadOnly, fault.Code())
	}
	return fmt.Errorf("SQLite result code %d", fault.Code())
}
