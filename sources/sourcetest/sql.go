package sourcetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// Dialect is a kind of SQL in which the suite can create its tables.
type Dialect string

// The dialects.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgres"
	MySQL      Dialect = "mysql"
	SQLServer  Dialect = "sqlserver"
)

// SQL is what a driver's test provides.
type SQL struct {
	Dialect Dialect
	// Exec runs a statement on an empty database, as a user who may write.
	Exec func(statement string, args ...any) error
	// Open opens the source under test over that database, with a login that may write: that the driver never does is
	// tested.
	Open func(m *mapping.Mapping, id clinical.SourceID) (sources.Source, error)
}

// RunSQL creates the suite's tables, loads [Sample] into them, and runs the suite over the resulting source.
func RunSQL(t *testing.T, under SQL) {
	t.Helper()
	m, err := mapping.Load("sourcetest.yaml", []byte(MappingYAML()), nil)
	if err != nil {
		t.Fatalf("load the suite's mapping: %v", err)
	}
	Run(t, func(t *testing.T, data Dataset) sources.Source {
		t.Helper()
		if err := Load(under.Dialect, data, under.Exec); err != nil {
			t.Fatal(err)
		}
		source, err := under.Open(m, data.Source)
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		t.Cleanup(func() {
			if err := source.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		writesNothing(t, source)
		return source
	})
}

// writesNothing requires the database to refuse a write in the source's session, although its login has the right.
func writesNothing(t *testing.T, source sources.Source) {
	t.Run("writes nothing", func(t *testing.T) {
		prover, ok := source.(interface {
			ProveReadOnly(ctx context.Context) error
		})
		if !ok {
			t.Fatal("the source cannot prove that it writes nothing")
		}
		if err := prover.ProveReadOnly(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Load creates the suite's tables and fills them with data.
func Load(dialect Dialect, data Dataset, exec func(statement string, args ...any) error) error {
	l := loader{dialect: dialect, exec: exec}
	l.create(personTable, personColumns())
	for _, kind := range clinical.Kinds() {
		l.create(kind.String(), recordColumns(kind))
	}
	for i := range data.People {
		person := &data.People[i]
		l.insert(personTable, personColumns(), []any{string(person.LocalID), orNil(person.NHSNumber), orNil(person.Organisation),
			person.Registered, person.Sensitive, person.Deleted, person.Test})
		for _, record := range person.Records {
			l.insert(record.Kind().String(), recordColumns(record.Kind()), recordValues(person.LocalID, record))
		}
	}
	return l.err
}

// loader runs statements until one fails.
type loader struct {
	dialect Dialect
	exec    func(statement string, args ...any) error
	err     error
}

func (l *loader) run(statement string, args ...any) {
	if l.err == nil {
		if err := l.exec(statement, args...); err != nil {
			l.err = fmt.Errorf("%s: %w", statement, err)
		}
	}
}

func (l *loader) create(table string, columns []column) {
	written := make([]string, len(columns))
	for i, c := range columns {
		written[i] = l.dialect.quote(c.name) + " " + l.dialect.columnType(c)
	}
	l.run("CREATE TABLE " + l.dialect.quote(table) + " (" + strings.Join(written, ", ") + ")")
}

func (l *loader) insert(table string, columns []column, values []any) {
	places := make([]string, len(values))
	for i := range places {
		places[i] = "?"
		switch l.dialect {
		case PostgreSQL:
			places[i] = fmt.Sprintf("$%d", i+1)
		case SQLServer:
			places[i] = fmt.Sprintf("@p%d", i+1)
		}
	}
	l.run("INSERT INTO "+l.dialect.quote(table)+" VALUES ("+strings.Join(places, ", ")+")", values...)
}

func (d Dialect) quote(name string) string {
	switch d {
	case MySQL:
		return "`" + name + "`"
	case SQLServer:
		return "[" + name + "]"
	}
	return `"` + name + `"`
}

// columnType makes text compare loosely wherever the server supports that.
func (d Dialect) columnType(c column) string {
	switch {
	case c.truth && d == PostgreSQL:
		return "BOOLEAN"
	case c.truth && d == MySQL:
		return "TINYINT(1)"
	case c.truth && d == SQLServer:
		return "BIT"
	case c.truth:
		return "INTEGER"
	case d == PostgreSQL:
		return "TEXT"
	case d == MySQL:
		return "VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
	case d == SQLServer:
		return "NVARCHAR(400) COLLATE Latin1_General_CI_AI"
	}
	return "TEXT COLLATE NOCASE"
}

func orNil[T ~string](text T) any {
	if text == "" {
		return nil
	}
	return string(text)
}
