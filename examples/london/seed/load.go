package seed

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Loader fills a system's tables from files that have their columns already, such as an OMOP export.
type Loader struct{ store *store }

// OpenTables makes the tables of system in db, which must not have them, for [Loader.LoadCSV].
func OpenTables(ctx context.Context, db *sql.DB, dialect Dialect, system System) (*Loader, error) {
	s, err := open(ctx, db, dialect, system)
	if err != nil {
		return nil, err
	}
	return &Loader{s}, nil
}

// Exec runs a statement in the same transaction, such as one that makes a table beside the system's own.
func (l *Loader) Exec(ctx context.Context, statement string, args ...any) error {
	if _, err := l.store.tx.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	return nil
}

// LoadCSV writes the rows of a CSV file into table and says how many there were. The header names the columns, in either
// case; an empty cell is null. Columns that the table does not have are an error.
func (l *Loader) LoadCSV(ctx context.Context, table string, reader io.Reader) (int, error) {
	g, ok := l.store.tables[table]
	if !ok {
		return 0, fmt.Errorf("loading a file: the system has no table %s", table)
	}
	rows := csv.NewReader(reader)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		return 0, fmt.Errorf("reading the header of %s: %w", table, err)
	}
	names, err := g.columns(header)
	if err != nil {
		return 0, err
	}
	for count := 0; ; count++ {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return count, l.store.flush(ctx, g)
		}
		if err != nil {
			return count, fmt.Errorf("reading row %d of %s: %w", count+1, table, err)
		}
		values := make(row, len(cells))
		for i, cell := range cells {
			values[names[i]] = strings.Clone(cell)
		}
		if err := l.store.add(ctx, table, values); err != nil {
			return count, err
		}
	}
}

// columns finds the table's columns by the names of a header.
func (g *gathered) columns(header []string) ([]string, error) {
	names := make([]string, len(header))
	for i, name := range header {
		for _, column := range g.table.Columns {
			if strings.EqualFold(column.Name, name) {
				names[i] = column.Name
			}
		}
		if names[i] == "" {
			return nil, fmt.Errorf("loading a file: table %s has no column %q", g.table.Name, name)
		}
	}
	return names, nil
}

// Close makes the indexes and commits.
func (l *Loader) Close(ctx context.Context) error { return l.store.finish(ctx) }
