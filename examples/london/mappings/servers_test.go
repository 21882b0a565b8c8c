package mappings_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
	"onelondon/internal/testkit/transact"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlserver"
	"onelondon/sources/sqlsource"
)

// server is a database server that a system's tables can be made on, with its own names of types.
type server struct {
	name  string
	quote [2]string
	types map[string]string // by the first word of a published type, in small letters; what is not here is text
	text  string
	make  func(t *testing.T) store
}

// store is an empty database.
type store struct {
	exec func(statement string) error
	open func(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error)
}

func servers() []server {
	double, back, square := [2]string{`"`, `"`}, [2]string{"`", "`"}, [2]string{"[", "]"}
	return []server{
		{"SQLite", double, nil, "text", func(t *testing.T) store {
			return onServer(t, "sqlite", filepath.Join(t.TempDir(), "store.db"), sqlite.Open)
		}},
		{"PostgreSQL", double, typeNames("boolean", "timestamp"), "text", func(t *testing.T) store {
			return onServer(t, "pgx", testkit.PostgreSQL(t).Database(t), postgres.Open)
		}},
		{"MariaDB", back, typeNames("tinyint(1)", "datetime"), "text", func(t *testing.T) store {
			return onServer(t, "mysql", testkit.MariaDB(t).Database(t), mysql.Open)
		}},
		{"SQL Server, modelled", square, typeNames("bit", "datetime2"), "nvarchar(4000)", func(*testing.T) store {
			db := transact.New()
			return store{func(statement string) error { return db.Exec(statement) },
				func(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error) {
					return sqlserver.Over(ctx, db.Connector(), options)
				}}
		}},
	}
}

func onServer(t *testing.T, driver, dsn string, open func(context.Context, sqlsource.Options) (*sqlsource.Source, error)) store {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return store{
		func(statement string) error { _, err := db.Exec(statement); return err },
		func(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error) {
			options.DSN = dsn
			return open(ctx, options)
		},
	}
}

// typeNames gives a server's types for those of the published lists.
func typeNames(boolean, timestamp string) map[string]string {
	return map[string]string{"boolean": boolean, "date": "date", "time": "time", "datetime": timestamp, "timestamp": timestamp,
		"bigint": "bigint", "sctid:bigint": "bigint", "int": "integer", "integer": "integer", "smallint": "smallint", "tinyint": "smallint",
		"real": "double precision", "decimal": "decimal(12,3)", "numeric": "decimal(12,3)", "double": "double precision",
		"char": "char(2)", "number": "bigint", "timestamp_ntz": timestamp, "timestamp_ltz": timestamp}
}

// open makes a store with the tables that the system's mapping reads, puts the rows in, and opens it through the mapping.
func open(t *testing.T, on server, s system, rows []string) sources.Source {
	t.Helper()
	loaded, made := load(t, s), on.make(t)
	for _, statement := range append(on.tables(t, s, loaded), on.inserts(rows)...) {
		if err := made.exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	source, err := made.open(t.Context(), sqlsource.Options{ID: "trap", Mapping: loaded})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	return source
}

func (on server) tables(t *testing.T, s system, loaded *mapping.Mapping) []string {
	t.Helper()
	published, made := columns(t, s), map[string]bool{}
	var statements []string
	for _, used := range mapping.ColumnsOf(loaded) {
		if made[used.Table] {
			continue
		}
		made[used.Table] = true
		statements = append(statements, fmt.Sprintf("CREATE TABLE %s (%s)", on.quoted(used.Table), strings.Join(on.columns(published[used.Table]), ", ")))
	}
	return statements
}

// longestName is the longest name of a column that PostgreSQL takes.
const longestName = 63

// columns writes columns with their types, without those that differ in case alone: two extracts of one table are listed as one.
// No mapping reads a column whose name is longer than every server takes.
func (on server) columns(published []column) []string {
	seen := map[string]bool{}
	var all []string
	for _, c := range published {
		if seen[strings.ToLower(c.name)] || len(c.name) > longestName {
			continue
		}
		seen[strings.ToLower(c.name)] = true
		first, _, sized := strings.Cut(c.typ, "(")
		typ, ok := on.types[strings.ToLower(strings.TrimSpace(first))]
		if !ok || sized && first == "char" { // "char" alone is that of a list without lengths
			typ = on.text
		}
		all = append(all, on.quoted(c.name)+" "+typ)
	}
	return all
}

func (on server) inserts(rows []string) []string {
	var statements []string
	for _, row := range rows {
		table, cells, _ := strings.Cut(row, ": ")
		var names, values []string
		for _, cell := range strings.Split(cells, "; ") {
			name, value, _ := strings.Cut(cell, "=")
			names, values = append(names, on.quoted(name)), append(values, "'"+value+"'")
		}
		statements = append(statements, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", on.quoted(table), strings.Join(names, ", "), strings.Join(values, ", ")))
	}
	return statements
}

func (on server) quoted(name string) string { return on.quote[0] + name + on.quote[1] }
