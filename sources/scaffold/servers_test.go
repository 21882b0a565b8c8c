package scaffold_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"onelondon/examples/london"
	"onelondon/examples/london/seed"
	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
	"onelondon/sources/mapping"
	"onelondon/sources/mysql"
	"onelondon/sources/postgres"
	"onelondon/sources/scaffold"
	"onelondon/sources/scaffold/score"
	"onelondon/sources/sqlsource"
)

// TestADatabaseServerIsDraftedLikeAFile drafts two systems in their real types from PostgreSQL and MariaDB, as a role that can only read, and
// holds the drafts to the floors of the files.
func TestADatabaseServerIsDraftedLikeAFile(t *testing.T) {
	population := london.Imagine(london.Options{People: 150})
	for i, s := range []score.Subject{score.Subjects()[0], score.Subjects()[2]} {
		for j, dialect := range []seed.Dialect{seed.PostgreSQL, seed.MySQL} {
			if i != j && !testkit.Proving() {
				continue // each of the two on one server in the short form
			}
			dsn, open := filled(t, population, dialect, clinical.SourceID(s.Database))
			source := openedWith(t, open, dsn, &mapping.Mapping{System: "unknown"})
			c, err := scaffold.Survey(t.Context(), source, scaffold.Options{})
			if err != nil {
				t.Fatal(err)
			}
			hand, err := os.ReadFile(filepath.Join(testkit.Root(t), "examples/london/mappings", s.File))
			if err != nil {
				t.Fatal(err)
			}
			draft := score.Loaded(t, "draft.yaml", scaffold.Guess(c, "unknown", "Unknown").YAML())
			r := score.Compare(score.Loaded(t, s.File, hand), draft)
			score.HasNoFault(t, openedWith(t, open, dsn, draft))
			t.Logf("%s %s", dialect, r.Row(s.File, ""))
			if !r.Number || r.KindsFound < s.Kinds || r.Right < s.Fields || r.JoinsFound < s.Joins {
				t.Errorf("%s on %s: %s\n%s", s.File, dialect, r.Row("", ""), strings.Join(r.Detail, "\n"))
			}
		}
	}
}

// opener is how a driver opens a database.
type opener func(context.Context, sqlsource.Options) (*sqlsource.Source, error)

// filled puts the people of a source into a new database, and returns how a role that can only read reaches it.
func filled(t *testing.T, population *london.Population, dialect seed.Dialect, id clinical.SourceID) (dsn string, open opener) {
	t.Helper()
	server, driver := testkit.PostgreSQL, "pgx"
	open = postgres.Open
	if dialect == seed.MySQL {
		server, driver, open = testkit.MariaDB, "mysql", mysql.Open
	}
	running := server(t)
	owner := running.Database(t)
	db, err := sql.Open(driver, owner)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := population.Fill(t.Context(), db, dialect, id); err != nil {
		t.Fatal(err)
	}
	return running.ReadOnly(t, owner), open
}

func openedWith(t *testing.T, open opener, dsn string, m *mapping.Mapping) *sqlsource.Source {
	t.Helper()
	source, err := open(t.Context(), sqlsource.Options{ID: "unknown", DSN: dsn, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	return source
}
