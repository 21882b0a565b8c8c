package mappings_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"onelondon/internal/testkit"
	"onelondon/sources"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

// server is a database server that a system's tables can be made on, with its own names of types.
type server struct {
	name     string
	driver   string
	quote    string
	types    map[string]string // by the first word of a published type, in small letters; what is not here is text
	database func(t *testing.T) string
	open     func(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error)
}

func servers() []server {
	return []server{
		{"SQLite", "sqlite", `"`, nil, func(t *testing.T) string { return filepath.Join(t.TempDir(), "store.db") }, sqlite.Open},
		{"PostgreSQL", "pgx", `"`, typeNames("boolean", "timestamp"), func(t *testing.T) string { return testkit.PostgreSQL(t).Database(t) }, postgres.Open},
		{"MariaDB", "mysql", "`", typeNames("tinyint(1)", "datetime"), func(t *testing.T) string { return testkit.MariaDB(t).Database(t) }, mysql.Open},
	}
}

// typeNames gives a server's types for those of the published lists.
func typeNames(boolean, timestamp string) map[string]string {
	return map[string]string{"boolean": boolean, "date": "date", "time": "time", "datetime": timestamp, "timestamp": timestamp,
		"bigint": "bigint", "sctid:bigint": "bigint", "int": "integer", "integer": "integer", "smallint": "smallint", "tinyint": "smallint",
		"real": "double precision", "decimal": "decimal(12,3)", "numeric": "decimal(12,3)", "double": "double precision"}
}

// open makes a store with the tables that the system's mapping reads, puts the rows in, and opens it through the mapping.
func open(t *testing.T, on server, s system, rows []string) sources.Source {
	t.Helper()
	dsn, loaded := on.database(t), load(t, s)
	db, err := sql.Open(on.driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range append(on.tables(t, s, loaded), on.inserts(rows)...) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	source, err := on.open(t.Context(), sqlsource.Options{ID: "trap", DSN: dsn, Mapping: loaded})
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

// columns writes columns with their types, without those that differ in case alone: two extracts of one table are listed as one.
func (on server) columns(published []column) []string {
	seen := map[string]bool{}
	var all []string
	for _, c := range published {
		if seen[strings.ToLower(c.name)] {
			continue
		}
		seen[strings.ToLower(c.name)] = true
		first, _, _ := strings.Cut(c.typ, "(")
		typ, ok := on.types[strings.ToLower(strings.TrimSpace(first))]
		if !ok {
			typ = "text"
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

func (on server) quoted(name string) string { return on.quote + name + on.quote }
