package london_test

import (
	"context"
	"database/sql"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"onelondon/examples/london"
	"onelondon/examples/london/mappings"
	"onelondon/examples/london/seed"
	"onelondon/internal/testkit"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// read loads a source's mapping with the site's parameters.
func read(t *testing.T, source london.Source) *mapping.Mapping {
	t.Helper()
	data, err := mappings.Files.ReadFile(source.Mapping)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := mapping.Load(source.Mapping, data, source.Parameters())
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// server is a kind of database that the site's sources can lie in.
type server struct {
	name string
	open func(t *testing.T, population *london.Population, source london.Source) *sqlsource.Source
}

func servers() []server {
	return []server{{"SQLite", openSQLite}, {"PostgreSQL", openPostgreSQL}, {"MariaDB", openMariaDB}}
}

// openSQLite opens the file that Build wrote.
func openSQLite(t *testing.T, _ *london.Population, source london.Source) *sqlsource.Source {
	t.Helper()
	return opened(t)(sqlite.Open(context.Background(), sqlsource.Options{ID: source.ID, DSN: source.File, Mapping: read(t, source)}))
}

func openPostgreSQL(t *testing.T, population *london.Population, source london.Source) *sqlsource.Source {
	t.Helper()
	server := testkit.PostgreSQL(t)
	owner := server.Database(t)
	fill(t, population, "pgx", owner, seed.PostgreSQL, source)
	return opened(t)(postgres.Open(t.Context(), sqlsource.Options{ID: source.ID, DSN: server.ReadOnly(t, owner), Mapping: read(t, source)}))
}

func openMariaDB(t *testing.T, population *london.Population, source london.Source) *sqlsource.Source {
	t.Helper()
	server := testkit.MariaDB(t)
	owner := server.Database(t)
	fill(t, population, "mysql", owner, seed.MySQL, source)
	return opened(t)(mysql.Open(t.Context(), sqlsource.Options{ID: source.ID, DSN: server.ReadOnly(t, owner), Mapping: read(t, source)}))
}

func fill(t *testing.T, population *london.Population, driver, dsn string, dialect seed.Dialect, source london.Source) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := population.Fill(t.Context(), db, dialect, source.ID); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T) func(*sqlsource.Source, error) *sqlsource.Source {
	return func(source *sqlsource.Source, err error) *sqlsource.Source {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { source.Close() })
		return source
	}
}
