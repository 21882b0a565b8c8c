package trial

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"onelondon/examples/london/mappings"
	"onelondon/examples/london/seed"
	"onelondon/internal/testkit"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/sqlite"
	"onelondon/sources/sqlsource"
)

// Engine is one kind of database server: how to make a database to fill, and how to ask it with the rights of a reader.
type Engine struct {
	Name    string // "sqlite", "postgres" or "mariadb"
	Dialect seed.Dialect
	Make    func(t *testing.T) Database
	Open    func(ctx context.Context, options sqlsource.Options) (*sqlsource.Source, error)
}

// Database is an empty database: open with its owner's rights, and the DSNs of the owner and of a reader.
type Database struct {
	DB            *sql.DB
	Owner, Reader string
}

// Engines lists every engine that the product has a driver for.
func Engines() []Engine { return []Engine{SQLite(), PostgreSQL(), MariaDB()} }

// SQLite keeps each database in a file, which has no roles: owner and reader differ only in how it is opened.
func SQLite() Engine {
	return Engine{"sqlite", seed.SQLite, func(t *testing.T) Database {
		file := filepath.Join(t.TempDir(), "source.sqlite")
		return Database{connect(t, "sqlite", "file:"+file+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"), file, file}
	}, sqlite.Open}
}

// PostgreSQL makes databases on this test process's own server.
func PostgreSQL() Engine {
	return Engine{"postgres", seed.PostgreSQL, func(t *testing.T) Database {
		server := testkit.PostgreSQL(t)
		owner := server.Database(t)
		return Database{connect(t, "pgx", owner), owner, server.ReadOnly(t, owner)}
	}, postgres.Open}
}

// MariaDB makes databases on this test process's own server.
func MariaDB() Engine {
	return Engine{"mariadb", seed.MySQL, func(t *testing.T) Database {
		server := testkit.MariaDB(t)
		owner := server.Database(t)
		return Database{connect(t, "mysql", owner), owner, server.ReadOnly(t, owner)}
	}, mysql.Open}
}

func connect(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Mapping reads one of the demo's mappings with the parameters of a site.
func Mapping(t testing.TB, file string, parameters map[string]string) *mapping.Mapping {
	t.Helper()
	data, err := mappings.Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := mapping.Load(file, data, parameters)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}
