package seed

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
)

// row is a row to be written, by column name. Columns that are left out, nil, or an empty string are null.
type row map[string]any

// batchRows is how many rows of a table are gathered for one statement.
const batchRows = 50

// store makes a system's tables in one transaction and gathers rows into statements of many rows.
type store struct {
	dialect Dialect
	tx      *sql.Tx
	tables  map[string]*gathered
	order   []Table
	known   map[string]*sql.Stmt
	serial  int
	written int
}

// gathered is a table with the rows that wait to be written.
type gathered struct {
	table    Table
	position map[string]int
	rows     [][]any
}

// open starts a transaction in db and makes the tables of system there.
func open(ctx context.Context, db *sql.DB, dialect Dialect, system System) (*store, error) {
	tables, err := Tables(system)
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("beginning to seed %s: %w", system, err)
	}
	s := &store{dialect: dialect, tx: tx, tables: map[string]*gathered{}, order: tables, known: map[string]*sql.Stmt{}}
	for _, table := range tables {
		position := make(map[string]int, len(table.Columns))
		for i, column := range table.Columns {
			position[column.Name] = i
		}
		s.tables[table.Name] = &gathered{table: table, position: position}
		if _, err := tx.ExecContext(ctx, dialect.createTable(table)); err != nil {
			return nil, s.abandon(fmt.Errorf("making table %s of %s: %w", table.Name, system, err))
		}
	}
	return s, nil
}

// next numbers things in the order they are written.
func (s *store) next() int {
	s.serial++
	return s.serial
}

// add gathers one row for table and writes the rows gathered when there are enough.
func (s *store) add(ctx context.Context, table string, values row) error {
	g, ok := s.tables[table]
	if !ok {
		return fmt.Errorf("writing a row: the system has no table %s", table)
	}
	cells := make([]any, len(g.table.Columns))
	for name, value := range values {
		i, ok := g.position[name]
		if !ok {
			return fmt.Errorf("writing a row: table %s has no column %s", table, name)
		}
		cells[i] = g.table.Columns[i].Type.cell(value)
	}
	g.rows = append(g.rows, cells)
	s.written++
	if len(g.rows) < batchRows {
		return nil
	}
	return s.flush(ctx, g)
}

// flush writes the rows gathered for one table, in the columns that any of them fills.
func (s *store) flush(ctx context.Context, g *gathered) error {
	if len(g.rows) == 0 {
		return nil
	}
	var names []string
	var used []int
	for i, column := range g.table.Columns {
		for _, cells := range g.rows {
			if cells[i] != nil {
				names, used = append(names, column.Name), append(used, i)
				break
			}
		}
	}
	if len(used) == 0 {
		return fmt.Errorf("writing to %s: every column of its rows is null", g.table.Name)
	}
	for count := max(1, parameterLimit/len(used)); len(g.rows) > 0; {
		count = min(count, len(g.rows))
		if err := s.insert(ctx, g.table.Name, names, used, g.rows[:count]); err != nil {
			return err
		}
		g.rows = g.rows[count:]
	}
	g.rows = nil
	return nil
}

func (s *store) insert(ctx context.Context, table string, names []string, used []int, rows [][]any) error {
	args := make([]any, 0, len(rows)*len(used))
	for _, cells := range rows {
		for _, i := range used {
			args = append(args, cells[i])
		}
	}
	text := s.dialect.insert(table, names, len(rows))
	statement, ok := s.known[text]
	if !ok {
		var err error
		if statement, err = s.tx.PrepareContext(ctx, text); err != nil {
			return fmt.Errorf("preparing rows for %s: %w", table, err)
		}
		s.known[text] = statement
	}
	if _, err := statement.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("writing rows to %s: %w", table, err)
	}
	return nil
}

// finish writes what is still gathered, makes the indexes and commits.
func (s *store) finish(ctx context.Context) error {
	for _, table := range s.order {
		if err := s.flush(ctx, s.tables[table.Name]); err != nil {
			return s.abandon(err)
		}
		for _, statement := range s.dialect.createIndexes(table) {
			if _, err := s.tx.ExecContext(ctx, statement); err != nil {
				return s.abandon(fmt.Errorf("indexing %s: %w", table.Name, err))
			}
		}
	}
	for _, statement := range s.known {
		if err := statement.Close(); err != nil {
			return s.abandon(fmt.Errorf("closing a statement: %w", err))
		}
	}
	if err := s.tx.Commit(); err != nil {
		return fmt.Errorf("committing what was seeded: %w", err)
	}
	return nil
}

// abandon takes the transaction back and returns cause.
func (s *store) abandon(cause error) error {
	if err := s.tx.Rollback(); err != nil {
		return fmt.Errorf("%w (and the transaction did not roll back: %w)", cause, err)
	}
	return cause
}

// cell turns a value into what a column of the type takes. Typed decimal columns forget trailing zeros in some servers, so
// none are written to any.
func (t ColumnType) cell(value any) any {
	switch v := value.(type) {
	case clinical.Decimal:
		return t.cell(string(v))
	case string:
		switch {
		case v == "":
			return nil
		case (t == TypeDecimal || t == TypeReal) && strings.Contains(v, "."):
			return strings.TrimRight(strings.TrimRight(v, "0"), ".")
		}
	case int:
		if t == TypeText || t == TypeDecimal || t == TypeReal {
			return strconv.Itoa(v)
		}
		return int64(v)
	}
	return value
}
