package testkit_test

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"testing"

	"onelondon/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// servers are the kinds of server, with the database/sql driver of each and a
// comparison that its usual collation decides.
var servers = []struct {
	name      string
	start     func(testing.TB) *testkit.Server
	driver    string
	collation string
}{
	{"PostgreSQL sorts by language", testkit.PostgreSQL, "pgx", "SELECT 'b' < 'C' AND 'a' <> 'A'"},
	{"MariaDB takes A and a for the same", testkit.MariaDB, "mysql", "SELECT 'a' = 'A'"},
}

func open(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func must(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestTheReadOnlyLoginReadsWhatTheOwnerWrites(t *testing.T) {
	for _, kind := range servers {
		t.Run(kind.name, func(t *testing.T) {
			server := kind.start(t)
			dsn := server.Database(t)
			owner, reader := open(t, kind.driver, dsn), open(t, kind.driver, server.ReadOnly(t, dsn))
			must(t, owner, "CREATE TABLE ward (name varchar(20))")
			must(t, owner, "INSERT INTO ward VALUES ('Æsculap')")

			var name string
			if err := reader.QueryRow("SELECT name FROM ward").Scan(&name); err != nil || name != "Æsculap" {
				t.Errorf("read %q, %v; want what the owner wrote", name, err)
			}
		})
	}
}

func TestTheReadOnlyLoginChangesNothing(t *testing.T) {
	for _, kind := range servers {
		t.Run(kind.name, func(t *testing.T) {
			server := kind.start(t)
			dsn := server.Database(t)
			owner, reader := open(t, kind.driver, dsn), open(t, kind.driver, server.ReadOnly(t, dsn))
			must(t, owner, "CREATE TABLE ward (name varchar(20))")
			must(t, reader, "SELECT * FROM ward")
			for _, change := range []string{
				"INSERT INTO ward VALUES ('Nightingale')", "UPDATE ward SET name = 'x'", "DELETE FROM ward",
				"DROP TABLE ward", "CREATE TABLE another (name varchar(20))", "CREATE TEMPORARY TABLE another (name varchar(20))",
			} {
				if _, err := reader.Exec(change); err == nil {
					t.Errorf("%s: allowed", change)
				}
			}
		})
	}
}

func TestTheReadOnlyLoginSeesNoOtherDatabase(t *testing.T) {
	for _, kind := range servers {
		t.Run(kind.name, func(t *testing.T) {
			server := kind.start(t)
			mine, other := server.Database(t), server.Database(t)
			if mine == other {
				t.Fatal("two databases are one")
			}
			owner := open(t, kind.driver, other)
			must(t, owner, "CREATE TABLE ward (name varchar(20))")

			if err := open(t, kind.driver, swapDatabase(server.ReadOnly(t, mine), mine, other)).Ping(); err == nil {
				t.Error("the login of one database entered another")
			}
		})
	}
}

func TestEachServerComparesTextAsRealOnesDo(t *testing.T) {
	for _, kind := range servers {
		t.Run(kind.name, func(t *testing.T) {
			var asUsual bool
			db := open(t, kind.driver, kind.start(t).Database(t))
			if err := db.QueryRow(kind.collation).Scan(&asUsual); err != nil || !asUsual {
				t.Errorf("%s: %v, %v", kind.collation, asUsual, err)
			}
		})
	}
}

func TestADatabaseIsGoneWithItsTest(t *testing.T) {
	for _, kind := range servers {
		t.Run(kind.name, func(t *testing.T) {
			server := kind.start(t)
			var dsn string
			t.Run("a test that leaves a connection open", func(t *testing.T) {
				dsn = server.Database(t)
				left, err := sql.Open(kind.driver, dsn)
				if err != nil || left.Ping() != nil {
					t.Fatalf("connecting: %v", err)
				}
			})
			if err := open(t, kind.driver, dsn).Ping(); err == nil {
				t.Error("the database is still there")
			}
		})
	}
}

var databaseName = regexp.MustCompile(`/(test\d+)\?`)

// swapDatabase rewrites a DSN for the database of one owner to that of another.
func swapDatabase(dsn, from, to string) string {
	name := func(dsn string) string { return databaseName.FindStringSubmatch(dsn)[1] }
	return strings.Replace(dsn, "/"+name(from)+"?", "/"+name(to)+"?", 1)
}
