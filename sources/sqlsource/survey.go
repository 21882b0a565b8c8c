package sqlsource

import (
	"context"
	"strconv"
	"strings"
)

// Table is a table or view as described by the database's catalogue.
type Table struct {
	Schema     string // empty for tables that need none
	Name       string
	Columns    []Column
	Key        []string    // the columns of the primary key, if one is declared
	References []Reference // declared foreign keys, one entry per column
}

// Column is a column with the database's name for its type, in lower case.
type Column struct{ Name, Type string }

// Reference is one column of a declared foreign key.
type Reference struct {
	Column        string
	Schema, Table string // what it refers to
	Target        string // the column there; empty if the catalogue does not say, which means the primary key
}

// Tables lists the tables visible to the session, in order of their names. It reads only the catalogue, no rows.
func (s *Source) Tables(ctx context.Context) ([]Table, error) {
	var tables []Table
	at := map[string]int{}
	columns := s.dialect.Columns
	if s.dialect.Once != "" {
		columns = s.dialect.Once
	}
	err := s.list(ctx, columns, 4, func(row []string) {
		key := s.folded(row[0] + "." + row[1])
		i, known := at[key]
		if !known {
			i = len(tables)
			at[key] = i
			tables = append(tables, Table{Schema: row[0], Name: row[1]})
		}
		typ, _, _ := strings.Cut(strings.ToLower(row[3]), "/") // a collation may follow
		tables[i].Columns = append(tables[i].Columns, Column{row[2], typ})
	})
	if err != nil || s.dialect.Keys == "" {
		return tables, err
	}
	err = s.list(ctx, s.dialect.Keys, 6, func(row []string) {
		i, known := at[s.folded(row[0]+"."+row[1])]
		switch {
		case !known:
		case row[4] == "":
			tables[i].Key = append(tables[i].Key, row[2])
		default:
			tables[i].References = append(tables[i].References, Reference{row[2], row[3], row[4], row[5]})
		}
	})
	return tables, err
}

func (s *Source) list(ctx context.Context, sql string, width int, each func(row []string)) error {
	statement := &Statement{SQL: sql, Width: width, Once: true, serial: s.serials.Add(1)}
	_, err := s.connection.Query(ctx, statement, nil, func(row []string) error {
		each(row)
		return nil
	})
	return err
}

// sampledLength is how much of a text a sample holds. It is enough for any code, date or word of a vocabulary.
const sampledLength = 64

// Sample passes the first rows of a table to each, at most as many as requested, with the columns in the table's order,
// long texts cut, and a missing value as "". The slice is reused for the next row.
func (s *Source) Sample(ctx context.Context, table *Table, rows int, each func(row []string)) error {
	if len(table.Columns) == 0 {
		return nil
	}
	columns := make([]string, len(table.Columns))
	for i, column := range table.Columns {
		columns[i] = s.dialect.sub("CAST("+s.dialect.name(column.Name)+" AS "+s.dialect.TextType+")", "1", strconv.Itoa(sampledLength))
	}
	selecting := strings.Join(columns, ", ") + " FROM " + s.dialect.surveyed(table)
	return s.list(ctx, s.dialect.limited(strconv.Itoa(rows), selecting), len(columns), each)
}

// Among counts how many of the values occur in a column. Values are compared as text, so any column may be asked for
// any value.
func (s *Source) Among(ctx context.Context, table *Table, column string, values []string) (found int, err error) {
	if len(values) == 0 {
		return 0, nil
	}
	args, marks := make([]any, len(values)), make([]string, len(values))
	for i, value := range values {
		args[i], marks[i] = value, s.dialect.placeholder(i+1)
	}
	as := "CAST(" + s.dialect.name(column) + " AS " + s.dialect.TextType + ")"
	sql := "SELECT DISTINCT " + as + " FROM " + s.dialect.surveyed(table) + " WHERE " + as + " IN (" + strings.Join(marks, ", ") + ")"
	statement := &Statement{SQL: sql, Width: 1, Once: true, serial: s.serials.Add(1)}
	_, err = s.connection.Query(ctx, statement, args, func([]string) error {
		found++
		return nil
	})
	return min(found, len(values)), err
}

func (d *Dialect) surveyed(t *Table) string {
	if t.Schema != "" {
		return d.name(t.Schema) + "." + d.name(t.Name)
	}
	return d.name(t.Name)
}
